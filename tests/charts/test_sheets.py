from __future__ import annotations

import typing

from components.charts.figure_data import (
    of_column,
    of_evidence,
    of_gaps,
    of_log_bins,
    of_matrix,
    of_ring,
    of_slices,
)
from components.core.data.dataset import Kind
from components.core.facts import associations
from components.core.facts.profile import Bins, DatasetProfile
from components.core.facts.slices import LogBins, Slice, Slices
from components.core.judgement import evidence as shapes_module
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    CheckResult,
    Coverage,
    Finding,
    Severity,
    Status,
)


def test_every_shape_has_a_sheet_whose_lines_fit(shapes):
    assert {type(s) for s in shapes.values()} == set(typing.get_args(shapes_module.Evidence))
    for name, shape in shapes.items():
        made = of_evidence(shape)
        assert made.lines, name
        assert {len(line) for line in made.lines} == {len(made.header)}, name
        assert all(isinstance(text, str) for line in made.lines for text in line), name


def test_numbers_read_back_equal(shapes):
    made = of_evidence(shapes["measure"])
    assert made.header == ("measure", "value", "ci_low", "ci_high", "n")
    assert [float(v) for v in made.lines[0][1:]] == [0.063, 0.04, 0.089, 891.0]
    bins = of_evidence(shapes["bins"])
    assert bins.header == ("from", "to", "died", "survived")
    assert bins.lines[1] == ("10.0", "20.0", "20", "10")


def test_unknown_numbers_are_empty(shapes):
    made = of_evidence(shapes["matrix"])
    assert made.lines[0] == ("a", "", "0.2", "0.9")
    assert made.lines[2][-1] == ""


def test_a_column_by_class(numbers, texts):
    made = of_column(numbers())
    assert made.header == ("from", "to", "rows", "rows: died", "rows: survived")
    assert made.lines[0] == ("0.0", "20.0", "20", "5", "15")
    assert of_column(texts()).lines[0] == ("town 0", "10", "4", "6")


def test_times_are_instants(numbers):
    column = numbers(kind=Kind.DATETIME, bins=Bins(edges=(0.0, 86_400.0), counts=(3,)))
    assert of_column(column).lines == (("1970-01-01T00:00:00", "1970-01-02T00:00:00", "3"),)


def test_slices_and_logs():
    part = Slice(key=None, n=4, n_missing=1, spread=(1.0, 2.0, 3.0, 4.0, 5.0))
    shape = Slices(column="x", by="g", slices=(part,), n_slices=1, n_rows=4)
    made = of_slices(shape)
    assert made.header[:4] == ("g", "rows", "missing", "q0.05")
    assert made.lines[0][:4] == ("", "4", "1", "1.0")
    bins = LogBins(
        edges=(1.0, 2.0, 4.0), counts=(3, 1), n_zero=0, n_negative=0, n_missing=0, n_infinite=0
    )
    assert of_log_bins(bins).lines == (("1.0", "2.0", "3"), ("2.0", "4.0", "1"))


def test_a_matrix_and_the_gaps(numbers):
    matrix = associations.AssociationMatrix(columns=("a", "b"), values=((1.0, None), (None, 1.0)))
    assert of_matrix(matrix).lines == (("a", "1.0", ""), ("b", "", "1.0"))
    profile = DatasetProfile(n_rows=100, n_columns=1, columns=(numbers(),))
    assert of_gaps(profile).lines[0][:2] == ("age", "20")


def ended(status, n_findings=0):
    found = Finding(
        check_id="a.b", key="k", title="One", detail="d", severity=Severity.WARNING,
        measure=Measure(name="m", value=1.0, unit=Unit.COUNT), threshold=None, affected=Affected(),
        recommended_action="Look.", caveat="c",
    )  # fmt: skip
    return CheckResult(
        check_id="a.b", title="t", version=1, status=status, findings=(found,) * n_findings,
        coverage=Coverage(rows_seen=1, rows_total=1), elapsed_s=0.1,
    )  # fmt: skip


def test_the_ring_tells_how_checks_ended():
    results = [ended(Status.FLAGGED, 2), ended(Status.PASSED), ended(Status.PASSED, 1)]
    made = of_ring(results)
    assert made.header == ("ended", "checks", "findings")
    assert made.lines == (
        ("flagged", "1", "2"),
        ("failed", "0", "0"),
        ("passed", "2", "1"),
        ("skipped", "0", "0"),
    )
