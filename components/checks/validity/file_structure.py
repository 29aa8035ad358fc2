"""Find what was wrong with the file itself.

What it looks for
-----------------
Rows that could not be read as the others, names in the header that are missing or used twice,
broken characters, columns that mix numbers with words, dates that can be read in two ways.

Why it matters before training
------------------------------
A row that was not read is not in the table, and nobody will miss it later. A date or a letter read
wrongly is wrong in every row.

How it decides
--------------
It repeats what was noticed while the file was read, one finding per topic. Rows kept aside always
ask for review; from 10 % of the file on they stop, because then the way of reading is probably
wrong (a convention of ours). For the rest, each problem says whether it is a note or asks for
review; notes are told only when they concern names.

What it cannot see
------------------
Values that were read well and are wrong all the same. Rows that were lost before the file was
written. For Parquet and Excel files, what the program that wrote them did to the values.

What to do
----------
Look at the lines that are named. Read the file again with other options, or repair the program that
wrote it.

References
----------
van den Burg, Nazábal, Sutton 2019, Data Mining and Knowledge Discovery 33: messy CSV files.
Vitagliano et al. 2023, PVLDB 16: Pollock, pollution of data files. RFC 4180.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.checks._lib.words import clean, joined, listed, plural, share
from components.core.data.dataset import DatasetVersion, Role
from components.core.data.source import Problem, ProblemLevel, SourceReport
from components.core.data.table import Table
from components.core.errors import NotApplicable, NotFound
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter

CHECK_ID = "validity.file_structure"
TOLD = 4
MESSAGE = 300
"""Characters of a message that are shown."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Problems that are told together.

    Attributes
    ----------
    marks
        Parts of the codes of problems.
    one, many
        What the title says after the number.
    """

    key: str
    marks: tuple[str, ...]
    one: str
    many: str
    harm: str
    action: str


ROWS = Topic(
    "rows",
    ("row", "ragged", "aside", "quote", "line", "record"),
    "problem with the rows of the file",
    "problems with the rows of the file",
    "Cells may stand in the wrong column.",
    "Look at these lines in the file, and read it again with other options if they are many.",
)
TOPICS = (
    Topic(
        "names",
        ("name", "header"),
        "problem with the names of columns",
        "problems with the names of columns",
        "Code that asks for a column by name may get another one.",
        "Give every column one name of its own, in the file or in the program that writes it.",
    ),
    ROWS,
    Topic(
        "characters",
        ("mojibake", "character", "encoding", "byte", "bidi", "invisible", "nul", "decod"),
        "problem with the characters of the file",
        "problems with the characters of the file",
        "Texts that look alike may count as different.",
        "Read the file again with another encoding, or export it as UTF-8.",
    ),
    Topic(
        "values",
        ("mixed", "date", "type", "value", "number", "decimal"),
        "problem with the values of columns",
        "problems with the values of columns",
        "Values may be read as something else than was meant.",
        "Check the columns on the upload page, and choose their kind.",
    ),
)
OTHER = Topic(
    "other",
    (),
    "other problem with the file",
    "other problems with the file",
    "Part of the file may have been read in another way than was meant.",
    "Look at the file, and read it again with other options.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStructureParams:
    """Where the line is."""

    stop_share: float = parameter(
        0.1,
        "Share of rows kept aside from which nobody should train.",
        unit="share of rows",
        within=(0, 1),
    )


@check(
    title="Problems of the file",
    needs=Needs(min_rows=0),
    cost=Cost.FACTS,
    params=FileStructureParams,
    sources=("van den Burg et al. 2019", "Vitagliano et al. 2023, PVLDB 16", "RFC 4180"),
)
def file_structure(table: Table, params: FileStructureParams, run: RunContext) -> Iterator[Item]:
    """Tell what was noticed while the file was read."""
    source = run.source
    if source is None:
        raise NotApplicable("Nothing is known about the file this table came from.")
    run.progress(0.0)
    problems = [p for p in source.problems if _is_told(p, table.version)]
    yield Measure(
        name="Problems met while reading", value=float(len(source.problems)), unit=Unit.COUNT
    )
    yield Measure(name="Rows kept aside", value=float(source.n_aside), unit=Unit.COUNT)
    by_topic: dict[Topic, list[Problem]] = {}
    for problem in problems:
        by_topic.setdefault(_topic(problem), []).append(problem)
    if source.n_aside:
        yield _aside(source, by_topic.pop(ROWS, []), params)
    for topic, found in by_topic.items():
        yield _finding(topic, found)


def _is_told(problem: Problem, version: DatasetVersion) -> bool:
    """Return whether a problem matters: a warning or about names, not of ignored columns only."""
    if problem.columns and all(_is_ignored(version, name) for name in problem.columns):
        return False
    return problem.level is ProblemLevel.WARNING or _topic(problem) is TOPICS[0]


def _is_ignored(version: DatasetVersion, name: str) -> bool:
    try:
        return version.column(name).role is Role.IGNORE
    except NotFound:
        return False


def _topic(problem: Problem) -> Topic:
    for topic in TOPICS:
        if any(mark in problem.code for mark in topic.marks):
            return topic
    return OTHER


def _aside(
    source: SourceReport, problems: Sequence[Problem], params: FileStructureParams
) -> Finding:
    n = source.n_rows + source.n_aside
    part = source.n_aside / n
    reasons = list(dict.fromkeys(clean(row.reason, 100) for row in source.aside))
    lines = _lines([row.line for row in source.aside])
    why = f" Reasons: {listed(reasons, limit=3)}." if reasons else ""
    messages = "".join(f" {clean(p.message, MESSAGE)}" for p in problems[:TOLD])
    return Finding(
        check_id=CHECK_ID,
        key="rows_aside",
        title=f"{plural(source.n_aside, 'row')} of {n:,} ({share(part)}) could not be read and "
        f"{'was' if source.n_aside == 1 else 'were'} kept aside",
        detail=f"They are not in the table, and no check sees them.{lines}{why}{messages}",
        severity=Severity.CRITICAL if part >= params.stop_share else Severity.WARNING,
        measure=Measure(name="Share of rows kept aside", value=part, unit=Unit.SHARE, n=n),
        threshold=Threshold(
            value=params.stop_share,
            param="stop_share",
            source="above it, the way of reading is probably wrong; our convention",
        ),
        affected=Affected(),
        recommended_action=ROWS.action,
        caveat="It cannot tell a damaged row from a file that is read in the wrong way.",
    )


def _finding(topic: Topic, problems: Sequence[Problem]) -> Finding:
    columns = tuple(dict.fromkeys(name for p in problems for name in p.columns))
    messages = " ".join(clean(p.message, MESSAGE) for p in problems[:TOLD])
    more = f" {len(problems) - TOLD:,} more are told on the upload page." * (len(problems) > TOLD)
    warns = any(p.level is ProblemLevel.WARNING for p in problems)
    where = f": {listed(columns, limit=3)}" if columns else ""
    return Finding(
        check_id=CHECK_ID,
        key=topic.key,
        title=f"{plural(len(problems), topic.one, topic.many)}{where}",
        detail=f"{messages}{more}{_lines([line for p in problems for line in p.lines])} "
        f"{topic.harm}",
        severity=Severity.WARNING if warns else Severity.INFO,
        measure=Measure(name="Problems of this kind", value=float(len(problems)), unit=Unit.COUNT),
        threshold=None,
        affected=Affected(columns=columns),
        recommended_action=topic.action,
        caveat="It repeats what was noticed while reading; only the first lines are kept.",
    )


def _lines(lines: Sequence[int]) -> str:
    """Return a sentence with the first lines concerned; "" without any."""
    first = sorted(set(lines))[:8]
    if not first:
        return ""
    return f" First lines: {joined([f'{line:,}' for line in first])}."
