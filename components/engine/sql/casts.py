"""Expressions that read a text as a value, by storage and format; NULL where it is none.

Formats are those of :attr:`components.core.data.dataset.Column.format`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from components.core.data.dataset import Column, Storage
from components.engine.sql.expressions import as_type
from components.engine.sql.expressions import field as column

ISO = "iso"
"""The format of dates that are cast as they are: year, month, day, with or without a time."""


SPACES = " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What the engine takes off the ends of a text: the spaces of Unicode (category Zs)."""

INFINITE = ("inf", "-inf", "+inf", "infinity", "-infinity", "+infinity")
"""Words for infinite numbers, in small letters; pandas and NumPy write the first two."""

WITH_INFINITY = "1.5 or inf"
"""The format of plain numbers of which some are infinite."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers are written: thousands sign, decimal sign, and signs around the figures."""

    thousands: str = ""
    decimal: str = "."
    mark: str = ""

    @property
    def example(self) -> str:
        """The notation as a person would show it, such as ``1.234,5 €``."""
        mark = f" {self.mark}" if self.mark else ""
        return f"1{self.thousands}234{self.decimal}5{mark}"

    @classmethod
    def of(cls, example: str) -> Notation:
        """Read an example; the empty text is the plain notation.

        Raises
        ------
        ValueError
            When it is no notation.
        """
        if not example:
            return cls()
        match = re.fullmatch(r"1([,.' \u00a0\u202f]?)234([.,])5(?: (\S{1,4}))?", example)
        if match is None:
            raise ValueError(f"no notation of numbers: {example}")
        return cls(match[1], match[2], match[3] or "")

    @property
    def pattern(self) -> str:
        """A regular expression for the figures, without the mark; RE2 and Python take it."""
        decimal = re.escape(self.decimal)
        tail = rf"(?:{decimal}\d*)?(?:[eE][+-]?\d+)?"
        if not self.thousands:
            return rf"[+-]?(?:\d+{tail}|{decimal}\d+)"
        sign = re.escape(self.thousands)
        return rf"[+-]?(?:\d{{1,3}}(?:{sign}\d{{3}})+{tail}|\d+{tail}|{decimal}\d+)"


Text = Callable[[], exp.Expr]
"""Builds the text that is read, anew for each place: copies cost more."""


def trimmed(field: str) -> exp.Expr:
    """Return the cell text of ``field`` without spaces around it."""
    return exp.Trim(this=column(field))


def read_as(field: str, storage: Storage, style: str) -> exp.Expr:
    """Return the value of ``field`` under ``storage`` and the format ``style``."""
    # plain numbers and dates are read without a trim, which costs as much as reading them
    as_it_is = style in {"", ISO} and storage is not Storage.BOOLEAN
    text: Text = partial(column if as_it_is else trimmed, field)
    match storage:
        case Storage.TEXT:
            filled = exp.NEQ(this=trimmed(field), expression=exp.Literal.string(""))
            return _when(filled, column(field))
        case Storage.INTEGER:
            return _integer(text, style)
        case Storage.NUMBER:
            return _number(text, style)
        case Storage.BOOLEAN:
            return _boolean(text, style)
        case Storage.DATETIME:
            return _datetime(text, style)


def _integer(text: Text, style: str) -> exp.Expr:
    if style:
        notation = Notation.of(style)
        whole = exp.Not(this=_matches(_figures(text, notation), r"[.eE]"))
        guard = exp.And(this=_is_written(text, notation), expression=whole)
        return _when(guard, _try_cast(_figures(text, notation), _BIGINT))
    # only a text that comes back the same: no leading zero, no 1e3, no 1_000, no 0x1F, no 1.5
    same = exp.EQ(this=as_type(_try_cast(text(), _BIGINT), "text"), expression=text())
    return _when(same, _try_cast(text(), _BIGINT))


def _number(text: Text, style: str) -> exp.Expr:
    if style == WITH_INFINITY:
        return _number_or_infinity(text)
    if style:
        notation = Notation.of(style)
        return _when(_is_written(text, notation), _try_cast(_figures(text, notation), _DOUBLE))
    # DuckDB also takes 1_000, nan and infinity; these guards cost half of a regular expression
    finite = exp.Anonymous(this="isfinite", expressions=[_try_cast(text(), _DOUBLE)])
    guard = exp.And(this=finite, expression=exp.Not(this=_contains(text(), "_")))
    return _when(guard, _try_cast(text(), _DOUBLE))


