"""The pages of columns and associations: filters, views, links, and every state they can be in."""

import dataclasses
import io

import pytest

from components.charts.figure_data import of_column
from components.core.data.dataset import Kind, Role
from components.core.facts.associations import (
    AssociationMatrix,
    AssociationMeasure,
    Associations,
    Cluster,
    Pair,
)
from components.core.facts.profile import ColumnProfile, TopValue
from components.core.judgement.findings import Severity
from components.core.judgement.runs import RunState
from components.core.settings import Settings
from components.services.data import datasets
from components.services.delimited_writer import to_csv
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views import current
from components.views.explore.associations import association_pair, page
from components.views.explore.columns import column_list
from components.views.explore.columns.column_list import Query, matching
from components.views.navigation import Pages
from components.views.parts.figures import downloads


def choose(at, label, value):
    next(s for s in at.selectbox if s.label == label).select(value).run()
    assert [e.value for e in at.exception] == []


def press(at, label):
    next(b for b in at.button if b.label == label).click().run()
    assert [e.value for e in at.exception] == []


def column_shown(app):
    """The name in the first code span of the card."""
    found = [m.value for m in app.at.markdown if m.value.startswith("`") and "-badge[" in m.value]
    return found[0].split("`")[1]


@pytest.fixture
def columns(app, finished):
    app.open(Pages.COLUMNS.value, data=finished.dataset_id)
    return app


def test_the_list_is_filtered_by_name_kind_and_issue(columns):
    at = columns.at
    names = at.dataframe[0].value["Column"].tolist()
    assert names == ["age", "hours", "town", "sex", "answer", "income"]
    at.text_input[0].input("O").run()
    assert at.dataframe[0].value["Column"].tolist() == ["hours", "town", "income"]
    choose(at, "Kind", "Whole number")
    assert at.dataframe[0].value["Column"].tolist() == ["hours"]
    choose(at, "Which columns", "With gaps")
    assert "1 of 6 columns" in columns.text()
    at.text_input[0].input("age").run()
    assert "No column is like this" in columns.text()


def test_the_list_can_be_put_in_order(columns):
    choose(columns.at, "Order", "By name")
    names = columns.at.dataframe[0].value["Column"].tolist()
    assert names == sorted(names, key=str.casefold)
    choose(columns.at, "Order", "Most gaps first")
    assert columns.at.dataframe[0].value["Column"].tolist()[0] == "hours"


def test_a_link_leads_to_a_column_and_buttons_to_its_neighbours(app, finished):
    at = app.open(Pages.COLUMNS.value, data=finished.dataset_id, column="hours")
    assert column_shown(app) == "hours"
    press(at, "Next")
    assert column_shown(app) == "town"
    assert at.query_params["column"] == "town"
    press(at, "Previous")
    press(at, "Previous")
    assert column_shown(app) == "age"
    assert next(b for b in at.button if b.label == "Previous").disabled


def test_a_link_to_no_column_shows_the_worst(app, finished):
    at = app.open(Pages.COLUMNS.value, data=finished.dataset_id, column="gone")
    assert column_shown(app) == "answer"
    assert [i.value for i in at.info] == [
        "This link leads to a column, `gone`, that is not in this table. Below is another one."
    ]
    press(at, "Previous")
    assert len(at.info) == 0


def look(at, view):
    control = at.get("button_group")[0]
    control.set_value(view).run()
    assert [e.value for e in at.exception] == []
    assert [e.value for e in at.error] == []


@pytest.mark.parametrize("view", ["All rows", "By label", "By group"])
@pytest.mark.parametrize("column", ["age", "town"])
def test_each_view_of_a_column_draws(app, finished, view, column):
    at = app.open(Pages.COLUMNS.value, data=finished.dataset_id, column=column)
    look(at, view)
    assert len(at.get("plotly_chart")) == 1
    if view == "By group":
        grouped = next(s for s in at.selectbox if s.label == "Group by")
        assert column not in grouped.options
        assert grouped.value == "sex"  # the sensitive one


def test_facts_are_sentences(app, finished):
    app.open(Pages.COLUMNS.value, data=finished.dataset_id, column="hours")
    assert "Half of the values lie between" in app.text()
    assert any(b.label.startswith("Show the 4") for b in app.at.button)


def test_the_facts_that_come_are_waited_for(app, finished, monkeypatch):
    monkeypatch.setattr(runs, "profile", lambda *_: None)
    real = runs.status
    running = lambda *a: dataclasses.replace(real(*a), state=RunState.RUNNING)  # noqa: E731 - a stand-in
    monkeypatch.setattr(runs, "status", running)
    app.open(Pages.COLUMNS.value, data=finished.dataset_id)
    assert "The facts are being counted" in app.text()


def test_a_run_that_failed_early_can_be_started_again(app, finished, monkeypatch):
    monkeypatch.setattr(runs, "profile", lambda *_: None)
    app.open(Pages.COLUMNS.value, data=finished.dataset_id)
    assert "ended before the facts were counted" in app.text()
    assert any(b.label == "Run the checks again" for b in app.at.button)


