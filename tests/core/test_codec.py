from __future__ import annotations

import dataclasses
import json
import math
import typing
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.core.codec import from_json, to_json
from components.core.data import source
from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.facts import profile as facts
from components.core.judgement import evidence, findings, gate, review, runs

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

text = st.text(max_size=12) | st.sampled_from(["<b>", "=1+1", "\u202e", '"', "2024-01-01T00:00:00"])
whole = st.integers(0, 10**12)
real = st.floats(allow_nan=False, allow_infinity=False)
share = st.floats(0, 1)
maybe = st.none() | real
instants = st.datetimes(timezones=st.just(UTC))
units = st.sampled_from(evidence.Unit)


def tuples(items, n=None):
    if n is None:
        return st.lists(items, max_size=4).map(tuple)
    return st.lists(items, min_size=n, max_size=n).map(tuple)


def arrays(items, n, dtype):
    def make(values):
        out = np.empty(n, dtype=dtype)
        out[:] = values
        return out

    return st.lists(items, min_size=n, max_size=n).map(make)


measures = st.builds(
    evidence.Measure,
    name=text,
    value=real,
    unit=units,
    n=st.none() | whole,
    ci_low=maybe,
    ci_high=maybe,
)


@st.composite
def distributions(draw):
    n = draw(st.integers(1, 4))
    bins = draw(st.booleans())
    return evidence.Distribution(
        name=draw(text),
        axis=draw(text),
        counts=draw(st.dictionaries(text, tuples(whole, n), max_size=3)),
        edges=draw(tuples(real, n + 1)) if bins else None,
        categories=None if bins else draw(tuples(text, n)),
        marker=draw(maybe),
    )


@st.composite
def matrices(draw):
    rows, columns = draw(tuples(text)), draw(tuples(text))
    values = tuple(draw(tuples(maybe, len(columns))) for _ in rows)
    return evidence.Matrix(
        name=draw(text), unit=draw(units), rows=rows, columns=columns, values=values
    )


@st.composite
def group_metrics(draw):
    groups = draw(tuples(text))
    n = len(groups)
    return evidence.GroupMetrics(
        name=draw(text),
        metric=draw(text),
        attribute=draw(text),
        unit=draw(units),
        groups=groups,
        value=draw(tuples(maybe, n)),
        ci_low=draw(tuples(maybe, n)),
        ci_high=draw(tuples(maybe, n)),
        n=draw(tuples(whole, n)),
        overall=draw(maybe),
        reference=draw(st.none() | text),
    )


@st.composite
def rankings(draw):
    items = draw(tuples(text))
    return evidence.Ranking(
        name=draw(text),
        axis=draw(text),
        unit=draw(units),
        items=items,
        values=draw(tuples(real, len(items))),
        notes=draw(tuples(text, len(items)) | st.just(())),
        threshold=draw(maybe),
    )


@st.composite
def row_scores(draw):
    n = draw(st.integers(0, 5))
    texts = st.none() | arrays(st.none() | text, n, object)
    return evidence.RowScores.of(
        draw(text),
        row_id=draw(arrays(whole, n, np.int64)),
        quality=draw(arrays(share, n, np.float64)),
        flagged=draw(arrays(st.booleans(), n, np.bool_)),
        given=draw(texts),
        suggested=draw(texts),
        confidence=draw(st.none() | arrays(share, n, np.float64)),
        reason=draw(texts),
    )


@st.composite
def cell_scores(draw):
    n = draw(st.integers(0, 5))
    optional = st.none() | arrays(st.none() | text, n, object)
    return evidence.CellScores(
        name=draw(text),
        n_assessed=draw(whole),
        n_flagged=draw(whole),
        row_id=draw(arrays(whole, n, np.int64)),
        column=draw(arrays(text, n, object)),
        value=draw(arrays(st.none() | text, n, object)),
        quality=draw(arrays(share, n, np.float64)),
        flagged=draw(arrays(st.booleans(), n, np.bool_)),
        suggested=draw(optional),
        reason=draw(optional),
    )


row_groups = st.builds(
    evidence.RowGroups,
    name=text,
    relation=st.sampled_from(["copies", "nearest"]),
    n_groups=whole,
    n_rows=whole,
    groups=tuples(
        st.builds(evidence.RowGroup, anchor=whole, row_id=tuples(whole), distance=tuples(real))
    ),
)
time_series = st.builds(
    evidence.TimeSeries,
    name=text,
    axis=text,
    unit=units,
    at=tuples(instants.map(datetime.isoformat)),
    value=tuples(maybe),
)
curves = st.builds(
    evidence.Curve, name=text, x_axis=text, y_axis=text, x=tuples(real), y=tuples(real)
)

