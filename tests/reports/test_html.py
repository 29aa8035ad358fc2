from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from components.core.data.dataset import Column, Kind, Storage
from components.core.judgement.evidence import Matrix, Ranking, Unit
from components.core.judgement.gate import judge, verdict
from components.core.judgement.review import REPEATS, WHOLE_ROW, Action, Tally
from components.core.judgement.runs import RunState
from components.reports import to_html
from components.reports.document import MOST_FINDINGS

MEGABYTE = 1_000_000
VOID = {"meta", "rect", "path", "line", "circle", "polyline", "polygon", "br"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and whether every tag is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *a) for a in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *a) for a in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def rendered(run, **changes):
    parts = {
        "spec": run.spec, "status": run.status, "results": run.results,
        "verdict": run.verdict, "profile": run.profile, **changes,
    }  # fmt: skip
    return to_html.render(**parts)


@pytest.fixture
def page(run):
    return Page(rendered(run))


def test_the_page_is_whole_and_says_what_matters(page):
    assert not page.open
    for words in (
        "Is this data ready to train on?",
        "Not yet: fix 1 blocker first",
        "1 check failed to run, so the verdict does not know about: multivariate.",
        "age gives the answer away",
        "Drop age before training.",
        "95 % (deepchecks; ours)",
        "A column that is known before the outcome may be this good.",
        "a sample of 1,500 of 2,000 rows",
        "No column has the role.",
        "2 rows of age differ.",
        "ab" * 32,
        "1 March 2026, 12:00 UTC",
    ):
        assert words in page.text, words


def test_findings_stand_worst_first(page):
    places = [page.text.index(w) for w in ("1. age gives", "2. 133 labels", "3. 9 rows are copies")]
    assert places == sorted(places)


def test_nothing_active_and_nothing_foreign(make_run, hostile):
    text = rendered(make_run(hostile))
    page = Page(text)
    assert not {"script", "a", "img", "link", "iframe", "object", "form", "use"} & set(page.tags)
    names = {name for _, name, _ in page.attributes}
    assert not {n for n in names if n.startswith("on")}
    assert not {"href", "src", "style", "xlink:href"} & names
    assert not re.search(r"url\(|@import|https?:", text)
    assert "\u202e" not in text
    assert "\x00" not in text
    assert not page.open


