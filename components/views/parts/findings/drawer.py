"""The drawer at the right: one finding with its evidence, rows, threshold, and what to do."""

from __future__ import annotations

import streamlit as st

from components.charts.style.text import capital
from components.core.errors import PreflightError
from components.core.judgement.evidence import (
    CellScores,
    Evidence,
    GroupMetrics,
    RowGroups,
    RowScores,
)
from components.core.judgement.findings import Finding
from components.reports.cards import DETAIL
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import check_settings, row_table
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import accept, badges, columns_said, finding_card
from components.views.text import md

SHOWN_ROWS = 20
WIDTH = 720


def show(info: DatasetInfo, run: Run) -> None:
    """Open the drawer where the address names a finding of this run."""
    wanted = session.finding_id()
    if not wanted:
        return
    finding = next((f for f in run.findings if f.id == wanted), None)
    if finding is not None:
        _drawer(info, run, finding)
    elif run.status.state.is_over:
        session.close_finding()
        session.session().notice = "This link leads to a finding that is not in this run."
        st.rerun()


@st.dialog(
    "Finding",
    width=WIDTH,
    position="right",
    icon=":material/search:",
    on_dismiss=session.close_finding,
)
def _drawer(info: DatasetInfo, run: Run, finding: Finding) -> None:
    st.markdown(badges.of(finding))
    st.markdown(f"**{md(finding.title)}**")
    st.markdown(md(finding.detail, limit=DETAIL))
    _numbers(finding)
    st.markdown(f"**What to do**  \n{md(finding.recommended_action)}")
    _act(run, finding)
    columns_said.show(info, run, finding)
    accept.show(run, finding)
    _evidence(run, finding)
    _rows(info, finding)
    _limits(run, finding)
    _help(finding)


def _numbers(finding: Finding) -> None:
    touched, measure = finding.affected, finding.measure
    with st.grid(2):
        if touched.n_rows:
            st.metric(
                "Rows touched",
                f"{touched.n_rows:,}",
                delta=f"{words.share(touched.share)} of the table",
                delta_color="gray",
                delta_arrow="off",
                border=True,
                height="stretch",
            )
        else:
            st.metric("Columns touched", f"{len(touched.columns):,}", border=True, height="stretch")
        st.metric(
            md(capital(measure.name), limit=60),
            evidence_panel.measured(measure),
            delta=evidence_panel.interval(measure) or None,
            delta_color="gray",
            delta_arrow="off",
            border=True,
            height="stretch",
        )


def _evidence(run: Run, finding: Finding) -> None:
    """Draw the evidence of the finding; where it has none, that of its check."""
    result = run.result(finding.check_id)
    pieces = finding.evidence or (result.evidence if result is not None else ())
    shown = [e for e in pieces if _is_about(e, finding)]
    if shown:
        st.markdown("**Evidence**")
        evidence_panel.show(shown, key=f"drawer-{finding_card.key(finding)}")


def _is_about(piece: Evidence, finding: Finding) -> bool:
    """Return whether a piece of evidence belongs beside a finding."""
    if isinstance(piece, GroupMetrics) and not finding.evidence:
        return piece.attribute in finding.affected.columns
    return not isinstance(piece, RowScores | CellScores | RowGroups)


def _act(run: Run, finding: Finding) -> None:
    result = run.result(finding.check_id)
    if result is None or not result.n_suggested:
        return
    is_whole = result.item_type is not None and result.item_type.place
    if is_whole and finding.id not in run.answers.reviewed:
        return  # the check says something else, too
    if st.button("Review them", type="primary", icon=":material/rule:", key="drawer-review"):
        session.close_finding()
        session.session().queue = finding.check_id
        go(Pages.REVIEW)


def _rows(info: DatasetInfo, finding: Finding) -> None:
    if not finding.affected.row_id:
        return
    st.markdown("**Rows touched**")
    try:
        row_table.show(
            info,
            finding.affected.row_id[:SHOWN_ROWS],
            first=finding.affected.columns,
            alt="First rows that the finding touches",
        )
    except PreflightError as error:
        st.caption(md(error))
    shown = finding.affected.row_id[:SHOWN_ROWS]
    left = finding.affected.n_rows - len(shown)
    if left > 0:
        more = f"{words.count(left, 'more row')} {'is' if left == 1 else 'are'} touched."
        st.caption(f"{more} All rows are in the export of the check.")


def _limits(run: Run, finding: Finding) -> None:
    lines = []
    if finding.threshold is not None:
        line = evidence_panel.by_unit(finding.threshold.value, finding.measure.unit)
        lines.append(
            f"**Threshold** &nbsp; {md(line)} (`{finding.threshold.param}`). "
            f":gray[{md(finding.threshold.source)}]"
        )
    if finding.severity_of_check is not None:
        said = words.SEVERITY[finding.severity_of_check].text
        lines.append(f"**Severity** &nbsp; By the policy of this run; the check says “{said}”.")
    if finding.caveat:
        lines.append(f"**What it cannot see** &nbsp; {md(finding.caveat)}")
    result = run.result(finding.check_id)
    if result is not None and result.changed:
        told = {result.check_id: {name: result.params[name] for name in result.changed}}
        lines.append(f"**Set for this run** &nbsp; {check_settings.sentence(told)}")
    if result is not None and result.coverage.sampled:
        seen = f"{result.coverage.rows_seen:,} of {result.coverage.rows_total:,} rows were read. "
        lines.append(f"**Sampled** &nbsp; {seen}{md(result.coverage.note)}")
    if lines:
        st.divider()
        st.markdown("\n\n".join(lines))


def _help(finding: Finding) -> None:
    entry = next((c for c in runs.catalogue() if c.id == finding.check_id), None)
    if entry is None:
        return
    with st.expander("How this check works", icon=":material/menu_book:"):
        for heading, text in entry.doc.items():
            st.markdown(f"**{heading}**")
            st.markdown(text)
    st.caption(
        "The address bar holds a link to this finding.", text_alignment="left", width="stretch"
    )
