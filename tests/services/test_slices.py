"""A column by group, over time and on a log scale, against pandas."""

import io
import math

import numpy as np
import pandas as pd
import pytest

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.errors import NotFound
from components.core.facts.slices import POINTS
from components.engine.table import group_counts as slots
from components.engine.table.open_table import open_table
from components.services.data import datasets
from components.services.explore import slices
from components.services.runs import runs


def sales(n=3_000, seed=1):
    draw = np.random.default_rng(seed)
    days = pd.Timestamp("2023-01-15") + pd.to_timedelta(draw.integers(0, 700, n), unit="D")
    frame = pd.DataFrame(
        {
            "day": days.strftime("%Y-%m-%d"),
            "amount": np.round(np.exp(draw.normal(3, 2, n)), 3),
            "shop": draw.choice([f"s{i:02d}" for i in range(20)], n),
            "paid": draw.choice(["cash", "card", "gift"], n, p=[0.2, 0.7, 0.1]),
        }
    )
    frame.loc[:9, "amount"] = 0.0
    frame.loc[10:14, "amount"] = -5.5
    frame.loc[15:64, "amount"] = np.nan
    frame.loc[65:99, "paid"] = None
    return frame


@pytest.fixture
def sold(ws):
    frame = sales()
    info = datasets.add(ws, io.BytesIO(frame.to_csv(index=False).encode()), "sales.csv")
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    return frame, run_id, runs.profile(ws, run_id)


def test_groups_hold_what_pandas_counts(ws, sold):
    frame, run_id, _ = sold
    found = slices.by_group(ws, run_id, "amount", "shop")
    sizes = frame["shop"].value_counts()
    assert [s.n for s in found.slices] == sorted(sizes, reverse=True)[: slices.MOST_GROUPS]
    assert found.n_slices == 20
    assert found.n_left_out == len(frame) - sum(s.n for s in found.slices)
    for part in found.slices:
        values = frame.loc[frame["shop"] == part.key, "amount"]
        assert part.n == len(values)
        assert part.n_missing == values.isna().sum()
        assert part.spread == pytest.approx(values.quantile(list(POINTS)).tolist())


def test_names_are_counted_per_group_and_missing_is_a_group(ws, sold):
    frame, run_id, _ = sold
    found = slices.by_group(ws, run_id, "shop", "paid")
    assert {s.key for s in found.slices} == {"cash", "card", "gift", None}
    assert (
        found.values
        == tuple(sorted(frame["shop"].unique(), key=lambda v: (-(frame["shop"] == v).sum(), v)))[
            : slices.MOST_VALUES
        ]
    )
    for part in found.slices:
        mine = frame["paid"].isna() if part.key is None else frame["paid"] == part.key
        assert part.counts == tuple((frame.loc[mine, "shop"] == v).sum() for v in found.values)
        assert part.spread is None


def test_steps_of_time_are_months_of_the_calendar(ws, sold):
    frame, run_id, profile = sold
    assert slices.times(profile, "amount") == ("day",)
    found = slices.over_time(ws, run_id, "amount", "day")
    assert found.step == "month"
    months = pd.to_datetime(frame["day"]).dt.to_period("M")
    assert sum(s.n for s in found.slices) + found.n_left_out == len(frame)
    for part in found.slices:
        values = frame.loc[months == pd.Period(part.key, "M"), "amount"]
        assert part.key.day == 1
        assert part.until == (pd.Timestamp(part.key) + pd.offsets.MonthBegin()).to_pydatetime()
        assert part.n == len(values)
        assert part.spread == pytest.approx(values.quantile(list(POINTS)).tolist())


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0, "second"), (58, "second"), (59, "10 seconds"), (3_000, "minute"), (86_400, "hour"),
     (40 * 86_400, "day"), (300 * 86_400, "week"), (1_000 * 86_400, "month"),
     (40 * 366 * 86_400, "year"), (9_998 * 365.25 * 86_400, "1,000 years")],
)  # fmt: skip
def test_a_span_has_at_most_sixty_steps(seconds, name):
    found, step = slices.step_for(0.0, seconds)
    assert found == name
    later = 30_000 // step.size + 1 if step.unit == "month" else 1
    assert step.start(0) < step.start(later) < step.start(later + 1)


