"""A label of pure noise: no page says that its labels are right, or how well they fit."""

from __future__ import annotations

import io

import numpy as np

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.headless import role_arguments
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.navigation import PAGE_OF_CONCERN, Pages


def noise(n=300):
    draw = np.random.default_rng(3)
    rows = zip(draw.normal(size=n), draw.normal(size=n), draw.choice(["no", "yes"], n), strict=True)
    return "a,b,outcome\n" + "".join(f"{a:.3f},{b:.3f},{y}\n" for a, b, y in rows)


def test_labels_that_cannot_be_judged_are_not_called_uncontradicted(app, empty_home):
    """The review said that no label is contradicted; the labels page drew how each one fits."""
    ws = open_workspace(Settings(home=empty_home))
    info = datasets.add(ws, io.BytesIO(noise().encode()), "noise.csv")
    label = role_arguments.assign(info.version, {Role.LABEL: ["outcome"]})
    datasets.set_columns(ws, info.version.id, label, actor="Ann")
    runs.execute(ws, info.version.id, only=["labels"])
    app.open(Pages.REVIEW.value, data=info.version.id)
    assert "No label could be judged" in app.text()
    assert "No label is contradicted" not in app.text()
    app.open(PAGE_OF_CONCERN["labels"], data=info.version.id)
    assert "nothing shows that models can learn the label" in app.text()
    assert "How well each label fits the other rows" not in app.text()
    ws.close()
