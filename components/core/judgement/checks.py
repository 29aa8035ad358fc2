"""A check: one decorated generator in one file.

The decorator turns the generator into a :class:`Check` whose id is ``<concern>.<module>``. A check
yields evidence always, a ``Finding`` for each problem that crosses its threshold, and at most one
``Coverage`` where it did not look at every row. It may raise ``NotApplicable``. It never reads
settings, clock, environment or database; randomness comes from ``run.seed`` only.
"""

from __future__ import annotations

import dataclasses
import inspect
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib import metadata
from typing import Any, Generic, Protocol, TypeVar

from components.core.data.source import SourceReport
from components.core.data.table import Table
from components.core.errors import Cancelled, NotApplicable
from components.core.facts.profile import DatasetProfile
from components.core.judgement.evidence import Evidence
from components.core.judgement.findings import CheckResult, Coverage, Finding, Status
from components.core.judgement.needs import Needs
from components.core.judgement.parameters import Parameter, Value, parameters_of, with_values

__all__ = [
    "DOC_SECTIONS",
    "AnyCheck",
    "Check",
    "CheckFn",
    "Cost",
    "Item",
    "Needs",
    "RunContext",
    "check",
]

log = logging.getLogger(__name__)

DOC_SECTIONS = (
    "What it looks for",
    "Why it matters before training",
    "How it decides",
    "What it cannot see",
    "What to do",
    "References",
)
"""The sections of a check's module docstring, in order; shown as help in the product."""

P = TypeVar("P")
R = TypeVar("R")
Item = Finding | Evidence | Coverage


class Cost(IntEnum):
    """How dear a check is; cheap ones run first so that findings appear in seconds."""

    FACTS = 0
    """Reads the profile only."""
    SCAN = 1
    """Passes over the table in the engine."""
    SAMPLE = 2
    """Works on a bounded sample in memory."""
    MODEL = 3
    """Trains models."""


class RunContext(Protocol):
    """What a run offers to a check."""

    @property
    def seed(self) -> int:
        """The only source of randomness."""
        ...

    @property
    def profile(self) -> DatasetProfile:
        """The facts about the table."""
        ...

    @property
    def source(self) -> SourceReport | None:
        """What intake said about the file, where there was one."""
        ...

    @property
    def reference(self) -> Table | None:
        """The table to compare with; there is one where the check's needs ask for it."""
        ...

    @property
    def params(self) -> Mapping[str, Mapping[str, Value]]:
        """What was set for the checks of this run, by the id of the check."""
        ...

    def progress(self, done: float, note: str = "") -> None:
        """Say how far the check is (in [0, 1]).

        Raises
        ------
        Cancelled
            When a person asked the run to stop.
        """
        ...

    def shared(self, key: str, make: Callable[[], R]) -> R:
        """Return what ``make`` makes, made once per run for all checks that ask for ``key``."""
        ...


