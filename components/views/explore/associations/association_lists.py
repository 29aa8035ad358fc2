"""What else is known of columns that go together: lists beside the heat-map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.charts.evidence.figure import alt, figure
from components.charts.explore.association_matrix import alt_heat_map, heat_map, strongest
from components.charts.figure_data import of_evidence, of_matrix
from components.core.facts.associations import AssociationMatrix, Associations, Cluster, Pair
from components.core.judgement.evidence import Ranking, Unit
from components.views import session, words
from components.views.current import Run
from components.views.explore.associations import association_pair
from components.views.parts import heading
from components.views.parts.figures import evidence_panel
from components.views.parts.figures.evidence_panel import Point
from components.views.text import code, md

MOST_CLUSTERS = 12
MOST_NAMES = 8
MOST_WITH_LABEL = 15
MOST_GAPS = 40
MOST_REASONS = 12


def show(run: Run, found: Associations) -> None:
    """Draw the lists that there are."""
    left, right = st.columns(2, gap="medium")
    with left:
        if found.with_label:
            _with_label(run, found.with_label)
        _clusters(run, found.clusters)
    with right:
        _gaps(found.missing)
        _left_out(found)


def _with_label(run: Run, pairs: Sequence[Pair]) -> None:
    label = pairs[0].second
    shown = pairs[:MOST_WITH_LABEL]
    ranking = Ranking(
        name=f"Ties with {label}",
        axis="strength",
        unit=Unit.SCORE,
        items=tuple(p.first for p in shown),
        values=tuple(p.strength for p in shown),
        notes=tuple(_power(p) for p in shown),
    )
    heading.section("Strongest with the label")
    with st.container(border=True):
        evidence_panel.pick(
            figure(ranking, session.theme(), title=False),
            key=f"with-label-{run.id}",
            alt_text=alt(ranking),
            sheet=lambda: of_evidence(ranking),
            name="ties with the label",
            hint=_more(len(pairs) - len(shown)),
            on_pick=partial(_picked, run, shown),
        )


def _power(pair: Pair) -> str:
    if pair.first_predicts is None:
        return ""
    return f"saves {words.share(pair.first_predicts)} of the error of guessing the label"


def _more(n: int) -> str:
    more = f" {n:,} more columns are tied less." if n > 0 else ""
    return f"Click a bar for the pair.{more}"


def _picked(run: Run, shown: Sequence[Pair], points: list[Point]) -> None:
    for point in points:
        if 0 <= point.position < len(shown):
            pair = shown[point.position]
            association_pair.look_at(run, pair.first, pair.second)


def _clusters(run: Run, clusters: Sequence[Cluster]) -> None:
    heading.section("Columns that say nearly the same")
    if not clusters:
        st.caption("None: no column can stand for another.")
        return
    for position, cluster in enumerate(clusters[:MOST_CLUSTERS]):
        _cluster(run, cluster, position)
    if len(clusters) > MOST_CLUSTERS:
        st.caption(f"{len(clusters) - MOST_CLUSTERS:,} more groups are not listed.")


def _cluster(run: Run, cluster: Cluster, position: int) -> None:
    names = ", ".join(code(name, limit=40) for name in cluster.columns[:MOST_NAMES])
    more = len(cluster.columns) - MOST_NAMES
    rest = f" and {more:,} more" if more > 0 else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{names}{rest}  \n:gray[:small[each tied to another one at {cluster.weakest:.2f} "
            "or more]]",
            width="stretch",
        )
        st.button(
            "Look",
            key=f"cluster-{position}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=association_pair.look_at,
            args=(run, cluster.columns[0], cluster.columns[1]),
        )


def _gaps(missing: AssociationMatrix | None) -> None:
    heading.section("Missing values that come together")
    if missing is None or len(missing.columns) < 2:  # noqa: PLR2004 - a pair
        st.caption("Fewer than two columns have gaps.")
        return
    drawn = strongest(missing, most=MOST_GAPS)
    with st.container(border=True):
        evidence_panel.plot(
            heat_map(drawn, session.theme(), what="correlation of the gaps"),
            key="gaps-together",
            alt_text=alt_heat_map(drawn),
            sheet=lambda: of_matrix(missing),
            name="missing together",
        )
        st.caption(
            "Correlation of the gaps (phi). 1: the two are missing in the same rows; "
            "0: the one says nothing about the other."
        )


def _left_out(found: Associations) -> None:
    if not found.left_out:
        return
    heading.section("Columns that were not compared")
    reasons: dict[str, list[str]] = {}
    for name, why in found.left_out.items():
        reasons.setdefault(why, []).append(name)
    for why, names in list(reasons.items())[:MOST_REASONS]:
        shown = ", ".join(code(name, limit=40) for name in names[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        st.markdown(f"{shown}{more}  \n:gray[:small[{md(why)}]]")
    rest = sum(len(names) for names in list(reasons.values())[MOST_REASONS:])
    if rest:
        st.caption(f"{words.count(rest, 'more column')} for other reasons.")
