"""How columns go together: what is left out, what is bounded, what must not be found."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from components.core.codec import from_json, to_json
from components.core.data.dataset import Column, Kind, Storage
from components.core.errors import Cancelled
from components.core.facts.associations import AssociationMeasure, Associations, Cluster, Pair
from components.profiling.associations import associate as room
from components.profiling.associations import choose
from components.profiling.associations import read_columns as reading
from components.profiling.associations.associate import associate
from components.profiling.associations.matrix_order import clusters, order
from components.profiling.associations.sampling_error import error, error_bound
from components.profiling.pair_measures.from_arrow import prepare
from components.profiling.profile import profile

HOSTILE = ["=1+1", "**bold**", "<b>ä", "名前", " x ", "a.b[0]", "row_id", "c0"]


@pytest.fixture
def compare(make_table):
    """Return a function that makes a table of a frame and compares its columns."""

    def make(frame: pd.DataFrame, *, seed: int = 0, **roles) -> Associations:
        table = make_table(frame, **roles)
        return associate(table, profile(table), seed=seed)

    return make


def words(values, prefix="v"):
    return [f"{prefix}{v}" for v in values]


@pytest.fixture(scope="module")
def unrelated() -> pd.DataFrame:
    """Columns of every kind that know nothing of one another, 2,000 rows."""
    rng = np.random.default_rng(11)
    n = 2_000
    return pd.DataFrame(
        {
            "normal": rng.normal(size=n),
            "heavy": rng.standard_cauchy(n),
            "whole": rng.poisson(3, n),
            "gaps": np.where(rng.random(n) < 0.3, np.nan, rng.normal(size=n)),
            "two": words(rng.integers(0, 2, n)),
            "ten": words(rng.integers(0, 10, n)),
            "hundreds": words(rng.integers(0, 400, n)),
            "rare": words((rng.random(n) < 0.01).astype(int)),
            "yes": rng.random(n) < 0.4,
            "at": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**8, n), "s"),
        }
    )


def test_unrelated_columns_are_not_said_to_go_together(compare, unrelated):
    found = compare(unrelated, label="two", kinds={"hundreds": Kind.CATEGORY})
    assert len(found.pairs) == 45
    noise = [pair for pair in found.pairs if "hundreds" not in (pair.first, pair.second)]
    assert max(pair.strength for pair in noise) < 0.08
    # 400 groups of 5 rows: the root of a share whose spread is sqrt(2 * 399) / 2000
    assert max(pair.strength for pair in found.pairs) < 0.2
    assert np.mean([pair.strength for pair in found.pairs]) < 0.03
    powers = [p for x in found.pairs for p in (x.first_predicts, x.second_predicts)]
    assert max(powers) < 0.01
    assert found.clusters == ()


def test_the_same_seed_gives_the_same_and_it_can_be_written(compare, unrelated):
    one, two = compare(unrelated, label="two"), compare(unrelated, label="two")
    assert one == two
    assert from_json(Associations, to_json(one)) == one
    other = compare(unrelated, label="two", seed=1)
    assert [p.value for p in other.pairs] == [p.value for p in one.pairs]


def test_the_order_of_the_rows_does_not_matter_to_a_measure(compare, unrelated):
    shuffled = unrelated.sample(frac=1.0, random_state=3).reset_index(drop=True)
    one = {(p.first, p.second): p.value for p in compare(unrelated).pairs}
    two = {(p.first, p.second): p.value for p in compare(shuffled).pairs}
    assert one == pytest.approx(two, abs=2e-6)


def test_each_pair_of_kinds_has_its_measure(compare, unrelated):
    found = compare(unrelated, label="two")
    assert found.pair("normal", "heavy").measure is AssociationMeasure.SPEARMAN
    assert found.pair("at", "whole").measure is AssociationMeasure.SPEARMAN
    assert found.pair("yes", "ten").measure is AssociationMeasure.CRAMERS_V
    assert found.pair("gaps", "yes").measure is AssociationMeasure.CORRELATION_RATIO
    assert found.pair("gaps", "yes").n == unrelated["gaps"].notna().sum()
    assert found.pair("normal", "two").pearson is None
    assert len(found.with_label) == 8
    assert {p.second for p in found.with_label} == {"two"}
    assert set(found.with_label) <= set(found.pairs)


@pytest.mark.parametrize("n", [0, 1, 2, 9, 10, 11])
def test_a_few_rows_are_enough_for_an_answer(compare, n):
    frame = pd.DataFrame({"x": np.arange(n) + 0.5, "y": np.arange(n) * 2.0})
    found = compare(frame)
    assert (found.n_rows, found.n_used) == (n, n)
    assert len(found.pairs) == (n >= 10)
    assert set(found.left_out) == (set() if n >= 10 else {"x", "y"})
    for pair in found.pairs:
        assert (pair.value, pair.pearson, pair.first_predicts) == (1.0, 1.0, None)


def test_a_label_with_one_class_is_left_out_with_the_reason(compare):
    frame = pd.DataFrame({"x": np.arange(50.0), "y": np.arange(50.0) % 7, "label": ["a"] * 50})
    found = compare(frame, label="label")
    assert found.with_label == ()
    assert found.left_out == {"label": "It has one value only."}
    assert found.matrix.columns == ("x", "y")


def test_reasons_say_why_a_column_is_not_compared(compare):
    n = 3_000
    frame = pd.DataFrame(
        {
            "id": words(range(n)),
            "ignored": np.arange(n) % 5 + 0.5,
            "names": words(np.arange(n) // 2),
            "half": words(np.arange(n) // 3 * 2 // 3),
            "inf": [np.inf] * (n - 3) + [1.0, 2.0, 3.0],
            "x": np.arange(n) + 0.5,
            "note": words(np.arange(n) % 7),
        }
    )
    kinds = {"names": Kind.CATEGORY, "half": Kind.CATEGORY, "note": Kind.LINK}
    found = compare(frame, id="id", ignore=["ignored"], kinds=kinds)
    assert found.left_out == {
        "id": "It is an identifier: its values stand for rows.",
        "ignored": "Its role is “ignore”.",
        "names": "It has 1,500 different values; up to 1,000 are compared.",
        "inf": "It has a value in 3 of the rows that were used; 10 are needed.",
        "note": "Its cells say where something else is.",
    }
    assert set(found.matrix.columns) == {"half", "x"}
    few = compare(frame.assign(names=words(np.arange(n) // 1.9)).head(900), id="id", kinds=kinds)
    assert few.left_out["names"] == "It has 474 different values in 900 rows: most stand alone."


def test_names_of_any_text_are_kept(compare):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, len(HOSTILE))), columns=HOSTILE)
    found = compare(frame)
    assert set(found.matrix.columns) == set(HOSTILE)
    assert len(found.pairs) == 28


def test_a_column_that_follows_from_another_is_not_its_twin(compare):
    rng = np.random.default_rng(2)
    city = rng.integers(0, 60, 6_000)
    frame = pd.DataFrame(
        {
            "city": words(city),
            "country": words(city // 20),
            "code": words(city, "c"),
            "plain": rng.normal(size=6_000),
        }
    )
    found = compare(frame, kinds={"city": Kind.CATEGORY, "code": Kind.CATEGORY})
    pair = found.pair("city", "country")
    assert pair.value > 0.99
    assert pair.first_predicts > 0.99
    assert pair.second_predicts < 0.06
    assert [c.columns for c in found.clusters] == [("city", "code")]


def test_twenty_twins_are_one_cluster(compare):
    rng = np.random.default_rng(2)
    x = rng.normal(size=500)
    frame = pd.DataFrame({f"t{i}": x * (i + 1) for i in range(20)})
    frame["group"] = words(np.digitize(x, [-1, 0, 1]))
    found = compare(frame)
    assert [len(c.columns) for c in found.clusters] == [20]
    assert found.clusters[0].weakest == 1.0


def test_a_chain_is_one_cluster_with_its_weakest_link():
    pairs = [
        Pair(first=a, second=b, measure=AssociationMeasure.SPEARMAN, value=v, n=99)
        for a, b, v in [("b", "c", -0.96), ("a", "b", 0.99), ("a", "c", 0.9), ("d", "e", 0.949)]
    ]
    assert clusters("abcde", pairs) == (Cluster(columns=("a", "b", "c"), weakest=0.96),)


def test_columns_that_go_together_stand_side_by_side(compare):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 400))
    frame = pd.DataFrame({f"{k}{i}": v + i / 5 * rng.normal(size=400)
                          for i in range(1, 4) for k, v in (("x", x), ("y", y))})  # fmt: skip
    columns = compare(frame).matrix.columns
    assert "".join(name[0] for name in columns) in {"xxxyyy", "yyyxxx"}
    assert order(np.full((2, 2), np.nan)) == [0, 1]


def test_gaps_that_go_together_are_told(compare):
    rng = np.random.default_rng(6)
    gone = rng.random(400) < 0.3
    frame = pd.DataFrame(
        {
            "a": np.where(gone, np.nan, rng.normal(size=400)),
            "b": np.where(gone, None, "x"),
            "c": np.where(~gone, np.nan, rng.normal(size=400)),
            "full": rng.normal(size=400),
        }
    )
    found = compare(frame)
    place = {name: i for i, name in enumerate(found.missing.columns)}
    assert set(place) == {"a", "b", "c"}
    assert found.missing.values[place["a"]][place["b"]] == 1.0
    assert found.missing.values[place["a"]][place["c"]] == -1.0
    assert compare(frame[["a", "full"]]).missing is None


@pytest.mark.parametrize("most", [40, 1_000])
def test_gaps_of_columns_that_are_not_compared_are_told(compare, monkeypatch, most):
    monkeypatch.setattr(choose, "MAX_ROWS", most)
    rng = np.random.default_rng(6)
    gone = rng.random(400) < 0.4
    names = np.where(gone, None, words(range(400), "a long note "))
    frame = pd.DataFrame({"note": names, "x": np.where(gone, np.nan, rng.normal(size=400))})
    frame["inf"] = np.where(gone, np.nan, np.inf)
    found = compare(frame, kinds={"note": Kind.TEXT})
    assert set(found.left_out) == {"note", "inf"}
    assert (found.n_used, set(found.missing.columns)) == (min(400, most), {"note", "x", "inf"})
    assert {v for row in found.missing.values for v in row} == {1.0}


def test_zeros_with_a_sign_are_one_category_and_infinity_is_another():
    values = pa.array([0.0, -0.0, 1.0, -np.inf, None, np.nan, 1.0])
    column = Column(name="x", field="c0", storage=Storage.NUMBER, kind=Kind.CATEGORY)
    found = prepare(column, values)
    assert (found.codes.tolist(), found.n_levels, found.n_missing) == ([2, 2, 3, 1, 0, 0, 3], 3, 2)
    assert not found.is_numeric
    as_number = prepare(dataclasses.replace(column, kind=Kind.NUMBER), values)
    assert (as_number.codes.tolist(), as_number.n_missing) == ([1, 1, 2, 0, 0, 0, 2], 3)


def test_of_many_columns_the_nearest_to_the_label_are_compared(compare, monkeypatch):
    monkeypatch.setattr(choose, "MAX_COLUMNS", 12)
    monkeypatch.setattr(reading, "MOST", 5)
    rng = np.random.default_rng(7)
    label = rng.random(800) < 0.5
    frame = pd.DataFrame({f"noise {i}": rng.normal(size=800) for i in range(30)})
    for i in range(8):
        frame[f"signal {i}"] = label + rng.normal(size=800)
    frame["label"] = label
    found = compare(frame, label="label")
    assert len(found.matrix.columns) == 12
    assert {"label", *(f"signal {i}" for i in range(8))} <= set(found.matrix.columns)
    assert len(found.with_label) == 38
    assert len(found.left_out) == 27
    (reason,) = set(found.left_out.values())
    assert reason.startswith("It is compared with the label only. Of more than 12 columns, ")
    alone = compare(frame.drop(columns="label"))
    assert len(alone.matrix.columns) == 12
    assert len(alone.left_out) == 26
    (reason,) = set(alone.left_out.values())
    assert (
        reason == "Of more than 12 columns, all pairs are computed of the 12 with the fewest gaps."
    )


def test_without_a_label_no_more_columns_are_read_than_compared(make_table, monkeypatch):
    monkeypatch.setattr(choose, "MAX_COLUMNS", 4)
    monkeypatch.setattr(reading, "MOST", 2)
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(rng.normal(size=(60, 9)), columns=[f"x{i}" for i in range(9)])
    frame.loc[:5, ["x0", "x1", "x2"]] = np.nan
    table = make_table(frame)
    facts = profile(table)
    asked = []
    arrow = table.arrow
    monkeypatch.setattr(
        table,
        "arrow",
        lambda some, **named: asked.extend(c.name for c in some) or arrow(some, **named),
    )
    found = associate(table, facts)
    assert asked == ["x3", "x4", "x5", "x6"]
    assert set(found.matrix.columns) == set(asked)


def test_the_strongest_pairs_are_kept(compare, unrelated, monkeypatch):
    every = compare(unrelated).pairs
    monkeypatch.setattr(room, "MAX_PAIRS", 7)
    assert compare(unrelated).pairs == every[:7]
    assert [p.strength for p in every] == sorted((p.strength for p in every), reverse=True)


def test_a_person_can_stop_it(make_table, unrelated):
    table = make_table(unrelated)
    facts = profile(table)
    for word in ("reading", "ranks", "numbers and", "categories", "power", "order"):

        def stop(_done: float, note: str, word: str = word) -> None:
            if word in note:
                raise Cancelled

        with pytest.raises(Cancelled):
            associate(table, facts, progress=stop)


def test_progress_grows_to_one(make_table, unrelated):
    table = make_table(unrelated, label="two")
    told: list[float] = []
    associate(table, profile(table), progress=lambda done, _note: told.append(done))
    assert told == sorted(told)
    assert 0 <= told[0] < 0.1
    assert 0.9 < told[-1] <= 1


@pytest.mark.parametrize(
    ("n", "pairs", "expected"),
    [(100_003, 1, 0.0061980), (100_003, 1_000, 0.0128267), (1_003, 1, 0.0619), (3, 5, 1.0)],
)
def test_the_bound_is_that_of_fisher_and_bonferroni(n, pairs, expected):
    """1.959964 / sqrt(n - 3), and 4.055627 for 1,000 pairs: worst at a correlation of 0."""
    assert error_bound(n, pairs) == pytest.approx(expected, rel=2e-3)


def test_more_pairs_need_a_wider_bound():
    assert error_bound(1_000, 1) < error_bound(1_000, 50) < error_bound(100, 50)
    assert error(0.99, 1_000, 50) < error(0.5, 1_000, 50) < error_bound(1_000, 50)
    assert error(-0.5, 1_000, 50) == error(0.5, 1_000, 50)
    assert error(1.0, 1_000, 50) < 1e-6


def test_a_pair_with_gaps_is_promised_less(compare, monkeypatch):
    monkeypatch.setattr(choose, "MAX_ROWS", 2_000)
    rng = np.random.default_rng(9)
    n = 20_000
    base = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "a": base + rng.normal(size=n),
            "b": base + rng.normal(size=n),
            "sparse": np.where(rng.random(n) < 0.9, np.nan, base + rng.normal(size=n)),
            "word": words(rng.integers(0, 4, n)),
        }
    )
    whole = frame.drop(columns="word").corr(method="spearman")
    for seed in range(5):
        found = compare(frame, seed=seed)
        assert (found.n_used, found.is_sampled) == (2_000, True)
        numbers = [p for p in found.pairs if p.measure is AssociationMeasure.SPEARMAN]
        for pair in numbers:
            off = abs(pair.value - whole.loc[pair.first, pair.second])
            assert off <= pair.error <= found.error_bound
            assert pair.error == pytest.approx(error(pair.value, pair.n, 3), abs=1e-6)
        assert found.error_bound == error_bound(min(p.n for p in numbers), 3)
        assert found.pair("a", "sparse").error > 2 * found.pair("a", "b").error
        assert found.pair("a", "word").error is None


def test_a_hundred_thousand_rows_of_mixed_columns_take_seconds(make_table):
    rng = np.random.default_rng(1)
    n = 100_000
    frame = pd.DataFrame({f"n{i}": rng.normal(size=n) for i in range(12)})
    for i in range(8):
        frame[f"c{i}"] = pd.Series(words(rng.integers(0, 10, n)), dtype="str")
    frame.loc[frame.index % 7 == 0, ["n1", "c1"]] = None
    table = make_table(frame, label="c0")
    facts = profile(table)
    began = time.process_time()
    found = associate(table, facts)
    assert time.process_time() - began < 5
    assert (len(found.pairs), found.is_sampled, found.error_bound) == (190, False, None)


def test_steps_are_compared_by_their_order_where_they_are_numbers(make_table):
    rng = np.random.default_rng(3)
    steps = rng.integers(1, 6, 300)
    frame = pd.DataFrame({"rating": steps, "size": words(steps), "x": steps + rng.normal(size=300)})
    table = make_table(frame)
    kinds = {"rating": Kind.ORDINAL, "size": Kind.ORDINAL}
    columns = tuple(
        dataclasses.replace(c, kind=kinds.get(c.name, c.kind)) for c in table.version.columns
    )
    table.version = table.version.with_columns(columns)
    found = associate(table, profile(table))
    assert found.pair("rating", "x").measure is AssociationMeasure.SPEARMAN
    assert found.pair("size", "x").measure is AssociationMeasure.CORRELATION_RATIO


@pytest.mark.parametrize("n_absurd", [0, 1, 30])
def test_a_few_absurd_values_do_not_hide_a_tie(compare, n_absurd):
    rng = np.random.default_rng(12)
    n = 3_000
    group = rng.integers(0, 3, n)
    age = rng.normal(40 + 8 * group, 10, n).round()
    age[rng.choice(n, n_absurd, replace=False)] = rng.choice([-9_999.0, 1e6], n_absurd)
    names = np.array(["low", "middle", "high"])[group]
    frame = pd.DataFrame({"age": age, "income": names, "other": rng.permutation(names)})
    found = compare(frame)
    assert found.pair("age", "income").value == pytest.approx(0.55, abs=0.05)
    assert found.pair("age", "other").value < 0.06


def test_absurd_values_of_one_group_are_no_strong_tie(compare):
    rng = np.random.default_rng(13)
    names = np.where(np.arange(2_000) < 20, "odd", "usual")
    x = np.where((names == "odd") & (np.arange(2_000) < 3), 1e9, rng.normal(size=2_000))
    found = compare(pd.DataFrame({"x": x, "group": names}))
    assert found.pair("x", "group").value < 0.1