def test_the_end_of_the_calendar_is_the_end_of_the_last_step():
    _, step = slices.step_for(0.0, 9_998 * 365.25 * 86_400)
    assert step.start(9).isoformat() == "9000-01-01T00:00:00"
    assert step.start(10).year == 9999
    assert step.start(0).year == 1


def test_weeks_start_on_mondays():
    _, step = slices.step_for(0.0, 300 * 86_400.0)
    assert {step.start(i).weekday() for i in (-3, 0, 1, 2_900)} == {0}


def test_a_log_scale_counts_what_it_leaves_out(ws, sold):
    frame, run_id, _ = sold
    found = slices.log_bins(ws, run_id, "amount")
    positive = frame["amount"][frame["amount"] > 0]
    assert sum(found.counts) == len(positive)
    assert (found.n_zero, found.n_negative) == (10, 5)
    assert found.n_missing == 50
    assert found.edges[0] == positive.min()
    assert found.edges[-1] == positive.max()
    ratios = np.diff(np.log(found.edges))
    assert ratios == pytest.approx([ratios[0]] * slices.LOG_BINS)
    expected, _ = np.histogram(np.log(positive), bins=np.log(found.edges))
    assert np.abs(expected - found.counts).max() <= 1  # a value on an edge may fall to either side


def test_a_column_without_positive_values_has_no_log_scale(ws):
    content = "a,b\n" + "\n".join(f"{-i},x{i}" for i in range(40))
    info = datasets.add(ws, io.BytesIO(content.encode()), "minus.csv")
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    found = slices.log_bins(ws, run_id, "a")
    assert found.edges == ()
    assert found.n_negative == 39
    assert found.n_zero == 1


def test_groupings_have_few_values_and_never_the_column_itself(sold):
    _, _, profile = sold
    assert set(slices.groupings(profile, "amount")) == {"shop", "paid"}
    assert "shop" not in slices.groupings(profile, "shop")


def test_a_question_is_answered_once(ws, sold, monkeypatch):
    _, run_id, _ = sold
    first = slices.by_group(ws, run_id, "amount", "paid")
    monkeypatch.setattr(slices, "parts", None)
    assert slices.by_group(ws, run_id, "amount", "paid") is first


def test_an_unknown_column_is_refused(ws, sold):
    _, run_id, _ = sold
    with pytest.raises(NotFound):
        slices.by_group(ws, run_id, "amount", "nobody")
    with pytest.raises(NotFound):
        slices.over_time(ws, run_id, "amount", "shop")


def test_infinite_values_do_not_reach_the_figures(tmp_path):
    numbers = np.arange(400) + 0.5
    values = [*numbers, *[math.inf, -math.inf] * 2]
    frame = pd.DataFrame({"row_id": range(404), "c0": values, "c1": ["x", "y"] * 202})
    frame.to_parquet(tmp_path / "t.parquet", index=False)
    columns = (
        Column(name="a", field="c0", storage=Storage.NUMBER, kind=Kind.NUMBER),
        Column(name="g", field="c1", storage=Storage.TEXT, kind=Kind.CATEGORY),
    )
    version = DatasetVersion(id="v", name="t", sha256="0" * 64, n_rows=404, columns=columns)
    with open_table(version, tmp_path / "t.parquet") as table:
        found = slots.parts(table, "a", "g", limit=9)
        edges, counts = slots.log_counts(table, "a", 10)
    for part in found:
        assert part.n_present == 202
        mine = numbers[0 if part.key == "x" else 1 :: 2]
        assert part.spread == pytest.approx(np.quantile(mine, POINTS))
    assert (edges[0], edges[-1]) == (0.5, 399.5)
    assert sum(counts) == 400


def test_a_run_keeps_its_kinds_when_a_person_chooses_others_later(ws, sold):
    frame, run_id, _ = sold
    dataset_id = runs.spec(ws, run_id).dataset.id
    as_name = {"amount": (Kind.CATEGORY, Role.FEATURE)}
    datasets.set_columns(ws, dataset_id, as_name, actor="Ann")
    found = slices.by_group(ws, run_id, "amount", "paid")
    assert sum(s.n for s in found.slices) == len(frame)
    assert all(s.spread for s in found.slices)
