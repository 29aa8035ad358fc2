"""One number for how much a column tells about the label, on every page."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from components.checks import registry
from components.core.data.dataset import Column, Kind, Storage
from components.core.judgement.evidence import Ranking
from components.core.progress import silent
from components.profiling.associations import choose
from components.profiling.associations.associate import associate
from components.profiling.pair_measures import from_arrow, from_frame, label_power
from components.profiling.pair_measures.label_power import label_powers
from components.profiling.profile import profile


def people(n=700, seed=4):
    """Columns of every kind that can be compared, with gaps, and a label that some tell about."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "score": score,
            "age": rng.integers(18, 90, n),
            "job": np.where(score > 0.5, "pilot", rng.choice(["nurse", "baker"], n)),
            "member": score + rng.normal(size=n) > 0,
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta((score * 100).round(), "h"),
            "wild": np.where(rng.random(n) < 0.02, np.inf, score**3),
            "paid": np.where(score + rng.normal(size=n) * 0.6 > 0, "yes", "no"),
        }
    )
    for name in ("score", "job", "since", "paid"):
        frame.loc[rng.choice(n, 60, replace=False), name] = None
    return frame


def both(table, seed=0):
    inputs = [c for c in table.version.columns if c is not table.version.label]
    told = label_powers(table, inputs, seed=seed, progress=silent)
    found = associate(table, profile(table), seed=seed)
    pairs = {pair.first: pair.first_predicts for pair in found.with_label}
    return told, pairs


@pytest.mark.parametrize(("label", "kind"), [("paid", Kind.CATEGORY), ("age", Kind.INTEGER)])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_power_about_the_label_is_that_of_the_associations(make_table, label, kind, seed):
    table = make_table(people(), label=label, kinds={label: kind})
    told, pairs = both(table, seed)
    assert len(pairs) == 6
    assert told.keys() == pairs.keys()
    for name, power in pairs.items():
        assert told[name] == pytest.approx(power, abs=1e-4), name


def test_a_longer_table_is_judged_on_the_sample_of_the_associations(make_table, monkeypatch):
    monkeypatch.setattr(choose, "MAX_ROWS", 300)
    monkeypatch.setattr(label_power, "MAX_ROWS", 300)
    told, pairs = both(make_table(people(), label="paid"), seed=3)
    assert told == pytest.approx(pairs, abs=1e-4)


def test_columns_that_cannot_be_compared_have_no_power(make_table):
    frame = people().assign(code=[f"k{i}" for i in range(700)], same=1.0)
    table = make_table(frame, label="paid", kinds={"code": Kind.CATEGORY, "same": Kind.NUMBER})
    told, _ = both(table)
    assert told.keys() == set(frame.columns) - {"code", "same", "paid"}
    assert both(make_table(people()))[0] == {}
    constant = people().assign(paid="yes")
    assert both(make_table(constant, label="paid", kinds={"paid": Kind.CATEGORY}))[0] == {}


def test_the_page_of_leaks_shows_the_number_of_the_page_of_associations(make_table, run_context):
    table = make_table(people(), label="paid")
    result = registry.get("leakage.target_proxy").run(table, run_context(table, seed=5))
    ranking = next(e for e in result.evidence if isinstance(e, Ranking))
    pairs = {
        pair.first: pair.first_predicts
        for pair in associate(table, profile(table), seed=5).with_label
    }
    shown = dict(zip(ranking.items, ranking.values, strict=True))
    assert shown == pytest.approx(pairs, abs=1e-4)
    assert list(shown.values()) == sorted(shown.values(), reverse=True)


COLUMNS = {
    "whole numbers beyond 2^53": (
        Storage.INTEGER,
        Kind.INTEGER,
        [2**60, 2**60 + 1, None, 5, 2**60],
    ),
    "numbers": (Storage.NUMBER, Kind.NUMBER, [1.5, float("inf"), None, -2.0, 1.5]),
    "codes stored as numbers": (Storage.NUMBER, Kind.CATEGORY, [3.0, 1.0, None, 3.0, 2.0]),
    "whole numbers that are names": (Storage.INTEGER, Kind.CATEGORY, [3, 1, None, 3, 2]),
    "steps in order": (Storage.INTEGER, Kind.ORDINAL, [3, 1, None, 3, 2]),
    "words": (Storage.TEXT, Kind.CATEGORY, ["b", "a", None, "b", "c"]),
    "yes and no": (Storage.BOOLEAN, Kind.BOOLEAN, [True, False, None, True, True]),
    "times": (
        Storage.DATETIME,
        Kind.DATETIME,
        [*pd.to_datetime(["2020-01-02", "2020-01-01"]), None, *pd.to_datetime(["2021", "2020"])],
    ),
    "nothing": (Storage.NUMBER, Kind.NUMBER, [None] * 5),
}
DTYPES = {Storage.INTEGER: "Int64", Storage.NUMBER: "float64", Storage.BOOLEAN: "boolean"}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_frame_and_arrow_give_the_same_columns(name):
    storage, kind, cells = COLUMNS[name]
    column = Column(name=name, field="c0", storage=storage, kind=kind)
    numbers = {Storage.INTEGER: pa.int64(), Storage.NUMBER: pa.float64()}
    arrow = from_arrow.prepare(column, pa.array(cells, type=numbers.get(storage)))
    dtype = DTYPES.get(storage, "datetime64[us]" if storage is Storage.DATETIME else "str")
    frame = from_frame.prepare(column, pd.Series(cells, dtype=dtype))
    assert frame.codes.tolist() == arrow.codes.tolist()
    assert (frame.n_levels, frame.n_missing) == (arrow.n_levels, arrow.n_missing)
    assert frame.is_numeric == arrow.is_numeric
    if arrow.values is not None:
        assert frame.values.tolist() == arrow.values.tolist()
