"""Which items of a queue are shown: of one pair of classes, one group of people, one person, ..."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import streamlit as st

from components.services.review import selection
from components.services.review.beside import choices as choice_counts
from components.services.review.beside.choices import Choices
from components.services.review.review import ReviewQueue
from components.services.review.selection import Selection, Stage
from components.views import session
from components.views.desk_parts import plain as requests
from components.views.text import code, md, plain

ITEM = "item"
"""The part of the address that names the item on the screen."""

PARTS = (
    "stage",
    "given",
    "suggested",
    "reason",
    "by_column",
    "group",
    "band",
    "decided_by",
    "text",
    "column",
    "value",
)
"""Parts of the address, and of what the server is asked for; what is not named is any."""

STAGES = {
    Stage.OPEN: "open",
    Stage.SETTLED: "settled",
    Stage.UNSURE: "not sure, handed on",
    Stage.ESCALATED: "handed on",
    Stage.ERRORS: "called errors",
    Stage.ALL: "all",
}

Chosen = dict[str, str]


def show(queue: ReviewQueue, *, is_blind: bool = False) -> Chosen:
    """Draw the choice, keep it in the address, and return it; else it is any.

    Parameters
    ----------
    is_blind
        Whether choices are left out that betray what is suggested.
    """
    chosen = asked()
    panel = st.popover(
        "Choose items",
        icon=":material/filter_alt:",
        type="tertiary",
        key="items",
        on_change="rerun",  # what it counts is counted when somebody looks
    )
    if panel.open:
        with panel:
            _form(queue, chosen, is_blind=is_blind)
    if chosen:
        st.markdown(f":gray[:small[Only {said(chosen)}]]", width="content")
        st.button("Show all", type="tertiary", key="items-all", on_click=_all)
    return chosen


def asked() -> Chosen:
    """Return what the address asks for."""
    named = {name: session.asked(name) for name in PARTS}
    chosen = {name: text for name, text in named.items() if text}
    if "decided_by" in chosen:
        chosen.setdefault("stage", Stage.ALL.value)
    return chosen


def betrays(chosen: Chosen) -> bool:
    """Return whether what was chosen tells what is suggested for the items."""
    return any(part in chosen for part in ("suggested", "reason"))


def wanted(chosen: Mapping[str, str]) -> Selection:
    """Return the same as services understand it."""
    return requests.selection(dict(chosen))


def _form(queue: ReviewQueue, chosen: Chosen, *, is_blind: bool) -> None:
    found = choice_counts.choices(session.workspace(), queue, wanted(chosen))
    if any(stage is not Stage.OPEN and stage is not Stage.ALL for stage, _ in found.stages):
        _box("How far", _stages(found), chosen, any_is="open")
    if not is_blind:
        _box("Given and suggested", _pairs(found), chosen)
    _box("Group of people", _groups(found), chosen)
    _box("Score (the lowest are the most doubtful)", _bands(found), chosen)
    _box("Decided by", _people(found), chosen)
    told = selection.facets(session.workspace(), queue)
    if told.reason.any() and not is_blind:
        _field("Part of the reason", "reason", chosen)
    _field("Text in the row", "text", chosen)


_Option = tuple[Chosen, str, int]
"""What it puts into the address, its words, and the items that it leaves."""


def _stages(found: Choices) -> list[_Option]:
    there = [(s, n) for s, n in found.stages if s is not Stage.OPEN]
    return [({"stage": stage.value}, STAGES[stage], n) for stage, n in there]


def _pairs(found: Choices) -> list[_Option]:
    return [
        (
            {"given": given, "suggested": suggested},
            f"{given or 'empty'} to {suggested or 'empty, or not known'}",
            n,
        )
        for (given, suggested), n in found.pairs
    ]


def _groups(found: Choices) -> list[_Option]:
    return [
        ({"by_column": column, "group": group}, f"{column}: {group}", n)
        for (column, group), n in found.groups
    ]


def _bands(found: Choices) -> list[_Option]:
    return [({"band": str(n)}, _band(n), count) for n, count in found.bands]


def _people(found: Choices) -> list[_Option]:
    return [({"decided_by": name}, name, n) for name, n in found.people]


def _band(tenth: int) -> str:
    return f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}"


def _box(label: str, options: Sequence[_Option], chosen: Chosen, *, any_is: str = "any") -> None:
    """Draw a choice, unless it is none; the address says what is chosen."""
    parts = dict.fromkeys(part for choice, _, _ in options for part in choice)
    now = {part: chosen[part] for part in parts if part in chosen}
    choices = [choice for choice, _, _ in options]
    if len(options) < 2 - bool(now or any_is != "any"):
        return
    words = [f"{plain(text, limit=80)} ({n:,})" for _, text, n in options]
    key = f"items-{crc32(' '.join([label, *words]).encode())}-{_place(choices, now)}"
    st.selectbox(
        label,
        range(len(options)),
        index=_place(choices, now),
        format_func=words.__getitem__,
        placeholder=any_is.capitalize(),
        key=key,
        on_change=_take,
        args=(key, choices, tuple(parts)),
    )


def _place(choices: Sequence[Chosen], now: Chosen) -> int | None:
    there = [{part: text for part, text in choice.items() if text} for choice in choices]
    return there.index(now) if now and now in there else None


def _take(key: str, choices: Sequence[Chosen], parts: Iterable[str]) -> None:
    place = session.remembered(key)
    choice = choices[place] if isinstance(place, int) else {}
    _put({part: choice.get(part, "") for part in parts})


def _field(label: str, part: str, chosen: Chosen) -> None:
    key = f"items-{part}"
    st.text_input(
        label,
        value=chosen.get(part, ""),
        max_chars=200,
        key=key,
        on_change=_take_text,
        args=(key, part),
    )


def _take_text(key: str, part: str) -> None:
    text = session.remembered(key)
    _put({part: text.strip() if isinstance(text, str) else ""})


def _put(parts: Mapping[str, str]) -> None:
    """Choose other items; the one on the screen need not be among them."""
    for part, text in parts.items():
        session.put(part, text)
    session.put(ITEM, "")
    session.session().cell, session.session().passed = None, -1


def said(chosen: Chosen) -> str:
    """Return which items are meant, in words."""
    told = []
    if "given" in chosen:
        suggested = chosen.get("suggested") or "an empty cell"
        told.append(f"{code(chosen['given'])} with {code(suggested)} suggested")
    if "reason" in chosen:
        told.append(f"“{md(chosen['reason'], limit=60)}” in the reason")
    if "group" in chosen:
        told.append(f"{code(chosen.get('by_column', ''))} {code(chosen['group'])}")
    if chosen.get("band", "").isdecimal():
        told.append(f"a score of {_band(int(chosen['band']))}")
    if "decided_by" in chosen:
        told.append(f"decided by {md(chosen['decided_by'], limit=40)}")
    elif chosen.get("stage") in set(STAGES):
        told.append(STAGES[Stage(chosen["stage"])])
    told += _of_the_row(chosen)
    return ", ".join(told) or "what the address says"


def _of_the_row(chosen: Chosen) -> list[str]:
    told = []
    if "text" in chosen:
        told.append(f"“{md(chosen['text'], limit=60)}” in the row")
    if "column" in chosen:
        told.append(f"{code(chosen['column'])} is {code(chosen.get('value') or 'empty')}")
    return told


def _all() -> None:
    session.forget("items-reason", "items-text")
    _put(dict.fromkeys(PARTS, ""))
