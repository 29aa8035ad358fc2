"""The numbers of an embedding are read by models, and give no findings one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Role
from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import Status

WIDTH = 24
NAMES = [f"emb_{i}" for i in range(WIDTH)]


@pytest.fixture(scope="module")
def frame():
    """Rows whose label an embedding tells; two numbers repeat others, and some cells are far."""
    rng = np.random.default_rng(4)
    n = 400
    truth = rng.integers(0, 2, n)
    x = rng.normal(size=(n, WIDTH)) + 1.2 * truth[:, None] * (np.arange(WIDTH) < 8)
    x[:, 20], x[:, 21] = 2.0 * x[:, 1], x[:, 2]
    x[rng.integers(0, n, 12), rng.integers(0, WIDTH, 12)] = 60.0
    x[: n // 4, 15] = 99999.0
    given = truth.copy()
    given[:20] = 1 - given[:20]
    made = pd.DataFrame(x, columns=NAMES)
    return made.assign(age=rng.integers(18, 80, n), label=np.array(["no", "yes"])[given])


@pytest.fixture
def check_as(check_frame, frame):
    """Return a function that checks the table, the numbers as an embedding or each for itself."""

    def run(check_id, role):
        return check_frame(check_id, frame, label="label", roles=dict.fromkeys(NAMES, role))

    return run


@pytest.mark.parametrize(
    "check_id", ["duplicates.redundant_columns", "completeness.sentinel_values"]
)
def test_no_number_of_it_is_told_alone(check_as, check_id):
    alone, together = (check_as(check_id, role) for role in (Role.FEATURE, Role.EMBEDDING))
    assert alone.findings
    assert not together.findings


def test_a_row_is_unusual_as_a_whole_and_by_no_cell_of_it(check_as):
    result = check_as("anomalies.multivariate", Role.EMBEDDING)
    scores = next(e for e in result.evidence if isinstance(e, RowScores))
    assert scores.n_assessed == 400
    assert not any("beyond" in str(reason) for reason in scores.reason if reason is not None)


def test_models_read_it_and_reasons_name_it_as_a_whole(check_as):
    result = check_as("labels.label_errors", Role.EMBEDDING)
    scores = next(e for e in result.evidence if isinstance(e, RowScores))
    assert scores.n_flagged > 5
    told = [reason for reason in scores.reason if reason is not None]
    assert any("the embedding “emb_…”" in reason for reason in told)
    assert not any("emb_1" in reason for reason in told)


def test_every_check_comes_to_an_answer(check_as):
    for check in registry.all_checks():
        result = check_as(check.id, Role.EMBEDDING)
        assert result.status is not Status.FAILED, result.reason
