"""Whether decisions of many people at once are all kept, once, where they were meant.

``PYTHONPATH=. python tests/benchmarks/many_reviewers.py [--processes 20] [--decisions 5000]
[--kills 8] [--database URL | --server-programs /usr/lib/postgresql/15/bin]``

Processes decide about the rows of one queue, half of which all of them share, through
``components.services.review``, in bundles as a browser sends them. Each writes down what it sends
and what it is told. Some are ended by SIGKILL and begin again: they send again what they had no
answer to, as a browser does. About one decision in ten is taken back. With ``--server-programs`` a
PostgreSQL server is made, and ended by SIGKILL once, too. At the end what was acknowledged is held
against what is kept; the exit status is 1 where anything is lost, doubled or about something else.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from components.core.errors import NotKept  # noqa: E402 - the path comes first
from components.core.judgement.review import Action, Cell, Decision, ItemType  # noqa: E402 - as above
from components.core.settings import Settings  # noqa: E402 - as above
from components.services.data import audit_trail  # noqa: E402 - as above
from components.services.review import presses, review  # noqa: E402 - as above
from components.services.review.presses import Fate, Press  # noqa: E402 - as above
from components.services.runs import runs  # noqa: E402 - as above
from components.services.workspace import Workspace, open_workspace  # noqa: E402 - as above
from tests.benchmarks._local_server import LocalServer  # noqa: E402 - as above
from tests.benchmarks.review_speed import run_of, table  # noqa: E402 - as above

T = TypeVar("T")

BUNDLE = 5
"""Most presses that are sent at once."""

PATIENCE = 60.0
"""Seconds that a server may be away."""

FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Job:
    """What all reviewers work on."""

    settings: Settings
    run_id: str
    n_rows: int
    logs: Path
    seed: int


@dataclass
class Diary:
    """What one reviewer sent and was told, in a file that outlives the process."""

    path: Path
    sent: dict[str, dict] = field(default_factory=dict)
    told: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):  # the last one may be cut off
                    self._take(json.loads(line))
        self.file = self.path.open("a", encoding="utf-8")

    def write(self, entry: dict) -> None:
        self.file.write(json.dumps(entry) + "\n")
        self.file.flush()
        self._take(entry)

    def _take(self, entry: dict) -> None:
        (self.told if "fate" in entry else self.sent)[entry["mark"]] = entry


def patiently(act: Callable[[], T]) -> T:
    """Do something again as long as the database is away."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except NotKept:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def plan(job: Job, who: int, n: int, n_people: int) -> Iterator[dict]:
    """Yield what a reviewer wants to decide: half about own rows, half about rows of all."""
    chance = random.Random(f"{job.seed}-{who}")  # noqa: S311 - the same plan every time
    shared = job.n_rows // 2
    own = range(shared + who, job.n_rows, n_people)
    for number in range(n):
        row = chance.randrange(shared) if chance.random() < 0.5 else chance.choice(own)
        action = chance.choice(ItemType.LABEL.actions)
        new = "abc"[(row + 1) % 3] if action is Action.CHANGE else ""
        yield {
            "task": f"{who:03}-{number:05}",
            "row": row,
            "action": action.value,
            "new": new,
            "take_back": chance.random() < 0.1,
        }


def send(ws: Workspace, queue: review.ReviewQueue, diary: Diary, bundle: list[dict], who: int):
    """Send presses until they are answered, and write down the answers."""
    asked = [
        Press(
            mark=entry["mark"],
            cell=Cell(entry["row"], "kind"),
            seen=entry["seen"],
            action=Action(entry["action"]) if entry["action"] else None,
            new=entry["new"],
        )
        for entry in bundle
    ]
    started = time.perf_counter()
    answers = patiently(lambda: presses.apply(ws, queue, asked, reviewer=f"Reviewer {who}"))
    took = time.perf_counter() - started
    for answer in answers:
        stands = "" if answer.stands is None else answer.stands.version
        told = {"mark": answer.mark, "fate": answer.fate.value, "stands": stands, "took": took}
        diary.write(told | {"why": answer.why})


