import pandas as pd
import pytest

from components.core.data.dataset import Role
from components.core.data.source import AsideRow, Dialect, Problem, ProblemLevel, SourceReport
from components.core.judgement.findings import Severity, Status

CHECK = "validity.file_structure"
FRAME = pd.DataFrame({"a": range(90), "b": range(90)})


def report(*problems, n_aside=0):
    aside = tuple(AsideRow(line=10 + i, reason="too many cells", text="x") for i in range(n_aside))
    return SourceReport(
        format="csv",
        dialect=Dialect(),
        size_bytes=1,
        n_rows=90,
        n_columns=2,
        n_aside=n_aside,
        aside=aside,
        problems=problems,
    )


def problem(code, level=ProblemLevel.WARNING, **more):
    return Problem(code=code, message=f"Told about {code}.", level=level, **more)


def test_a_clean_file_passes(check_frame):
    result = check_frame(CHECK, FRAME, source=report())
    assert result.status is Status.PASSED
    assert [m.value for m in result.evidence] == [0.0, 0.0]


def test_without_a_file_there_is_nothing_to_say(check_frame):
    result = check_frame(CHECK, FRAME)
    assert result.status is Status.SKIPPED
    assert "file" in result.reason


@pytest.mark.parametrize(("n", "severity"), [(1, Severity.WARNING), (10, Severity.CRITICAL)])
def test_rows_kept_aside_are_told_with_their_lines(check_frame, n, severity):
    source = report(problem("ragged_rows", lines=(10, 11)), n_aside=n)
    (finding,) = check_frame(CHECK, FRAME, source=source).findings
    assert finding.severity is severity
    assert finding.title.startswith(f"{n} row")
    assert f"of {90 + n} (" in finding.title
    assert "First lines: 10" in finding.detail
    assert "“too many cells”" in finding.detail
    assert "Told about ragged_rows." in finding.detail
    assert finding.measure.value == pytest.approx(n / (90 + n))


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("duplicate_names", "names"),
        ("made_up_header", "names"),
        ("ragged_rows", "rows"),
        ("unclosed_quote", "rows"),
        ("mixed_line_ends", "rows"),
        ("mojibake", "characters"),
        ("null_bytes", "characters"),
        ("mixed_types", "values"),
        ("ambiguous_dates", "values"),
        ("something_new", "other"),
    ],
)
def test_every_problem_finds_its_topic(check_frame, code, key):
    (finding,) = check_frame(CHECK, FRAME, source=report(problem(code))).findings
    assert finding.key == key
    assert finding.title.startswith("1 ")


def test_problems_of_one_topic_are_one_finding(check_frame):
    source = report(
        problem("mixed_types", columns=("a",)),
        problem("mixed_types", columns=("b",), lines=(7, 3)),
        problem("blank_names", ProblemLevel.NOTE, columns=("b",)),
        problem("byte_order_mark", ProblemLevel.NOTE),
    )
    findings = {f.key: f for f in check_frame(CHECK, FRAME, source=source).findings}
    assert set(findings) == {"values", "names"}
    assert findings["values"].title == "2 problems with the values of columns: “a” and “b”"
    assert findings["values"].affected.columns == ("a", "b")
    assert "First lines: 3 and 7." in findings["values"].detail
    assert findings["names"].severity is Severity.INFO


def test_problems_of_ignored_columns_are_not_told(check_frame):
    source = report(problem("mixed_types", columns=("b",)))
    result = check_frame(CHECK, FRAME, source=source, roles={"b": Role.IGNORE})
    assert result.status is Status.PASSED


def test_long_messages_are_cut(check_frame):
    long = Problem(code="mojibake", message="x" * 5000 + "\nend")
    (finding,) = check_frame(CHECK, FRAME, source=report(long)).findings
    assert len(finding.detail) < 500
