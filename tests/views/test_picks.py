"""From selected marks to conditions, and to as many rows as the button says."""

import dataclasses
from datetime import UTC, datetime

import pytest

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.data.query import Compare, Missing, OneOf, Op
from components.core.facts.profile import Bins, ColumnProfile, DatasetProfile, TopValue
from components.core.facts.slices import LogBins, Slice, Slices
from components.services.explore.associations import Contingency
from components.views.parts.figures import picks
from components.views.parts.figures.evidence_panel import Point, figure_key, points


def column(name, storage, kind=Kind.CATEGORY, role=Role.FEATURE):
    return Column(name=name, field=f"c_{storage}", storage=storage, kind=kind, role=role)


VERSION = DatasetVersion(
    id="v", name="t.csv", sha256="0" * 64, n_rows=80,
    columns=(
        column("age", Storage.NUMBER, Kind.NUMBER),
        column("day", Storage.DATETIME, Kind.DATETIME),
        column("town", Storage.TEXT),
        column("sold", Storage.BOOLEAN, role=Role.LABEL),
    ),
)  # fmt: skip
AGE = ColumnProfile(
    name="age", kind=Kind.NUMBER, role=Role.FEATURE, n=80, n_missing=0, disguised={}, n_distinct=60,
    bins=Bins(
        edges=(0.0, 20.0, 40.0, 60.0), counts=(20, 45, 15),
        by_label={"false": (5, 25, 10), "true": (15, 20, 5)},
    ),
)  # fmt: skip
TOWN = ColumnProfile(
    name="town", kind=Kind.CATEGORY, role=Role.FEATURE, n=80, n_missing=0, disguised={},
    n_distinct=3,
    top=tuple(
        TopValue(value=v, count=n, by_label={"true": n - 2, "false": 2})
        for v, n in (("York", 40), ("Bath", 30), ("Hull", 10))
    ),
)  # fmt: skip


def day(number):
    return datetime(2024, 1, number, tzinfo=UTC).replace(tzinfo=None)


def test_one_bar_is_its_bin_and_the_last_bin_holds_its_end():
    one = picks.of_bins(VERSION, AGE, [Point(0, 0, 0)], by_label=False)
    assert one == picks.Pick((Compare("age", Op.GE, 0.0), Compare("age", Op.LT, 20.0)), 20)
    last = picks.of_bins(VERSION, AGE, [Point(0, 2, 0)], by_label=False)
    assert last.conditions[1] == Compare("age", Op.LE, 60.0)


def test_bins_of_whole_numbers_end_at_whole_numbers():
    whole = DatasetVersion(
        id="v", name="t", sha256="0" * 64, n_rows=9,
        columns=(column("age", Storage.INTEGER, Kind.INTEGER),),
    )  # fmt: skip
    bins = Bins(edges=(-0.5, 0.5, 1.5, 2.5), counts=(2, 3, 4))
    profile = dataclasses.replace(AGE, bins=bins)
    one = picks.of_bins(whole, profile, [Point(0, 1, 0)], by_label=False)
    assert one == picks.Pick((Compare("age", Op.EQ, 1),), 3)
    two = picks.of_bins(whole, profile, [Point(0, 1, 0), Point(0, 2, 0)], by_label=False)
    assert two.conditions == (Compare("age", Op.GE, 1), Compare("age", Op.LE, 2))


def test_several_bars_are_all_from_the_first_to_the_last():
    both = picks.of_bins(VERSION, AGE, [Point(0, 2, 0), Point(0, 0, 0)], by_label=False)
    assert both.n == 80
    assert both.conditions == (Compare("age", Op.GE, 0.0), Compare("age", Op.LE, 60.0))


def test_a_part_of_a_bar_is_of_one_class():
    part = picks.of_bins(VERSION, AGE, [Point(1, 1, 0)], by_label=True)
    assert part.n == 20
    assert part.conditions[-1] == Compare("sold", Op.EQ, True)
    two = picks.of_bins(VERSION, AGE, [Point(1, 1, 0), Point(0, 1, 0)], by_label=True)
    assert (len(two.conditions), two.n) == (2, 45)


def test_values_are_one_of_those_selected():
    found = picks.of_top(VERSION, TOWN, [Point(0, 2, 0), Point(0, 0, 0)], by_label=False)
    assert found == picks.Pick((OneOf("town", ("York", "Hull")),), 50)
    of_class = picks.of_top(VERSION, TOWN, [Point(0, 1, 0)], by_label=True)
    assert of_class.n == 28
    assert of_class.conditions[1].column == "sold"


@pytest.mark.parametrize("places", [[], [Point(0, 9, 0)], [Point(0, -1, 0)]])
def test_no_mark_is_no_rows(places):
    assert picks.of_bins(VERSION, AGE, places, by_label=False) is None
    assert picks.of_top(VERSION, TOWN, places, by_label=False) is None