def reviewer(job: Job, who: int, n: int, n_people: int) -> None:
    """Decide all that is planned and not settled yet; begun again, go on where it was ended."""
    diary = Diary(job.logs / f"{who:03}.jsonl")
    ws = patiently(lambda: open_workspace(job.settings))
    queue = patiently(lambda: review.queue(ws, job.run_id))
    assert queue is not None
    unanswered = [entry for mark, entry in diary.sent.items() if mark not in diary.told]
    if unanswered:
        send(ws, queue, diary, unanswered, who)
    seen: dict[int, str] = {}
    for mark, told in diary.told.items():
        seen[diary.sent[mark]["row"]] = told["stands"]
    chance = random.Random(f"{job.seed}-{who}-{os.getpid()}")  # noqa: S311 - sizes of bundles
    tasks = [of_task(diary, task) for task in plan(job, who, n, n_people)]
    waiting = [task for found in tasks for task in found]
    while waiting:
        bundle, rows = [], set()
        for entry in list(waiting[: chance.randint(1, BUNDLE)]):
            if entry["row"] not in rows:
                rows.add(entry["row"])
                bundle.append({**entry, "seen": seen.get(entry["row"], "")})
                waiting.remove(entry)
        for entry in bundle:
            diary.write(entry)
        send(ws, queue, diary, bundle, who)
        for entry in bundle:
            told = diary.told[entry["mark"]]
            seen[entry["row"]] = told["stands"]
            waiting[:0] = after(entry, told)
    ws.close()


def of_task(diary: Diary, task: dict) -> list[dict]:
    """Return what is left of a task: the decision, or that it is to be taken back."""
    tries = [entry for mark, entry in diary.sent.items() if mark.startswith(task["task"])]
    if not tries:
        return [{**task, "mark": f"{task['task']}-0"}]
    return after(tries[-1], diary.told[tries[-1]["mark"]])


def after(entry: dict, told: dict) -> list[dict]:
    """Return what a reviewer does after an answer."""
    if told["fate"] == Fate.REFUSED and entry["action"]:
        raise AssertionError(told["why"])
    task, _, number = entry["mark"].rpartition("-")
    if told["fate"] != Fate.KEPT:
        return [] if not entry["action"] else [{**entry, "mark": f"{task}-{int(number) + 1}"}]
    if entry["action"] and entry["take_back"] and told["stands"] == entry["mark"]:
        return [{**entry, "mark": f"{task}-{int(number) + 1}", "action": "", "new": ""}]
    return []