BY_SHAPE = {
    evidence.Measure: measures,
    evidence.Distribution: distributions(),
    evidence.Matrix: matrices(),
    evidence.GroupMetrics: group_metrics(),
    evidence.Ranking: rankings(),
    evidence.RowScores: row_scores(),
    evidence.CellScores: cell_scores(),
    evidence.RowGroups: row_groups,
    evidence.TimeSeries: time_series,
    evidence.Curve: curves,
}
any_evidence = st.one_of(*BY_SHAPE.values())


def same(left: object, right: object) -> bool:
    if isinstance(left, np.ndarray):
        return (
            isinstance(right, np.ndarray)
            and left.dtype == right.dtype
            and left.tolist() == right.tolist()
        )
    if isinstance(left, tuple):
        return isinstance(right, tuple) and len(left) == len(right) and all(map(same, left, right))
    if dataclasses.is_dataclass(left):
        return type(left) is type(right) and all(
            same(getattr(left, f.name), getattr(right, f.name)) for f in dataclasses.fields(left)
        )
    return type(left) is type(right) and left == right


def there_and_back(kind: type, value: object) -> object:
    return from_json(kind, json.loads(json.dumps(to_json(value), allow_nan=False)))


def test_every_shape_of_evidence_has_a_strategy():
    assert set(BY_SHAPE) == set(typing.get_args(evidence.Evidence))


@pytest.mark.parametrize("shape", BY_SHAPE, ids=lambda shape: shape.__name__)
@QUIET
@given(data=st.data())
def test_evidence_comes_back_equal(shape, data):
    value = data.draw(BY_SHAPE[shape])
    assert same(there_and_back(evidence.Evidence, value), value)
    assert same(there_and_back(shape, value), value)


@st.composite
def results(draw):
    found = st.builds(
        findings.Finding,
        check_id=text,
        key=text,
        title=text,
        detail=text,
        severity=st.sampled_from(findings.Severity),
        measure=measures,
        threshold=st.none() | st.builds(findings.Threshold, value=real, param=text, source=text),
        affected=st.builds(
            findings.Affected,
            columns=tuples(text),
            groups=tuples(text),
            n_rows=whole,
            share=share,
            row_id=tuples(whole),
        ),
        recommended_action=text,
        caveat=text,
        evidence=tuples(any_evidence),
    )
    return findings.CheckResult(
        check_id=draw(text),
        title=draw(text),
        version=draw(st.integers(1, 9)),
        status=draw(st.sampled_from(findings.Status)),
        reason=draw(text),
        findings=draw(tuples(found)),
        evidence=draw(tuples(any_evidence)),
        coverage=findings.Coverage(rows_seen=draw(whole), rows_total=draw(whole), note=draw(text)),
        elapsed_s=draw(share),
        params=draw(st.dictionaries(text, st.booleans() | whole | real | text, max_size=3)),
        versions=draw(st.dictionaries(text, text, max_size=2)),
    )


@QUIET
@given(result=results())
def test_a_check_result_comes_back_equal(result):
    assert same(there_and_back(findings.CheckResult, result), result)


columns = st.builds(
    Column,
    name=text,
    field=text,
    header=text,
    storage=st.sampled_from(Storage),
    kind=st.sampled_from(Kind),
    role=st.sampled_from(Role),
    disguised=tuples(text),
)
versions = st.builds(
    DatasetVersion,
    id=text,
    name=text,
    sha256=text,
    n_rows=whole,
    columns=tuples(columns),
    parent=st.none() | text,
    demo=st.booleans(),
)
reports = st.builds(
    source.SourceReport,
    format=text,
    dialect=st.builds(source.Dialect, quotechar=st.none() | text, escapechar=st.none() | text),
    size_bytes=whole,
    n_rows=whole,
    n_columns=whole,
    aside=tuples(st.builds(source.AsideRow, line=whole, reason=text, text=text)),
    problems=tuples(
        st.builds(
            source.Problem,
            code=text,
            message=text,
            level=st.sampled_from(source.ProblemLevel),
            lines=tuples(whole),
            columns=tuples(text),
        )
    ),
)


@QUIET
@given(
    spec=st.builds(
        runs.RunSpec,
        run_id=text,
        dataset=versions,
        table=text,
        checks=tuples(text),
        seed=whole,
        source=st.none() | reports,
        created_at=instants,
    )
)
def test_a_run_spec_comes_back_equal(spec):
    assert same(there_and_back(runs.RunSpec, spec), spec)


