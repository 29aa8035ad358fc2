"""Tasks of Label Studio: `data`, `predictions` and `annotations`.

Written is its basic JSON format (https://labelstud.io/guide/tasks), read is what its export “JSON”
holds (https://labelstud.io/guide/task_format).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from components.services.exchange.answers import (
    Entry,
    SkippedAnswer,
    ToolAnswer,
    UnusableAnswer,
    instant,
    our_fields,
    seconds,
    text_of,
)
from components.services.exchange.questions import ItemQuestion

TOOL = "Label Studio"
LABEL, NOTE, ROW = "label", "note", "row"


def config(column: str, classes: Sequence[str]) -> str:
    """Return the labeling configuration for the tasks, to be pasted into a project."""
    asked = quoteattr(f"{column}: which value is right? In the file: $given")
    lines = [
        "<View>",
        f"  <Header value={asked}/>",
        f'  <Text name="{ROW}" value="${ROW}"/>',
        f'  <Choices name="{LABEL}" toName="{ROW}" choice="single">',
        *(f"    {_choice(name)}" for name in classes),
        "  </Choices>",
        f'  <TextArea name="{NOTE}" toName="{ROW}" rows="2" placeholder="Note"/>',
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def task(question: ItemQuestion) -> dict[str, Any]:
    """Return one item as a task."""
    told = {"suggested": question.suggested, "reason": question.reason}
    made: dict[str, Any] = {
        "data": {
            ROW: question.row,
            "row_number": question.number,
            "given": question.given,
            **{name: text for name, text in told.items() if text},
            **question.ours,
        }
    }
    if question.suggested:
        made["predictions"] = [
            {
                "model_version": question.check_id,
                **({} if question.confidence is None else {"score": question.confidence}),
                "result": [
                    {
                        "id": f"r{question.cell.row_id}",
                        "from_name": LABEL,
                        "to_name": ROW,
                        "type": "choices",
                        "value": {"choices": [question.suggested]},
                    }
                ],
            }
        ]
    return made


def is_of_it(told: dict[str, Any]) -> bool:
    """Whether a record looks like a task."""
    return isinstance(told.get("data"), dict) and "annotations" in told


def answers(told: dict[str, Any], place: str) -> Iterator[Entry]:
    """Yield what people answered to one task; one that nobody has answered yields nothing."""
    ours = our_fields(told["data"], place)
    if isinstance(ours, UnusableAnswer):
        yield ours
        return
    annotations = told["annotations"]
    for made in annotations if isinstance(annotations, list) else []:
        if not isinstance(made, dict):
            yield UnusableAnswer(place, "an annotation is no JSON object")
        elif made.get("was_cancelled"):
            yield SkippedAnswer(place)
        else:
            yield _answer(ours, made, place)


def _answer(ours: dict[str, Any], made: dict[str, Any], place: str) -> Entry:
    results = made.get("result")
    chosen, notes = [], []
    for one in results if isinstance(results, list) else []:
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(value, dict):
            continue
        if one.get("from_name") == LABEL:
            chosen += _texts(value.get("choices"))
        elif one.get("from_name") == NOTE:
            notes += _texts(value.get("text"))
    if not chosen:
        return SkippedAnswer(place)
    if len(chosen) > 1:
        return UnusableAnswer(place, f"{len(chosen)} values were chosen")
    return ToolAnswer(
        **ours,
        place=place,
        tool=TOOL,
        label=chosen[0],
        who=_who(made.get("completed_by")),
        said_at=instant(made.get("updated_at")) or instant(made.get("created_at")),
        note="\n".join(notes),
        seconds=seconds(made.get("lead_time")),
        number=text_of(made.get("id")),
    )


def _choice(name: str) -> str:
    """Return a class; a text that begins with ``$`` would be read as the name of a field."""
    if name.startswith("$"):
        return f"<Choice value={quoteattr(f'“{name}”')} alias={quoteattr(name)}/>"
    return f"<Choice value={quoteattr(name)}/>"


def _texts(value: object) -> list[str]:
    told = value if isinstance(value, list) else [value]
    return [text_of(text) for text in told if isinstance(text, str)]


def _who(value: object) -> str:
    """Return who answered: an address where the export holds it, else the number of the user."""
    if isinstance(value, dict):
        names = " ".join(text_of(value.get(n)) for n in ("first_name", "last_name")).strip()
        return text_of(value.get("email")) or names or _who(value.get("id"))
    number = text_of(value)
    return f"{TOOL} user {number}" if number else ""
