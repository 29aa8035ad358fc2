"""What it looks for
-----------------
Nothing; this text is here to be read by a test.

It has a second paragraph.

Why it matters before training
------------------------------
It does not.

How it decides
--------------
By x - y ---- z.

What it cannot see
------------------
Everything.

What to do
----------
Nothing.

References
----------
None 2020.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import metadata

import numpy as np
import pytest

from components.core.data.dataset import Kind, Role, Task
from components.core.errors import Cancelled, NotApplicable
from components.core.judgement import checks as core_checks
from components.core.judgement.checks import DOC_SECTIONS, Cost, Needs, check
from components.core.judgement.evidence import Measure, RowScores, Unit
from components.core.judgement.findings import Coverage, Severity, Status

MEASURE = Measure(name="m", value=1.0, unit=Unit.COUNT)


@dataclass(frozen=True)
class Params:
    limit: float = 0.5
    name: str = "x"


@dataclass
class OnlyAVersion:
    version: object


def declare(function, *, needs=None, libraries=()):
    return check(
        title="A title",
        needs=needs or Needs(),
        cost=Cost.FACTS,
        params=Params,
        sources=("Somebody 2020",),
        version=3,
        libraries=libraries,
    )(function)


@pytest.fixture
def table(version):
    return OnlyAVersion(
        version(("x", Kind.NUMBER, Role.FEATURE), ("label", Kind.CATEGORY, Role.LABEL))
    )


def test_a_check_is_named_by_its_folder_and_file():
    made = declare(lambda *_: iter(()))
    assert made.id == ".".join(__name__.split(".")[-2:])
    assert made.concern == made.id.split(".")[0]


def test_evidence_without_a_finding_passes(table):
    result = declare(lambda *_: iter([MEASURE])).run(table, None)
    assert result.status is Status.PASSED
    assert result.evidence == (MEASURE,)
    assert result.findings == ()
    assert result.reason == ""
    assert (result.coverage.rows_seen, result.coverage.rows_total) == (100, 100)
    assert result.params == {"limit": 0.5, "name": "x"}
    assert (result.version, result.title) == (3, "A title")


def test_a_finding_flags(table, finding):
    found = finding(severity=Severity.INFO)
    result = declare(lambda *_: iter([MEASURE, found])).run(table, None)
    assert result.status is Status.FLAGGED
    assert result.findings == (found,)
    assert result.evidence == (MEASURE,)


def test_the_check_is_given_the_table_the_parameters_and_the_run(table):
    seen = []

    def function(*arguments):
        seen.extend(arguments)
        yield MEASURE

    run = object()
    result = declare(function).run(table, run, Params(limit=0.9))
    assert seen == [table, Params(limit=0.9), run]
    assert result.params["limit"] == 0.9


def test_the_last_coverage_counts_and_is_no_evidence(table):
    partial = Coverage(rows_seen=10, rows_total=100, sampled=True, note="A sample.")
    result = declare(lambda *_: iter([MEASURE, partial])).run(table, None)
    assert result.coverage == partial
    assert result.evidence == (MEASURE,)


def test_a_check_that_does_not_apply_is_skipped_with_its_reason(table):
    def function(*_):
        yield MEASURE
        raise NotApplicable("There is nothing to compare.", "Add a column.")

    result = declare(function).run(table, None)
    assert result.status is Status.SKIPPED
    assert result.reason == "There is nothing to compare. Add a column."
    assert (result.evidence, result.findings) == ((), ())
    assert (result.coverage.rows_seen, result.coverage.rows_total) == (0, 100)


def test_a_crash_is_a_failed_result_and_is_logged(table, caplog):
    def function(*_):
        yield MEASURE
        raise ZeroDivisionError("by nothing" + "!" * 1_000)

    with caplog.at_level(logging.ERROR, logger=core_checks.__name__):
        result = declare(function).run(table, None)
    assert result.status is Status.FAILED
    assert result.reason.startswith("The check stopped with an error: ZeroDivisionError: by noth")
    assert len(result.reason) == 500
    assert (result.evidence, result.coverage.rows_seen) == ((), 0)
    assert "ZeroDivisionError" in caplog.text


def test_cancelling_ends_the_run_of_the_check(table):
    def function(*_):
        yield MEASURE
        raise Cancelled

    with pytest.raises(Cancelled):
        declare(function).run(table, None)


def test_versions_of_the_deciding_libraries_are_kept(table):
    result = declare(lambda *_: iter(()), libraries=("numpy",)).run(table, None)
    assert result.versions == {"numpy": metadata.version("numpy")}


def test_a_library_that_was_packed_without_metadata_raises_nothing(table):
    """The version was read outside of the promise that a check raises nothing."""
    made = declare(lambda *_: iter([MEASURE]), libraries=("no-such-distribution",))
    result = made.run(table, None)
    assert (result.status, result.evidence) == (Status.PASSED, (MEASURE,))
    assert result.versions == {"no-such-distribution": "not known"}


def test_a_table_that_cannot_say_what_it_is_fails_the_check_and_raises_nothing():
    class Broken:
        n_rows = 0

        def with_roles(self, *_):
            raise OSError("the disk is gone")

    needs = Needs(roles=(Role.LABEL,))
    result = declare(lambda *_: iter(()), needs=needs).run(OnlyAVersion(Broken()), None)
    assert result.status is Status.FAILED
    assert "the disk is gone" in result.reason


def test_what_a_person_set_is_told_beside_all_values(table):
    made = declare(lambda *_: iter([MEASURE]))
    result = made.run(table, None, made.set_params({"limit": 0.9, "name": "x"}))
    assert result.params == {"limit": 0.9, "name": "x"}
    assert result.changed == ("limit",)
    assert made.run(table, None).changed == ()


def test_roles_that_are_missing_are_named_and_a_useless_label_counts(version):
    needs = Needs(roles=(Role.SPLIT, Role.ENTITY), task=Task.CLASSIFICATION)
    made = version(("s", Kind.CATEGORY, Role.SPLIT), ("y", Kind.CONSTANT, Role.LABEL))
    assert needs.lacking(made) == (Role.ENTITY, Role.LABEL)
    skipped = declare(lambda *_: iter(()), needs=needs).run(OnlyAVersion(made), None)
    assert (skipped.status, skipped.lacks) == (Status.SKIPPED, (Role.ENTITY, Role.LABEL))
    assert skipped.reason == "No column has the role “entity”."


@dataclass
class WithReference:
    reference: object


def test_a_check_that_compares_is_skipped_without_a_reference(table):
    def function(_table, _params, run):
        yield Measure(name="other", value=run.reference, unit=Unit.COUNT)

    made = declare(function, needs=Needs(reference=True))
    result = made.run(table, WithReference(None))
    assert result.status is Status.SKIPPED
    assert result.reason == "It compares with another table, and no reference was given."
    assert made.run(table, WithReference(7.0)).evidence[0].value == 7.0


def test_elapsed_time_is_measured(table, monkeypatch):
    clock = iter([10.0, 12.3456])
    monkeypatch.setattr(core_checks.time, "perf_counter", lambda: next(clock))
    assert declare(lambda *_: iter(())).run(table, None).elapsed_s == 2.346


def test_unmet_needs_skip_without_running(table):
    def function(*_):
        raise AssertionError
        yield

    result = declare(function, needs=Needs(roles=(Role.SENSITIVE,))).run(table, None)
    assert result.status is Status.SKIPPED
    assert result.reason == "No column has the role “sensitive”."


LABELLED = (("x", Kind.NUMBER, Role.FEATURE), ("y", Kind.CATEGORY, Role.LABEL))


@pytest.mark.parametrize(
    ("needs", "columns", "reason"),
    [
        (Needs(), (), ""),
        (Needs(roles=(Role.LABEL,)), LABELLED, ""),
        (Needs(roles=(Role.LABEL,)), LABELLED[:1], "No column has the role “label”."),
        (Needs(task=Task.CLASSIFICATION), LABELLED, ""),
        (
            Needs(task=Task.CLASSIFICATION),
            LABELLED[:1],
            "It needs a label for classification.",
        ),
        (
            Needs(task=Task.CLASSIFICATION),
            (("y", Kind.NUMBER, Role.LABEL),),
            "The label “y” is for regression, and the check needs classification.",
        ),
        (Needs(task=Task.REGRESSION), (("y", Kind.INTEGER, Role.LABEL),), ""),
        (
            Needs(roles=(Role.LABEL,)),
            (("y", Kind.EMPTY, Role.LABEL),),
            "The label “y” has no values.",
        ),
        (
            Needs(task=Task.CLASSIFICATION),
            (("y", Kind.CONSTANT, Role.LABEL),),
            "The label “y” has one class only.",
        ),
        (Needs(), (("y", Kind.CONSTANT, Role.LABEL),), ""),
        (Needs(min_rows=100), LABELLED, ""),
        (
            Needs(min_rows=1_000),
            LABELLED,
            "It needs at least 1,000 rows; the table has 100.",
        ),
    ],
)
def test_unmet_needs_are_told_in_a_sentence(version, needs, columns, reason):
    assert needs.unmet(version(*columns)) == reason


def test_the_help_text_is_cut_into_its_sections():
    doc = declare(_here).doc
    assert tuple(doc) == DOC_SECTIONS
    assert doc["What it looks for"].endswith("test.\n\nIt has a second paragraph.")
    assert doc["How it decides"] == "By x - y ---- z."
    assert doc["References"] == "None 2020."


def test_a_module_without_sections_has_no_help_text():
    assert declare(core_checks.check).doc == {}


def _here(*_):
    yield MEASURE


def test_costs_order_cheap_checks_first():
    assert sorted(Cost) == [Cost.FACTS, Cost.SCAN, Cost.SAMPLE, Cost.MODEL]


def test_row_scores_of_a_result_are_found(table):
    scores = RowScores.of(
        "quality",
        row_id=np.array([0, 1]),
        quality=np.array([0.5, 0.1]),
        flagged=np.array([False, True]),
    )
    result = declare(lambda *_: iter([MEASURE, scores])).run(table, None)
    assert result.row_scores is scores
    assert result.cell_scores is None
