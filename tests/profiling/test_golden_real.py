"""Published tables, from the file to the profile, against pandas and SciPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.core.codec import to_json
from components.core.data.dataset import DatasetVersion, Storage
from components.core.settings import Settings
from components.engine.table.open_table import open_table
from components.intake import load
from components.profiling.associations.associate import associate
from components.profiling.profile import profile

SAMPLES = Path(__file__).parents[2] / "sample_data"
MISSING = {"adult": ["?"], "german_credit": [], "penguins": ["NA", "."]}
"""Words that stand for a missing value, as the publishers of the tables say."""

NUMERIC = {
    "adult": 6,
    "german_credit": 7,
    "penguins": 4,
}
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@pytest.fixture(scope="module", params=MISSING)
def table(request, read_file):
    source = SAMPLES / f"{request.param}.csv"
    frame = pd.read_csv(source, keep_default_na=False, na_values=["", *MISSING[request.param]])
    return request.param, frame, *read_file(source)


def columns_of(profile, loaded, frame, *storages):
    pairs = zip(profile.columns, loaded.columns, strict=True)
    return [(seen, frame[seen.name]) for seen, column in pairs if column.storage in storages]


def test_shape_names_and_gaps_agree(table):
    _, frame, profile, _ = table
    assert (profile.n_rows, profile.n_columns) == frame.shape
    assert [c.name for c in profile.columns] == list(frame.columns)
    assert [c.n_missing for c in profile.columns] == frame.isna().sum().tolist()
    assert [c.n_distinct for c in profile.columns] == frame.nunique().tolist()
    assert all(c.distinct_exact and c.quantiles_exact for c in profile.columns)
    per_row = frame.isna().sum(axis=1).value_counts().sort_index()
    assert profile.missing_per_row == per_row.to_dict()
    assert profile.n_repeats == frame.duplicated().sum()
    assert profile.completeness == pytest.approx(1 - frame.isna().to_numpy().mean())


def test_numbers_agree_with_pandas_and_scipy(table):
    name, frame, profile, loaded = table
    numbers = columns_of(profile, loaded, frame, Storage.INTEGER, Storage.NUMBER)
    assert len(numbers) == NUMERIC[name]
    for seen, values in numbers:
        known = values.dropna().to_numpy(float)
        assert (seen.minimum, seen.maximum) == (known.min(), known.max())
        moments = values.mean(), values.std(), values.skew(), values.kurt()
        assert (seen.mean, seen.sd, seen.skew, seen.kurtosis) == pytest.approx(moments)
        assert seen.skew == pytest.approx(stats.skew(known, bias=False))
        assert seen.kurtosis == pytest.approx(stats.kurtosis(known, bias=False))
        expected = {f"{q:g}": values.quantile(q) for q in QUANTILES}
        assert seen.quantiles == pytest.approx(expected)
        assert (seen.n_zero, seen.n_negative) == ((known == 0).sum(), (known < 0).sum())
        assert seen.n_infinite == 0


def test_histograms_agree_with_numpy(table):
    _, frame, profile, loaded = table
    for seen, values in columns_of(profile, loaded, frame, Storage.INTEGER, Storage.NUMBER):
        known, edges = values.dropna().to_numpy(float), np.array(seen.bins.edges)
        assert (seen.bins.below, seen.bins.above) == (
            (known < edges[0]).sum(),
            (known > edges[-1]).sum(),
        )
        # an edge is a rounded sum: values that lie on one may be counted on either side of it
        upto = seen.bins.below + np.cumsum(seen.bins.counts)
        assert (upto >= [(known < e - 1e-9).sum() for e in edges[1:]]).all()
        assert (upto <= [(known <= e + 1e-9).sum() for e in edges[1:]]).all()
        assert len(seen.bins.counts) > 1


def test_texts_and_frequent_values_agree(table):
    _, frame, profile, loaded = table
    texts = columns_of(profile, loaded, frame.astype("str"), Storage.TEXT)
    assert texts
    for seen, values in texts:
        known = values[frame[seen.name].notna()]
        sizes = known.str.len()
        assert (seen.length_mean, seen.length_max) == (pytest.approx(sizes.mean()), sizes.max())
        assert (seen.minimum, seen.maximum) == (known.min(), known.max())
        counts = known.value_counts()
        assert [t.count for t in seen.top] == counts.head(20).tolist()
        assert {t.value: t.count for t in seen.top}.items() <= counts.to_dict().items()


def test_the_split_by_label_agrees_with_a_cross_table(table):
    _, frame, profile, loaded = table
    label = next(c.name for c in loaded.columns if c.role.value == "label")
    classes = frame[label].astype("str")
    assert profile.label_counts == classes.value_counts().to_dict()
    for seen in profile.columns:
        if seen.name == label:
            continue
        expected = pd.crosstab(frame[seen.name].astype("str"), classes).T.to_dict()
        for item in seen.top[:5]:
            whole = item.value if item.value in expected else f"{float(item.value):.1f}"
            assert item.by_label == expected[whole], (seen.name, item)
        if seen.bins is not None:
            of_classes = np.array(list(seen.bins.by_label.values())).sum(axis=0)
            assert of_classes.tolist() == list(seen.bins.counts)


def test_every_fact_is_as_plain_python_finds_it(table, slow):
    name, _, profile, loaded = table
    assert slow.differences(profile, loaded, SAMPLES / f"{name}.csv") == []


def test_what_is_in_memory_changes_nothing(tmp_path):
    source = SAMPLES / "adult.csv"
    loaded = load(source, tmp_path, name="adult.csv", settings=Settings(home=tmp_path))
    assert loaded.held is not None
    version = DatasetVersion(
        id="d1", name="a", sha256="0" * 64, n_rows=loaded.n_rows, columns=loaded.columns
    )
    found = []
    for held in (loaded.held, None):
        with open_table(version, loaded.table, held=held) as table:
            facts = profile(table)
            found.append((facts, to_json(associate(table, facts))))
    assert found[0] == found[1]
