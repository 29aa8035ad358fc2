"""Which checks there are, with their help."""

from __future__ import annotations

from dataclasses import dataclass

from components.checks import registry
from components.core.codec import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamInfo:
    """A parameter of a check and its default."""

    name: str
    default: str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInfo:
    """A check, as the catalogue shows it.

    Attributes
    ----------
    doc
        The sections of its help text, by heading.
    cost
        ``facts``, ``scan``, ``sample`` or ``model``.
    """

    id: str
    title: str
    concern: str
    doc: dict[str, str]
    params: tuple[ParamInfo, ...]
    sources: tuple[str, ...]
    cost: str


def catalogue() -> tuple[CheckInfo, ...]:
    """Return all checks, cheap ones first."""
    return tuple(
        CheckInfo(
            id=check.id,
            title=check.title,
            concern=check.concern,
            doc=check.doc,
            params=tuple(
                ParamInfo(name=name, default=default)
                for name, default in to_json(check.params()).items()
            ),
            sources=check.sources,
            cost=check.cost.name.lower(),
        )
        for check in registry.all_checks()
    )
