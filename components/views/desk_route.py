"""``POST /api/desk/{pass}/{what}``: the cards of a reviewer, and the keys that were pressed.

The page hands out a signed pass (`services.review.passes`); `views.own_address` takes requests of
pages of this very address only. What comes in is checked here and nowhere trusted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from functools import partial
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.core.data.dataset import Kind
from components.core.data.row_numbers import row_number
from components.core.errors import NotFound, PreflightError, UnusableInput
from components.core.judgement.review import Action, Cell, Decision, ReviewCounts
from components.core.people.several_people import Shown
from components.services.data import datasets
from components.services.data.file_lines import file_line
from components.services.review import desk, passes, presses, review, selection
from components.services.review.beside import examples
from components.services.review.class_keys import class_keys
from components.services.review.presses import Press, PressAnswer
from components.services.review.review import Item, ReviewCard
from components.services.team import guidelines, several
from components.services.team.several import Waiting
from components.services.workspace import Workspace
from components.views import session
from components.views.desk_parts import beside, plain, together, whole_rows
from components.views.desk_parts.plain import Said
from components.views.visitors import visitor

PATH = "/api/desk/"
MOST_BYTES = 512_000
"""Of a request."""
MOST_LISTED = 100
MOST_COLUMNS = 60
"""Columns of a card."""
LONGEST, LONGEST_TEXT = 400, 5_000
"""Characters of a cell on a card; of a text."""
LAST = 50
"""Decisions of one's own that can be taken back after a reload."""


class _Opened:
    """A queue for one request of one reviewer."""

    def __init__(self, ws: Workspace, token: str) -> None:
        told = passes.redeem(ws, token, known_by=visitor.known_by())
        found = review.queue(ws, told.run_id, told.check_id)
        if found is None:
            raise NotFound("What was reviewed here is gone.", "Load the page again.")
        self.ws, self.person = ws, told.person
        self.queue = replace(found, read_at=told.since)


async def _post(request: Request) -> Response:
    """Answer a request; what is wrong is said in JSON."""
    what = ANSWERS.get(request.path_params["what"])
    if what is None:
        return _refused(HTTPStatus.NOT_FOUND, "There is no such question.", "Load the page again.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too much was sent.", "")
    try:
        told = await run_in_threadpool(_answer, what, request.path_params["token"], body)
    except (UnusableInput, NotFound) as error:
        return _refused(HTTPStatus.FORBIDDEN, error.what, error.todo)
    except PreflightError as error:
        return _refused(HTTPStatus.SERVICE_UNAVAILABLE, error.what, error.todo)
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _answer(what: Callable[[_Opened, Said], Said], token: str, body: bytes) -> Said:
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise UnusableInput("The request is no JSON object.", "Load the page again.")
    return what(_Opened(session.workspace(), token), said)


def _refused(status: HTTPStatus, what: str, todo: str) -> Response:
    return JSONResponse({"what": what, "todo": todo}, status, headers={"Connection": "close"})


def _start(at: _Opened, _said: Said) -> Said:
    """Return what a page needs once: classes with their keys, one's last decisions."""
    mine = presses.last_of(at.ws, at.queue, reviewer=at.person.name, limit=LAST)
    return {
        "column": at.queue.column,
        "mixed": at.queue.is_mixed,
        "marks": beside.marks(at.ws, at.queue),
        "predicted_by": examples.predicted_by(at.ws, at.queue),
        "classes": list(at.queue.classes),
        "keys": list(class_keys(at.queue.classes).items()),
        "mine": [_decision(at, made) for made in mine],
        "counts": _counts(at, at.queue.counts),
        "type": at.queue.item_type,
        "choices": whole_rows.answers(at.queue),
    }


