import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.checks.completeness import _extreme_values, _sentinel_rules
from components.core.data.dataset import Kind
from components.core.judgement.findings import Severity, Status

CHECK = "completeness.sentinel_values"


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def titles(result):
    return {f.key: f.title for f in result.findings}


@pytest.mark.parametrize("value", [999, 9999, -999, 99999, 999.9, -9999.99, 2147483647, 7777, 1e20])
def test_long_codes_are_known_by_their_form(value):
    assert _sentinel_rules.is_long_code(float(value))


@pytest.mark.parametrize("value", [1000, 123, 500, 0, 1, 100, 998, 41310, 1111])
def test_plain_numbers_are_no_codes(value):
    assert not _sentinel_rules.is_code(float(value))


def test_clean_columns_give_nothing(check_frame, rng):
    n = 2000
    frame = pd.DataFrame(
        {
            "normal": rng.normal(size=n),
            "heavy": rng.lognormal(3, 2, n),
            "heavier": rng.pareto(1.0, n),
            "heavy_int": rng.zipf(1.7, n).clip(max=10**12),
            "inflated": np.where(rng.random(n) < 0.6, 0.0, rng.normal(50, 10, n)),
            "inflated_int": np.where(rng.random(n) < 0.8, 0, rng.poisson(40, n)),
            "counts": rng.poisson(2, n),
            "scale": rng.integers(1, 11, n),
            "sign": rng.choice([-1, 0, 1], n),
            "binary": rng.integers(0, 2, n),
            "around_zero": rng.integers(-30, 30, n),
            "percent": rng.integers(0, 101, n),
            "prices": rng.choice([9.99, 19.99, 49.99, 99.0, 99.99, 999.0, 499.0, 249.0], n),
            "day": pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
        }
    )
    result = check_frame(CHECK, frame)
    assert titles(result) == {}
    assert result.status is Status.PASSED


@pytest.mark.parametrize("name", ["age", "Age", "patient_age_years"])
@pytest.mark.parametrize("code", [0, 99])
def test_zero_and_ninety_nine_years_apart_from_all_ages_are_codes(check_frame, rng, name, code):
    values = rng.integers(18, 80, 1000)
    values[:5] = code
    (finding,) = check_frame(CHECK, pd.DataFrame({name: values})).findings
    assert finding.title.startswith(f"“{name}” holds {code} in 5 rows: probably a code")
    assert finding.severity is (Severity.WARNING if code else Severity.INFO)


@pytest.mark.parametrize(
    ("name", "ages"),
    [
        ("age", lambda r: np.append(r.integers(0, 95, 990), [99] * 10)),
        ("age", lambda r: np.append(r.integers(0, 80, 998), [99, 99])),
        ("age", lambda r: r.gamma(1.2, 25, 1000).round().clip(0, 88)),
        ("wage", lambda r: np.append(r.integers(18, 80, 990), [0, 99] * 5)),
        ("hours", lambda r: np.append(r.integers(18, 80, 990), [0, 99] * 5)),
    ],
)
def test_ages_that_run_on_and_other_columns_hold_no_such_code(check_frame, rng, name, ages):
    frame = pd.DataFrame({name: ages(rng).astype(int)})
    assert not [f for f in check_frame(CHECK, frame).findings if f.key.startswith("code")]


@pytest.mark.parametrize(
    ("code", "n", "inside"),
    [
        (99999, 9, lambda r, n: np.where(r.random(n) < 0.9, 0, r.integers(100, 40000, n))),
        (-999, 2, lambda r, n: r.normal(20, 5, n)),
        (-1, 5, lambda r, n: r.integers(18, 90, n)),
        (-1, 400, lambda r, n: r.integers(1, 800, n)),
        (999, 900, lambda r, n: r.integers(0, 27, n)),
        (-1, 30, lambda r, n: r.gamma(2.0, 300.0, n)),
        (99, 4, lambda r, n: r.integers(1, 6, n)),
        (9999, 3, lambda r, n: r.integers(1950, 2020, n)),
        (-9999.0, 3, lambda r, n: r.normal(0, 1, n)),
        (0, 11, lambda r, n: r.normal(32, 6, n).clip(18, 60)),
    ],
)
def test_planted_codes_are_found_with_their_cells(check_frame, rng, code, n, inside):
    values = np.asarray(inside(rng, 1000), dtype=float)
    rows = np.sort(rng.choice(1000, n, replace=False))
    values[rows] = code
    values = values.round(2) if (values % 1).any() else values.astype(int)
    result = check_frame(CHECK, pd.DataFrame({"x": values}))
    (finding,) = result.findings
    assert finding.key in {"code:x:smallest", "code:x:largest"}
    assert finding.affected.n_rows == n
    assert finding.severity is (Severity.INFO if code == 0 else Severity.WARNING)
    cells = result.cell_scores
    assert cells.row_id.tolist() == rows.tolist()
    assert set(cells.column) == {"x"}
    assert {float(v) for v in cells.value} == {float(code)}
    assert cells.n_flagged == n


def test_a_normal_value_amid_its_neighbours_is_no_code(check_frame, rng):
    frame = pd.DataFrame({"days": np.where(rng.random(900) < 0.7, -1, rng.integers(-40, 60, 900))})
    assert check_frame(CHECK, frame).status is Status.PASSED


