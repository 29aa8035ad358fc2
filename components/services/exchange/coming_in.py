"""Answers from another tool become decisions: each once, each about what the person saw.

An answer is kept where its row is as it was when it went out, its class is one of the column, and
nobody here decided meanwhile. All others are refused and told; nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components.core.data.row_numbers import row_number
from components.core.errors import PreflightError, UnusableInput
from components.core.judgement.review import Action, Cell, Decision
from components.core.people import several_people
from components.core.people.person import Identity, Person
from components.core.people.several_people import Shown
from components.core.progress import Progress, silent
from components.services.data import datasets
from components.services.exchange import answer_files
from components.services.exchange.answers import Entry, SkippedAnswer, ToolAnswer, UnusableAnswer
from components.services.exchange.fates import AnswerFate, ComingIn
from components.services.exchange.questions import fingerprints_now, refuse_without_classes
from components.services.people.names import MAX_NAME, valid_name
from components.services.review import keep
from components.services.review.items import said
from components.services.review.queues import ReviewQueue
from components.services.workspace import Workspace, now
from components.store.review import decisions as table
from components.store.review import plans

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BLOCK = 500
"""Answers that are kept in one transaction."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An answer about a row that is as it was; ``given`` is what the cell holds."""

    answer: ToolAnswer
    cell: Cell
    given: str


@dataclass(frozen=True, slots=True)
class _At:
    """Where answers are kept: one transaction, one queue, and what its cells hold."""

    ws: Workspace
    session: Session
    found: ReviewQueue
    given: keep.Given


def take_in(
    ws: Workspace, found: ReviewQueue, content: bytes, *, progress: Progress = silent
) -> ComingIn:
    """Keep the answers of a file of Label Studio or Argilla as decisions.

    The same file again changes nothing.

    Raises
    ------
    UnusableInput
        When the file is none of theirs, or too large; nothing is kept then.
    Conflict
        When the queue is not about one column with classes.
    """
    refuse_without_classes(found)
    tool, entries = answer_files.read(content)
    report = ComingIn(tool)
    answers = list(_usable(entries, report))
    ready = _agreed(ws, found, _known(ws, found, answers, report), report)
    for start in range(0, len(ready), BLOCK):
        progress(start / len(ready), "Keeping the answers")
        _keep_all(ws, found, ready[start : start + BLOCK], report)
    return report


def _usable(entries: Iterator[Entry], report: ComingIn) -> Iterator[ToolAnswer]:
    for entry in entries:
        if isinstance(entry, SkippedAnswer):
            report.n[AnswerFate.SKIPPED] += 1
        elif isinstance(entry, UnusableAnswer):
            report.refuse(AnswerFate.UNUSABLE, entry.place, entry.why)
        else:
            try:
                yield replace(entry, who=entry.who and valid_name(entry.who[:MAX_NAME]))
            except UnusableInput:
                report.refuse(AnswerFate.UNUSABLE, entry.place, "the name of who answered is empty")


def _known(
    ws: Workspace, found: ReviewQueue, answers: Sequence[ToolAnswer], report: ComingIn
) -> Iterator[_Known]:
    """Yield answers about rows that are as they were, with what the cell holds."""
    info = datasets.get(ws, found.dataset_id)
    there = fingerprints_now(info, found.column, [answer.row_id for answer in answers])
    for answer in answers:
        mark, given = there.get(answer.row_id, ("", ""))
        if answer.column != found.column:
            why = f"it is about “{answer.column[:80]}”, not about “{found.column}”"
            report.refuse(AnswerFate.UNUSABLE, answer.place, why)
        elif mark != answer.fingerprint:
            row = f"row {row_number(answer.row_id):,}"
            why = f"{row} is not as it was when it went out; it may be one of another table"
            report.refuse(AnswerFate.STALE, answer.place, why)
        elif answer.label != given and answer.label not in found.classes:
            why = f"“{answer.label[:80]}” is not a value of “{found.column}”"
            report.refuse(AnswerFate.UNKNOWN, answer.place, why)
        else:
            yield _Known(answer, Cell(answer.row_id, found.column), given)


