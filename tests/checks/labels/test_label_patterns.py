"""Values where one class stands for another far more often than elsewhere."""

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Role
from components.core.judgement.evidence import GroupMetrics, Measure, Unit
from components.core.judgement.findings import Severity, Status

ID = "labels.label_patterns"
ERRORS = "labels.label_errors"
TESTED = "values tested for one class in place of another"


def parcels(n=1_200, seed=0):
    """Parcels whose way follows from two numbers and a kind, and what says nothing of it."""
    rng = np.random.default_rng(seed)
    weight, length = rng.gamma(3, 2, n), rng.normal(30, 8, n)
    kind = rng.choice(["book", "lamp", "sofa"], n, p=[0.5, 0.3, 0.2])
    size = 2 * weight + 0.6 * length + np.select([kind == "sofa", kind == "lamp"], [14.0, 5.0], 0)
    return pd.DataFrame(
        {
            "weight": weight.round(2),
            "length": length.round(1),
            "kind": kind,
            "town": rng.choice(["Bath", "Hull", "York", "Wells"], n),
            "by": rng.choice(["Ann", "Bob", "Cleo", "Dan", "Eve"], n),
            "sent": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "way": np.where(size + rng.normal(0, 1.0, n) > 36, "truck", "parcel"),
        }
    )


def planted(frame, where, share, seed=1):
    """Return the frame with some trucks among the rows of ``where`` called parcels."""
    rng = np.random.default_rng(seed)
    wrong = where & (frame["way"] == "truck") & (rng.random(len(frame)) < share)
    return frame.assign(way=frame["way"].where(~wrong, "parcel")), np.flatnonzero(wrong)


@pytest.fixture
def both(make_table, run_context):
    """Return a function that runs the search and the patterns in one run."""

    def run(frame, params=None, **roles):
        table = make_table(frame, **roles)
        context = run_context(table, params=params)
        return [registry.get(name).run(table, context) for name in (ERRORS, ID)]

    return run


def test_a_person_who_mistakes_one_class_is_found_though_no_model_reads_the_column(both):
    frame, rows = planted(parcels(), parcels()["by"] == "Cleo", 0.5)
    errors, result = both(frame, label="way", ignore=["by"])
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert finding.key == "pattern"
    assert finding.affected.columns == ("by", "way")
    assert finding.affected.groups == ("Cleo",)
    assert "“way” is “parcel” in " in finding.title
    assert "look like “truck” where “by” is “Cleo”" in finding.title
    scores = errors.row_scores
    flagged = set(scores.row_id[scores.flagged].tolist())
    assert set(finding.affected.row_id) <= flagged
    assert finding.affected.n_rows == sum(
        frame["by"][row] == "Cleo" and frame["way"][row] == "parcel" for row in flagged
    )
    assert np.isin(finding.affected.row_id, rows).mean() > 0.9
    assert 0.2 < finding.measure.ci_low < finding.measure.value < finding.measure.ci_high
    assert f"{finding.affected.n_rows} of " in finding.title


def test_a_rule_of_a_region_that_models_read_is_found_while_it_is_rare(both):
    frame, _ = planted(parcels(), parcels()["town"] == "Hull", 0.2)
    frame, _ = planted(frame, frame["town"] != "Hull", 0.02, seed=2)
    _, result = both(frame, label="way")
    (finding,) = result.findings
    assert (finding.affected.columns, finding.affected.groups) == (("town", "way"), ("Hull",))
    assert finding.measure.unit is Unit.RATIO
    assert 2 < finding.measure.ci_low < finding.measure.value


def test_a_column_that_gives_the_label_away_is_no_pattern(both):
    frame, _ = planted(parcels(), parcels()["by"] == "Cleo", 0.5)
    frame = frame.assign(door=np.where(frame["way"] == "truck", "front", "back"))
    _, result = both(frame, label="way", ignore=["by"])
    assert [f.affected.columns[0] for f in result.findings] == ["by"]


def test_a_stretch_of_time_is_named_by_its_days(both):
    frame = parcels()
    late = frame["sent"] >= "2025-09-20"
    frame, _ = planted(frame, late, 0.6)
    _, result = both(frame, label="way", time="sent")
    (finding,) = result.findings
    first, _, last = finding.affected.groups[0].partition(" to ")
    assert "2025-09" <= first[:7] <= last[:7] <= "2025-12"
    times = [e for e in result.evidence if isinstance(e, GroupMetrics)]
    over_time = next(m for m in times if m.metric == "flagged_over_time")
    assert len(over_time.groups) == 10
    assert list(over_time.groups) == sorted(over_time.groups), "in the order of time"
    assert max(over_time.value) == over_time.value[-1]


def test_rates_of_flags_by_class_and_source_have_intervals(both):
    frame, _ = planted(parcels(), parcels()["town"] == "Hull", 0.2)
    errors, result = both(frame, label="way", roles={"by": Role.SOURCE})
    scores = errors.row_scores
    flagged = scores.row_id[scores.flagged]
    pieces = [*errors.evidence, *result.evidence]
    metrics = {e.metric: e for e in pieces if isinstance(e, GroupMetrics)}
    for metric, column in (("flagged_by_class", "way"), ("flagged_by_source", "by")):
        told = metrics[metric]
        for group, value, low, high, n in zip(
            told.groups, told.value, told.ci_low, told.ci_high, told.n, strict=True
        ):
            own = np.flatnonzero(frame[column] == group)
            assert n == len(own)
            assert value == pytest.approx(np.isin(own, flagged).mean())
            assert low <= value <= high
        assert list(told.value) == sorted(told.value, reverse=True)


@pytest.mark.parametrize("seed", range(8))
def test_labels_changed_at_random_have_no_pattern(both, seed):
    frame = parcels(seed=seed)
    rng = np.random.default_rng(100 + seed)
    swapped = np.where(frame["way"] == "truck", "parcel", "truck")
    frame = frame.assign(way=np.where(rng.random(len(frame)) < 0.1, swapped, frame["way"]))
    _, result = both(frame, label="way", sensitive=["town"])
    assert result.status is Status.PASSED
    (tested,) = (e for e in result.evidence if isinstance(e, Measure) and e.name == TESTED)
    assert tested.value > 20


def test_a_label_that_is_not_learnt_has_no_pattern_to_look_for(check_frame):
    frame = parcels(300)
    rng = np.random.default_rng(1)
    frame = frame.assign(way=rng.choice(["parcel", "truck"], len(frame)))
    result = check_frame(ID, frame, label="way")
    assert result.status is Status.SKIPPED
    assert "Nothing shows that models can learn the label" in result.reason


def of_a_rule():
    """Parcels whose way follows from two columns, without a wrong label."""
    frame = parcels(300)
    size = frame["weight"] + frame["length"]
    return frame.assign(way=np.where(size > 36, "truck", "parcel"))


def test_without_a_flag_it_passes_with_rates_of_nought(both):
    known = {"leakage.target_proxy": {"known": "weight,length"}}
    errors, result = both(of_a_rule(), known, label="way", roles={"by": Role.SOURCE})
    assert result.status is Status.PASSED
    for told in (errors, result):
        (rates,) = (e for e in told.evidence if isinstance(e, GroupMetrics))
        assert set(rates.value) == {0.0}


def test_where_few_columns_tell_the_label_and_nobody_said_they_may_there_is_no_flag_to_look_at(
    both,
):
    _, result = both(of_a_rule(), label="way", roles={"by": Role.SOURCE})
    assert result.status is Status.SKIPPED
    assert result.reason.startswith("Models tell the label suspiciously well")
