"""A label of numbers: its page, its review and the overview speak of numbers, not of classes."""

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


def rents(n=300):
    """Rents that follow from size and storey; every thirtieth is ten times too large."""
    draw = np.random.default_rng(6)
    lines = ["size,storey,rent"]
    for i in range(n):
        size, storey = draw.uniform(30, 150), draw.integers(0, 6)
        rent = 200 + 9 * size + 10 * storey + draw.normal(0, 25)
        lines.append(f"{size:.0f},{storey},{rent * (10 if i % 30 == 7 else 1):.2f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def dataset_id(empty_home):
    """A table of rents whose labels were checked."""
    ws = open_workspace(Settings(home=empty_home))
    info = datasets.add(ws, io.BytesIO(rents().encode()), "rents.csv")
    label = role_arguments.assign(info.version, {Role.LABEL: ["rent"]})
    datasets.set_columns(ws, info.version.id, label, actor="Ann")
    runs.execute(ws, info.version.id, only=["labels"])
    ws.close()
    return info.version.id


def test_pages_speak_of_numbers(app, dataset_id):
    app.open(PAGE_OF_CONCERN["labels"], data=dataset_id)
    told = app.text()
    assert "in “rent” are contradicted by the other rows" in told
    assert "How well each label fits the other rows" in told
    assert "What is mistaken for what" not in told
    assert "10 times too large" in told
    app.open(Pages.REVIEW.value, data=dataset_id)
    told = app.text()
    assert "Is this value right?" in told
    assert "Review: 10 open" in told
    app.open(Pages.OVERVIEW.value, data=dataset_id)
    assert "Labels in doubt" in app.text()