def _agreed(
    ws: Workspace, found: ReviewQueue, answers: Iterator[_Known], report: ComingIn
) -> list[_Known]:
    """Return the answers to keep: of each row one, where all who answered say the same.

    Of a row that two people judge it is the latest of each person.
    """
    with ws.db.read() as session:
        plan = plans.of_dataset(session, found.dataset_id)
    of_row: dict[Cell, list[_Known]] = defaultdict(list)
    for known in answers:
        of_row[known.cell].append(known)
    agreed: list[_Known] = []
    for cell, several in of_row.items():
        several.sort(key=_when)
        last_of = {k.answer.who or k.answer.number: k for k in several}
        latest = sorted(last_of.values(), key=_when)
        if plan.is_double(cell):
            agreed += latest
        elif len({k.answer.label for k in latest}) == 1:
            agreed.append(latest[-1])
        else:
            said = ", ".join(f"“{k.answer.label[:40]}” by {k.answer.reviewer}" for k in latest)
            why = f"row {row_number(cell.row_id):,} was answered differently ({said})"
            report.refuse(AnswerFate.DISAGREED, several[0].answer.place, f"{why}; decide it here")
    return agreed


def _when(known: _Known) -> str:
    said_at = known.answer.said_at
    return "" if said_at is None else said_at.isoformat()


def _keep_all(ws: Workspace, found: ReviewQueue, block: Sequence[_Known], report: ComingIn) -> None:
    """Keep some answers in one transaction."""
    given = {known.cell: known.given for known in block}
    suggested = keep.suggested_for(ws, found, given)
    with ws.db.write() as session:
        at = _At(ws, session, found, given)
        for known in block:
            fate, why = _keep(at, known, suggested[known.cell])
            if why:
                report.refuse(fate, known.answer.place, why)
            else:
                report.n[fate] += 1


def _keep(at: _At, known: _Known, suggested: tuple[str | None, ...]) -> tuple[AnswerFate, str]:
    """Keep one answer; return what became of it, and why it was refused."""
    answer, dataset_id = known.answer, at.found.dataset_id
    if table.of_press(at.session, dataset_id, answer.mark) is not None:
        return AnswerFate.BEFORE, ""
    person = Person(answer.reviewer, Identity.TOOL)
    made = table.about(at.session, dataset_id, known.cell)
    shown = keep.shown_to(at.ws, at.found, made, person)
    if not _was_seen(answer, made, shown):
        row = f"row {row_number(known.cell.row_id):,}"
        return AnswerFate.DECIDED, f"{row} {_meanwhile(shown)} meanwhile"
    try:
        decision = keep.checked(at.ws, at.found, _decision(at.found, known), at.given)
        keep.keep(
            *(at.ws, at.session, at.found, decision),
            person=person,
            suggested=suggested,
            was_seen=lambda _: True,
        )
    except PreflightError as error:
        return AnswerFate.DECIDED, error.what.removesuffix(".")
    return AnswerFate.KEPT, ""


def _meanwhile(shown: Shown) -> str:
    if shown.differing:
        return "was answered differently by two people"
    if shown.decision is None:
        return "was opened again"
    return f"was {said.of(shown.decision)} by {shown.decision.reviewer}"


def _was_seen(answer: ToolAnswer, made: Sequence[Decision], shown: Shown) -> bool:
    """Whether what there is to see is what went out, or an earlier answer of the person there.

    Who answers elsewhere never decides between two answers of others: they were not to be seen.
    """
    if shown.differing or several_people.is_disputed(made):
        return False
    if shown.version == answer.seen:
        return True
    own = several_people.own_answer(made, answer.reviewer)
    if own is None or own != shown.decision or own.source != answer.tool:
        return False
    return answer.said_at is None or own.said_at is None or own.said_at < answer.said_at


def _decision(found: ReviewQueue, known: _Known) -> Decision:
    answer, at = known.answer, now()
    is_kept, said_at = answer.label == known.given, answer.said_at
    return Decision(
        dataset_id=found.dataset_id,
        cell=known.cell,
        check_id=found.check_id,
        action=Action.KEEP if is_kept else Action.CHANGE,
        given=known.given,
        new=answer.label,
        reviewer=answer.reviewer,
        at=at,
        note=answer.note,
        press=answer.mark,
        seconds=answer.seconds,
        source=answer.tool,
        said_at=said_at if said_at is None or said_at <= at else None,
    )
