"""Which rows are on a map, and why there is none."""

import dataclasses
import itertools
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from components.core.errors import Cancelled
from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import CheckResult, Coverage, Status
from components.core.judgement.runs import RunSpec, RunState
from components.jobs import mapping, runner
from components.jobs.perform import perform
from components.profiling.profile import profile
from components.store import row_maps
from components.store.results import write_result

FLAGGED = (3, 50, 90, 117)


def people(n):
    draw = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "age": draw.integers(18, 90, n).astype(float),
            "hours": draw.normal(40, 9, n),
            "town": draw.choice(["York", "Bath"], n),
            "answer": draw.choice(["yes", "no"], n),
        }
    )


@pytest.fixture
def prepared(make_table, tmp_path):
    """Return a function that makes a run whose checks have ended; one check has flagged rows."""

    number = itertools.count()

    def make(frame, **roles):
        table = make_table(frame, **roles)
        spec = RunSpec(
            run_id="250102-030405-ab12",
            dataset=table.version,
            table=str(table.path),
            checks=("odd.flags",),
            created_at=datetime.now(UTC),
        )
        folder = runner.prepare(tmp_path / f"{spec.run_id}-{next(number)}", spec)
        write_result(folder.path, flags(len(frame)))
        return folder, spec, table

    return make


def flags(n):
    flagged = np.isin(np.arange(n), FLAGGED)
    scores = RowScores.of(
        "oddness",
        row_id=np.arange(n),
        quality=np.where(flagged, 0.1, 0.9),
        flagged=flagged,
    )
    return CheckResult(
        check_id="odd.flags",
        title="Odd",
        version=1,
        status=Status.PASSED,
        evidence=(scores,),
        coverage=Coverage(rows_seen=n, rows_total=n),
        elapsed_s=0.1,
    )


def drawn(made):
    folder, spec, table = made
    said = []
    mapping.draw(folder, spec, table, profile(table), said.append)
    assert said == ["Drawing the map of the rows"]
    return row_maps.read_facts(folder.path), row_maps.read_map(folder.path)


def test_a_small_table_is_on_the_map_as_a_whole(prepared):
    facts, found = drawn(prepared(people(120), label="answer"))
    assert (facts.reason, facts.n_drawn, facts.n_chosen) == ("", 120, 0)
    assert facts.columns == ("age", "hours", "town")
    assert found.row_id.tolist() == list(range(120))
    assert max(np.abs(found.x).max(), np.abs(found.y).max()) == 1.0


def test_the_label_has_no_say_in_the_places(prepared):
    frame = people(60)
    _, found = drawn(prepared(frame, label="answer"))
    frame["answer"] = frame["answer"].to_numpy()[::-1]
    _, again = drawn(prepared(frame, label="answer"))
    assert found.x.tolist() == again.x.tolist()


def test_flagged_rows_are_among_the_few_of_a_large_table(prepared, monkeypatch):
    monkeypatch.setattr(mapping, "MOST_ROWS", 30)
    monkeypatch.setattr(mapping, "MOST_CHOSEN", 3)
    facts, found = drawn(prepared(people(120), label="answer"))
    assert facts.n_rows == 120
    assert 28 <= facts.n_drawn <= 30
    assert facts.n_drawn == len(found.row_id) == len(set(found.row_id.tolist()))
    assert set(FLAGGED[:3]) <= set(found.row_id.tolist())
    assert 0 < facts.n_chosen <= 3


def test_many_columns_are_bounded_and_said(prepared, monkeypatch):
    monkeypatch.setattr(mapping, "MOST_COLUMNS", 2)
    frame = people(60)
    frame.insert(0, "dull", np.where(np.arange(60) < 50, 0.0, 1.0))
    frame.insert(1, "empty", np.where(np.arange(60) < 50, np.nan, np.arange(60.0)))
    facts, _ = drawn(prepared(frame))
    assert facts.columns == ("age", "hours")
    assert facts.n_left_out == 4
    assert facts.by_variety


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (people(19), "20 rows at least"),
        (people(60)[["age"]], "2 columns at least"),
    ],
)
def test_too_little_has_no_map_and_a_reason(prepared, frame, reason):
    facts, found = drawn(prepared(frame))
    assert reason in facts.reason
    assert found is None


def test_an_error_is_told_and_does_not_end_the_run(prepared, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("no memory left")

    monkeypatch.setattr(mapping, "project", broken)
    facts, found = drawn(prepared(people(60)))
    assert "no memory left" in facts.reason
    assert found is None


def test_a_person_who_cancels_gets_no_map(prepared):
    folder, spec, table = prepared(people(60))

    def stop(_step):
        raise Cancelled

    with pytest.raises(Cancelled):
        mapping.draw(folder, spec, table, profile(table), stop)
    assert row_maps.read_facts(folder.path) is None


@pytest.mark.parametrize("with_map", [True, False])
def test_a_run_draws_its_map_unless_nobody_will_see_it(prepared, with_map):
    folder, spec, _ = prepared(people(60))
    folder.write_spec(dataclasses.replace(spec, checks=("completeness.missing_values",)))
    assert perform(folder.path, with_map=with_map).state is RunState.DONE
    assert (row_maps.read_map(folder.path) is not None) is with_map
