from __future__ import annotations

import json
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.core.codec import from_json, to_json
from components.core.data.dataset import Kind, Role
from components.core.facts.profile import DatasetProfile
from components.profiling.profile import profile


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 2_000
    number = rng.gamma(2.0, 10.0, n)
    number[:5] = [np.nan, np.inf, -np.inf, 1e6, -1e6]
    number[5:15] = 0.0
    return pd.DataFrame(
        {
            "number": number,
            "whole": pd.array(np.where(rng.random(n) < 0.1, pd.NA, rng.poisson(4, n)), "Int64"),
            "wide": pd.array(rng.integers(-10_000, 10_000, n), "Int64"),
            "yes": pd.array(np.where(rng.random(n) < 0.2, pd.NA, rng.random(n) < 0.3), "boolean"),
            "word": rng.choice(["a", "b", "é", "", "long word"], n, p=[0.5, 0.2, 0.1, 0.1, 0.1]),
            "id": [f"row {i}" for i in range(n)],
            "at": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**8, n), "s"),
            "label": rng.choice(["no", "yes", None], n, p=[0.7, 0.25, 0.05]),
        }
    )


@pytest.fixture(scope="module")
def once() -> dict[str, DatasetProfile]:
    return {}


@pytest.fixture
def facts(make_table, frame, once) -> DatasetProfile:
    if not once:
        once["facts"] = profile(make_table(frame, label="label", id="id"))
    return once["facts"]


def finite(values: pd.Series) -> np.ndarray:
    numbers = values.dropna().to_numpy(dtype=float)
    return numbers[np.isfinite(numbers)]


@pytest.mark.parametrize("name", ["number", "whole", "wide"])
def test_moments_and_quantiles_agree_with_scipy(facts, frame, name):
    column, values = facts.column(name), finite(frame[name])
    assert column.mean == pytest.approx(values.mean())
    assert column.sd == pytest.approx(values.std(ddof=1))
    assert column.skew == pytest.approx(stats.skew(values, bias=False))
    assert column.kurtosis == pytest.approx(stats.kurtosis(values, bias=False))
    assert column.minimum == values.min()
    assert column.maximum == values.max()
    expected = {f"{q:g}": np.quantile(values, q) for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)}
    assert column.quantiles == pytest.approx(expected)


@pytest.mark.parametrize("name", ["number", "whole", "wide", "yes", "word", "id", "at", "label"])
def test_counts_agree_with_pandas(facts, frame, name):
    column = facts.column(name)
    assert column.n == len(frame)
    assert column.n_missing == frame[name].isna().sum()
    assert column.n_distinct == frame[name].nunique()
    assert column.distinct_exact


def test_zero_negative_and_infinite_values_are_counted(facts, frame):
    number = facts.column("number")
    assert (number.n_zero, number.n_negative, number.n_infinite) == (10, 2, 2)
    wide = facts.column("wide")
    assert wide.n_negative == (frame["wide"] < 0).sum()
    assert wide.n_zero == (frame["wide"] == 0).sum()
    assert wide.n_infinite == 0
    assert facts.column("word").n_zero is None


@pytest.mark.parametrize("name", ["number", "whole", "wide"])
def test_histograms_hold_every_value_once(facts, frame, name):
    bins, values = facts.column(name).bins, frame[name].dropna().to_numpy(dtype=float)
    edges = np.array(bins.edges)
    assert (np.diff(edges) > 0).all()
    inside = values[(values >= edges[0]) & (values <= edges[-1])]
    assert bins.below == (values < edges[0]).sum()
    assert bins.above == (values > edges[-1]).sum()
    assert list(bins.counts) == np.histogram(inside, edges)[0].tolist()


@pytest.mark.parametrize("name", ["number", "whole", "at"])
def test_histograms_are_split_by_the_label(facts, frame, name):
    bins = facts.column(name).bins
    values = frame[name]
    if name == "at":
        values = (values - pd.Timestamp("1970-01-01")).dt.total_seconds()
    for label in ("no", "yes"):
        of_class = values[frame["label"] == label].dropna().to_numpy(dtype=float)
        inside = of_class[(of_class >= bins.edges[0]) & (of_class <= bins.edges[-1])]
        assert list(bins.by_label[label]) == np.histogram(inside, bins.edges)[0].tolist()


def test_far_outliers_do_not_flatten_the_picture(facts):
    bins = facts.column("number").bins
    assert (bins.below, bins.above) == (2, 2)
    assert bins.edges[-1] < 200
    assert sum(count > 0 for count in bins.counts) > len(bins.counts) / 2


