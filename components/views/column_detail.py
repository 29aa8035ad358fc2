"""One column in detail: its numbers, its shape, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.charts.columns import alt_column, histogram
from components.core.facts import ColumnProfile, DatasetProfile
from components.core.findings import Finding
from components.core.query import Scalar
from components.views import session, words
from components.views.current import Run
from components.views.parts import badges, evidence_panel, finding_card
from components.views.text import code, md

ALL, SPLIT = "All rows", "By label"
MOST_DISGUISED = 5
MOST_FINDINGS = 4


def show(run: Run, profile: DatasetProfile, column: ColumnProfile) -> None:
    """Draw the card of a column."""
    findings = [f for f in run.findings if column.name in f.affected.columns]
    with st.container(border=True):
        marks = _marks(findings)
        role = badges.quiet(words.ROLE[column.role])
        st.markdown(
            f"{code(column.name)} &nbsp; {badges.quiet(words.KIND[column.kind])} {role} {marks}"
        )
        _numbers(column)
        _picture(profile, column)
        _disguised(column)
        for finding in findings[:MOST_FINDINGS]:
            _finding(finding)


def _marks(findings: Sequence[Finding]) -> str:
    """Return one badge per concern, in the colour of its worst finding."""
    worst = {words.concern(f.concern): f.severity for f in reversed(findings)}
    return " ".join(f":{words.SEVERITY[s].colour}-badge[{name}]" for name, s in worst.items())


def _numbers(column: ColumnProfile) -> None:
    facts = [(label, md(value, limit=24)) for label, value in _facts(column)]
    evidence_panel.pairs(facts, narrowest=54)


def _facts(column: ColumnProfile) -> list[tuple[str, str]]:
    about = "" if column.distinct_exact else "about "
    facts = [
        ("Filled", words.share(column.completeness)),
        ("Distinct", f"{about}{column.n_distinct:,}"),
    ]
    median = (column.quantiles or {}).get("0.5")
    if median is not None:
        facts.append(("Median", words.number(median)))
    if column.minimum is not None and (
        column.kind.is_numeric or median is not None or _is_time(column)
    ):
        facts += [("Smallest", scalar(column.minimum)), ("Largest", scalar(column.maximum))]
    elif column.top:
        facts.append(("Most frequent", column.top[0].value))
    return facts


def _is_time(column: ColumnProfile) -> bool:
    return hasattr(column.minimum, "year")


def scalar(value: Scalar) -> str:
    """Return a value of a column for people."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return words.number(float(value))
    return str(value).removesuffix(" 00:00:00")


def _picture(profile: DatasetProfile, column: ColumnProfile) -> None:
    can_split = bool(
        profile.label_counts
        and ((column.bins and column.bins.by_label) or any(t.by_label for t in column.top))
    )
    split = False
    if can_split:
        chosen = st.segmented_control(
            "Rows",
            [ALL, SPLIT],
            default=SPLIT,
            required=True,
            label_visibility="collapsed",
            key="split",
        )
        split = chosen == SPLIT
    drawn = histogram(column, theme=session.theme(), by_label=split)
    evidence_panel.plot(drawn, key="column", alt_text=alt_column(column))


def _disguised(column: ColumnProfile) -> None:
    if column.disguised:
        parts = [
            f"{code(text, limit=20)} in {words.count(n, 'row')}"
            for text, n in list(column.disguised.items())[:MOST_DISGUISED]
        ]
        st.markdown(f":gray[:material/visibility_off: Counted as missing:] {', '.join(parts)}")


def _finding(finding: Finding) -> None:
    word = words.SEVERITY[finding.severity]
    st.markdown(
        f":{word.colour}[{word.icon}] **{md(finding.title)}**  \n"
        f":gray[:material/build:] {md(finding.recommended_action)}"
    )
    st.button(
        "Evidence",
        key=f"column-{finding_card.key(finding)}",
        type="tertiary",
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=session.open_finding,
        args=(finding.id,),
    )
