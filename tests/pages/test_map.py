"""The map of rows: what it says in each state, and what it can be coloured by."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from components.core.facts.row_map import MapFacts
from components.core.judgement.runs import RunState
from components.services.runs import runs
from components.views.explore.map import page as map_view
from components.views.navigation import Pages

MAP = Pages.MAP.value


def problems(at):
    return [e.value for e in at.exception] + [e.value for e in at.error]


def run_folder(finished):
    import os

    return Path(os.environ["PREFLIGHT_HOME"]) / "runs" / finished.run_id


def test_the_map_says_what_it_can_tell_and_how_it_was_made(app, finished):
    at = app.open(MAP, data=finished.dataset_id)
    assert problems(at) == []
    text = app.text()
    assert "Distances between far groups" in text
    assert "All 248 rows" in text
    assert "The label has a say in the places through `answer`: see Leakage." in text
    assert "4 input columns" in text or "5 input columns" in text
    assert len(at.get("plotly_chart")) == 1


def test_each_colour_can_be_chosen(app, finished):
    at = app.open(MAP, data=finished.dataset_id)
    colours = next(s for s in at.selectbox if s.label == "Coloured by")
    names = colours.options
    assert names[0] == "income"
    assert {"Repeated rows (score)", "age", "town"} <= set(names)
    for position in range(len(names)):
        next(s for s in at.selectbox if s.label == "Coloured by").select_index(position).run()
        assert problems(at) == []
        assert len(at.get("plotly_chart")) == 1


def test_the_rows_with_the_lowest_scores_stand_below(app, finished):
    at = app.open(MAP, data=finished.dataset_id)
    colours = next(s for s in at.selectbox if s.label == "Coloured by")
    colours.select_index(colours.options.index("Repeated rows (score)")).run()
    assert problems(at) == []
    table = at.dataframe[0].value
    assert table["score"].is_monotonic_increasing
    assert set(range(241, 249)) <= set(table["row"].head(20))
    button = next(b for b in at.button if b.label == "Open in Rows")
    assert button.disabled


def test_a_reason_stands_where_there_is_no_map(app, finished):
    facts = {"n_rows": 3, "reason": "A map needs 20 rows at least."}
    (run_folder(finished) / "map.json").write_text(json.dumps(facts), encoding="utf-8")
    at = app.open(MAP, data=finished.dataset_id)
    assert problems(at) == []
    assert "There is no map." in app.text()
    assert "20 rows at least" in app.text()


@pytest.mark.parametrize(
    ("state", "said"),
    [(RunState.DONE, "This run has no map"), (RunState.RUNNING, "when all checks have ended")],
)
def test_a_run_without_a_map_says_so(app, finished, monkeypatch, state, said):
    import dataclasses

    (run_folder(finished) / "map.json").unlink()
    real = runs.status

    def status(ws, run_id):
        return dataclasses.replace(real(ws, run_id), state=state)

    monkeypatch.setattr(runs, "status", status)
    at = app.open(MAP, data=finished.dataset_id)
    assert problems(at) == []
    assert said in app.text()
    offered = any(b.label == "Check the table again" for b in at.button)
    assert offered is (state is RunState.DONE)


def test_a_table_without_a_run_asks_for_one(app, finished, monkeypatch):
    monkeypatch.setattr(runs, "latest", lambda *_: None)
    at = app.open(MAP, data=finished.dataset_id)
    assert problems(at) == []
    assert "has not been checked yet" in app.text()


def test_the_columns_that_place_the_rows_are_told():
    some = MapFacts(n_rows=9, method="t-SNE", columns=("a", "b"), n_left_out=3, by_variety=True)
    assert map_view._placed_by(some).startswith(
        "Placed with t-SNE by the 2 of 5 input columns that vary most: "
    )
    assert map_view._placed_by(replace(some, by_variety=False)).startswith(
        "Placed with t-SNE by the first 2 of 5 input columns. "
    )
    assert map_view._placed_by(replace(some, n_left_out=0)) == (
        "Placed by 2 input columns with t-SNE."
    )
