from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from components.charts.explore.gaps import alt_missing, missing_bars
from components.charts.explore.histogram import alt_column, histogram
from components.charts.ring import alt_ring, ring
from components.charts.style.palette import DARK, LIGHT, palette
from components.core.data.dataset import Kind
from components.core.facts.profile import Bins, DatasetProfile, TopValue
from components.core.judgement.answers import Acceptance, Answers
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import (
    Affected,
    CheckResult,
    Coverage,
    Finding,
    Severity,
    Status,
)
from components.core.judgement.gate import Outcome, Verdict, verdict
from components.core.judgement.review import ReviewCounts


def test_bins_are_grey_or_split_by_class(numbers):
    whole = histogram(numbers(), theme="light")
    assert [t.marker.color for t in whole.data] == [LIGHT.shape]
    assert list(whole.data[0].y) == [20, 45, 15]
    split = histogram(numbers(), theme="light", by_label=True)
    assert [t.name for t in split.data] == ["died", "survived"]
    assert split.layout.barmode == "stack"
    assert {t.marker.color for t in split.data} <= set(LIGHT.classes)


def test_bins_of_whole_numbers_are_named_by_their_numbers(numbers):
    single = Bins(edges=(-0.5, 0.5, 1.5), counts=(3, 4))
    drawn = histogram(numbers(bins=single), theme="light")
    assert list(drawn.layout.xaxis.ticktext) == ["0", "1"]
    assert list(drawn.data[0].hovertext) == ["0<br>3 rows", "1<br>4 rows"]
    wide = Bins(edges=(9.5, 14.5, 19.5), counts=(3, 4))
    assert histogram(numbers(bins=wide), theme="light").data[0].hovertext[0] == "10 to 14<br>3 rows"


def test_far_values_are_said(numbers):
    drawn = histogram(numbers(), theme="dark")
    assert [a.text for a in drawn.layout.annotations] == ["2 far values are outside the plot"]


def test_log_is_for_whole_bars_only(numbers):
    assert histogram(numbers(), theme="light", log=True).layout.yaxis.type == "log"
    both = histogram(numbers(), theme="light", log=True, by_label=True)
    assert both.layout.yaxis.type == "linear"


def test_times_stand_on_a_date_axis(numbers):
    drawn = histogram(
        numbers(kind=Kind.DATETIME, bins=Bins(edges=(0.0, 86_400.0), counts=(3,))), theme="light"
    )
    assert drawn.layout.xaxis.type == "date"
    assert drawn.data[0].x[0] == 43_200_000


def test_top_values_say_how_many_more(texts):
    drawn = histogram(texts(30, n_distinct=1000, n=10_305), theme="light")
    assert len(drawn.data[0].x) == 30
    assert [a.text for a in drawn.layout.annotations] == ["and 970 more values (10,000 rows)"]


def test_top_values_split_by_class(texts):
    drawn = histogram(texts(), theme="light", by_label=True)
    assert [t.name for t in drawn.data] == ["yes", "no"]
    assert list(drawn.data[0].x) == [4, 4, 4]


def test_values_are_escaped(texts, hostile):
    profile = texts(top=(TopValue(value=hostile, count=3),), name=hostile)
    text = histogram(profile, theme="light").to_json()
    assert "script>" not in text.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")
    assert "\\u202e" not in text
    assert "\u202e" not in alt_column(profile)


@pytest.mark.parametrize("n_missing", [10, 0])
def test_a_column_without_values_says_so(texts, n_missing):
    drawn = histogram(texts(top=(), n=10, n_missing=n_missing), theme="light")
    assert not drawn.data
    assert drawn.layout.annotations[0].text


def test_alt_of_columns(numbers, texts):
    assert alt_column(numbers()) == (
        "age: 100 rows, 20 % missing, 60 distinct, median 28, histogram of 3 bins."
    )
    assert "most frequent “town 0” with 10 rows" in alt_column(texts())


def _result(number, status, *severities):
    check_id = f"a.c{number}"
    findings = tuple(
        Finding(
            check_id=check_id, key=f"{n}", title="t", detail="d", severity=severity,
            measure=Measure(name="m", value=1.0, unit=Unit.COUNT), threshold=None,
            affected=Affected(columns=("a",)), recommended_action="Look.", caveat="",
        )
        for n, severity in enumerate(severities)
    )  # fmt: skip
    return CheckResult(
        check_id=check_id, title="t", version=1, status=status, findings=findings,
        coverage=Coverage(rows_seen=1, rows_total=1), elapsed_s=0.1,
    )  # fmt: skip


