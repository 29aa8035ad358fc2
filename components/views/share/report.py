"""Report and export: what do you want to download?"""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.core.data.row_numbers import row_number
from components.core.judgement.review import (
    Action,
    Decision,
    ItemType,
    ReviewCounts,
    Tally,
    place_of,
)
from components.reports.words import counts_sentence, verdict_sentence
from components.services import workspace
from components.services.data.datasets import DatasetInfo
from components.services.export.downloads import ExportRequest
from components.services.export.publish import publish
from components.services.review import review
from components.services.review.items import said
from components.services.runs import catalogue
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import download, empty_state, heading, run_progress, version_line
from components.views.text import md, plain
from components.views.visitors import identity

MOST_DECISIONS = 500


def show() -> None:
    """Draw the page."""
    heading.show(Pages.REPORT.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    tally = review.tally(session.workspace(), info.version.id)
    changed = workspace.history(session.workspace(), dataset_id=info.version.id, limit=1)
    as_of = f"{changed[0].at}" if changed else ""
    _numbers(info, run, tally)
    version_line.show(info)
    left, right = st.columns(2, gap="medium")
    with left:
        _corrected(info, run, tally, as_of)
    with right:
        _documents(run, f"{as_of} {run.status.state}")
    _listed(info, tally.actions.total())


def _numbers(info: DatasetInfo, run: Run, tally: Tally) -> None:
    counts = run.answers.counts
    open_ones = counts.n_open
    rows = info.version.n_rows - tally.n_excluded
    with st.grid(4, min_column_width=180):
        _metric("Rows in the corrected file", f"{rows:,}", f"of {info.version.n_rows:,}")
        _metric("Values changed", f"{tally.n_changed:,}", "by a person")
        _metric("Rows left out", f"{tally.n_excluded:,}", "by a person")
        if unknown := _why_unknown(run):
            _metric("Items still in doubt", "–", unknown)
        else:
            _metric("Items still in doubt", f"{counts.n_waiting:,}", counts_sentence(counts))
    if not_ended := run_progress.not_ended(run):
        st.info(not_ended, icon=":material/hourglass_top:")
    if open_ones:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":orange[:material/pending:] {words.count(open_ones, 'item')} "
                f"{'is' if open_ones == 1 else 'are'} still open{_by_check(run)}"
                f"{' so far' if _why_unknown(run) else ''}: a value without "
                "a decision stays as it is."
            )
            if st.button("Go on with the review", icon=":material/rule:"):
                go(Pages.REVIEW)


def _why_unknown(run: Run) -> str:
    """Return why nobody can say how many values are in doubt; "" where it is known."""
    left = {c.check_id for c in run.unfinished}
    if not catalogue.suggesting(left):
        return ""
    over = run.status.state.is_over
    return "not known: checks did not end" if over else "not known until the checks have ended"


def _by_check(run: Run) -> str:
    """Return how many values each check asks about, where several do."""
    waiting = [
        f"{counts.n_open:,} of “{md(result.title)}”"
        for result in run.results
        if (counts := run.answers.by_check.get(result.check_id)) is not None and counts.n_open
    ]
    return f" ({', '.join(waiting)})" if len(waiting) > 1 else ""


def _metric(label: str, value: str, note: str) -> None:
    st.metric(
        label,
        value,
        delta=note,
        delta_color="gray",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _corrected(info: DatasetInfo, run: Run, tally: Tally, as_of: str) -> None:
    n_changes = tally.n_changed + tally.n_excluded
    with st.container(border=True, height="stretch"):
        st.markdown("**The corrected table**")
        st.markdown(f":gray[{_effect(info, tally)}]")
        sheet = download.for_spreadsheet("Form of the table")
        st.caption(
            "Cells that a spreadsheet would run as a formula start with an apostrophe."
            if sheet
            else f"Every other cell is {_source_of_cells(info)}, to the byte. A spreadsheet may "
            "run what is in it, and change dates and numbers: take the other one there."
        )
        with st.container(horizontal=True):
            download.button(
                "Corrected table",
                ExportRequest(kind="corrected", source=info.version.id, for_spreadsheet=sheet),
                f"{_stem(info)}_corrected.csv",
                "text/csv",
                as_of=as_of,
                primary=True,
            )
            download.button(
                "List of corrections",
                ExportRequest(kind="corrections", source=info.version.id, for_spreadsheet=sheet),
                f"{_stem(info)}_corrections.csv",
                "text/csv",
                as_of=as_of,
            )
        _publish(info, n_changes, run.answers.counts)


def _effect(info: DatasetInfo, tally: Tally) -> str:
    """Return what the decisions change in the table."""
    if not tally.n_changed + tally.n_excluded:
        if not (info.report.n_mended or info.report.n_aside):
            return "No decision changes the table yet: it holds the rows of your upload."
        return f"No decision changes the table yet. {_as_read(info)}"
    changed, left_out = words.count(tally.n_changed, "value"), words.count(tally.n_excluded, "row")
    return f"By decisions, {changed} changed and {left_out} left out. {_as_read(info)}"


def _as_read(info: DatasetInfo) -> str:
    """Return in what the table differs from the upload because of how the file was read."""
    report, said = info.report, []
    if report.n_mended:
        said.append(f"{words.count(report.n_mended, 'row')} mended")
    if report.n_aside:
        said.append(f"{words.count(report.n_aside, 'record')} kept aside, which it does not hold")
    if not said:
        return "All else is as in your upload."
    return f"When the file was read: {' and '.join(said)}. All else is as in your upload."


def _source_of_cells(info: DatasetInfo) -> str:
    return "as it was read after mending" if info.report.n_mended else "as you uploaded it"


def _stem(info: DatasetInfo) -> str:
    stem = info.version.name.rpartition(".")[0] or info.version.name
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in stem)[:60]


