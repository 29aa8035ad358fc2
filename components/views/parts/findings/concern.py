"""A page about one concern: its findings, the evidence of each check, and what was not checked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.core.judgement.evidence import CellScores, Evidence, RowScores
from components.core.judgement.findings import CheckResult, Status
from components.services.data.datasets import DatasetInfo
from components.views import words
from components.views.current import Run
from components.views.navigation import PAGE_OF_CONCERN
from components.views.parts import empty_state, heading, run_progress
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import coverage_list, drawer, finding_card
from components.views.text import md

Head = Callable[[Run], None]
Extra = Callable[[DatasetInfo, Run], None]
Hidden = Callable[[CheckResult, Evidence], bool]
SO_FAR_WORDS = "The checks that ended found no problem here."
CLEAN_WORDS = "Nothing to report: the checks that ran found no problem here."


def show(
    name: str,
    *,
    head: Head | None = None,
    extra: Extra | None = None,
    hidden: Hidden | None = None,
) -> None:
    """Draw the page of a concern.

    Parameters
    ----------
    head
        Draws what stands above the findings.
    extra
        Draws what is special to the concern, between the findings and the evidence.
    hidden
        Whether a piece of a result is not drawn, because ``head`` or ``extra`` shows it in a better
        way.
    """
    heading.show(PAGE_OF_CONCERN[name].signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    run_progress.ended_badly(info, run.status)
    results = run.of_concern(name)
    if not results:
        _nothing_yet(run)
        return
    if head is not None:
        head(run)
    _answer(results, run_progress.not_ended(run, name))
    findings = tuple(f for f in run.findings if f.concern == name)
    finding_card.listing(findings, run.answers)
    if extra is not None:
        extra(info, run)
    for result in results:
        _evidence(result, hidden)
    heading.section("What was checked")
    coverage_list.show(results)
    drawer.show(info, run)


def _nothing_yet(run: Run) -> None:
    if run.status.state.is_over:
        st.info("No check of this page gave a result in this run.", icon=":material/info:")
    else:
        st.info(
            "The checks of this page have not ended yet. The page fills itself.",
            icon=":material/hourglass_top:",
        )


def _answer(results: tuple[CheckResult, ...], not_ended: str) -> None:
    """Say in one line what came out, and never call a table clean that was not looked at."""
    if not_ended:
        st.info(not_ended, icon=":material/hourglass_top:")
    ran = [r for r in results if r.status in {Status.PASSED, Status.FLAGGED}]
    n = sum(len(r.findings) for r in results)
    if any(r.status is Status.FAILED for r in results):
        st.warning(
            "A check of this page stopped with an error; see below.", icon=":material/error:"
        )
    if not ran:
        reasons = " ".join(md(r.reason) for r in results)
        st.info(f"**Not checked.** {reasons}", icon=":material/info:")
    elif n == 0 and not_ended:
        st.caption(SO_FAR_WORDS)
    elif n == 0:
        st.success(CLEAN_WORDS, icon=":material/check_circle:")
    else:
        st.caption(f"{words.count(n, 'finding')}, by severity, then rows touched.")


def _evidence(result: CheckResult, hidden: Hidden | None) -> None:
    shown = [e for e in result.evidence if not isinstance(e, RowScores | CellScores)]
    if hidden is not None:
        shown = [e for e in shown if not hidden(result, e)]
    if not shown:
        return
    heading.section(result.title)
    if result.coverage.note:
        st.caption(md(result.coverage.note))
    with st.container(border=True):
        evidence_panel.show(shown, key=f"concern-{result.check_id}")
