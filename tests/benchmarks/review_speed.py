"""How long a page of the review and an undo take when very many labels are decided.

``PYTHONPATH=. python tests/benchmarks/review_speed.py [--decisions 22000]``

Makes a workspace with a table, a run that flagged as many labels, and a decision about each but
the last ten; prints milliseconds (median and worst of 20 rounds) of what a page asks for: the
queue with its counts, the item on the screen with its decision, the decisions of the report page,
an undo followed by the same decision; then what the fast card asks for, and one
press about 5,000 items with its undo.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from components.core.data.dataset import Role  # noqa: E402 - the path comes first
from components.core.judgement.evidence import RowScores  # noqa: E402 - the path comes first
from components.core.judgement.findings import CheckResult, Coverage, Status  # noqa: E402 - as above
from components.core.judgement.review import Action, Cell, Decision  # noqa: E402 - as above
from components.core.settings import Settings  # noqa: E402 - as above
from components.jobs.folder import RunFolder  # noqa: E402 - as above
from components.services.data import datasets  # noqa: E402 - as above
from components.services.review import desk, presses, review, selection  # noqa: E402 - as above
from components.services.review.presses import Fate, Press  # noqa: E402 - as above
from components.services.review.selection import Selection  # noqa: E402 - as above
from components.services.review.several import together  # noqa: E402 - as above
from components.services.review.several.together import (  # noqa: E402 - as above
    PressForSeveral,
)
from components.services.runs import runs  # noqa: E402 - as above
from components.services.workspace import Workspace, now, open_workspace  # noqa: E402 - as above
from components.store.results import write_result  # noqa: E402 - as above
from components.store.review import decisions  # noqa: E402 - as above

CHECK, LEFT = "labels.label_errors", 10
TOGETHER = 5_000


def table(folder: Path, n: int) -> Path:
    path = folder / "labels.csv"
    lines = (f"{row},{'abc'[row % 3]}" for row in range(2 * n))
    path.write_text("number,kind\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def run_of(ws: Workspace, path: Path, n: int) -> str:
    info = datasets.add_file(ws, path, path.name)
    kind = info.version.column("kind").kind
    datasets.set_columns(ws, info.version.id, {"kind": (kind, Role.LABEL)}, actor="Ann")
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    suggested = np.array(["abc"[(row + 1) % 3] for row in range(2 * n)], dtype=object)
    scores = RowScores.of(
        "label quality",
        row_id=np.arange(2 * n),
        quality=np.linspace(0, 1, 2 * n),
        flagged=np.arange(2 * n) < n,
        given=suggested,
        suggested=suggested,
        confidence=np.full(2 * n, 0.9),
    )
    result = CheckResult(
        check_id=CHECK,
        title="Labels that look wrong",
        version=1,
        status=Status.PASSED,
        evidence=(scores,),
        coverage=Coverage(rows_seen=2 * n, rows_total=2 * n),
        elapsed_s=0.1,
    )
    folder = ws.files.run(run_id)
    write_result(folder, result)
    spec = runs.spec(ws, run_id)
    RunFolder(folder).write_spec(replace(spec, checks=(*spec.checks, CHECK)))
    return run_id


def decide_all(ws: Workspace, dataset_id: str, n: int) -> None:
    with ws.db.write() as session:
        for row in range(n - LEFT):
            decisions.add(
                session,
                Decision(
                    dataset_id=dataset_id,
                    cell=Cell(row, "kind"),
                    check_id=CHECK,
                    action=Action.CHANGE if row % 2 else Action.KEEP,
                    given="a",
                    new="b" if row % 2 else "a",
                    reviewer="Ann",
                    at=now(),
                ),
            )


def timed(what: str, act: Callable[[], object], rounds: int = 20) -> None:
    """Print how long something takes, after a first time; with 0 rounds the first time itself."""
    if rounds:
        act()
    took = []
    for _ in range(max(1, rounds)):
        started = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - started))
    print(f"{what:<44} {statistics.median(took):7.1f} ms, worst {max(took):.1f}")


def by_keys(ws: Workspace, run_id: str, dataset_id: str) -> None:
    """Time what the server does for the fast card, among open items as many as were decided."""
    with ws.db.write() as session:
        for decision in decisions.standing(session, dataset_id):
            decisions.mark_undone(session, decision.id)
    marks = (f"{number:08}" for number in itertools.count())

    def deal() -> list[Cell]:
        queue = review.queue(ws, run_id)
        assert queue is not None
        places = selection.positions(ws, queue, Selection())
        dealt = desk.deal(ws, queue, places, reviewer="Ann", n=20)
        review.cards(ws, queue, dealt, most=60)
        return [item.cell for item in dealt]

    def press(n: int) -> None:
        queue = review.queue(ws, run_id)
        assert queue is not None
        made = [
            Press(mark=next(marks), cell=queue.cell_at(place), seen="", action=Action.KEEP)
            for place in range(queue.first_open or 0, (queue.first_open or 0) + n)
        ]
        answers = presses.apply(ws, queue, made, reviewer="Ann")
        assert {answer.fate for answer in answers} == {Fate.KEPT}

    timed("20 cards for the fast card", deal)
    timed("one key", lambda: press(1))
    timed("20 keys at once", lambda: press(20))
    many_together(ws, run_id)


def many_together(ws: Workspace, run_id: str) -> None:
    """Time one press about 5,000 open items, and its undo; once, so that each is about as many."""
    queue = review.queue(ws, run_id)
    assert queue is not None
    first = queue.first_open or 0
    press = PressForSeveral(
        mark="all-of-them",
        places=range(first, first + TOGETHER),
        as_of=queue.as_of,
        action=Action.KEEP,
    )
    timed("5,000 items with one press", lambda: together.apply(ws, queue, press, reviewer="Ann"), 0)
    timed("and taken back", lambda: together.take_back(ws, queue, press.mark, reviewer="Ann"), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=22_000)
    n = parser.parse_args().decisions + LEFT
    with tempfile.TemporaryDirectory() as temporary:
        ws = open_workspace(Settings(home=Path(temporary) / "home"))
        run_id = run_of(ws, table(Path(temporary), n), n)
        dataset_id = runs.spec(ws, run_id).dataset.id
        decide_all(ws, dataset_id, n)
        queue = review.queue(ws, run_id)
        assert queue is not None
        assert queue.counts.n_settled == n - LEFT

        def undo_and_decide() -> None:
            undone = review.undo(ws, queue, reviewer="Ann")
            assert undone is not None
            review.decide(ws, queue, undone.taken.cell, Action.KEEP, reviewer="Ann")

        timed("the queue with its counts", lambda: review.queue(ws, run_id))
        timed("the item on the screen", lambda: review.items(ws, queue, queue.first_open or 0, 1))
        timed("a page of 50 items", lambda: review.items(ws, queue, 0, 50))
        timed("counts of the report page", lambda: review.tally(ws, dataset_id))
        timed(
            "500 decisions of the report page", lambda: review.standing(ws, dataset_id, limit=500)
        )
        timed("undo, then decide again", undo_and_decide)
        by_keys(ws, run_id, dataset_id)
        ws.close()


if __name__ == "__main__":
    main()