def work(job: Job, args: argparse.Namespace, server: LocalServer | None) -> tuple[int, int]:
    """Run all reviewers, end some, and begin them again; return how many, and of servers."""
    chance = random.Random(job.seed)  # noqa: S311 - whom it meets
    share = [args.decisions // args.processes] * args.processes
    share[0] += args.decisions - sum(share)

    def start(who: int):
        made = FORK.Process(target=reviewer, args=(job, who, share[who], args.processes))
        made.start()
        return made

    living = {who: start(who) for who in range(args.processes)}
    kills = server_kills = 0
    while living:
        time.sleep(0.02)
        done = sum(answered(job.logs).values()) / args.decisions
        if kills < args.kills and done > (kills + 1) / (args.kills + 2):
            os.kill(living[chance.choice(list(living))].pid, signal.SIGKILL)
            kills += 1
        if server is not None and not server_kills and done > 0.5:
            server.kill()
            server.start()
            server_kills += 1
        living = {who: again for who, p in living.items() if (again := begun_again(p, who, start))}
    return kills, server_kills


def begun_again(process, who: int, start: Callable[[int], T]) -> T | None:
    """Return a reviewer that goes on: the process, another one where it was killed, or None."""
    if process.is_alive():
        return process
    if process.exitcode == -signal.SIGKILL:
        return start(who)
    if process.exitcode:
        raise SystemExit(f"reviewer {who} failed")
    return None


def answered(logs: Path) -> dict[str, int]:
    """Return how many decisions each reviewer was told to be kept."""
    kept = f'"fate": "{Fate.KEPT.value}"'
    return {p.name: p.read_text(encoding="utf-8").count(kept) for p in logs.glob("*.jsonl")}


def held_against(job: Job, ws: Workspace, kept: tuple[Decision, ...]) -> dict[str, int]:
    """Return how many decisions are not as the reviewers were told."""
    diaries = [Diary(path) for path in sorted(job.logs.glob("*.jsonl"))]
    sent = {mark: entry for diary in diaries for mark, entry in diary.sent.items()}
    told = {mark: entry for diary in diaries for mark, entry in diary.told.items()}
    good = {mark for mark, entry in told.items() if entry["fate"] == Fate.KEPT}
    made = {mark for mark in good if sent[mark]["action"]}
    taken = {sent[mark]["seen"] for mark in good if not sent[mark]["action"]}
    by_press = {decision.press: decision for decision in kept}
    newest = {d.cell: d.id for d in kept if not d.undone}
    standing = {d.cell: d.id for d in review.standing(ws, kept[0].dataset_id)}
    return {
        "acknowledged": len(made),
        "taken back": len(taken),
        "refused as stale": len(told) - len(good),
        "without an answer": len(sent.keys() - told.keys()),
        "lost": len(made - by_press.keys()),
        "doubled": len(kept) - len(by_press),
        "kept and never acknowledged": len(by_press.keys() - made),
        "about something else": sum(
            not is_meant(sent[mark], by_press[mark]) for mark in made & by_press.keys()
        ),
        "taken back otherwise": sum(d.undone != (d.press in taken) for d in kept),
        "cells where another decision counts": len(newest.items() ^ standing.items()),
    }


def is_meant(entry: dict, decision: Decision) -> bool:
    """Whether a decision is the one that was pressed."""
    given = "abc"[entry["row"] % 3]
    pressed = (Cell(entry["row"], "kind"), entry["action"], given, entry["new"] or given)
    who = f"Reviewer {int(entry['mark'][:3])}"
    return (decision.cell, decision.action, decision.given, decision.new) == pressed and (
        decision.reviewer == who
    )


def prepare(settings: Settings, folder: Path, n_rows: int, out: Path) -> None:
    """Make the table and the run in a process of its own: forks begin without connections."""
    ws = open_workspace(settings)
    out.write_text(run_of(ws, table(folder, n_rows), n_rows), encoding="utf-8")
    ws.close()


def in_a_process(act: Callable[..., None], *arguments: object) -> None:
    process = FORK.Process(target=act, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{act.__name__} failed")


def report(job: Job, kills: tuple[int, int], seconds: float) -> None:
    """Print what came of it; end with status 1 where anything is wrong."""
    ws = open_workspace(job.settings)
    found = held_against(job, ws, review.decisions(ws, runs.spec(ws, job.run_id).dataset.id))
    verified = audit_trail.verify(ws)
    ws.close()
    took = [entry["took"] for p in job.logs.glob("*.jsonl") for entry in Diary(p).told.values()]
    fine = ("acknowledged", "taken back", "refused as stale")
    wrong = sum(n for what, n in found.items() if what not in fine)
    for what, n in found.items():
        print(f"{what:<40} {n:7,}")
    print(f"{'reviewers and servers killed':<40} {kills[0]:7,} and {kills[1]}")
    cpu = sum(resource.getrusage(who).ru_utime for who in (-1, 0))
    pace = found["acknowledged"] / seconds
    print(f"{seconds:.1f} s, {pace:.0f} decisions a second, {cpu:.0f} s CPU without the server")
    middle, late = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(f"an answer took {1000 * middle:.0f} ms (median), {1000 * late:.0f} ms (95 %)")
    print(f"audit: {verified.problem or f'{verified.n_events:,} events verify'}")
    raise SystemExit(1 if wrong or verified.problem else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--decisions", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", default="", help="the address of an empty one")
    parser.add_argument("--server-programs", type=Path, help="where initdb and postgres are")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server, url = None, args.database
        if args.server_programs:
            server = stack.enter_context(LocalServer(args.server_programs))
            url = server.url
        settings = Settings(home=folder / "home", database_url=url)
        in_a_process(prepare, settings, folder, args.rows, folder / "run")
        job = Job(settings, (folder / "run").read_text(), args.rows, folder / "logs", args.seed)
        job.logs.mkdir()
        started = time.monotonic()
        kills = work(job, args, server)
        report(job, kills, time.monotonic() - started)


if __name__ == "__main__":
    main()
