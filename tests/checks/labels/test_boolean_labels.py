"""One spelling of a yes/no label: in the profile, in the checks, and back to the file."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from components.checks import registry
from components.checks._lib.single_columns import single_columns
from components.core.data.dataset import Kind
from components.core.judgement.evidence import Distribution, RowScores
from components.services.data.label_spelling import spelling


@pytest.fixture
def members(make_table, run_context):
    """A table with a yes/no label that two columns tell, eight wrong ones, and its run."""
    rng = np.random.default_rng(4)
    n = 200
    score = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "score": score.round(3),
            "twin": (score + rng.normal(0, 0.2, n)).round(3),
            "seen": np.where(score > 0, 1.0, np.nan),
            "member": score > 0,
        }
    )
    wrong = np.flatnonzero(np.abs(score) > 0.5)[:8]
    frame.loc[wrong, "member"] = ~frame.loc[wrong, "member"]
    table = make_table(frame, label="member", kinds={"member": Kind.BOOLEAN})
    return table, run_context(table), wrong


def test_all_checks_write_the_classes_as_the_profile_does(members):
    table, run, wrong = members
    result = registry.get("labels.label_errors").run(table, run)
    scores = next(e for e in result.evidence if isinstance(e, RowScores))
    assert set(scores.row_id[scores.flagged].tolist()) & set(wrong.tolist())
    assert set(scores.given) | set(scores.suggested) == set(run.profile.label_counts)
    shown = registry.get("labels.class_imbalance").run(table, run).evidence[0]
    assert isinstance(shown, Distribution)
    assert set(shown.categories) == set(run.profile.label_counts) == {"true", "false"}
    assert {a.label for a in single_columns(table, run).absences} <= {"true", "false"}


def test_suggestions_are_spelled_as_in_the_file(members, tmp_path):
    table, run, _ = members
    label = table.version.column("member")
    typed = pq.read_table(table.path, columns=[label.field]).column(0).to_pylist()
    words = ["Ja" if value else "Nein" for value in typed]
    pq.write_table(pa.table({label.field: words}), tmp_path / "text.parquet")
    found = spelling(SimpleNamespace(folder=tmp_path), table.path, label)
    scores = registry.get("labels.label_errors").run(table, run).row_scores
    assert {found.of(name) for name in scores.suggested} == {"Ja", "Nein"}
    assert [found.of(g) for g in scores.given] == [words[r] for r in scores.row_id]