@QUIET
@given(
    status=st.builds(
        runs.RunStatus,
        run_id=text,
        state=st.sampled_from(runs.RunState),
        checks=tuples(
            st.builds(
                runs.CheckProgress,
                check_id=text,
                title=text,
                done=share,
                status=st.none() | st.sampled_from(findings.Status),
            )
        ),
        started_at=st.none() | instants,
    )
)
def test_a_run_status_comes_back_equal(status):
    assert same(there_and_back(runs.RunStatus, status), status)


scalars = st.none() | text | st.booleans() | st.integers() | real | st.datetimes()
profiles = st.builds(
    facts.ColumnProfile,
    name=text,
    kind=st.sampled_from(Kind),
    role=st.sampled_from(Role),
    n=whole,
    n_missing=whole,
    disguised=st.dictionaries(text, whole, max_size=2),
    n_distinct=whole,
    minimum=scalars,
    maximum=scalars,
    mean=maybe,
    quantiles=st.none() | st.dictionaries(text, real, max_size=2),
    bins=st.none()
    | st.builds(
        facts.Bins,
        edges=tuples(real),
        counts=tuples(whole),
        by_label=st.none() | st.dictionaries(text, tuples(whole), max_size=2),
    ),
    top=tuples(st.builds(facts.TopValue, value=text, count=whole)),
)


@QUIET
@given(
    profile=st.builds(
        facts.DatasetProfile,
        n_rows=whole,
        n_columns=whole,
        columns=tuples(profiles),
        n_repeats=st.none() | whole,
        label_counts=st.none() | st.dictionaries(text, whole, max_size=3),
        missing_per_row=st.none() | st.dictionaries(whole, whole, max_size=3),
    )
)
def test_a_profile_comes_back_equal_with_texts_times_and_numbers_kept_apart(profile):
    assert same(there_and_back(facts.DatasetProfile, profile), profile)


@QUIET
@given(
    decision=st.builds(
        review.Decision,
        id=whole,
        dataset_id=text,
        cell=st.builds(review.Cell, row_id=whole, column=text),
        check_id=text,
        action=st.sampled_from(review.Action),
        given=text,
        new=text,
        reviewer=text,
        at=instants,
    )
)
def test_a_decision_comes_back_equal(decision):
    assert same(there_and_back(review.Decision, decision), decision)


def test_a_verdict_comes_back_equal():
    verdict = gate.Verdict(outcome=gate.Outcome.STOP, reasons=("a.b:c",), n_critical=1)
    assert there_and_back(gate.Verdict, verdict) == verdict


def test_numbers_that_json_cannot_hold_become_null():
    measure = evidence.Measure(name="m", value=math.nan, unit=evidence.Unit.SHARE)
    assert to_json(measure)["value"] is None
    assert math.isnan(there_and_back(evidence.Measure, measure).value)
    infinite = dataclasses.replace(measure, value=math.inf)
    assert to_json(infinite)["value"] is None


def test_enums_are_written_by_value_and_severities_by_name():
    assert to_json(findings.Severity.CRITICAL) == "critical"
    assert to_json(findings.Status.FLAGGED) == "flagged"
    assert to_json(evidence.Unit.SHARE) == "share"


def test_evidence_says_its_shape():
    scores = evidence.RowGroups(name="n", relation="copies", n_groups=0, n_rows=0, groups=())
    assert to_json(scores)["shape"] == "row_groups"


def test_what_was_stored_before_findings_could_doubt_is_read():
    made = findings.Finding(
        check_id="a.b", key="k", title="1 thing", detail="", severity=findings.Severity.WARNING,
        measure=evidence.Measure(name="m", value=1.0, unit=evidence.Unit.COUNT), threshold=None,
        affected=findings.Affected(), recommended_action="Look", caveat="",
    )  # fmt: skip
    data = to_json(made)
    del data["doubt"]
    assert from_json(findings.Finding, data) == made


def test_fields_of_a_later_version_are_ignored():
    data = to_json(evidence.Measure(name="m", value=1.0, unit=evidence.Unit.COUNT))
    assert from_json(evidence.Measure, data | {"added_later": 1}).value == 1.0


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, evidence.Measure])
def test_values_outside_the_vocabulary_are_refused(value):
    with pytest.raises(TypeError, match="cannot write"):
        to_json(value)


@pytest.mark.parametrize(
    ("kind", "data"),
    [(int, "1"), (str, 1), (bool, 1), (findings.Coverage, {"rows_seen": "1", "rows_total": 2})],
)
def test_values_of_another_type_are_refused(kind, data):
    with pytest.raises(TypeError, match="expected"):
        from_json(kind, data)


def test_a_missing_field_is_refused():
    with pytest.raises(TypeError, match="rows_total"):
        from_json(findings.Coverage, {"rows_seen": 1})
