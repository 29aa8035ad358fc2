"""The parameters of a check: a frozen dataclass whose fields say unit, range and source.

::

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ExactRowsParams:
        warn_share: float = parameter(
            0.05,
            "Share of repeated rows that asks for review.",
            unit="share of rows",
            within=(0, 1),
            source="deepchecks",
        )

What a person sets is read and held against the declared range here, for all faces alike.
"""

from __future__ import annotations

import csv
import dataclasses
import difflib
import io
import math
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from components.core.errors import UnusableInput

P = TypeVar("P")
T = TypeVar("T", str, int, float, bool)

Value = str | int | float | bool
ParamValues = dict[str, dict[str, Value]]
"""Check id -> name of a parameter -> value."""

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_SAID = {int: "a whole number", float: "a number", bool: "yes or no", str: "a text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a check, as it is declared.

    Attributes
    ----------
    kind
        ``str``, ``int``, ``float`` or ``bool``.
    help
        What it decides, in one sentence.
    unit
        What its number counts (``rows``, ``share of rows``); "" for a text or a bare number.
    low, high
        Ends of the range; None where it has none.
    low_is_open, high_is_open
        Whether the end itself is outside of the range.
    source
        Where the default comes from; "" where it is a choice of our own.
    offer
        What a person says about columns who adds them to a text of names (:func:`names_of`); a
        finding of the check offers it for the columns that it touches. "" for none.
    """

    name: str
    kind: type[Value]
    default: Value
    help: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    low_is_open: bool = False
    high_is_open: bool = False
    source: str = ""
    offer: str = ""

    @property
    def is_of_columns(self) -> bool:
        """Whether its text names columns (:func:`column_names`)."""
        return bool(self.offer)

    @property
    def range(self) -> str:
        """The range in words (``0 to 1``, ``more than 0``); "" where it has none."""
        above, below = self._ends()
        if self.low is not None and self.high is not None:
            if not (self.low_is_open or self.high_is_open):
                return f"{self.low:,g} to {self.high:,g}"
            return f"{above} and {below}"
        return above or below

    def parse(self, text: str) -> Value:
        """Read a value as a person writes it.

        Raises
        ------
        UnusableInput
            When it is of another type, or outside of the range.
        """
        try:
            return self.checked(self._read(text.strip()))
        except (ValueError, KeyError):
            raise self._refused(text) from None

    def checked(self, value: Value) -> Value:
        """Return ``value`` as the type of the parameter, where it lies in the range.

        Raises
        ------
        UnusableInput
            When it is of another type, or outside of the range.
        """
        if self.kind is float and type(value) is int:
            value = float(value)
        if type(value) is not self.kind or not self._is_inside(value):
            raise self._refused(value)
        return value

    def _read(self, text: str) -> Value:
        if self.kind is bool:
            return _BOOLEANS[text.lower()]
        return self.kind(text)

    def _is_inside(self, value: Value) -> bool:
        if isinstance(value, str | bool):
            return True
        low, high = self.low, self.high
        fits_low = low is None or value > low or (value == low and not self.low_is_open)
        fits_high = high is None or value < high or (value == high and not self.high_is_open)
        return math.isfinite(value) and fits_low and fits_high

    def _refused(self, value: Value) -> UnusableInput:
        limits = f", {self.range}" if self.range else ""
        unit = f" ({self.unit})" if self.unit else ""
        return UnusableInput(
            f"“{value}” is no value for {self.name}.",
            f"Give {_SAID[self.kind]}{limits}{unit}; the default is {self.default!r}.",
        )

    def _ends(self) -> tuple[str, str]:
        above = below = ""
        if self.low is not None:
            above = f"more than {self.low:,g}" if self.low_is_open else f"{self.low:,g} or more"
        if self.high is not None:
            below = f"less than {self.high:,g}" if self.high_is_open else f"at most {self.high:,g}"
        return above, below


def parameter(
    default: T,
    help: str,  # noqa: A002 - the word that a person reads
    *,
    unit: str = "",
    within: tuple[float, float] | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    below: float | None = None,
    source: str = "",
) -> T:
    """Declare a field of the parameters of a check.

    Parameters
    ----------
    within
        Both ends of the range, which belong to it.
    at_least, at_most
        One end of the range that belongs to it.
    above, below
        One end of the range that does not.
    source
        Where the default comes from; "" where it is a choice of our own.
    """
    at_least, at_most = within or (at_least, at_most)
    declared = {
        "help": help,
        "unit": unit,
        "low": at_least if above is None else above,
        "high": at_most if below is None else below,
        "low_is_open": above is not None,
        "high_is_open": below is not None,
        "source": source,
    }
    return dataclasses.field(default=default, metadata=declared)


def column_names(help: str, *, offer: str) -> str:  # noqa: A002 - the word that a person reads
    """Declare a field that names columns, none by default (:func:`names_of` reads it).

    Parameters
    ----------
    offer
        What a person says about the columns that are added; findings of the check offer it.
    """
    declared = {"help": help, "unit": "columns", "offer": offer}
    return dataclasses.field(default="", metadata=declared)


def parameters_of(kind: type[Any]) -> tuple[Parameter, ...]:
    """Return the parameters that a dataclass declares, in order."""
    types, defaults = typing.get_type_hints(kind), kind()
    return tuple(
        Parameter(name=f.name, kind=types[f.name], default=getattr(defaults, f.name), **f.metadata)
        for f in dataclasses.fields(kind)
    )


def names_of(text: str) -> tuple[str, ...]:
    """Return the names in a text of CSV, each once: ``a, b`` or ``"with, comma",b``."""
    lines = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    found = (name.strip() for line in lines for name in line)
    return tuple(dict.fromkeys(filter(None, found)))


def text_of_names(names: Iterable[str]) -> str:
    """Return names as one line of such a text, each once."""
    line = io.StringIO()
    csv.writer(line).writerow(dict.fromkeys(names))
    return line.getvalue().removesuffix("\r\n")


def find(kind: type[Any], name: str, owner: str) -> Parameter:
    """Return one parameter of ``kind``, the parameters of the check ``owner``.

    Raises
    ------
    UnusableInput
        When there is none of that name; the sentence lists those there are.
    """
    known = {p.name: p for p in parameters_of(kind)}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    meant = f"Did you mean “{close[0]}”? " if close else ""
    raise UnusableInput(
        f"The check {owner} has no parameter “{name}”.",
        f"{meant}It has: {', '.join(known) or 'none'}.",
    )


def with_values(kind: type[P], values: Mapping[str, Value], owner: str) -> P:
    """Return the parameters of the check ``owner`` with some of them set.

    Raises
    ------
    UnusableInput
        When a name is not known, or a value is outside of its range.
    """
    chosen = {name: find(kind, name, owner).checked(value) for name, value in values.items()}
    return kind(**chosen)
