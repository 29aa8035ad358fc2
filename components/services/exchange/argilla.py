"""Records of Argilla: `fields`, `suggestions` and `responses`.

Written and read is what ``rg.Record.to_dict`` of its version 2 gives and ``from_dict`` takes, as in
the file of ``dataset.records.to_json`` (https://docs.argilla.io).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from components.services.exchange.answers import (
    Entry,
    SkippedAnswer,
    ToolAnswer,
    UnusableAnswer,
    our_fields,
    text_of,
)
from components.services.exchange.questions import ItemQuestion

TOOL = "Argilla"
LABEL, NOTE = "label", "note"
SUBMITTED = "submitted"


def record(question: ItemQuestion) -> dict[str, Any]:
    """Return one item as a record."""
    suggestion = {
        "value": question.suggested,
        "score": question.confidence,
        "agent": question.check_id,
    }
    return {
        "id": f"{question.cell.row_id}-{question.fingerprint[:8]}",
        "fields": {
            "row": question.row or "(no other column)",
            "given": f"Row {question.number:,}, {question.cell.column}: "
            f"{question.given or '(empty)'}",
            **({"reason": question.reason} if question.reason else {}),
        },
        "metadata": question.ours,
        "suggestions": {LABEL: suggestion} if question.suggested else {},
        "responses": {},
        "vectors": {},
    }


def is_of_it(told: dict[str, Any]) -> bool:
    """Whether something looks like a record."""
    return isinstance(told.get("fields"), dict) and "responses" in told


def answers(told: dict[str, Any], place: str) -> Iterator[Entry]:
    """Yield what people answered to one record; one that nobody has answered yields nothing.

    A response names its user by id alone, and no time.
    """
    ours = our_fields(told.get("metadata"), place)
    if isinstance(ours, UnusableAnswer):
        yield ours
        return
    responses = told["responses"] if isinstance(told["responses"], dict) else {}
    notes = {_user(r): text_of(r.get("value")) for r in _listed(responses.get(NOTE))}
    for made in _listed(responses.get(LABEL)):
        status = made.get("status")
        if status is not None and status != SUBMITTED:
            yield SkippedAnswer(place)
            continue
        label = made.get("value")
        if not isinstance(label, str):
            yield UnusableAnswer(place, "a response holds no text")
            continue
        yield ToolAnswer(
            **ours,
            place=place,
            tool=TOOL,
            label=label,
            who=f"{TOOL} user {_user(made)}" if _user(made) else "",
            note=notes.get(_user(made), ""),
        )


def _user(response: dict[str, Any]) -> str:
    return text_of(response.get("user_id"))


def _listed(responses: object) -> list[dict[str, Any]]:
    told = responses if isinstance(responses, list) else []
    return [one for one in told if isinstance(one, dict)]
