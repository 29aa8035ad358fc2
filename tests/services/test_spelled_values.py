"""Yes and no of a file stay yes and no: in the profile, in findings, in figures and in files."""

import csv
import io
import re

import numpy as np
import pytest

from components.charts.explore.slices import alt_slices
from components.charts.figure_data import of_slices
from components.core.data.dataset import Kind, Role
from components.core.data.query import Compare, Op
from components.core.judgement.evidence import GroupMetrics
from components.core.settings import Settings
from components.services.data import datasets
from components.services.explore import associations, filters, slices
from components.services.export import exports
from components.services.headless import role_arguments
from components.services.runs import runs
from components.services.workspace import open_workspace
from components.views.parts.figures.picks import typed

CHECKS = ["labels.label_errors", "labels.class_imbalance", "bias.outcome_gap"]
WRONG = re.compile(r"\b(true|false)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def loans():
    """A file with three columns of two words, a rare label that a number tells, and wrong ones."""
    rng = np.random.default_rng(7)
    n = 400
    score = rng.normal(size=n)
    paid = score > -1.2
    paid[np.flatnonzero(score > 0.5)[:5]] = False
    member = rng.random(n) < 0.4 + 0.3 * paid
    head = "score,member,asked,paid\n"
    return head + "".join(
        f"{s:.3f},{'Y' if m else 'N'},{'YES' if a else 'no'},{'Yes' if p else 'No'}\n"
        for s, m, a, p in zip(score, member, rng.random(n) < 0.5, paid, strict=True)
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory, loans):
    """A workspace in which some checks ran on that file, once for all tests."""
    workspace = open_workspace(Settings(home=tmp_path_factory.mktemp("spelled") / "home"))
    info = datasets.add(workspace, io.BytesIO(loans.encode()), "loans.csv")
    roles = {Role.LABEL: ["paid"], Role.SENSITIVE: ["member"]}
    changes = role_arguments.assign(info.version, roles)
    info = datasets.set_columns(workspace, info.version.id, changes, actor="Ann")
    yield workspace, info.version, runs.execute(workspace, info.version.id, only=CHECKS)
    workspace.close()


def test_intake_keeps_how_truth_is_written(kept):  # a label is a text: it is kept as it is
    _, version, _ = kept
    spellings = {c.name: c.spelling for c in version.columns}
    assert spellings == {
        "score": None, "member": ("Y", "N"), "asked": ("YES", "no"), "paid": None
    }  # fmt: skip


def test_the_most_frequent_of_several_words_stands_for_them(upload):
    rows = ("1,YES,x", "2,yes,y", "3,yes,x", "4,no,y", "5,No,x", "6,No,z")
    text = "a,b,c\n" + "".join(f"{row}\n" for row in rows * 20)
    column = upload(text, "mixed.csv").version.column("b")
    assert (column.kind, column.spelling) == (Kind.BOOLEAN, ("yes", "No"))


def test_a_column_chosen_to_be_yes_or_no_tells_its_words(ws, upload, loans):
    info = upload(loans, "loans.csv")
    for kind in (Kind.CATEGORY, Kind.BOOLEAN):
        change = {"asked": (kind, Role.FEATURE)}
        info = datasets.set_columns(ws, info.version.id, change, actor="Ann")
    assert info.version.column("asked").spelling == ("YES", "no")


def test_no_sentence_says_true_or_false(kept):
    ws, _, run_id = kept
    results = runs.results(ws, run_id)
    assert {r.check_id for r in results} == set(CHECKS)
    found = [f for r in results for f in r.findings]
    assert found
    for finding in found:
        told = " ".join((finding.title, finding.detail, *finding.affected.groups))
        assert not WRONG.search(told), told
    assert any("“member” is “N”" in f.title for f in found)
    metrics = [e for r in results for e in r.evidence if isinstance(e, GroupMetrics)]
    assert {g for e in metrics if e.attribute == "member" for g in e.groups} <= {"Y", "N"}
    assert metrics


def test_profile_and_rows_file_have_the_words_of_the_file(kept, tmp_path):
    ws, _, run_id = kept
    profile = runs.profile(ws, run_id)
    assert set(profile.label_counts) == {"Yes", "No"}
    assert {t.value for t in profile.column("member").top} == {"Y", "N"}
    scores = runs.row_scores(ws, run_id, "labels.label_errors", flagged_only=True)
    assert len(scores.row_id) >= 3
    assert set(scores.given) | set(scores.suggested) <= {"Yes", "No"}
    rows = exports.rows_csv(ws, run_id, "labels.label_errors", out=tmp_path / "rows.csv").path
    lines = list(csv.DictReader(rows.read_text(encoding="utf-8").splitlines()))
    assert {line["given"] for line in lines} == {"Yes", "No"}
    assert any("is Y" in line["reason"] or "is YES" in line["reason"] for line in lines)
    page = exports.report_html(ws, run_id, out=tmp_path / "report.html").path
    assert "“member” is “N”" in page.read_text(encoding="utf-8")


def test_figures_and_their_tables_have_the_words_of_the_file(kept):
    ws, _, run_id = kept
    shape = slices.by_group(ws, run_id, "paid", "member")
    assert re.search(r"\b[YN]: \d+ rows, [\d.]+ % Yes", alt_slices(shape))
    sheet = of_slices(shape)
    assert sheet.header[-2:] == ("rows: Yes", "rows: No")
    assert {line[0] for line in sheet.lines} == {"Y", "N"}
    both = associations.contingency(ws, run_id, "member", "paid")
    assert (set(both.rows), set(both.columns)) == ({"Y", "N"}, {"Yes", "No"})


def test_marks_and_filters_lead_to_the_rows_by_either_word(kept):
    _, version, _ = kept
    column = version.column("member")
    assert [typed(column, t) for t in ("Y", "N", "true", "x")] == [True, False, True, None]
    for text in ("member eq yes", "member eq Y", "member eq true"):
        assert filters.from_text(text, version) == (Compare("member", Op.EQ, value=True),)
