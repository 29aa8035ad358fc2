"""The page of rows: filters as links, chips, pages, the card of a row."""

import json

import pytest
from streamlit.proto.Dataframe_pb2 import Dataframe as DataframeProto

from components.core.data.query import Compare, Not, OneOf, Op
from components.core.data.row_numbers import row_id_of
from components.services.explore.browse import Order
from components.views.explore.rows import filter_chips, rows_table
from components.views.navigation import Pages

ROWS = Pages.ROWS.value


def problems(at):
    return [e.value for e in at.exception] + [e.value for e in at.error]


def labels(at):
    return [b.label.replace("\u2060", "") for b in at.button]


def press(at, label):
    next(b for b in at.button if b.label == label).click().run()
    assert problems(at) == []
    return at


def asked(at, name):
    """What the address says."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def shown(at):
    """The row ids of the table, of which the screen shows the numbers from 1 on."""
    return [row_id_of(number) for number in at.dataframe[0].value["row"].tolist()]


@pytest.fixture
def at(app, finished):
    found = app.open(ROWS, data=finished.dataset_id)
    assert problems(found) == []
    return found


def test_all_rows_come_first(app, at):
    assert "All **248 rows** of the table." in app.text()
    assert shown(at) == list(range(100))
    assert next(b for b in at.button if b.label == "All rows").disabled


def test_the_buttons_turn_the_pages(at):
    assert shown(press(at, "Next")) == list(range(100, 200))
    assert asked(at, "page") == "2"
    assert shown(press(at, "Last")) == list(range(200, 248))
    assert next(b for b in at.button if b.label == "Next").disabled
    assert shown(press(at, "Previous"))[0] == 100
    assert shown(press(at, "First"))[0] == 0
    assert "page" not in at.query_params


def test_a_link_shows_the_rows_of_its_filter(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="town in York and age ge 60")
    assert problems(at) == []
    frame = at.dataframe[0].value
    assert 0 < len(frame) < 100
    assert set(frame["town"]) == {"York"}
    assert frame["age"].astype(int).min() >= 60
    assert {"town is York", "age ≥ 60"} <= set(labels(at))
    assert f"**{len(frame)}** of 248 rows match" in app.text()


def test_a_chip_is_taken_away_and_brought_back(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="town in York and age ge 60")
    press(at, "town is York")
    assert asked(at, "filter") == "age ge 60"
    assert "town is York" not in labels(at)
    press(at, "Undo")
    assert asked(at, "filter") == "town in York and age ge 60"
    press(at, "All rows")
    assert "filter" not in at.query_params
    assert shown(at) == list(range(100))
    press(at, "Undo")
    assert "town is York" in labels(at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "cannot be used"),
        ("![x](https://evil.test/x.png) missing", "cannot be used"),
        ("nobody missing", "There is no column"),
        ("age eq old", "cannot be used"),
    ],
)
def test_a_broken_link_is_told_and_shows_all_rows(app, finished, text, said):
    at = app.open(ROWS, data=finished.dataset_id, filter=text)
    assert problems(at) == []
    assert said in at.warning[0].value
    assert "All rows are shown." in at.warning[0].value
    assert shown(at) == list(range(100))
    press(at, "All rows")
    assert len(at.warning) == 0


def test_nothing_matches(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="age gt 1000")
    assert problems(at) == []
    assert "No row satisfies all of these conditions" in app.text()
    assert len(at.dataframe) == 0


def test_the_flags_of_a_check_filter_rows(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="flagged duplicates.exact_rows")
    assert problems(at) == []
    assert set(range(240, 248)) <= set(shown(at))
    assert len(shown(at)) < 20
    assert "Flagged: Repeated rows" in labels(at)


def test_flags_that_no_run_has_are_told(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="flagged nobody.knows_it")
    assert problems(at) == []
    assert "the run has none" in at.warning[0].value


def add(at, column, *, way=None, **inputs):
    subject = at.selectbox(key="filter-subject")
    position = next(i for i, option in enumerate(subject.options) if option.startswith(column))
    subject.select_index(position).run()
    if way is not None:
        next(s for s in at.selectbox if s.label == "How").select(way).run()
    for label, value in inputs.items():
        next(t for t in at.text_input if t.label.startswith(label)).input(value)
    press(at, "Add")


def test_a_range_is_built_without_code(at):
    add(at, "age", From="30", To="40")
    assert asked(at, "filter") == "age ge 30 and age le 40"
    assert at.dataframe[0].value["age"].astype(int).between(30, 40).all()


def test_a_wrong_number_is_told(at):
    add(at, "age", From="old")
    assert "“old” is no number" in at.warning[0].value.replace("\\", "")
    assert "filter" not in at.query_params


def test_values_are_picked_from_their_counts(at):
    subject = at.selectbox(key="filter-subject")
    subject.select_index(next(i for i, o in enumerate(subject.options) if o.startswith("town")))
    subject.run()
    values = next(m for m in at.multiselect if m.label.startswith("Values"))
    assert sum(int(o.rpartition("(")[2].rstrip(")")) for o in values.options) == 248
    values.set_value([0])
    press(at, "Add")
    assert len(set(at.dataframe[0].value["town"])) == 1
    assert asked(at, "filter").startswith("town in ")


def test_gaps_are_chosen(at):
    add(at, "hours", way="Is missing")
    assert asked(at, "filter") == "hours missing"
    assert set(at.dataframe[0].value["hours"]) == {""}


def test_rows_come_in_the_order_of_a_column(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, sort="age down")
    ages = at.dataframe[0].value["age"].astype(int).tolist()
    assert ages == sorted(ages, reverse=True)
    press(at, "Largest first")
    ages = at.dataframe[0].value["age"].astype(int).tolist()
    assert ages == sorted(ages)
    assert asked(at, "sort") == "age"


@pytest.mark.parametrize("query", [{"sort": "nobody"}, {"sort": "~"}, {"page": "-1"}])
@pytest.mark.parametrize("more", [{"page": "999999"}, {"row": "x"}, {"row": "9" * 11}])
def test_odd_addresses_are_harmless(app, finished, query, more):
    app.open(ROWS, data=finished.dataset_id)
    for name, value in (query | more).items():
        app.at.query_params[name] = value
    at = app.at.run()
    assert problems(at) == []
    assert len(at.dataframe[0].value) in {48, 100}


def test_a_row_has_a_card_with_its_values_and_scores(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, row="7")
    assert problems(at) == []
    card = at.dataframe[1].value
    assert card["Column"].tolist() == ["age", "hours", "town", "sex", "answer", "income"]
    scored = {m.label for m in at.metric}
    assert any("Repeated rows" in label for label in scored)
    assert all(0 <= float(m.value) <= 1 for m in at.metric)


def test_people_count_from_one_and_links_from_zero(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, row="0")
    tables = [d.value for d in at.dataframe if "row" in d.value]
    assert tables[0]["row"].tolist()[:2] == [1, 2]
    assert "Rows are counted from 1; row 1 is line 2 of the file." in app.text()
    assert "Line 2 of the file. The address bar" in app.text()
    chip = filter_chips.spoken(OneOf("row_id", (0, 4)), {}, {})
    assert chip == "row is 1 or 5"


def test_a_part_of_a_filter_has_the_words_of_the_file():
    spellings = {"paid": ("Ja", "nein"), "age": None}
    chips = [
        filter_chips.spoken(part, {}, spellings)
        for part in (
            Compare("paid", Op.EQ, value=True),
            Not(OneOf("paid", (False, True))),
            Compare("old", Op.EQ, value=False),
        )
    ]
    assert chips == ["paid is Ja", "paid is not nein or Ja", "old is false"]


def test_the_page_goes_to_a_row(at):
    at.number_input[0].set_value(208)
    press(at, "Go")
    assert shown(at)[0] == 200
    assert asked(at, "row") == "207"


def test_a_filter_is_kept_while_other_pages_are_open(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="age ge 60")
    at.switch_page(Pages.OVERVIEW.value.path).run()
    at.switch_page(ROWS.path).run()
    assert problems(at) == []
    assert "age ≥ 60" in labels(at)


def test_a_table_without_a_run_can_be_browsed(app, finished, monkeypatch):
    from components.services.runs import runs

    monkeypatch.setattr(runs, "latest", lambda *_: None)
    at = app.open(ROWS, data=finished.dataset_id, row="3")
    assert problems(at) == []
    assert shown(at) == list(range(100))
    assert "has not been checked yet" in app.text()


def test_names_of_an_attacker_filter_as_names(app, attacked):
    at = app.open(ROWS, data=attacked.dataset_id)
    subject = at.selectbox(key="filter-subject")
    for position in range(1, len(subject.options)):
        at.selectbox(key="filter-subject").select_index(position).run()
        assert problems(at) == []
    add(at, ":red-badge", From="0")
    assert "evil.test" not in asked(at, "filter")


def join(at, word):
    at.segmented_control(key="filter-join").set_value(word).run()
    assert problems(at) == []
    return at


def test_any_condition_is_enough(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="town in York and age ge 60")
    assert "rows match all 2 conditions" in app.text()
    both = set(shown(at))
    join(at, "Any")
    assert asked(at, "filter") == "any of town in York or age ge 60"
    frame = at.dataframe[0].value
    assert ((frame["town"] == "York") | (frame["age"].astype(int) >= 60)).all()
    some = set(shown(at))
    assert {row for row in both if row <= max(some)} < some
    assert "rows match at least one of 2 conditions" in app.text()
    assert [m.value for m in at.markdown if m.value in {":gray[or]", ":gray[and]"}] == [":gray[or]"]
    join(at, "All")
    assert asked(at, "filter") == "town in York and age ge 60"
    assert set(shown(at)) == both
    press(at, "Undo")
    assert asked(at, "filter") == "any of town in York or age ge 60"
    assert at.segmented_control(key="filter-join").value == "Any"


def test_a_link_with_or_is_opened_and_changed(app, finished):
    text = "any of town in York or age ge 60 and age le 70 or hours missing"
    at = app.open(ROWS, data=finished.dataset_id, filter=text)
    assert problems(at) == []
    assert at.segmented_control(key="filter-join").value == "Any"
    assert {"town is York", "60 ≤ age ≤ 70", "hours is missing"} <= set(labels(at))
    press(at, "town is York")
    assert asked(at, "filter") == "any of age ge 60 and age le 70 or hours missing"
    add(at, "age", From="20", To="25")
    assert asked(at, "filter").endswith("or hours missing or age ge 20 and age le 25")
    frame = at.dataframe[0].value
    ages = frame["age"].astype(int)
    assert (ages.between(60, 70) | ages.between(20, 25) | (frame["hours"] == "")).all()


def test_values_of_all_rows_are_offered_where_any_condition_is_enough(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="any of town in York")
    subject = at.selectbox(key="filter-subject")
    subject.select_index(next(i for i, o in enumerate(subject.options) if o.startswith("town")))
    subject.run()
    values = next(m for m in at.multiselect if m.label.startswith("Values"))
    assert len(values.options) == 3


def test_nothing_matches_any(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, filter="any of age gt 1000 or age lt 0")
    assert problems(at) == []
    assert "No row satisfies any of these conditions" in app.text()


def test_without_a_condition_there_is_nothing_to_join(at, app):
    assert len(at.segmented_control) == 1  # the form of the download
    assert "There is no condition yet" in app.text()


@pytest.mark.parametrize(
    ("column", "order", "then"),
    [
        ("age", None, Order("age")),
        ("age", Order("age"), Order("age", descending=True)),
        ("age", Order("age", descending=True), None),
        ("town", Order("age", descending=True), Order("town")),
        ("town", Order("age"), Order("town")),
        (None, Order("age"), None),
    ],
)
def test_a_heading_asks_for_an_order(column, order, then):
    assert rows_table.next_order(column, order) == then


def test_headings_are_asked_of_the_server(app, finished):
    at = app.open(ROWS, data=finished.dataset_id, sort="age down")
    table = at.dataframe[0].proto
    # a table whose columns can be selected is not sorted by the browser
    assert set(table.selection_mode) == {
        DataframeProto.SelectionMode.SINGLE_ROW, DataframeProto.SelectionMode.SINGLE_COLUMN,
    }  # fmt: skip
    assert json.loads(table.columns)["age"]["label"] == "↓ age"
    assert "sort all rows" in app.text()
    sorting = next(s for s in at.selectbox if s.label == "Sort by")
    assert sorting.options[sorting.value] == "age"
    choose = sorting.options.index("hours")
    sorting.select_index(choose).run()
    assert asked(at, "sort") == "hours"