def _number_or_infinity(text: Text) -> exp.Expr:
    """Return a plain number, also where it is written as infinite; 1e400 only overflows.

    Apart from :func:`_number`, because the engine keeps room for each part of an expression: asked
    of every column, it took 2 GB for 500 of them.
    """
    infinite = exp.In(this=exp.Lower(this=text()), expressions=_literals(INFINITE))
    return exp.Case(
        ifs=[exp.If(this=infinite, true=_try_cast(text(), _DOUBLE))], default=_number(text, "")
    )


def _bare(text: Text, notation: Notation) -> exp.Expr:
    """Return the text without the mark."""
    if not notation.mark:
        return text()
    return exp.Trim(this=_replace(text(), notation.mark, ""))


def _is_written(text: Text, notation: Notation) -> exp.Expr:
    """Return whether the text is in this notation."""
    pattern = exp.Literal.string(notation.pattern)
    return exp.Anonymous(this="regexp_full_match", expressions=[_bare(text, notation), pattern])


def _figures(text: Text, notation: Notation) -> exp.Expr:
    """Return the plain figures of a text in this notation."""
    figures = _bare(text, notation)
    if notation.thousands:
        figures = _replace(figures, notation.thousands, "")
    return figures if notation.decimal == "." else _replace(figures, notation.decimal, ".")


def _boolean(text: Text, style: str) -> exp.Expr:
    yes, _, no = (style or "true/false").partition("/")

    def spelled(word: str, value: exp.Expr) -> exp.If:
        same = exp.EQ(this=exp.Lower(this=text()), expression=exp.Literal.string(word))
        return exp.If(this=same, true=value)

    return exp.Case(ifs=[spelled(yes, exp.true()), spelled(no, exp.false())])


def _datetime(text: Text, style: str) -> exp.Expr:
    if style in {"", ISO}:
        # without the guards DuckDB takes "epoch", "infinity" and years before Christ
        digit = exp.LT(this=text(), expression=exp.Literal.string(":"))
        guard = exp.And(this=digit, expression=exp.Not(this=_contains(text(), "(")))
        return _when(guard, _try_cast(text(), _TIMESTAMP))
    formats = exp.Array(expressions=_literals(style.split("|")))
    parsed = exp.Anonymous(this="try_strptime", expressions=[text(), formats])
    return _try_cast(parsed, _TIMESTAMP)


def is_one_of(field: str, words: Sequence[str]) -> exp.Expr:
    """Return whether the cell text of ``field``, without spaces around it, is one of ``words``."""
    return exp.In(this=trimmed(field), expressions=_literals(words))


def _literals(words: Sequence[str]) -> list[exp.Expr]:
    return [exp.Literal.string(word) for word in words]


def _replace(text: exp.Expr, old: str, new: str) -> exp.Expr:
    return exp.func(
        "REPLACE", text, exp.Literal.string(old), exp.Literal.string(new), dialect="duckdb"
    )


def _contains(text: exp.Expr, part: str) -> exp.Expr:
    return exp.Anonymous(this="contains", expressions=[text, exp.Literal.string(part)])


def _matches(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(this="regexp_matches", expressions=[text, exp.Literal.string(pattern)])


_BIGINT, _DOUBLE = exp.DType.BIGINT, exp.DType.DOUBLE
_TIMESTAMP = exp.DType.TIMESTAMP


def _try_cast(text: exp.Expr, kind: exp.DType) -> exp.Expr:
    return exp.TryCast(this=text, to=exp.DataType(this=kind, nested=False))


def _when(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])


def typed_value(column: Column) -> exp.Expr:
    """Return the value of ``column``; missing values, disguised ones included, are null."""
    value = read_as(column.field, column.storage, column.format)
    if not column.disguised:
        return value
    missing = is_one_of(column.field, column.disguised)
    return exp.Case(ifs=[exp.If(this=exp.Not(this=missing), true=value)])