def test_the_policy_allows_the_style_sheet_only(page, run):
    policy = next(v for tag, n, v in page.attributes if tag == "meta" and n == "content")
    css = re.search(r"<style>(.*?)</style>", rendered(run), re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_every_shape_is_drawn_with_words_for_those_who_cannot_see(run, page):
    alts = [v for _, n, v in page.attributes if n == "aria-label"]
    for shape in run.shapes.values():
        assert shape.name.casefold() in page.text.casefold()
    assert len(alts) >= len(run.shapes) - 1
    assert all(re.search(r"\w", a) for a in alts)


def test_evidence_of_a_check_stands_beside_its_first_finding_without_any(run):
    labels = run.results[2]
    bare = replace(labels, findings=(replace(labels.findings[0], evidence=()),))
    text = Page(rendered(run, results=(bare,), verdict=verdict((bare,)))).text
    assert text.count("133 of 2,000 rows flagged") == 1
    assert text.index("133 of 2,000 rows flagged") < text.index("How each check decides")


def test_a_finding_about_columns_only_touches_no_rows(run):
    first = run.results[0]
    about = replace(first.findings[0].affected, n_rows=0, share=0.0)
    changed = replace(first, findings=(replace(first.findings[0], affected=about),))
    text = Page(rendered(run, results=(changed,), verdict=verdict((changed,)))).text
    assert "Touches" not in text


def test_no_rows_and_no_cell_values(make_run, secret):
    run = make_run("age")
    cells = replace(
        run.shapes["cells"], value=np.array([secret] * 20, dtype=object),
        reason=np.array([secret] * 20, dtype=object),
    )  # fmt: skip
    rows = replace(run.shapes["rows"], reason=np.array([secret] * 2000, dtype=object))
    changed = replace(run.results[3], evidence=(cells, rows))
    text = rendered(run, results=(*run.results[:3], changed, *run.results[4:]))
    assert secret not in text
    assert "79.25" not in text


def test_brief_and_whole_results_give_the_same_page(run):
    assert rendered(run) == rendered(run, results=tuple(r.brief() for r in run.results))


def test_a_run_that_did_not_end_is_not_called_ready(run):
    clean = run.results[3:4]
    text = Page(
        rendered(
            run,
            results=clean,
            verdict=judge(run.spec, RunState.CANCELLED, clean),
            status=replace(run.status, state=RunState.CANCELLED),
        )
    ).text
    assert "Not known yet: 1 of 6 checks have ended" in text
    assert "The run was cancelled before its end" in text
    assert "No result" in text
    assert "Almost ready" not in text
    assert "No finding." in text


def test_a_clean_run_says_what_it_rests_on(run):
    clean = run.results[3:5]
    spec = replace(run.spec, checks=tuple(r.check_id for r in clean))
    text = Page(rendered(run, spec=spec, results=clean, verdict=verdict(clean))).text
    assert "Ready: nothing found by 1 of 2 checks" in text
    assert "1 check does not apply: outcome gap." in text


def test_decisions_are_counted_by_kind_column_and_person(run):
    label = Counter({Action.CHANGE: 1, Action.EXCLUDE: 1})
    made = Tally(
        actions=label + Counter({Action.CHANGE: 3}),
        by_column={"label": label, "<i>age</i>": Counter({Action.CHANGE: 3})},
        reviewers=Counter({"<b>Ada</b>": 5}),
        n_changed=3,
        n_excluded=1,
    )
    text = Page(rendered(run, decisions=made)).text
    assert "Cells decided 5" in text
    assert "Values changed 3" in text
    assert "Rows left out 1" in text
    assert "Values kept" not in text
    assert "label (2), <i>age</i> (3)" in text
    assert "<b>Ada</b> (5)" in text
    assert "What people decided" not in Page(rendered(run)).text


def test_rows_and_sets_of_equal_rows_are_not_counted_as_cells(run):
    """They were, and a row that is rare but right was called a value that was kept."""
    by_column = {
        "label": Counter({Action.KEEP: 2}),
        WHOLE_ROW: Counter({Action.KEEP: 3, Action.ERROR: 1}),
        REPEATS: Counter({Action.KEEP: 1, Action.EXCLUDE: 4}),
    }
    made = Tally(
        actions=sum(by_column.values(), Counter()),
        by_column=by_column,
        reviewers=Counter({"Ada": 11}),
        n_changed=0,
        n_excluded=4,
    )
    text = Page(rendered(run, decisions=made)).text
    for told in (
        "Cells decided 2",
        "Rows decided 4",
        "Sets of equal rows decided 5",
        "Values kept 2",
        "Rows kept as rare but right 3",
        "Sets of equal rows of which all are kept 1",
        "Rows called errors, still in the table 1",
    ):
        assert told in text


def test_wide_tables_and_many_findings_stay_small(run):
    columns = tuple(
        Column(name=f"c{i}", field=f"c{i}", storage=Storage.NUMBER, kind=Kind.NUMBER)
        for i in range(3000)
    )
    n = 3000
    names = tuple(f"column {i}" for i in range(n))
    evidence = (
        Ranking(name="r", axis="a", unit=Unit.SHARE, items=names, values=(0.5,) * n),
        Matrix(
            name="m", unit=Unit.SHARE, rows=names[:300], columns=names[:300],
            values=((0.5,) * 300,) * 300,
        ),
        run.shapes["bins"],
    )  # fmt: skip
    first = run.results[0]
    findings = tuple(
        replace(first.findings[0], key=f"k{i}", title=f"Finding {i:04d}", evidence=evidence)
        for i in range(n)
    )
    results = (replace(first, findings=findings), *run.results[1:])
    text = rendered(
        run, spec=replace(run.spec, dataset=run.spec.dataset.with_columns(columns)),
        results=results, verdict=verdict(results), profile=None,
    )  # fmt: skip
    assert len(text) < 2 * MEGABYTE
    page = Page(text)
    assert f"And {n + 2 - MOST_FINDINGS:,} findings more" in page.text
    assert "And 2,800 columns more" in page.text
    assert "and 2,980 more" in page.text


def test_methods_come_from_the_checks_and_unknown_checks_are_no_error(run, page):
    assert "What it looks for" in page.text
    assert "strong = 0.95, gap = 0.1" in page.text
    gone = replace(run.results[3], check_id="old.gone", title="Gone")
    text = Page(rendered(run, results=(gone,), verdict=verdict((gone,)))).text
    assert "old.gone" in text


def test_a_run_without_anything_is_still_a_report(run):
    spec = replace(run.spec, checks=(), source=None)
    text = Page(to_html.render(spec, run.status, (), verdict(()), None)).text
    assert "Not known: no check applies to this table" in text