def _deal(at: _Opened, said: Said) -> Said:
    """Return the next cards, which the reviewer holds from now on."""
    wanted = plain.selection(said.get("selection"))
    places = selection.positions(at.ws, at.queue, wanted)
    waits = several.waiting(at.ws, at.queue, at.person)
    offered = several.offered(places, waits, at.person)
    after, n = plain.whole(said.get("after"), -1), plain.whole(said.get("n"), 20)
    dealt = desk.deal(at.ws, at.queue, offered, reviewer=at.person, n=n, after=after)
    cards = review.cards(at.ws, at.queue, dealt, most=MOST_COLUMNS)
    counts = _counts(at, at.queue.counts, waits)
    views = several.shown(at.ws, at.queue, dealt, at.person)
    items = [_card(at, c, views[c.item.cell]) for c in cards]
    return {"items": items, "n_chosen": len(places), "counts": counts}


def _list(at: _Opened, said: Said) -> Said:
    """Return a page of the list: what was decided, and by whom."""
    places = selection.positions(at.ws, at.queue, plain.selection(said.get("selection")))
    start, n = plain.whole(said.get("start"), 0), min(plain.whole(said.get("n"), 30), MOST_LISTED)
    shown = places[max(0, start) :][: max(0, n)].tolist()
    listed = review.items_at(at.ws, at.queue, shown)
    views = several.shown(at.ws, at.queue, listed, at.person)
    items = [_item(at, item, views[item.cell]) for item in listed]
    return {"items": items, "n_chosen": len(places), "counts": _counts(at, at.queue.counts)}


def _one(at: _Opened, said: Said) -> Said:
    """Return the card of one cell, whatever became of it and whoever holds it."""
    item = review.item(at.ws, at.queue, _cell(at, said))
    (card,) = review.cards(at.ws, at.queue, [item], most=MOST_COLUMNS)
    views = several.shown(at.ws, at.queue, [item], at.person)
    kept_for = several.kept_for(item, several.waiting(at.ws, at.queue, at.person), at.person)
    return {"items": [{**_card(at, card, views[item.cell]), "kept_for": kept_for}]}


def _presses(at: _Opened, said: Said) -> Said:
    """Keep what was decided, and say what became of each key."""
    made = said.get("presses")
    if not isinstance(made, list):
        raise UnusableInput("No keys were sent.", "Load the page again.")
    sent = [_press(at, one) for one in made]
    answers = presses.apply(at.ws, at.queue, sent, reviewer=at.person)
    desk.stay(at.ws, at.queue, reviewer=at.person)
    now = review.queue(at.ws, at.queue.run_id, at.queue.check_id)
    counts = at.queue.counts if now is None else now.counts
    return {"answers": [_told(at, a) for a in answers], "counts": _counts(at, counts)}


def _stay(at: _Opened, _said: Said) -> Said:
    desk.stay(at.ws, at.queue, reviewer=at.person)
    return {"counts": _counts(at, at.queue.counts)}


def _guidelines(at: _Opened, _said: Said) -> Said:
    """Return what the labels mean, as it is written by now."""
    held = guidelines.newest(at.ws, at.queue.dataset_id)
    if held is None:
        return {"text": "", "by": "", "at": ""}
    told = held.at.astimezone(UTC).isoformat(timespec="minutes")
    return {"text": held.text, "by": held.author, "at": told}


def _leave(at: _Opened, _said: Said) -> Said:
    desk.leave(at.ws, at.queue, reviewer=at.person)
    return {}


def _examples(at: _Opened, said: Said) -> Said:
    """Return the rows with the highest label quality, for each class that is named."""
    told = beside.examples_of(at.ws, at.queue, said, most_columns=MOST_COLUMNS, longest=LONGEST)
    return {"examples": told}


def _similar(at: _Opened, said: Said) -> Said:
    return together.similar(at.ws, at.queue, at.person, said)


def _together(at: _Opened, said: Said) -> Said:
    """Decide about several items with one press, or take that back."""
    told = together.press(at.ws, at.queue, at.person, said)
    now = review.queue(at.ws, at.queue.run_id, at.queue.check_id)
    return {**told, "counts": _counts(at, at.queue.counts if now is None else now.counts)}


ANSWERS: dict[str, Callable[[_Opened, Said], Said]] = {
    "start": _start,
    "deal": _deal,
    "list": _list,
    "one": _one,
    "presses": _presses,
    "examples": _examples,
    "similar": _similar,
    "together": _together,
    "stay": _stay,
    "leave": _leave,
    "guidelines": _guidelines,
}