def test_whole_numbers_in_a_small_range_get_one_bin_each(facts, frame):
    bins = facts.column("whole").bins
    lowest, highest = frame["whole"].min(), frame["whole"].max()
    assert bins.edges == tuple(np.arange(lowest - 0.5, highest + 1))
    assert bins.counts == tuple((frame["whole"] == v).sum() for v in range(lowest, highest + 1))


def test_times_have_their_extremes_and_bins(facts, frame):
    column = facts.column("at")
    assert column.minimum == frame["at"].min().to_pydatetime()
    assert column.maximum == frame["at"].max().to_pydatetime()
    assert column.bins.edges[0] == frame["at"].min().timestamp()
    assert sum(column.bins.counts) == len(frame)
    assert column.mean is None
    assert column.quantiles is None


def test_frequent_values_stand_first_with_their_rows_per_class(facts, frame):
    top = facts.column("word").top
    counts = frame["word"].value_counts()
    assert {t.value: t.count for t in top} == counts.to_dict()
    assert [t.count for t in top] == sorted(counts, reverse=True)
    of_class = pd.crosstab(frame["word"], frame["label"])
    assert {t.value: t.by_label for t in top} == of_class.T.to_dict()


def test_only_repeated_values_are_frequent(facts):
    assert facts.column("id").top == ()
    assert facts.column("number").top[0].value == "0"
    assert facts.column("number").top[0].count == 10
    assert [t.value for t in facts.column("yes").top] == ["false", "true"]


def test_texts_have_lengths_and_extremes_by_code_point(facts, frame):
    word = facts.column("word")
    assert word.length_mean == pytest.approx(frame["word"].str.len().mean())
    assert (word.length_max, word.minimum, word.maximum) == (9, "", "é")


def test_rows_are_described(facts, frame):
    assert facts.label_counts == frame["label"].value_counts().to_dict()
    per_row = frame.isna().sum(axis=1).value_counts().sort_index().to_dict()
    assert facts.missing_per_row == per_row
    assert facts.n_repeats == 0
    cells = frame.isna().to_numpy()
    assert facts.completeness == pytest.approx(1 - cells.mean())


def test_a_profile_survives_json(facts):
    assert from_json(DatasetProfile, to_json(facts)) == facts


def test_repeated_rows_are_counted_exactly(make_table):
    frame = pd.DataFrame({"a": [1.0, 1.0, np.nan, np.nan, 2.0, 1.0], "b": list("xxyyzx")})
    assert profile(make_table(frame)).n_repeats == 3