def facts(name, **changes):
    known = {
        "name": name, "kind": Kind.CATEGORY, "role": Role.FEATURE, "n": 100, "n_missing": 0,
        "disguised": {}, "n_distinct": 3, "n_top": 50, "top": (TopValue(value="a", count=50),),
    }  # fmt: skip
    return ColumnProfile(**{**known, **changes})


def test_matching_knows_every_filter_that_is_offered():
    listed = [facts("b", n_missing=9), facts("A", n_top=99), facts("c", n_distinct=100, n_top=1)]
    finding = type("F", (), {"severity": Severity.CRITICAL})
    touching = {"c": [finding]}

    def names(**asked):
        return [c.name for c in matching(listed, touching, Query(**asked))]

    assert names() == ["b", "A", "c"]
    assert names(which="With findings") == ["c"]
    assert names(which="With gaps") == ["b"]
    assert names(which="Nearly constant") == ["A"]
    assert names(which="All values differ") == ["c"]
    assert names(order="By name") == ["A", "b", "c"]
    assert names(order="Worst finding first") == ["c", "b", "A"]
    assert names(order="Most values first")[0] == "c"
    assert names(text="a") == ["A"]
    assert names(kind="Category") == ["b", "A", "c"]
    assert names(kind="Text") == []
    assert set(column_list.ORDER) >= {"As in the file"}


@pytest.fixture
def linked(app, finished):
    app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id)
    return app


def pair_shown(at):
    boxes = [s for s in at.selectbox if s.label in {"One column", "The other column"}]
    return [box.value for box in boxes]


def test_a_pair_is_chosen_by_boxes_and_stands_in_the_address(linked):
    at = linked.at
    assert pair_shown(at) == ["answer", "income"]
    choose(at, "One column", "age")
    assert pair_shown(at) == ["age", "income"]
    assert at.query_params["pair"] == "c0~c5"
    choose(at, "The other column", "hours")
    assert pair_shown(at) == ["age", "hours"]
    assert "Rank correlation" in linked.text()


@pytest.mark.parametrize(
    ("pair", "said"),
    [("c0~c1", "Rank correlation"), ("c0~c2", "Correlation ratio"), ("c2~c3", "Association")],
)
def test_each_kind_of_pair_has_its_measure(app, finished, pair, said):
    at = app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id, pair=pair)
    assert [e.value for e in [*at.exception, *at.error]] == []
    assert said in app.text()
    assert "rows with a value in both columns" in app.text()


@pytest.mark.parametrize("pair", ["c0~c0", "c0", "c0~c99", "<b>~c1", "c0~c1~c2"])
def test_a_link_to_no_pair_shows_the_strongest(app, finished, pair):
    at = app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id, pair=pair)
    assert pair_shown(at) == ["answer", "income"]
    (told,) = at.info
    assert told.value.startswith("This link leads to a pair of columns that was not compared here.")


