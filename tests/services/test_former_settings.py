"""What a person said to the checks goes on with the table: with its versions, however they come."""

from __future__ import annotations

import io

import pytest

from components.core.judgement.review import Action
from components.services.data import datasets
from components.services.export.publish import publish
from components.services.review import review
from components.services.runs import runs
from components.services.runs.former_settings import former_settings
from components.services.runs.settings import RunSettings

KNOWN = {"leakage.target_proxy": {"known": "weight", "gap": 0.2}}
ONLY = ["completeness.missing_values", "leakage"]


@pytest.fixture
def told(ws, labelled):
    """A table with a decided label, whose last run was told something."""
    info, run_id = labelled()
    queue = review.queue(ws, run_id)
    review.decide(ws, queue, queue.cell_at(0), Action.CHANGE, new="cat", reviewer="Ann")
    runs.execute(ws, info.version.id, only=ONLY, settings=RunSettings(params=KNOWN))
    return info


def test_a_published_version_is_checked_as_the_one_it_came_from(ws, told):
    assert former_settings(ws, told).params == KNOWN
    version = publish(ws, told.version.id, actor="Ann")
    assert former_settings(ws, version).params == KNOWN


@pytest.mark.usefixtures("told")
def test_rows_in_another_order_are_checked_as_before(ws, pets):
    lines = pets.replace('"two\nlines"', '"two lines"').splitlines()
    mixed = "\n".join([lines[0], *sorted(lines[1:])]) + "\n"
    again = datasets.add(ws, io.BytesIO(mixed.encode()), "pets2.csv")
    assert former_settings(ws, again).params["leakage.target_proxy"]["known"] == "weight"


@pytest.mark.usefixtures("told")
def test_a_table_of_its_own_begins_with_the_defaults(ws, upload):
    other = upload("a,b\n1,2\n3,4\n", "other.csv")
    assert former_settings(ws, other) == RunSettings()