def test_a_label_with_many_classes_splits_nothing(make_table):
    frame = pd.DataFrame({"x": range(22), "label": [str(i // 2) for i in range(22)]})
    facts = profile(make_table(frame, label="label"))
    assert len(facts.label_counts) == 11
    assert facts.column("x").bins.by_label is None
    assert facts.column("label").top[0].by_label is None


def test_of_very_many_classes_the_most_frequent_are_kept_and_all_are_counted(
    make_table,
):
    names = [f"class {i}" for i in range(5_000)] + ["class 4321"] * 7 + ["class 17"] * 3
    frame = pd.DataFrame({"x": range(len(names)), "label": names})
    facts = profile(make_table(frame, label="label"))
    assert list(facts.label_counts.items())[:2] == [("class 4321", 8), ("class 17", 4)]
    assert len(facts.label_counts) == 1_000
    assert facts.n_classes == 5_000
    assert len(json.dumps(to_json(facts))) < 60_000


def test_classes_with_long_names_that_begin_alike_are_counted_together(make_table):
    long = "x" * 300
    frame = pd.DataFrame({"label": [f"{long}a", f"{long}b", "c", "c", "c"]})
    facts = profile(make_table(frame, label="label"))
    assert facts.label_counts == {"c": 3, "x" * 199 + "…": 2}
    assert facts.n_classes == 3


def test_a_number_to_predict_has_no_classes(make_table):
    frame = pd.DataFrame({"x": range(5), "label": [0.5, 1.5, 2.5, 3.5, 4.5]})
    facts = profile(make_table(frame, label="label"))
    assert facts.label_counts is None
    assert facts.column("x").bins.by_label is None


def test_disguised_missing_values_are_part_of_the_facts(make_table):
    frame = pd.DataFrame({"a": ["x", None, None, None], "b": [1.0, None, 3.0, None]})
    table = make_table(frame, disguised={"a": ["?", "it's N/A"]})
    facts = profile(table, disguised={"c0": {"?": 2, "it's N/A": 1}})
    assert facts.column("a").disguised == {"?": 2, "it's N/A": 1}
    assert facts.column("a").n_missing == 3
    assert facts.column("b").disguised == {}


def test_progress_grows_to_one(make_table):
    told: list[float] = []
    profile(make_table(pd.DataFrame({"a": [1]})), progress=lambda done, _: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0


STORAGES = {
    "text": "str",
    "number": "float64",
    "whole": "Int64",
    "yes": "boolean",
    "at": "datetime64[us]",
}


@pytest.mark.parametrize("n", [0, 1, 3])
def test_columns_without_values_are_described(make_table, n):
    frame = pd.DataFrame({k: pd.Series([None] * n, dtype=t) for k, t in STORAGES.items()})
    facts = profile(make_table(frame))
    for column in facts.columns:
        assert (column.n, column.n_missing, column.n_distinct) == (n, n, 0)
        assert (column.top, column.bins, column.minimum, column.mean) == ((), None, None, None)
    assert facts.missing_per_row == ({5: n} if n else {})
    assert facts.n_repeats == max(0, n - 1)


def test_one_row_is_described(make_table):
    values = {"text": "é", "number": 1e308, "whole": 2**63 - 1, "yes": True}
    frame = pd.DataFrame({k: pd.Series([v], dtype=STORAGES[k]) for k, v in values.items()})
    frame["at"] = pd.to_datetime(["2024-02-29 12:00"])
    facts = profile(make_table(frame, kinds=dict.fromkeys(values, Kind.CONSTANT)))
    assert [c.top[0].value for c in facts.columns] == [
        "é",
        "1e+308",
        "9223372036854775807",
        "true",
        "2024-02-29 12:00:00",
    ]
    assert [c.sd for c in facts.columns] == [None] * 5
    assert facts.column("whole").minimum == 2**63 - 1
    assert facts.column("at").minimum == datetime(2024, 2, 29, 12)  # noqa: DTZ001 - as stored


def test_extreme_numbers_neither_stop_nor_mislead(make_table):
    frame = pd.DataFrame(
        {
            "huge": [1e308, -1e308, 1.7e308, 1e-300, 0.0],
            "offset": pd.array([2**62 + i for i in range(5)], dtype="Int64"),
            "ends": pd.array([2**63 - 1, -(2**63), 0, 1, None], dtype="Int64"),
            "shifted": [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 10],
        }
    )
    facts = profile(make_table(frame))
    assert facts.column("huge").sd is None
    assert sum(facts.column("huge").bins.counts) == 5
    assert facts.column("offset").n_distinct == 5
    assert sum(facts.column("offset").bins.counts) == 5
    assert facts.column("ends").minimum == -(2**63)
    shifted = frame["shifted"] - 1e9
    assert facts.column("shifted").skew == pytest.approx(stats.skew(shifted, bias=False))
    assert facts.column("shifted").kurtosis == pytest.approx(stats.kurtosis(shifted, bias=False))


def test_a_constant_column_has_one_bin_and_no_shape(make_table):
    facts = profile(make_table(pd.DataFrame({"a": [0.1] * 4, "b": [7] * 4})))
    for column in facts.columns:
        assert column.bins.counts == (4,)
        assert column.bins.edges[0] < column.minimum < column.bins.edges[-1]
        assert (column.sd, column.skew, column.kurtosis) == (0.0, None, None)


def test_hostile_names_and_values_are_only_text(make_table):
    name = "\"; DROP VIEW data; -- ' \u202e {x} $y"
    value = "'); DELETE FROM data; --\\"
    frame = pd.DataFrame({name: [value, value, "x" * 500], "l'abel": ["a'", 'b"', "a'"]})
    facts = profile(make_table(frame, label="l'abel"))
    column = facts.column(name)
    assert column.top[0].value == value
    assert column.top[0].by_label == {"a'": 1, 'b"': 1}
    assert len(column.maximum) == 200
    assert column.length_max == 500


def test_a_wide_table_keeps_its_columns_apart(make_table):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 5, (50, 60)).astype(float)).add_prefix("column ")
    frame.iloc[0, ::3] = np.nan
    facts = profile(make_table(frame))
    assert [c.name for c in facts.columns] == list(frame.columns)
    assert [c.mean for c in facts.columns] == pytest.approx(frame.mean().tolist())
    assert [c.n_distinct for c in facts.columns] == frame.nunique().tolist()
    assert facts.missing_per_row == {0: 49, 20: 1}


def test_roles_and_kinds_are_carried_over(facts):
    assert facts.column("label").role is Role.LABEL
    assert facts.column("word").kind is Kind.CATEGORY
