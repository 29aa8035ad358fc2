"""A column that gives the label away, and a person who says that it is known in time."""

from __future__ import annotations

import io
import time

import numpy as np
import pandas as pd
import pytest

from components.core.data.dataset import Kind, Role
from components.core.judgement.findings import Doubt
from components.core.judgement.gate import Outcome
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.runs.settings import RunSettings
from components.services.workspace import open_workspace
from components.views.navigation import Pages

SAY, BACK = "It is known when the model is used: check again", "Take that back, and check again"
CHECK = "leakage.target_proxy"
ONLY = ["leakage", "labels"]
KNOWN = {CHECK: {"known": '"size, kg"'}}


def orders(n=400):
    """Return orders whose price follows, but for a little, from what stands in one column."""
    weight, distance, rest = np.random.default_rng(1).normal(size=(3, n))
    price = (100 + 30 * weight + 3 * distance + rest).round(2)
    columns = {"size, kg": weight.round(3), "distance": distance.round(3), "price": price}
    return pd.DataFrame(columns).to_csv(index=False)


def labelled(at, label):
    return [button for button in at.button if button.label == label]


@pytest.fixture
def ws(empty_home):
    opened = open_workspace(Settings(home=empty_home))
    yield opened
    for status in runs.active(opened):
        runs.cancel(opened, status.run_id)
        while not runs.status(opened, status.run_id).state.is_over:
            time.sleep(0.02)
    opened.close()


@pytest.fixture
def dataset_id(ws):
    info = datasets.add(ws, io.BytesIO(orders().encode()), "orders.csv")
    price = {"price": (Kind.NUMBER, Role.LABEL)}
    return datasets.set_columns(ws, info.version.id, price, actor="Ann").version.id


def test_a_column_that_is_known_in_time_is_said_in_its_finding_and_taken_back(app, ws, dataset_id):
    def told():
        return runs.spec(ws, runs.latest(ws, dataset_id)).params

    first = runs.execute(ws, dataset_id, only=ONLY)
    verdict = runs.verdict(ws, first)
    assert (verdict.outcome, verdict.doubts) == (Outcome.UNKNOWN, (Doubt.NOT_WITHOUT_LEAKS,))
    finding = f"{CHECK}:column:size, kg"
    assert finding in verdict.reasons
    at = app.open(Pages.OVERVIEW.value, data=dataset_id, finding=finding)
    labelled(at, SAY)[0].click().run()
    assert [e.value for e in at.exception] == []
    assert told() == KNOWN

    read = runs.execute(ws, dataset_id, only=ONLY, settings=RunSettings(params=KNOWN))
    assert runs.verdict(ws, read).outcome is Outcome.PASS
    at = app.open(Pages.OVERVIEW.value, data=dataset_id, run=read, finding=f"{CHECK}:known")
    assert "is known when the model is used, as a person said" in app.text()
    assert labelled(at, SAY) == []
    labelled(at, BACK)[0].click().run()
    assert told() == {}
