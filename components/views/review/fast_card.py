"""The fast card: the browser holds the next items, draws them and sends what was decided."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from components.services.review import passes
from components.services.review.review import ReviewQueue
from components.views import identity, session
from components.views.desk_route import PATH


def _asset(ending: str) -> str:
    return Path(__file__).with_name(f"desk.{ending}").read_text(encoding="utf-8")


_CARD = st.components.v2.component(
    "preflight_desk", html=_asset("html"), css=_asset("css"), js=_asset("js")
)


def show(queue: ReviewQueue, chosen: dict[str, str]) -> None:
    """Draw the card, its list and its keys.

    Parameters
    ----------
    chosen
        Which items are meant: ``given``, ``suggested``, ``reason``; what is not named is any.
    """
    who, ws = identity.person(), session.workspace()
    reviewer = who.name
    place = f"{queue.run_id} {queue.check_id} {reviewer}"
    _CARD(
        key="desk",
        data={
            "path": PATH.lstrip("/"),
            "pass": passes.issue(ws, queue.run_id, queue.check_id, who),
            "reviewer": reviewer,
            "store": place,
            "queue": f"{place} {json.dumps(chosen, sort_keys=True)}",
            "selection": chosen,
        },
        on_finished_change=_finished,
    )


def _finished() -> None:
    """Draw the page anew: it says what to do when all is settled."""
