"""Which checks there are, with their help and what can be set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from components.checks import registry
from components.core.judgement.checks import AnyCheck
from components.core.judgement.parameters import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInfo:
    """A check, as the catalogue shows it.

    Attributes
    ----------
    doc
        The sections of its help text, by heading.
    cost
        ``facts``, ``scan``, ``sample`` or ``model``.
    suggests
        Whether people decide about what it flags.
    """

    id: str
    title: str
    concern: str
    doc: dict[str, str]
    parameters: tuple[Parameter, ...]
    sources: tuple[str, ...]
    cost: str
    suggests: bool


def catalogue() -> tuple[CheckInfo, ...]:
    """Return all checks, cheap ones first."""
    return tuple(_info(check) for check in registry.all_checks())


def chosen(names: Sequence[str]) -> tuple[CheckInfo, ...]:
    """Return the checks of the concerns or ids in ``names``; all where it is empty.

    Raises
    ------
    UnusableInput
        When a name is neither a concern nor a check id.
    """
    return tuple(_info(check) for check in registry.select(names))


def suggesting(check_ids: Collection[str]) -> frozenset[str]:
    """Return those of ``check_ids`` about whose cells people decide."""
    known = registry.all_checks()
    return frozenset(c.id for c in known if c.suggests and c.id in check_ids)


def describe(checks: Sequence[CheckInfo]) -> dict[str, Any]:
    """Return checks and parameters as plain JSON values, for other programs."""
    return {
        "checks": [
            {
                "check_id": check.id,
                "title": check.title,
                "concern": check.concern,
                "cost": check.cost,
                "parameters": [_described(p) for p in check.parameters],
            }
            for check in checks
        ]
    }


def _info(check: AnyCheck) -> CheckInfo:
    return CheckInfo(
        id=check.id,
        title=check.title,
        concern=check.concern,
        doc=check.doc,
        parameters=check.parameters,
        sources=check.sources,
        cost=check.cost.name.lower(),
        suggests=check.suggests,
    )


def _described(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.kind.__name__,
        "default": parameter.default,
        "help": parameter.help,
        "unit": parameter.unit,
        "range": parameter.range,
        "source": parameter.source,
    }
