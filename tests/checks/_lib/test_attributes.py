import numpy as np
import pandas as pd
import pytest

from components.checks._lib.groups import attributes
from components.core.data.dataset import Kind


@pytest.mark.parametrize(
    ("low", "high", "edges"),
    [
        (19, 63, [20, 30, 40, 50, 60]),
        (0, 1, [0.2, 0.4, 0.6, 0.8, 1.0]),
        (1000, 90000, [20000, 40000, 60000, 80000]),
        (-5, 5, [-4, -2, 0, 2, 4]),
        (3, 3, [3]),
        (float("nan"), 1, []),
    ],
)
def test_bands_end_at_round_numbers(low, high, edges):
    assert attributes.round_edges(low, high) == pytest.approx(edges)


@pytest.mark.parametrize(
    ("low", "high", "edges"),
    [
        (22, 60, [26, 40, 50, 60]),
        (19, 75, [26, 40, 62]),
        (3, 17, [5, 10, 15]),
        (45, 60, [50, 55, 60]),
    ],
)
def test_bands_of_age_begin_where_laws_do(low, high, edges):
    assert attributes.age_edges(low, high) == pytest.approx(edges)


def test_only_ages_have_bands_of_age(make_table, run_context):
    rng = np.random.default_rng(0)
    values = rng.integers(20, 75, 300)
    for name in ("age", "Age_in_years", "wage", "pages", "mileage"):
        table = make_table(pd.DataFrame({name: values}), sensitive=[name])
        (found,), _ = attributes.attributes(table, run_context(table).profile)
        assert ("under 26" in {g.name for g in found.groups}) is (name.lower()[:3] == "age")


def test_categories_keep_their_values_and_missing_is_a_group(make_table, run_context):
    table = make_table(pd.DataFrame({"g": ["b", "a", "a", None]}), sensitive=["g"])
    (found,), notes = attributes.attributes(table, run_context(table).profile)
    assert [(g.name, g.n) for g in found.groups] == [("a", 2), ("b", 1), ("(missing)", 1)]
    assert found.largest.name == "a"
    assert [g.name for g in found.known] == ["a", "b"]
    assert notes == []


def test_few_of_many_groups_are_fetched_and_the_missing_ones_too(make_table, run_context):
    values = [f"g{i}" for i in range(60) for _ in range(3)] + [None]
    table = make_table(pd.DataFrame({"g": values}), sensitive=["g"], kinds={"g": Kind.CATEGORY})
    asked = []
    groups = table.groups
    table.groups = lambda *args, **more: asked.append(groups(*args, **more)) or asked[-1]
    run = run_context(table)
    asked.clear()
    (found,), (note,) = attributes.attributes(table, run.profile)
    assert max(len(records) for records in asked) == 51
    assert len(found.known) == 50
    assert [(g.name, g.n) for g in found.groups if g.is_missing] == [("(missing)", 1)]
    assert "60 values" in note
    assert "30 rows" in note


def test_ages_become_bands_that_hold_every_row(make_table, run_context):
    rng = np.random.default_rng(0)
    ages = pd.Series(rng.integers(17, 91, 500)).astype("Int64")
    ages[:3] = pd.NA
    table = make_table(pd.DataFrame({"age": ages}), sensitive=["age"])
    (found,), _ = attributes.attributes(table, run_context(table).profile)
    names = [g.name for g in found.known]
    assert names == ["under 26", "26 to 39", "40 to 61", "62 to 79", "80 and over"]
    assert found.groups[-2].name.endswith("and over")
    assert found.groups[1].name.count(" to ") == 1
    assert sum(g.n for g in found.groups) == 500
    for group in found.groups:
        assert len(table.row_ids(group.where)) == group.n


def test_what_forms_no_groups_is_said(make_table, run_context):
    frame = pd.DataFrame(
        {
            "name": [f"n{i}" for i in range(60)],
            "one": ["x"] * 60,
            "many": [f"g{i}" for i in range(60)],
        }
    )
    table = make_table(
        frame, sensitive=["name", "one", "many"], kinds={"name": Kind.TEXT, "many": Kind.CATEGORY}
    )
    (found,), notes = attributes.attributes(table, run_context(table).profile)
    assert found.name == "many"
    assert len(found.groups) == 50
    assert notes[0] == "“name” was not assessed: its values do not form groups."
    assert notes[1] == "“one” has fewer than two groups."
    assert notes[2].startswith("“many” has 60 values; the 50 largest groups were assessed")
    assert notes[2].endswith("the others (10 rows) were left out.")