def test_a_cell_of_the_map_leads_to_its_pair(app, finished):
    at = app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id)
    wanted = []
    matrix = AssociationMatrix(
        columns=("age", "hours", "town"), values=((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(association_pair, "look_at", lambda _run, *names: wanted.append(names))
        for point in [(1, 5, 0), (0, 5, 0), (1, 4, 0), (1, 99, 0)]:
            page._picked(None, matrix, [page.Point(*point)])
    assert wanted == [("hours", "town")]
    assert len(at.get("plotly_chart")) == 3


def stub(monkeypatch, found):
    monkeypatch.setattr(page, "associations", lambda *_: found)


def test_associations_that_come_are_waited_for(app, finished, monkeypatch):
    stub(monkeypatch, None)
    real = current.run
    status = lambda: dataclasses.replace(real().status, state=RunState.RUNNING)  # noqa: E731 - a stand-in
    monkeypatch.setattr(current, "run", lambda: dataclasses.replace(real(), status=status()))
    app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id)
    assert "The columns are being compared" in app.text()


def test_a_run_without_associations_says_so(app, finished, monkeypatch):
    stub(monkeypatch, None)
    app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id)
    assert "were not compared" in app.text()
    assert any(b.label == "Run the checks again" for b in app.at.button)


def test_too_few_columns_are_explained(app, finished, monkeypatch):
    lonely = Associations(
        n_rows=9, n_used=9, error_bound=None,
        matrix=AssociationMatrix(columns=("age",), values=((1.0,),)),
        pairs=(), left_out={"town": "It has one value only."},
    )  # fmt: skip
    stub(monkeypatch, lonely)
    at = app.open(Pages.ASSOCIATIONS.value, data=finished.dataset_id)
    assert [e.value for e in at.exception] == []
    assert "Fewer than two columns can be compared" in app.text()
    assert "It has one value only" in app.text()


def sampled():
    pair = Pair(
        first="age", second="hours", measure=AssociationMeasure.SPEARMAN,
        value=-0.4, n=90, pearson=-0.2,
        first_predicts=0.125, second_predicts=0.0004, error=0.0234,
    )  # fmt: skip
    return Associations(
        n_rows=10_000_000, n_used=100_000, error_bound=0.0123,
        matrix=AssociationMatrix(columns=("age", "hours"), values=((1.0, -0.4), (-0.4, 1.0))),
        pairs=(pair,), clusters=(Cluster(columns=("age", "hours"), weakest=0.97),), left_out={},
    )  # fmt: skip


def test_a_sample_says_its_size_and_its_error():
    said = page.said(sampled())
    assert "100,000 of 10,000,000 rows" in said
    assert "0.012 away" in said


def test_a_pair_is_said_in_words():
    text = "\n".join(
        association_pair.sentences(sampled(), association_pair.ChosenPair("hours", "age"))
    )
    assert "**Rank correlation -0.40.**" in text
    assert "opposite ways" in text
    assert "saves 12\\.5 \\%" in text
    assert "90 rows" in text
    assert "at most 0\\.023 off" in text


def test_a_pair_that_was_not_kept_has_its_strength():
    found = dataclasses.replace(sampled(), pairs=())
    (only,) = association_pair.sentences(found, association_pair.ChosenPair("age", "hours"))
    assert "Strength \\-0\\.40" in only


def test_downloads_are_safe_for_spreadsheets_and_named_safely():
    made = of_column(facts("x", top=(TopValue(value="=1+1", count=3),)))
    text = to_csv(made.header, made.lines).decode()
    assert text.splitlines()[1] == "'=1+1,3"
    assert downloads.file_name("../../<b>x</b> $", "") == "b_x_b"
    assert downloads.file_name("") == "figure"
    assert len(downloads.file_name("y" * 500)) <= downloads.LONGEST_NAME


@pytest.fixture(scope="session")
def _dated(tmp_path_factory):
    """A table with days, a heavy tail, zeros, and a column of texts that never repeat."""
    lines = ["day,amount,paid,note"]
    for i in range(300):
        amount = 0 if i % 50 == 0 else round(1.06 ** (i % 150), 3)
        paid = ("cash", "card", "")[i % 3]
        lines.append(f"2024-{1 + i % 12:02d}-{1 + i % 28:02d},{amount},{paid},Note {i} of {i * 7}")
    home = tmp_path_factory.mktemp("dated")
    ws = open_workspace(Settings(home=home))
    info = datasets.add(ws, io.BytesIO("\n".join(lines).encode()), "dated.csv")
    runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    ws.close()
    return home, info.version.id


@pytest.fixture
def dated(_dated, monkeypatch):
    home, dataset_id = _dated
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return dataset_id


@pytest.mark.parametrize("column", ["amount", "paid", "note"])
def test_a_column_over_time(app, dated, column):
    at = app.open(Pages.COLUMNS.value, data=dated, column=column)
    look(at, "Over time")
    assert len(at.get("plotly_chart")) == 1


def test_a_log_scale_says_what_it_leaves_out(app, dated):
    at = app.open(Pages.COLUMNS.value, data=dated, column="amount")
    next(t for t in at.toggle if t.label == "Log scale").set_value(True).run()
    assert [e.value for e in [*at.exception, *at.error]] == []
    assert "no place for them: 6 zero" in app.text()


def test_texts_that_never_repeat_show_how_they_are_written(app, dated):
    app.open(Pages.COLUMNS.value, data=dated, column="note")
    assert "Ways in which the texts are written" in app.text()


def test_a_table_without_a_label_has_no_ties_with_it(app, dated):
    at = app.open(Pages.ASSOCIATIONS.value, data=dated)
    assert [e.value for e in [*at.exception, *at.error]] == []
    assert "Strongest with the label" not in app.text()
    assert "Fewer than two columns have gaps" in app.text()


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], []),
        (["Missing"], ["Missing"]),
        (["Missing", "Labels"], ["Missing", "Labels"]),
        (["Leakage", "Missing"], ["Leakage", "Missing"]),
        (["Duplicates", "Anomalies"], ["Duplicates", "+1"]),
        (["Leakage", "Labels", "Bias"], ["Leakage", "+2"]),
        (["Bias", "File", "Labels"], ["Bias", "File", "+1"]),
        (["A concern of a very long name"], ["+1"]),
    ],
)
def test_no_badge_of_the_list_is_cut(names, shown):
    assert column_list.fitting(names) == shown


def test_names_take_the_place_that_badges_leave():
    few, many = [[], ["Missing"]], [["Leakage", "Missing"], []]
    assert column_list.widths(["age", "sex"], few) == (174, 90)
    assert sum(column_list.widths(["age", "sex"], many)) == sum(column_list.widths(["age"], few))
    assert column_list.widths(["measurement_0001"], many)[0] == 16 + 7 * 16
    assert column_list.widths(["x" * 60], few) == (230, 90)
    assert column_list.widths(["x"], [[]]) == (174, 90)
