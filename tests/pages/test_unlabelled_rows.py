"""Rows without a label: on the page of labels, and as a queue of their own in the review."""

import io

import numpy as np
import pytest

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.headless import role_arguments
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGE_OF_CONCERN, Pages

CHECK = "labels.missing_labels"


def parcels(n=240):
    """Parcels whose way follows from their weight; every sixth has no way."""
    draw = np.random.default_rng(6)
    lines = ["weight,depth,way"]
    for i in range(n):
        weight, depth = draw.uniform(0, 10), draw.normal()
        way = "truck" if weight + draw.normal(0, 1.5) > 5 else "letter"
        lines.append(f"{weight:.2f},{depth:.2f},{'' if i % 6 == 5 else way}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def dataset_id(empty_home):
    """A table of parcels whose labels were checked."""
    ws = open_workspace(Settings(home=empty_home))
    info = datasets.add(ws, io.BytesIO(parcels().encode()), "parcels.csv")
    label = role_arguments.assign(info.version, {Role.LABEL: ["way"]})
    datasets.set_columns(ws, info.version.id, label, actor="Ann")
    runs.execute(ws, info.version.id, only=[CHECK, "labels.learnability"])
    ws.close()
    return info.version.id


def test_the_page_says_how_many_and_leads_to_their_review(app, dataset_id):
    app.open(PAGE_OF_CONCERN["labels"], data=dataset_id)
    told = app.text()
    assert "40 rows have no label in “way”" in told
    assert " a class is suggested for" in told
    assert "**40 rows without a label:** 40 open, 0 settled, 0 not sure." in told
    assert "Nothing is entered before you decide." in told
    assert "What is mistaken for what" not in told
    app.open(Pages.REVIEW.value, data=dataset_id)
    told = app.text()
    assert "Which label does this row have?" in told
    at = app.open(Pages.REVIEW.value, data=dataset_id, mode="buttons")
    at.text_input[0].input("Ada")
    next(b for b in at.button if b.label == "Start the review").click().run()
    assert not at.exception
    assert "Leave empty" in [b.label for b in at.button]
    told = app.text()
    assert "item 1 of 40, least sure first" in told
    assert "not known" in told
    app.open(Pages.OVERVIEW.value, data=dataset_id)
    assert "Labels in doubt" in app.text()