def _press(at: _Opened, said: object) -> Press:
    if not isinstance(said, dict):
        raise UnusableInput("A key is no JSON object.", "Load the page again.")
    action = said.get("action")
    try:
        chosen = None if action is None else Action(action)
    except ValueError as error:
        raise UnusableInput("There is no such decision.", "Load the page again.") from error
    return Press(
        mark=plain.text(said, "mark"),
        cell=_cell(at, said),
        seen=plain.text(said, "seen"),
        action=chosen,
        new=plain.text(said, "new"),
        note=plain.text(said, "note"),
        seconds=_seconds(said.get("seconds")),
        judged_first=said.get("judged_first") is True,
    )


def _cell(at: _Opened, said: Said) -> Cell:
    return Cell(plain.whole(said.get("row_id"), -1), plain.text(said, "column") or at.queue.column)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _told(at: _Opened, answer: PressAnswer) -> Said:
    told = {"mark": answer.mark, "fate": answer.fate, "why": answer.why}
    is_open = at.queue.is_open(answer.cell, answer.stands)
    return {**told, **_shown(at, answer.shown, is_open=is_open)}


def _shown(at: _Opened, shown: Shown, *, is_open: bool) -> Said:
    """Return what the reviewer may see of the decisions about a cell."""
    stands = shown.decision
    return {
        "decision": None if stands is None else _decision(at, stands),
        "version": shown.version,
        "waits": shown.waits,
        "differing": [whole_rows.differing(d) for d in shown.differing],
        "is_open": is_open and not shown.waits,
    }


def _counts(at: _Opened, counts: ReviewCounts, waiting: Waiting | None = None) -> Said:
    waiting = several.waiting(at.ws, at.queue, at.person) if waiting is None else waiting
    return {
        "items": counts.n_items,
        "open": counts.n_open,
        "settled": counts.n_settled,
        "unsure": counts.n_unsure,
        "errors": counts.n_errors,
        "second": waiting.n_second,
        "third": waiting.n_third,
        "kept": [
            [name, n]
            for name, n in several.n_kept(at.ws, at.queue, waiting).items()
            if name != at.person.name
        ],
    }


def _decision(at: _Opened, made: Decision) -> Said:
    return {
        "row_id": made.cell.row_id,
        "column": made.cell.column,
        "version": made.version,
        "action": made.action,
        "new": made.new,
        "by": made.reviewer,
        "mine": made.reviewer == at.person.name,
        "capacity": made.capacity,
        "note": made.note,
        "batch": made.batch,
        "judged_first": made.judged_first,
        "seconds": made.seconds,
        "at": made.at.astimezone(UTC).isoformat(timespec="minutes"),
    }


def _item(at: _Opened, item: Item, shown: Shown) -> Said:
    told = item.suggestion
    return {
        "place": item.position,
        "row_id": item.cell.row_id,
        "row": row_number(item.cell.row_id),
        "column": item.cell.column,
        "given": told.reason if at.queue.item_type.place else told.given,
        "suggested": told.suggested,
        **_shown(at, shown, is_open=item.is_open),
    }


def _card(at: _Opened, card: ReviewCard, shown: Shown) -> Said:
    told, short = card.item.suggestion, partial(plain.short, LONGEST)
    info = datasets.get(at.ws, at.queue.dataset_id)
    texts = {c.name for c in info.version.columns if c.kind is Kind.TEXT}
    values = [
        [name, plain.short(LONGEST_TEXT if name in texts else LONGEST, text)]
        for name, text in card.values
    ]
    return {
        **_item(at, card.item, shown),
        "line": file_line(info, card.item.cell.row_id),
        "confidence": told.confidence,
        "quality": told.quality,
        "reason": told.reason,
        "against": told.against,
        "likely": card.likely,
        "values": values,
        "near": [
            [row_number(int(row_id)), [short(str(text)) for text in texts]]
            for row_id, texts in zip(card.nearest.index, card.nearest.to_numpy(), strict=True)
        ],
        **whole_rows.of_card(card, short),
    }


def route() -> Route:
    """Return the route."""
    return Route(PATH + "{token}/{what}", _post, methods=["POST"])