def test_several_codes_of_one_column_are_one_finding(check_frame, rng):
    values = rng.integers(0, 60, 500)
    values[:6], values[6:10] = 9999, 7777
    (finding,) = check_frame(CHECK, pd.DataFrame({"x": values})).findings
    assert finding.title == "“x” holds 9999 and 7777 in 10 rows: probably codes, not numbers"
    assert "the largest value is 59" in finding.detail


def test_both_ends_can_hold_codes(check_frame, rng):
    values = rng.normal(50, 10, 500).round(1)
    values[:5], values[5:12] = 9999, -9999
    result = check_frame(CHECK, pd.DataFrame({"x": values}))
    assert {f.key: f.affected.n_rows for f in result.findings} == {
        "code:x:smallest": 7,
        "code:x:largest": 5,
    }
    assert result.cell_scores.n_flagged == 12


def test_dates_that_software_writes_for_unknown_are_found(check_frame, rng):
    born = pd.Timestamp("1950-01-01") + pd.to_timedelta(rng.integers(0, 15000, 300), "D")
    born = pd.Series(born)
    born[:4] = pd.Timestamp("1900-01-01")
    result = check_frame(CHECK, pd.DataFrame({"born": born}))
    (finding,) = result.findings
    assert "holds 1900-01-01 in 4 rows: probably a code, not a date" in finding.title
    assert result.cell_scores.row_id.tolist() == [0, 1, 2, 3]


def test_a_ceiling_is_mentioned_without_cells(check_frame, rng):
    values = rng.lognormal(5, 1, 1000).round(2)
    top = float(np.quantile(values, 0.95).round(2))
    frame = pd.DataFrame({"price": np.minimum(values, top), "cost": np.maximum(values, 50.0)})
    result = check_frame(CHECK, frame)
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert finding.title == ("2 columns pile up on a smallest or largest value: “price” and “cost”")
    assert "5 % of “price” sit on its largest value" in finding.detail
    assert "of “cost” sit on its smallest value, 50" in finding.detail
    assert result.cell_scores is None


def test_text_only_tables_are_skipped(check_frame):
    result = check_frame(CHECK, pd.DataFrame({"x": ["a", "b", "a"]}))
    assert result.status is Status.SKIPPED
    assert "numbers or times" in result.reason


def test_both_ends_are_put_together_from_batches(make_table, monkeypatch):
    rng = np.random.default_rng(6)
    n = 3_500
    frame = pd.DataFrame(
        {
            "whole": pd.Series(rng.integers(-50, 50, n)).astype("Int64").mask(rng.random(n) < 0.1),
            "real": np.where(rng.random(n) < 0.01, np.inf, rng.integers(0, 40, n) / 4),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 30, n), "D"),
            "few": rng.choice([1.0, 2.0], n),
        }
    )
    table = make_table(frame, kinds={"few": Kind.NUMBER})
    monkeypatch.setattr(_extreme_values, "CELLS_AT_ONCE", 1)
    told = []
    seen = _extreme_values.outermost(table, table.version.columns, told.append)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1
    for name in frame:
        counts = frame[name].replace(np.inf, np.nan).value_counts().sort_index()
        pairs = list(zip(counts.index.tolist(), counts.tolist(), strict=True))
        assert seen[name] == {"low": pairs[:5], "high": pairs[::-1][:5]}
    assert type(seen["whole"]["low"][0][0]) is int


def test_wide_tables_need_no_more_questions_than_narrow_ones(make_table, run_context):
    rng = np.random.default_rng(6)
    codes = {f"x{i}": np.where(np.arange(90) < 4, 999, rng.integers(10, 60, 90)) for i in range(90)}
    table = make_table(pd.DataFrame(codes))
    run = run_context(table)
    asked = []
    groups = table.groups
    table.groups = lambda *args, **more: asked.append(args) or groups(*args, **more)
    result = registry.get(CHECK).run(table, run)
    assert len(result.findings) == 90
    assert len(asked) <= 8


def test_a_code_is_told_with_the_digits_of_the_file(check_frame, rng):
    values = rng.normal(20, 5, 500).round(1)
    values[:8] = -999.9
    (finding,) = check_frame(CHECK, pd.DataFrame({"temp_c": values})).findings
    assert finding.title.startswith("“temp_c” holds -999.9 in 8 rows")


def test_a_top_code_is_not_to_be_thrown_away(check_frame, rng):
    values = np.where(rng.random(1000) < 0.9, 0, rng.integers(100, 40000, 1000))
    values[:9] = 99999
    (finding,) = check_frame(CHECK, pd.DataFrame({"gain": values})).findings
    assert "keep it, and add a yes/no column that marks it" in finding.recommended_action


def test_rows_on_a_limit_are_counted_over_all_columns(check_frame, rng):
    a, b = rng.normal(50, 5, 1000).round(2), rng.normal(50, 5, 1000).round(2)
    a[:30], b[20:70] = 90.0, 91.0
    finding = next(f for f in check_frame(CHECK, pd.DataFrame({"a": a, "b": b})).findings
                   if f.key == "limits")  # fmt: skip
    assert finding.affected.n_rows == 70
