"""The method of each check, from its own help text, for the last part of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.charts.style.text import clean, plain
from components.checks import registry
from components.core.errors import NotFound
from components.core.judgement.findings import CheckResult

SHOWN = ("What it looks for", "How it decides", "What it cannot see")
"""What a reader of the report needs of the help text; the findings say why and what to do."""
LONGEST = 4_000
_BULLET = re.compile(r"^\s*[-*]\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or an item of a list."""

    text: str
    is_item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a check decides.

    Attributes
    ----------
    sections
        Heading and blocks of each section of the help text.
    params, versions
        Name and value, as run; a parameter that a person set says so.
    """

    sections: tuple[tuple[str, tuple[Block, ...]], ...]
    params: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def method(result: CheckResult) -> Method:
    """Return the method of the check that gave ``result``; without words for one we do not know."""
    try:
        known = registry.get(result.check_id)
        doc, sources = known.doc, known.sources
    except NotFound:
        doc, sources = {}, ()
    return Method(
        sections=tuple((heading, blocks(doc[heading])) for heading in SHOWN if doc.get(heading)),
        params=tuple((clean(k), _param(result, k)) for k in result.params),
        versions=tuple((clean(k), clean(v)) for k, v in result.versions.items()),
        sources=tuple(clean(source, 300) for source in sources),
    )


def blocks(text: str) -> tuple[Block, ...]:
    """Return a section of a docstring as paragraphs and list items, without markup."""
    found: list[tuple[bool, list[str]]] = []
    fresh = True
    for line in text.splitlines():
        if not line.strip():
            fresh = True
        elif _BULLET.match(line):
            found.append((True, [_BULLET.sub("", line)]))
            fresh = False
        elif fresh or not found:
            found.append((False, [line]))
            fresh = False
        else:
            found[-1][1].append(line)
    return tuple(
        Block(text=clean(" ".join(lines).replace("``", ""), LONGEST), is_item=is_item)
        for is_item, lines in found
    )


def _param(result: CheckResult, name: str) -> str:
    note = ", set for this run" if name in result.changed else ""
    return f"{_value(result.params[name])}{note}"


def _value(value: str | float | bool) -> str:  # noqa: FBT001 - a value of any parameter
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return plain(value)
    return clean(value)