def _publish(info: DatasetInfo, n_changes: int, counts: ReviewCounts) -> None:
    actor = identity.actor()
    st.divider()
    st.caption(
        f"Keep it here as a new version with the same roles, and check it again.{_waiting(counts)}"
    )
    if st.button(
        "Publish as a new version",
        icon=":material/publish:",
        disabled=not n_changes,
        help=None if n_changes else "Change or leave out at least one row first.",
    ):
        bar = st.progress(0.0, text="Publishing")
        new = publish(
            session.workspace(),
            info.version.id,
            actor=actor,
            tell=lambda share, note: _show(bar, share, note),
        )
        session.open_dataset(new.version.id)
        session.session().notice = "The corrected version is open. Check it to see what is left."
        go(Pages.UPLOAD)


def _waiting(counts: ReviewCounts) -> str:
    """Return what becomes of items that nobody has settled yet."""
    if not counts.n_waiting:
        return ""
    one = counts.n_waiting == 1
    return (
        f" {words.count(counts.n_waiting, 'item')} {'is' if one else 'are'} not settled: "
        f"{'its cell stays as it is' if one else 'their cells stay as they are'}, and the check of "
        "the new version asks only about what it flags there. What it no longer flags, such as a "
        "code that few cells are left with, the review of the new version counts."
    )


def _show(bar: DeltaGenerator, share: float, note: str) -> None:
    bar.progress(min(1.0, max(0.0, share)), text=md(note))


def _documents(run: Run, as_of: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown("**The report**")
        st.markdown(
            f"{verdict_sentence(run.verdict)}. :gray[One file for a meeting, to read and to keep.]"
        )
        if not run.status.state.is_over:
            st.caption("The checks are still running; the report holds what is there so far.")
        with st.container(horizontal=True):
            download.button(
                "Report",
                ExportRequest(kind="report", source=run.id),
                "preflight_report.html",
                "text/html",
                as_of=as_of,
            )
            download.button(
                "Results for machines",
                ExportRequest(kind="results", source=run.id),
                "results.json",
                "application/json",
                as_of=run.status.state,
            )
        st.divider()
        _scores(run)


def _scores(run: Run) -> None:
    st.markdown("**Scores per row**")
    scored = [r for r in run.results if r.row_scores is not None]
    if not scored:
        over = run.status.state.is_over
        st.caption("No check of this run scored rows." if over else "No check scored rows so far.")
        return
    sheet = download.for_spreadsheet("Form of the scores")
    with st.container(horizontal=True):
        for result in scored:
            download.button(
                result.title,
                ExportRequest(
                    kind="rows",
                    source=run.id,
                    check_id=result.check_id,
                    for_spreadsheet=sheet,
                ),
                f"{result.check_id}.csv",
                "text/csv",
            )


def _column(decision: Decision) -> str:
    """Return the column of a decision; a question about whole rows has none of the table."""
    what = place_of(decision.cell.column)
    whole = "rows that repeat one" if what is ItemType.REPEATS else "the whole row"
    return plain(decision.cell.column) if what is None else whole


def _decided(decision: Decision) -> str:
    """Return what was decided; of rows that repeat one, the one that is named stays."""
    if place_of(decision.cell.column) is None:
        return words.ACTION[decision.action].text
    return said.of(decision).capitalize()


def _listed(info: DatasetInfo, total: int) -> None:
    heading.section("Decisions")
    if not total:
        st.caption("None yet. Decisions of the review are listed here, with who and when.")
        return
    latest = review.standing(session.workspace(), info.version.id, limit=MOST_DECISIONS)
    st.dataframe(
        pd.DataFrame(
            {
                "Row": [row_number(d.cell.row_id) for d in latest],
                "Column": [_column(d) for d in latest],
                "Decision": [_decided(d) for d in latest],
                "In the file": ["" if place_of(d.cell.column) else plain(d.given) for d in latest],
                "New": [plain(d.new) if d.action is Action.CHANGE else "" for d in latest],
                "By": [plain(d.reviewer) for d in latest],
                "When": [words.moment(d.at) for d in latest],
            }
        ),
        hide_index=True,
        height="content" if len(latest) <= 12 else 420,  # noqa: PLR2004 - rows that fit
        alt=f"{len(latest)} decisions, newest first",
    )
