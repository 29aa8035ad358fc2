"""All concerns and checks, found by looking into ``components/checks/<concern>/``.

Importing this module stays light: check modules import their heavy libraries inside functions.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType

from components import checks
from components.core.errors import NotFound, UnusableInput
from components.core.judgement.checks import AnyCheck, Check
from components.core.judgement.concerns import Concern


@cache
def all_checks() -> tuple[AnyCheck, ...]:
    """Return every check, cheap ones first, then by id.

    Raises
    ------
    RuntimeError
        When two checks share an id, or a module of a concern holds not exactly one check.
    """
    found: dict[str, AnyCheck] = {}
    for module in _modules():
        own = _checks_of(module)
        if len(own) != 1:
            raise RuntimeError(f"{module.__name__} holds {len(own)} checks instead of one")
        if own[0].id in found:
            raise RuntimeError(f"two checks are called {own[0].id}")
        found[own[0].id] = own[0]
    return tuple(sorted(found.values(), key=lambda c: (c.cost, c.id)))


@cache
def concerns() -> Mapping[str, Concern]:
    """Return what each concern declares, by the name of its folder, in the order of the menu.

    Imports no check.

    Raises
    ------
    TypeError
        When a folder of checks does not declare its ``CONCERN``.
    """
    found = {name: _declared(package) for name, package in _packages()}
    return dict(sorted(found.items(), key=lambda item: (item[1].section, item[1].place, item[0])))


def _declared(package: ModuleType) -> Concern:
    declared = getattr(package, "CONCERN", None)
    if not isinstance(declared, Concern):
        raise TypeError(f"{package.__name__} declares no CONCERN in its __init__.py")
    return declared


def _packages() -> Iterator[tuple[str, ModuleType]]:
    """Import ``checks/<concern>/__init__.py``; names that start with ``_`` are no concerns."""
    for info in pkgutil.iter_modules(checks.__path__):
        if info.ispkg and not info.name.startswith("_"):
            yield info.name, importlib.import_module(f"{checks.__name__}.{info.name}")


def _modules() -> list[ModuleType]:
    """Import ``checks/<concern>/<check>.py``; names that start with ``_`` are helpers."""
    return [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for _, package in _packages()
        for info in pkgutil.iter_modules(package.__path__)
        if not info.ispkg and not info.name.startswith("_")
    ]


def _checks_of(module: ModuleType) -> list[AnyCheck]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, Check) and value.function.__module__ == module.__name__
    ]


def get(check_id: str) -> AnyCheck:
    """Return the check with this id.

    Raises
    ------
    NotFound
        When there is none.
    """
    for check in all_checks():
        if check.id == check_id:
            return check
    raise NotFound(f"There is no check “{check_id}”.", _advice(check_id))


def select(only: Sequence[str] = (), skip: Sequence[str] = ()) -> tuple[AnyCheck, ...]:
    """Return the checks to run, in running order.

    Parameters
    ----------
    only
        Concerns or check ids to run; all checks when empty.
    skip
        Concerns or check ids to leave out; stronger than ``only``.

    Raises
    ------
    UnusableInput
        When a name is neither a concern nor a check id, or when nothing is left to run.
    """
    known = _names()
    for name in (*only, *skip):
        if name not in known:
            raise UnusableInput(f"There is no check or concern “{name}”.", _advice(name))
    chosen = tuple(
        check
        for check in all_checks()
        if (not only or _meant(check, only)) and not _meant(check, skip)
    )
    if not chosen:
        raise UnusableInput("No check is left to run.", "Skip less, or choose more.")
    return chosen


def _meant(check: AnyCheck, names: Sequence[str]) -> bool:
    return check.id in names or check.concern in names


def _names() -> set[str]:
    return {*concerns(), *(check.id for check in all_checks())}


def _advice(name: str) -> str:
    close = difflib.get_close_matches(name, sorted(_names()), n=1)
    meant = f"Did you mean “{close[0]}”? " if close else ""
    return f"{meant}Choose from: {', '.join(sorted(concerns()))}, or the id of one check."
