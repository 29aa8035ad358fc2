from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.core.facts.contents import Digits, Format, Granularity, Texts, Times
from components.core.judgement.evidence import CellScores, RowScores
from components.reports import to_csv

TRICKY = ["=1+1", 'a "quoted", b', "line\nbreak", "lone\rreturn", "", "ä\u202e€", " x "]


@pytest.fixture
def result(run):
    return run.results[2]


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_rows_has_one_line_per_row_in_row_order(result, tmp_path):
    out = tmp_path / "rows" / "labels.csv"
    to_csv.rows(result, 2003, out)
    lines = read(out)
    assert lines[0] == ["row_id", "quality", "flagged", "given", "suggested", "confidence"]
    assert [int(line[0]) for line in lines[1:]] == list(range(2003))
    assert lines[-1] == ["2002", "", "false", "", "", ""]
    frame = pd.read_csv(out)
    scores = result.row_scores
    expected = pd.Series(scores.quality, index=scores.row_id).sort_index()
    assert frame.quality[:2000].tolist() == expected.tolist()
    assert frame.flagged.sum() == scores.n_flagged
    assert frame.quality[frame.flagged].max() <= frame.quality[~frame.flagged].min()


def test_text_reads_back_equal(result, tmp_path):
    n = len(TRICKY)
    scores = RowScores.of(
        "q", row_id=np.arange(n), quality=np.full(n, 1 / 3), flagged=np.zeros(n, dtype=bool),
        reason=np.array(TRICKY, dtype=object),
    )  # fmt: skip
    out = tmp_path / "rows.csv"
    to_csv.rows(replace(result, evidence=(scores,)), n, out)
    lines = read(out)
    assert lines[0] == ["row_id", "quality", "flagged", "reason"]
    assert [line[3] for line in lines[1:]] == TRICKY
    assert float(lines[1][1]) == 1 / 3


def test_cut_rows_are_refused(result, tmp_path):
    with pytest.raises(ValueError, match="2,000 rows were assessed and 200 are here"):
        to_csv.rows(result.brief(), 2000, tmp_path / "rows.csv")
    with pytest.raises(ValueError, match="outside"):
        to_csv.rows(result, 10, tmp_path / "rows.csv")
    twice = replace(result.row_scores, row_id=np.zeros(2000, dtype=np.int64))
    with pytest.raises(ValueError, match="twice"):
        to_csv.rows(replace(result, evidence=(twice,)), 2000, tmp_path / "rows.csv")
    assert not (tmp_path / "rows.csv").exists()


def test_results_without_such_evidence_write_nothing(run, tmp_path):
    skipped = run.results[4]
    to_csv.rows(skipped, 10, tmp_path / "a.csv")
    to_csv.cells(skipped, tmp_path / "b.csv")
    to_csv.groups(skipped, tmp_path / "c.csv")
    assert not list(tmp_path.iterdir())


def test_cells(result, tmp_path):
    n = len(TRICKY)
    cells = CellScores(
        name="c", n_assessed=900, n_flagged=n, row_id=np.arange(n),
        column=np.array(TRICKY, dtype=object), value=np.array(TRICKY, dtype=object),
        quality=np.linspace(0, 0.5, n), flagged=np.ones(n, dtype=bool),
        reason=np.array(["why"] * n, dtype=object),
    )  # fmt: skip
    out = tmp_path / "cells.csv"
    to_csv.cells(replace(result, evidence=(cells,)), out)
    lines = read(out)
    assert lines[0] == list(to_csv.CELLS)
    assert [line[1:3] for line in lines[1:]] == [[t, t] for t in TRICKY]
    assert lines[1][3:] == ["0.0", "true", "", "why"]
    with pytest.raises(ValueError, match="7 cells are flagged and 3 are here"):
        to_csv.cells(replace(result, evidence=(cells.brief(3),)), out)


def test_groups_of_result_and_findings_stand_once(run, tmp_path):
    result = run.results[2]
    doubled = replace(result, evidence=(run.shapes["groups"], *result.evidence))
    out = tmp_path / "groups.csv"
    to_csv.groups(doubled, out)
    lines = read(out)
    assert lines[0] == ["metric", "attribute", "group", "value", "ci_low", "ci_high", "n"]
    assert lines[1] == ["rate of yes", "age", "female", "0.11", "0.1", "0.12", "10000"]
    assert lines[4] == ["rate of yes", "age", "tiny", "", "", "", "3"]
    assert len(lines) == 5


def test_columns(run, tmp_path):
    out = tmp_path / "columns.csv"
    to_csv.columns(run.profile, out)
    frame = pd.read_csv(out).set_index("name")
    assert list(frame.index) == ["age", "label"]
    assert frame.share_missing["age"] == pytest.approx(0.2)
    assert frame["q0.5"]["age"] == 28
    assert frame.disguised["label"] == '{"?": 5}'
    assert frame.distinct_exact["age"]
    assert frame.minimum["age"] == 0.5


def test_columns_say_what_values_are_made_of(run, tmp_path):
    texts = Texts(
        n_used=5, formats=(Format(pattern='a,"9', count=3), Format(pattern="A", count=2)),
        n_formats=2, tokens_mean=1.5, tokens_max=2, n_vocabulary=4, n_near_empty=1,
    )  # fmt: skip
    times = Times(span_s=86_400.0, granularity=Granularity.HOUR, n_midnight=2, step_s=3_600.0)
    digits = Digits(n_whole=3, last=(3, *[0] * 9), multiples={5: 3, 10: 3})
    age, label = run.profile.columns
    made = (replace(age, times=times, digits=digits), replace(label, texts=texts))
    out = tmp_path / "columns.csv"
    to_csv.columns(replace(run.profile, columns=made), out)
    frame = pd.read_csv(out, keep_default_na=False).set_index("name")
    assert tuple(pd.read_csv(out).columns) == to_csv.ALL_COLUMNS
    assert json.loads(frame.formats["label"]) == {'a,"9': 3, "A": 2}
    assert frame.texts_tokens_mean["label"] == "1.5"
    assert (frame.granularity["age"], frame.step_s["age"], frame.n_gaps["age"]) == (
        "hour", "3600.0", "",
    )  # fmt: skip
    assert json.loads(frame.last_digits["age"]) == [3, *[0] * 9]
    assert json.loads(frame.multiples["age"]) == {"5": 3, "10": 3}
    assert frame.formats["age"] == frame.span_s["label"] == frame.multiples["label"] == ""


def test_a_million_rows_stay_cheap(result, tmp_path):
    n = 300_000
    quality = np.linspace(0, 1, n)
    scores = RowScores.of("q", row_id=np.arange(n), quality=quality, flagged=quality < 0.01)
    out = tmp_path / "rows.csv"
    to_csv.rows(replace(result, evidence=(scores,)), n, out)
    frame = pd.read_csv(out)
    assert len(frame) == n
    assert frame.quality.tolist() == quality.tolist()
