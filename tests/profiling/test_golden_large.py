"""Wide and tall tables, from a CSV file to the profile, against pandas and SciPy."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from components.core.data.dataset import Storage
from components.profiling.column.fact_types import EXACT_ROWS

TALL = 300_000
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def tall_frame() -> pd.DataFrame:
    rng = np.random.default_rng(20)
    cents = np.round(rng.lognormal(8, 2, TALL), 2)
    gaps = np.where(rng.random(TALL) < 0.15, np.nan, np.round(rng.normal(size=TALL), 5))
    city = rng.choice([f"city {i}" for i in range(400)], TALL)
    seconds = rng.integers(-(10**9), 10**9, TALL)
    return pd.DataFrame(
        {
            "cents": cents,
            "gaps": gaps,
            "signed": rng.integers(-500, 500, TALL),
            "offset": 1_700_000_000_000 + rng.integers(0, 1000, TALL),
            "city": np.where(rng.random(TALL) < 0.05, "?", city),
            "code": [f"u{i:07d}" for i in rng.permutation(TALL)],
            "at": (pd.Timestamp("1970-01-01") + pd.to_timedelta(seconds, "s")).astype("str"),
            "flag": np.where(rng.random(TALL) < 0.3, "true", "false"),
        }
    )


@pytest.fixture(scope="module")
def tall(tmp_path_factory, read_file):
    frame = tall_frame()
    source = tmp_path_factory.mktemp("tall") / "tall.csv"
    frame.to_csv(source, index=False)
    profile, loaded = read_file(source)
    frame["city"] = frame["city"].replace("?", None)
    frame["at"] = pd.to_datetime(frame["at"])
    return frame, profile, loaded


def test_a_tall_table_is_within_the_exact_rows(tall):
    frame, profile, _ = tall
    assert len(frame) == profile.n_rows <= EXACT_ROWS
    assert all(c.distinct_exact and c.quantiles_exact for c in profile.columns)


@pytest.mark.parametrize("name", ["cents", "gaps", "signed", "offset"])
def test_numbers_of_a_tall_table_agree(tall, name):
    frame, profile, _ = tall
    seen, values = profile.column(name), frame[name].dropna()
    centred = values - values.iloc[0]  # pandas itself loses digits far from zero
    assert (seen.minimum, seen.maximum) == (values.min(), values.max())
    assert seen.mean == pytest.approx(values.iloc[0] + centred.mean(), rel=1e-12)
    shape = centred.std(), stats.skew(centred, bias=False), stats.kurtosis(centred, bias=False)
    assert (seen.sd, seen.skew, seen.kurtosis) == pytest.approx(shape, rel=1e-9)
    expected = {f"{q:g}": values.quantile(q) for q in QUANTILES}
    assert seen.quantiles == pytest.approx(expected, rel=1e-12)
    assert (seen.n_zero, seen.n_negative) == ((values == 0).sum(), (values < 0).sum())
    inside = values[(values >= seen.bins.edges[0]) & (values <= seen.bins.edges[-1])]
    upto = np.searchsorted(np.sort(inside), np.array(seen.bins.edges[1:-1]))
    assert np.abs(np.cumsum(seen.bins.counts)[:-1] - upto).max() <= len(values) / 10_000
    assert sum(seen.bins.counts) == len(inside)


def test_counts_of_a_tall_table_agree(tall):
    frame, profile, loaded = tall
    for column in loaded.columns:
        seen, values = profile.column(column.name), frame[column.name]
        assert (seen.n, seen.n_missing) == (len(values), values.isna().sum())
        assert seen.n_distinct == values.nunique()
        counts = values.value_counts()
        frequent = [n for n in counts.head(20).tolist() if n > 1]
        assert [t.count for t in seen.top] == frequent
    assert profile.column("city").disguised == {"?": frame["city"].isna().sum()}
    assert profile.n_repeats == 0


def test_times_and_texts_of_a_tall_table_agree(tall):
    frame, profile, loaded = tall
    storages = {c.name: c.storage for c in loaded.columns}
    assert storages["at"] is Storage.DATETIME
    seen = profile.column("at")
    assert (seen.minimum, seen.maximum) == (frame["at"].min(), frame["at"].max())
    assert seen.minimum.year < 1970
    code = profile.column("code")
    assert (code.length_mean, code.length_max) == (8.0, 8)
    assert (code.minimum, code.maximum) == ("u0000000", "u0299999")


@pytest.fixture(scope="module")
def wide(tmp_path_factory, read_file):
    """A table of 40 rows lying on its side: each column holds what a row would."""
    rng = np.random.default_rng(21)
    n_rows, n_columns = 40, 250
    makers = (
        lambda: [repr(v) for v in np.round(rng.normal(100, 15, n_rows), 3).tolist()],
        lambda: [str(v) for v in rng.integers(0, 9, n_rows).tolist()],
        lambda: rng.choice(["red", "green", "blue", ""], n_rows).tolist(),
        lambda: np.where(rng.random(n_rows) < 0.3, "", rng.integers(0, 10**6, n_rows)).tolist(),
        lambda: [f"{v:%Y-%m-%d}" for v in pd.Timestamp("1960-01-01")
                 + pd.to_timedelta(rng.integers(0, 10**4, n_rows), "D")],
    )  # fmt: skip
    columns = [makers[i % len(makers)]() for i in range(n_columns)]
    source = tmp_path_factory.mktemp("wide") / "wide.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"t{i}" for i in range(n_columns)])
        writer.writerows(zip(*columns, strict=True))
    return source, *read_file(source)


def test_every_fact_of_a_wide_table_is_as_plain_python_finds_it(wide, slow):
    source, profile, loaded = wide
    assert profile.n_columns == 250
    assert {c.storage for c in loaded.columns} == set(Storage) - {Storage.BOOLEAN}
    assert slow.differences(profile, loaded, source) == []


def test_a_wide_table_agrees_with_pandas(wide):
    source, profile, loaded = wide
    frame = pd.read_csv(source)
    numeric = [c.name for c in loaded.columns if c.storage in {Storage.INTEGER, Storage.NUMBER}]
    described = frame[numeric].describe()
    for name in numeric:
        seen, told = profile.column(name), described[name]
        assert (seen.mean, seen.sd) == pytest.approx((told["mean"], told["std"]))
        assert seen.quantiles["0.5"] == pytest.approx(told["50%"])
    assert [c.n_missing for c in profile.columns] == frame.isna().sum().tolist()
