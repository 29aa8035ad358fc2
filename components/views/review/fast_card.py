"""The fast card: the browser holds the next items, draws them and sends what was decided."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from components.services.review import passes
from components.services.review.items.item_words import THEIR_KEYS
from components.services.review.review import ReviewQueue
from components.views import session
from components.views.desk_parts import pictures
from components.views.desk_route import PATH
from components.views.review import chosen_items, judge_first, key_preset
from components.views.review.chosen_items import ITEM
from components.views.visitors import identity

_PARTS = ("several", "place", "evidence", "pictures", "types", "undo", "counts")
_STYLED = ("several", "evidence", "pictures", "types")
"""Parts of the card with files of their own; a component is one script and one style sheet."""


def _asset(ending: str, parts: tuple[str, ...] = ()) -> str:
    here = Path(__file__).parent
    files = [here / f"desk.{ending}", *(here / "card" / f"{part}.{ending}" for part in parts)]
    return "".join(path.read_text(encoding="utf-8") for path in files)


_CARD = st.components.v2.component(
    "preflight_desk", html=_asset("html"), css=_asset("css", _STYLED), js=_asset("js", _PARTS)
)


def show(queue: ReviewQueue, chosen: dict[str, str]) -> None:
    """Draw the card, its list and its keys.

    Parameters
    ----------
    chosen
        Which items are meant, by `chosen_items.PARTS`; what is not named is any.
    """
    who, ws, visit = identity.person(), session.workspace(), session.session().review
    if not judge_first.is_wanted():
        visit.fast.add(queue.check_id)
    reviewer = who.name
    place = f"{queue.run_id} {queue.check_id} {reviewer}"
    _CARD(
        key="desk",
        data={
            "path": PATH.lstrip("/"),
            "pass": passes.issue(ws, queue.run_id, queue.check_id, who),
            "reviewer": reviewer,
            "store": place,
            "column": queue.column,
            "queue": f"{place} {json.dumps(chosen, sort_keys=True)} {judge_first.is_wanted()} "
            f"{key_preset.wanted()}",
            "selection": chosen,
            "item": session.asked(ITEM),
            "keys": dict(THEIR_KEYS[key_preset.wanted()]),
            "judge_first": judge_first.is_wanted(),
            "betrays": chosen_items.betrays(chosen),
            "shown": [
                [cell.row_id, cell.column]
                for check_id, cell in visit.shown
                if check_id == queue.check_id
            ],
            "pictures": pictures.PATH.lstrip("/"),
            "hosts": pictures.allowed(st.context.headers.get("Cookie") or ""),
            "has_folder": ws.settings.data_dir is not None,
        },
        on_finished_change=_finished,
        on_counted_change=_finished,
    )


def _finished() -> None:
    """Draw the page anew: it counts what is decided, and says what to do when all is settled."""
