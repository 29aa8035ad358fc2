"""The list of columns: which ones, in which order, and how each looks in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from components.checks import registry
from components.core.data.dataset import Kind
from components.core.facts.profile import ColumnProfile
from components.core.judgement.findings import Finding
from components.views import words
from components.views.text import plain

ANY_KIND = "All kinds"
SHAPE_BARS = 24
BADGES, FEWEST_BADGES = 158, 90
"""Pixels of the cells that hold badges: at most, and where there are few."""
NAMES, MOST_NAMES = 106, 230
"""Pixels of the names: beside full cells of badges, and at most. The list can be scrolled."""
MARGIN, GAP, INSIDE, LETTER = 8, 5, 16, 7
"""Pixels beside the badges, between two, inside of one beside its word, and of a letter."""
NEARLY_CONSTANT = 0.95
"""Share of one value from which a column counts as nearly constant: fewer than 1 in 20 differ."""

Touching = Mapping[str, Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Query:
    """What the visitor wants to see of the list."""

    text: str = ""
    kind: str = ANY_KIND
    which: str = ""
    order: str = ""


def _severity(column: ColumnProfile, touching: Touching) -> int:
    return max((f.severity for f in touching.get(column.name, ())), default=0)


def _is_nearly_constant(column: ColumnProfile) -> bool:
    share = column.share_top
    return share is not None and share >= NEARLY_CONSTANT


WHICH: dict[str, Callable[[ColumnProfile, Touching], bool]] = {
    "All columns": lambda _c, _t: True,
    "With findings": lambda c, t: bool(t.get(c.name)),
    "With gaps": lambda c, _t: c.n_missing > 0,
    "Nearly constant": lambda c, _t: _is_nearly_constant(c),
    "All values differ": lambda c, _t: c.uniqueness == 1,
}

ORDER: dict[str, Callable[[ColumnProfile, Touching], tuple[float, str]] | None] = {
    "As in the file": None,
    "Worst finding first": lambda c, t: (-_severity(c, t), ""),
    "Most gaps first": lambda c, _t: (-c.n_missing, ""),
    "Most values first": lambda c, _t: (-c.n_distinct, ""),
    "By name": lambda c, _t: (0, c.name.casefold()),
}


def matching(
    columns: Sequence[ColumnProfile], touching: Touching, query: Query
) -> list[ColumnProfile]:
    """Return the columns that the visitor asked for, in the order asked for."""
    text = query.text.strip().casefold()
    keep = WHICH.get(query.which, WHICH["All columns"])
    found = [
        c
        for c in columns
        if text in c.name.casefold()
        and query.kind in {ANY_KIND, "", words.KIND[c.kind]}
        and keep(c, touching)
    ]
    order = ORDER.get(query.order)
    return found if order is None else sorted(found, key=lambda c: order(c, touching))


def worst(columns: Sequence[ColumnProfile], touching: Touching) -> ColumnProfile:
    """Return the column with the worst finding, the first one of several."""
    return max(columns, key=lambda c: _severity(c, touching))


def ask(columns: Sequence[ColumnProfile]) -> Query:
    """Draw the search box and the choices above the list, and return what is wanted."""
    there = {c.kind for c in columns}
    kinds = [ANY_KIND, *(words.KIND[k] for k in Kind if k in there)]
    with st.container(horizontal=True, gap="small"):
        text = st.text_input(
            "Find a column",
            placeholder="Find a column by name",
            label_visibility="collapsed",
            key="columns-find",
            persist_state="session",
            width=230,
        )
        kind = _choice("Kind", kinds, "columns-kind")
        which = _choice("Which columns", list(WHICH), "columns-which")
        order = _choice("Order", list(ORDER), "columns-order")
    return Query(text, kind, which, order)


def _choice(title: str, options: list[str], key: str) -> str:
    return st.selectbox(
        title,
        options,
        label_visibility="collapsed",
        key=key,
        persist_state="session",
        width=176,
    )


def by_column(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Return the findings that touch each column, worst first."""
    touching: dict[str, list[Finding]] = {}
    for finding in findings:
        for name in finding.affected.columns:
            touching.setdefault(name, []).append(finding)
    return touching


def frame(page: Sequence[ColumnProfile], touching: Touching) -> pd.DataFrame:
    """Return one line per column for the table."""
    return pd.DataFrame(
        {
            "Column": [plain(c.name, limit=60) for c in page],
            "Findings": [_concerns(touching.get(c.name, ())) for c in page],
            "Filled": [100 * c.completeness for c in page],
            "Shape": [shape(c) for c in page],
            "Distinct": [c.n_distinct for c in page],
            "Kind": [words.KIND[c.kind] for c in page],
        }
    )


def _concerns(findings: Sequence[Finding]) -> list[str]:
    return fitting(list(dict.fromkeys(short(f.concern) for f in findings)))


def fitting(names: Sequence[str]) -> list[str]:
    """Return the first names whose badges fit into a cell, and how many more there are: ``+1``."""
    for n in range(len(names), 0, -1):
        left = len(names) - n
        shown = [*names[:n], *([f"+{left}"] if left else [])]
        if _pixels(shown) <= BADGES:
            return shown
    return [f"+{len(names)}"] if names else []


def _pixels(badges: Sequence[str]) -> int:
    return 2 * MARGIN - GAP + sum(INSIDE + LETTER * len(word) + GAP for word in badges)


def widths(names: Sequence[str], badges: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the pixels for names and for badges: names take what badges leave, or more."""
    wide = max(FEWEST_BADGES, *map(_pixels, badges))
    wanted = 2 * MARGIN + LETTER * max(map(len, names))
    return min(max(NAMES + BADGES - wide, wanted), MOST_NAMES), wide


def short(concern: str) -> str:
    """Return the first word of a concern, for narrow cells."""
    return words.concern(concern).partition(" ")[0]


def shape(profile: ColumnProfile) -> list[int]:
    """Return the counts of a small bar chart: bins, or the most frequent values."""
    counts = list(profile.bins.counts) if profile.bins else [t.count for t in profile.top[:8]]
    while len(counts) > SHAPE_BARS:
        counts = [sum(counts[i : i + 2]) for i in range(0, len(counts), 2)]
    return counts


def config(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Return how the columns of a table, as :func:`frame` makes it, are drawn."""
    for_names, for_badges = widths(table["Column"].tolist(), table["Findings"].tolist())
    concerns = registry.concerns()
    names = [short(name) for name in concerns]
    return {
        "Column": st.column_config.TextColumn(width=for_names),
        "Findings": st.column_config.MultiselectColumn(
            width=for_badges,
            options=[*names, *(f"+{n}" for n in range(1, len(names) + 1))],
            color=[concern.colour for concern in concerns.values()] + ["gray"] * len(names),
            help="Worst first. +1: one more kind of finding; select the column to see all.",
        ),
        "Filled": st.column_config.ProgressColumn(
            format="%.0f %%", min_value=0, max_value=100, width=84
        ),
        "Shape": st.column_config.BarChartColumn(width=66, y_min=0, color="gray"),
        "Distinct": st.column_config.NumberColumn(
            format="localized",
            width=84,
            help="Values that differ. Of more than 1,000,000 rows, many are estimated.",
        ),
        "Kind": st.column_config.TextColumn(width=104),
    }