def test_the_ring_shows_how_checks_ended_and_what_its_colours_mean():
    results = [
        _result(0, Status.FLAGGED, Severity.WARNING, Severity.CRITICAL),
        _result(1, Status.FLAGGED, Severity.WARNING, Severity.INFO),
        _result(2, Status.FAILED),
        *(_result(i, Status.PASSED) for i in (3, 4, 5)),
    ]
    judged = Verdict(outcome=Outcome.STOP, n_critical=1, n_warning=2, reasons=("a",))
    drawn = ring(results, judged, "light")
    pie = drawn.data[0]
    assert list(pie["values"]) == [1, 1, 1, 3]
    assert list(pie.labels) == ["1 with a blocker", "1 to review", "1 failed", "3 found nothing"]
    assert drawn.layout.showlegend
    colours = [LIGHT.critical, LIGHT.warning, LIGHT.warning, LIGHT.shape]
    assert list(pie.marker.colors) == colours
    assert list(pie.marker.pattern.shape) == ["", "", "/", ""]
    assert [a.text for a in drawn.layout.annotations] == ["<b>6</b>", "checks"]
    assert alt_ring(results) == (
        "4 findings: 2 checks found something, 1 check failed to run, 3 checks found nothing."
    )


def test_the_ring_follows_what_people_accepted_and_settled():
    """After the only blocker was accepted, the ring still said “1 with a blocker”."""
    results = [
        _result(0, Status.FLAGGED, Severity.CRITICAL, Severity.WARNING),
        _result(1, Status.FLAGGED, Severity.CRITICAL),
        _result(2, Status.FLAGGED, Severity.WARNING),
        _result(3, Status.PASSED),
    ]
    ids = [f.id for r in results for f in r.findings]
    accepted = {
        key: Acceptance(
            dataset_id="d", finding_id=key, title="t", severity=Severity.CRITICAL, reason="r",
            reviewer="Ann", at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for key in (ids[0], ids[2])
    }  # fmt: skip
    said = Answers(accepted=accepted, reviewed={ids[3]: ReviewCounts(n_kept=2)})
    judged = Verdict(outcome=Outcome.REVIEW, n_critical=0, n_warning=1, reasons=(ids[1],))
    pie = ring(results, judged, "light", said).data[0]
    assert list(pie.labels) == ["1 to review", "1 accepted", "1 settled", "1 found nothing"]
    assert len(set(pie.marker.colors)) == 4
    assert alt_ring(results, said) == (
        "4 findings, 3 accepted or settled by people: 3 checks found something, "
        "1 check found nothing."
    )


def test_a_clean_ring_is_green_and_an_empty_one_is_open():
    clean = [_result(0, Status.PASSED)]
    assert list(ring(clean, verdict(clean), "dark").data[0].marker.colors) == [DARK.ok]
    assert list(ring([], verdict([]), "dark").data[0].marker.colors) == [DARK.track]


def test_missing_bars_are_sorted_and_bounded(numbers):
    columns = tuple(numbers(name=f"c{i}", n_missing=i) for i in range(50))
    profile = DatasetProfile(n_rows=100, n_columns=50, columns=columns)
    drawn = missing_bars(profile, "light")
    assert np.isclose(drawn.data[0].x[0], 49)
    assert len(drawn.data[0].x) == 30
    assert drawn.layout.annotations[0].text == "and 19 more columns with gaps"
    assert alt_missing(profile).startswith(
        "49 of 50 columns have gaps, most of all “c49” with 49 %"
    )


def test_no_gaps_is_said(texts):
    profile = DatasetProfile(n_rows=10, n_columns=1, columns=(texts(n_missing=0),))
    assert missing_bars(profile, "light").layout.annotations[0].text == "No value is missing."


def test_colours_of_severity_and_verdict_differ():
    for theme in ("light", "dark"):
        colours = palette(theme)
        assert len({colours.severity(s) for s in Severity}) == 3
        assert len({colours.outcome(o) for o in Outcome}) == len(Outcome)
        assert len(set(colours.classes)) == 10
        assert not {colours.ok, colours.critical} & set(colours.classes)
        assert json.dumps(colours.classes).count("#") == 10
