"""Columns that repeat one another speak with one voice where reasons are told and counted."""

import numpy as np
import pandas as pd
import pytest

from components.checks.labels._reasons.families import joined
from components.core.judgement.evidence import Ranking

ID = "labels.label_errors"
FIRST = "First reason of the flagged rows, by column"


@pytest.fixture(scope="module")
def ship():
    """Passengers whose fate follows from one thing that three columns tell, and from a ticket."""
    rng = np.random.default_rng(4)
    n = 600
    sex = rng.choice(["female", "male"], n)
    man = np.where(rng.random(n) < 0.02, "no", np.where(sex == "male", "yes", "no"))
    ticket = rng.normal(0, 1, n)
    saved = np.where((man == "no") * 2.2 + ticket > 1.1, "yes", "no")
    wrong = rng.choice(n, 30, replace=False)
    saved[wrong] = np.where(saved[wrong] == "yes", "no", "yes")
    return pd.DataFrame(
        {
            "sex": sex,
            "man": man,
            "title": np.where(man == "yes", "Mr", "Mrs"),
            "ticket": ticket.round(2),
            "deck": rng.choice(["A", "B", "C"], n),
            "saved": saved,
        }
    )


def first_reasons(result):
    (ranking,) = (e for e in result.evidence if isinstance(e, Ranking) and e.name == FIRST)
    return dict(zip(ranking.items, ranking.values, strict=True))


def test_what_repeats_is_counted_together_and_named_once(check_frame, ship):
    result = check_frame(ID, ship, label="saved")
    counted = first_reasons(result)
    assert "sex, man, title" in counted
    assert not {"sex", "man", "title"} & set(counted)
    (finding,) = result.findings
    n, total = counted["sex, man, title"], sum(counted.values())
    assert (
        f"{n:.0f} of {total:.0f} flagged rows the first reason is one of “sex”, “man” and “title” "
        "(which repeat one another)"
    ) in finding.detail or f"in {n:.0f} one of “sex”, “man” and “title”" in finding.detail
    told = [r for r in result.row_scores.reason[result.row_scores.flagged] if r]
    assert all(sum(r.count(f"{name} is ") for name in ("sex", "man", "title")) <= 1 for r in told)


def test_a_reason_that_repeats_a_sensitive_column_says_so(check_frame, ship):
    scores = check_frame(ID, ship, label="saved", sensitive=["sex"]).row_scores
    told = [r for r in scores.reason[scores.flagged] if r]
    for name in ("man", "title"):
        rests = [r for r in told if f"{name} is " in r]
        assert all(f"“{name}” repeats “sex”, which is sensitive" in r for r in rests)
    assert any("sensitive" in r for r in told)
    assert all("sensitive" in r for r in told if any(f"{c} is " in r for c in ("sex", "man")))


def test_columns_that_are_related_less_speak_for_themselves(check_frame, ship):
    rng = np.random.default_rng(5)
    loose = np.where(rng.random(len(ship)) < 0.2, "no", ship["man"])
    frame = ship.drop(columns=["sex", "title"]).assign(loose=loose)
    assert set(first_reasons(check_frame(ID, frame, label="saved"))) <= {
        "man",
        "loose",
        "ticket",
        "deck",
    }


def test_families_are_joined_by_any_of_their_columns():
    found = joined([("a", "b"), ("c", "d"), ("b", "e")], ["e", "d", "c", "b", "a", "f"])
    assert found["a"] == found["b"] == found["e"] == ("e", "b", "a")
    assert found["c"] == ("d", "c")
    assert "f" not in found
