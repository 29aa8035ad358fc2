"""The table, its columns, reading problems and decisions, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.style.text import clean, count, percent
from components.core.data.dataset import DatasetVersion
from components.core.data.source import SourceReport
from components.core.facts.profile import DatasetProfile
from components.core.judgement.answers import Answers
from components.core.judgement.review import Action, ItemType, Tally, place_of
from components.core.judgement.runs import RunSpec
from components.reports import words

MOST_COLUMNS = 200
MOST_PROBLEMS = 50
SENTENCE = 600
"""Longest text of a title, an advice or a problem, in characters."""
DETAIL = 4_000
"""Longest text of a finding: more than any check writes, so that no sentence is cut."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One column of the dataset card."""

    name: str
    kind: str
    role: str
    missing: str
    distinct: str


def some(names: Sequence[str], most: int = 12) -> str:
    """Return the first names, and how many more there are."""
    shown = [clean(name) for name in names[:most]]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ("; " if any("," in name for name in shown) else ", ").join(shown) + more


def card(spec: RunSpec, profile: DatasetProfile | None) -> tuple[Pair, ...]:
    """Return what the table is: file, size, label, fingerprint, run."""
    version, source = spec.dataset, spec.source
    pairs = [
        ("File", clean(version.name, 120)),
        ("Rows", count(version.n_rows)),
        ("Columns", count(len(version.columns))),
    ]
    if version.label is not None:
        pairs.append(("Label", f"{clean(version.label.name)} ({version.task.value})"))
    else:
        pairs.append(("Label", "none, as a person said" if version.no_label else "none was chosen"))
    if profile is not None:
        pairs.append(("Cells filled", percent(profile.completeness)))
    if source is not None:
        pairs.append(("Size", f"{count(source.size_bytes)} bytes"))
        pairs.append(("Read as", f"{clean(source.format)}, {clean(source.dialect.encoding)}"))
        pairs.append(("Rows kept aside", count(source.n_aside)))
    pairs.append(("SHA-256 of the file", clean(version.sha256, 64)))
    pairs.append(("Run", f"{clean(spec.run_id)}, seed {spec.seed}"))
    return tuple(pairs)


def columns(version: DatasetVersion, profile: DatasetProfile | None) -> tuple[ColumnRow, ...]:
    """Return the first columns with their main facts."""
    facts = {c.name: c for c in profile.columns} if profile else {}
    rows = []
    for column in version.columns[:MOST_COLUMNS]:
        fact = facts.get(column.name)
        about = "" if fact is None or fact.distinct_exact else "about "
        rows.append(
            ColumnRow(
                name=clean(column.name),
                kind=words.kind_name(column.kind),
                role=words.role_name(column.role),
                missing="–" if fact is None else percent(1 - fact.completeness),
                distinct="–" if fact is None else f"{about}{count(fact.n_distinct)}",
            )
        )
    return tuple(rows)


def problems(source: SourceReport) -> tuple[Pair, ...]:
    """Return what intake said of the file, and where."""
    return tuple(
        (clean(problem.message, SENTENCE), _where(problem.lines))
        for problem in source.problems[:MOST_PROBLEMS]
    )


def _where(lines: Sequence[int]) -> str:
    if not lines:
        return ""
    name = "Line" if len(lines) == 1 else "Lines"
    return f"{name} {', '.join(f'{line:,}' for line in lines[:10])}"


def _by_type(tally: Tally) -> dict[ItemType | None, Counter[Action]]:
    """Return the decisions by kind about cells (None), whole rows, and sets of equal rows."""
    found = {t: Counter[Action]() for t in (None, ItemType.ROW, ItemType.REPEATS)}
    for name, made in tally.by_column.items():
        found[place_of(name)] += made
    return found


def _place(column: str) -> str:
    """Return a column in words; questions about whole rows stand in columns of their own."""
    match place_of(column):
        case ItemType.ROW:
            return "whole rows"
        case ItemType.REPEATS:
            return "repeated rows"
        case _:
            return column


def asked(answers: Answers) -> tuple[Pair, ...]:
    """Return what became of the suggestions, where any were made."""
    counts = answers.counts
    if not counts.n_items:
        return ()
    return (("Suggestions of the checks", words.counts_sentence(counts)),)


def decided(tally: Tally | None) -> tuple[Pair, ...]:
    """Return what the decisions do to the table, and whose they are, as the file shows it."""
    if tally is None or not tally.actions:
        return ()
    actions, of_type = tally.actions, _by_type(tally)
    cells, rows, sets = (of_type[t] for t in (None, ItemType.ROW, ItemType.REPEATS))
    counted = (
        ("Cells decided", cells.total()),
        ("Rows decided", rows.total()),
        ("Sets of equal rows decided", sets.total()),
        ("Values kept", cells[Action.KEEP]),
        ("Rows kept as rare but right", rows[Action.KEEP]),
        ("Sets of equal rows of which all are kept", sets[Action.KEEP]),
        ("Values changed", tally.n_changed),
        ("Rows left out", tally.n_excluded),
        ("Not sure", actions[Action.UNSURE]),
        ("Handed on to somebody who knows more", actions[Action.ESCALATE]),
        ("Rows called errors, still in the table", actions[Action.ERROR]),
    )
    pairs = [(name, count(n)) for name, n in counted if n]
    if len(tally.by_column) > 1:
        columns = [f"{_place(name)} ({made.total():,})" for name, made in tally.by_column.items()]
        pairs.append(("In the columns", some(columns)))
    people = [f"{who} ({n:,})" for who, n in tally.reviewers.most_common()]
    pairs.append(("Decided by", some(people)))
    return tuple(pairs)