def test_a_cut_value_leads_nowhere():
    long = ColumnProfile(
        name="town", kind=Kind.TEXT, role=Role.FEATURE, n=1, n_missing=0, disguised={},
        n_distinct=1, top=(TopValue(value="x" * 199 + "…", count=1),),
    )  # fmt: skip
    assert picks.of_top(VERSION, long, [Point(0, 0, 0)], by_label=False) is None


@pytest.mark.parametrize(
    ("storage", "text", "value"),
    [(Storage.INTEGER, "7", 7), (Storage.NUMBER, "7.5", 7.5), (Storage.BOOLEAN, "true", True),
     (Storage.TEXT, "7", "7"), (Storage.DATETIME, "2024-01-03", day(3)),
     (Storage.INTEGER, "seven", None), (Storage.BOOLEAN, "yes", None)],
)  # fmt: skip
def test_texts_of_the_profile_become_values(storage, text, value):
    assert picks.typed(column("x", storage), text) == value


def test_a_log_bin_keeps_its_ends():
    shape = LogBins(
        edges=(1.0, 10.0, 100.0), counts=(4, 6), n_zero=1, n_negative=0, n_missing=0, n_infinite=0
    )
    found = picks.of_log_bins("age", shape, [Point(0, 1, 0)])
    assert found == picks.Pick((Compare("age", Op.GE, 10.0), Compare("age", Op.LE, 100.0)), 6)
    assert picks.of_log_bins("age", shape, []) is None


def test_a_group_a_gap_and_a_step_of_time():
    groups = Slices(
        column="age", by="town", n_slices=2, n_rows=9,
        slices=(Slice(key="York", n=5, n_missing=0), Slice(key=None, n=4, n_missing=0)),
    )  # fmt: skip
    assert picks.of_slices(groups, [Point(0, 0, 0)]) == picks.Pick(
        (Compare("town", Op.EQ, "York"),), 5
    )
    assert picks.of_slices(groups, [Point(0, 1, 0)]) == picks.Pick((Missing("town"),), 4)
    steps = Slices(
        column="town", by="day", n_slices=1, n_rows=9, step="day", values=("York",),
        slices=(Slice(key=day(1), until=day(2), n=7, n_missing=0, counts=(3,)),),
    )  # fmt: skip
    inside = (Compare("day", Op.GE, day(1)), Compare("day", Op.LT, day(2)))
    assert picks.of_slices(steps, [Point(1, 0, 0)]) == picks.Pick(inside, 7)
    assert picks.of_slices(steps, [Point(0, 0, 0)]) == picks.Pick(
        (*inside, Compare("town", Op.EQ, "York")), 3
    )
    assert picks.of_slices(steps, []) is None


def test_a_bar_of_gaps_is_the_rows_without_a_value():
    some = dataclasses.replace(AGE, n_missing=5)
    more = dataclasses.replace(TOWN, n_missing=9)
    profile = DatasetProfile(n_rows=80, n_columns=3, columns=(AGE, some, more))
    assert picks.of_gaps(profile, [Point(0, 0, 0)]) == picks.Pick((Missing("town"),), 9)
    assert picks.of_gaps(profile, [Point(0, 2, 0)]) is None
    assert picks.of_gaps(profile, []) is None


def test_a_part_of_a_mosaic_is_two_values():
    shape = Contingency(
        first="town", second="sold", rows=("York",), columns=("true", "false"),
        counts=((3, 4), (1, 1)), other_rows=True,
    )  # fmt: skip
    found = picks.of_cell(VERSION, shape, [Point(1, 0, 0)])
    assert found.n == 4
    assert [c.column for c in found.conditions] == ["town", "sold"]
    assert picks.of_cell(VERSION, shape, [Point(0, 1, 0)]) is None  # all others together
    assert picks.of_cell(VERSION, shape, []) is None


@pytest.mark.parametrize(
    "said",
    [None, 3, {}, {"selection": None}, {"selection": {"points": "x"}},
     {"selection": {"points": [3, {}, {"curve_number": "0", "point_index": 1}]}}],
)  # fmt: skip
def test_what_the_browser_says_is_not_trusted(said):
    assert points(said) == []


def test_marks_of_bars_and_of_grids():
    said = {"selection": {"points": [
        {"curve_number": 1, "point_index": 4}, {"curve_number": 0, "point_index": [2, 5]},
    ]}}  # fmt: skip
    assert points(said) == [Point(1, 4, 0), Point(0, 5, 2)]


def test_keys_of_figures_hold_nothing_of_the_data():
    assert figure_key("a b:<script>") == "figure-a-b-script-"
