"""Which items of a queue are shown: of one pair of classes, flagged for one reason."""

from __future__ import annotations

import streamlit as st

from components.services.review import selection
from components.services.review.review import ReviewQueue
from components.views import session
from components.views.text import code, md, plain

GIVEN, SUGGESTED, REASON = "given", "suggested", "reason"
"""Parts of the address, and of what the server is asked for."""
MOST_PAIRS = 200


def show(queue: ReviewQueue) -> dict[str, str]:
    """Draw the choice side by side, keep it in the address, and return it; else it is any."""
    pairs = selection.pairs(session.workspace(), queue, most=MOST_PAIRS)
    asked = _asked()
    with st.popover("Choose items", icon=":material/filter_alt:", type="tertiary"):
        chosen = _form(pairs, asked)
    if chosen:
        st.markdown(f":gray[:small[Only {_said(chosen)}]]", width="content")
        st.button("Show all", type="tertiary", key="items-all", on_click=_all)
    for name in (GIVEN, SUGGESTED, REASON):
        session.put(name, chosen.get(name, ""))
    return chosen


def _asked() -> dict[str, str]:
    named = {name: session.asked(name) for name in (GIVEN, SUGGESTED, REASON)}
    return {name: text for name, text in named.items() if text}


def _form(pairs: list[tuple[str, str, int]], asked: dict[str, str]) -> dict[str, str]:
    wanted = (asked.get(GIVEN), asked.get(SUGGESTED, ""))
    places = [n for n, (given, suggested, _) in enumerate(pairs) if (given, suggested) == wanted]
    place = st.selectbox(
        "Given and suggested",
        range(len(pairs)),
        index=places[0] if places else None,
        format_func=lambda n: plain(_pair(pairs[n]), limit=90),
        placeholder="Any",
        key="items-pair",
    )
    reason = st.text_input(
        "Part of the reason", value=asked.get(REASON, ""), max_chars=200, key="items-reason"
    ).strip()
    chosen = {REASON: reason} if reason else {}
    if place is not None:
        chosen |= {GIVEN: pairs[place][0], SUGGESTED: pairs[place][1]}
    return chosen


def _pair(pair: tuple[str, str, int]) -> str:
    given, suggested, n = pair
    return f"{given or 'empty'} to {suggested or 'empty, or not known'} ({n:,})"


def _said(chosen: dict[str, str]) -> str:
    told = []
    if GIVEN in chosen:
        suggested = chosen[SUGGESTED] or "an empty cell"
        told.append(f"{code(chosen[GIVEN] or 'empty')} with {code(suggested)} suggested")
    if REASON in chosen:
        told.append(f"“{md(chosen[REASON], limit=60)}” in the reason")
    return ", ".join(told)


def _all() -> None:
    session.forget("items-pair", "items-reason")
    for name in (GIVEN, SUGGESTED, REASON):
        session.put(name, "")