CheckFn = Callable[[Table, P, RunContext], Iterator[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[P]):
    """A registered check; call :meth:`run` to get a result whatever happens.

    Attributes
    ----------
    id
        ``<concern>.<module>``.
    version
        Raised whenever a threshold or a score changes, so that old runs stay explainable.
    params
        The frozen dataclass of its parameters; every field has a default.
    sources
        Where the method comes from.
    suggests
        Whether people decide about what its scores flag (`judgement.review`).
    """

    id: str
    title: str
    needs: Needs
    cost: Cost
    params: type[P]
    sources: tuple[str, ...]
    version: int
    libraries: tuple[str, ...]
    suggests: bool = False
    function: CheckFn[P]

    @property
    def concern(self) -> str:
        """The folder of the check."""
        return self.id.partition(".")[0]

    @property
    def doc(self) -> dict[str, str]:
        """The sections of the help text, by heading (:data:`DOC_SECTIONS`)."""
        text = inspect.getdoc(inspect.getmodule(self.function)) or ""
        return _sections(text)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What can be set, in order."""
        return parameters_of(self.params)

    def set_params(self, values: Mapping[str, Value]) -> P:
        """Return the parameters with some of them set.

        Raises
        ------
        UnusableInput
            When a name is not known, or a value is outside of its range.
        """
        return with_values(self.params, values, self.id)

    def run(self, table: Table, run: RunContext, params: P | None = None) -> CheckResult:
        """Run the check; a crash becomes a FAILED result, unmet needs a SKIPPED one.

        Raises
        ------
        Cancelled
            When a person asked the run to stop; nothing else is raised.
        """
        started = time.perf_counter()
        chosen = params if params is not None else self.params()
        try:
            return self._answer(table, run, chosen, started)
        except Cancelled:
            raise
        except NotApplicable as stop:
            return self._result(Status.SKIPPED, table, chosen, started, reason=str(stop))
        except Exception as error:
            log.exception("check %s failed", self.id)
            reason = f"The check stopped with an error: {_in_words(error)}"
            return self._result(Status.FAILED, table, chosen, started, reason=reason[:500])

    def _answer(self, table: Table, run: RunContext, params: P, started: float) -> CheckResult:
        needs, version = self.needs, table.version
        has_reference = needs.reference and run.reference is not None
        reason = needs.unmet(version, has_reference=has_reference)
        if reason:
            result = self._result(Status.SKIPPED, table, params, started, reason=reason)
            other = needs.is_for_other_task(version)
            return dataclasses.replace(result, lacks=needs.lacking(version), for_other_task=other)
        items = list(self.function(table, params, run))
        result = self._result(Status.PASSED, table, params, started, items=items)
        return dataclasses.replace(result, compared=needs.reference)

    def _result(
        self,
        status: Status,
        table: Table,
        params: P,
        started: float,
        *,
        reason: str = "",
        items: list[Item] | None = None,
    ) -> CheckResult:
        n_rows = table.version.n_rows
        items = items or []
        findings = tuple(i for i in items if isinstance(i, Finding))
        coverage = [i for i in items if isinstance(i, Coverage)]
        seen = 0 if status in {Status.SKIPPED, Status.FAILED} else n_rows
        return CheckResult(
            check_id=self.id,
            title=self.title,
            version=self.version,
            status=Status.FLAGGED if findings else status,
            reason=reason,
            findings=findings,
            evidence=tuple(i for i in items if not isinstance(i, Finding | Coverage)),
            coverage=coverage[-1] if coverage else Coverage(rows_seen=seen, rows_total=n_rows),
            elapsed_s=round(time.perf_counter() - started, 3),
            params=_values(params),
            changed=self._changed(params),
            versions={name: _installed(name) for name in self.libraries},
        )

    def _changed(self, params: P) -> tuple[str, ...]:
        defaults = _values(self.params())
        return tuple(name for name, value in _values(params).items() if value != defaults[name])


def _in_words(error: Exception) -> str:
    """Return an error in words; for want of memory, with what to set."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return (
            "there was not enough memory. Set PREFLIGHT_MEMORY_GB to more than it is now (2 where "
            "it is not set), as far as the memory of the computer allows, or check a part of the "
            "table."
        )
    return f"{type(error).__name__}: {error}"


def _values(params: object) -> dict[str, Value]:
    values: dict[str, Value] = dataclasses.asdict(params)  # type: ignore[call-overload]  # a dataclass
    return values


def _installed(distribution: str) -> str:
    """Return the version of a library; what was packed without its metadata has none to tell."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not known"


def check(
    *,
    title: str,
    needs: Needs,
    cost: Cost,
    params: type[P],
    sources: tuple[str, ...],
    version: int = 1,
    libraries: tuple[str, ...] = (),
    suggests: bool = False,
) -> Callable[[CheckFn[P]], Check[P]]:
    """Declare a check.

    Parameters
    ----------
    title
        What it finds, for people; without numbers.
    libraries
        Distribution names of the libraries whose versions decide the result.
    suggests
        Whether its scores carry suggestions (``suggested`` of :class:`RowScores` or
        :class:`CellScores`): the cells it flags then stand in the review.
    """

    def declare(function: CheckFn[P]) -> Check[P]:
        concern, module = function.__module__.split(".")[-2:]
        return Check(
            id=f"{concern}.{module}",
            title=title,
            needs=needs,
            cost=cost,
            params=params,
            sources=sources,
            version=version,
            libraries=libraries,
            suggests=suggests,
            function=function,
        )

    return declare


def _sections(text: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        underlined = number + 1 < len(lines) and set(lines[number + 1].strip()) == {"-"}
        if line.strip() in DOC_SECTIONS and underlined:
            current = found.setdefault(line.strip(), [])
        elif current is not None and set(line.strip()) != {"-"}:
            current.append(line)
    return {heading: "\n".join(body).strip() for heading, body in found.items()}


AnyCheck = Check[Any]
"""A check whose parameters are not of interest."""
