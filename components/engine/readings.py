"""Expressions that read a text as a value, by storage and format; NULL where it is none.

Formats are those of :attr:`components.core.dataset.Column.format`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from components.core.dataset import Storage

ISO = "iso"
"""The format of dates that are cast as they are: year, month, day, with or without a time."""


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


def text_of(field: str) -> exp.Expr:
    """Return the cell text of ``field`` without spaces around it."""
    return exp.Trim(this=exp.column(field, quoted=True))


def read_as(field: str, storage: Storage, style: str) -> exp.Expr:
    """Return the value of ``field`` under ``storage`` and the format ``style``."""
    whole = exp.column(field, quoted=True)
    # plain numbers and dates are read without a trim, which costs as much as reading them
    text = text_of(field) if style not in {"", ISO} or storage is Storage.BOOLEAN else whole
    match storage:
        case Storage.TEXT:
            filled = exp.NEQ(this=text_of(field), expression=exp.Literal.string(""))
            return _when(filled, whole)
        case Storage.INTEGER:
            return _integer(text, style)
        case Storage.NUMBER:
            return _number(text, style)
        case Storage.BOOLEAN:
            return _boolean(text, style)
        case Storage.DATETIME:
            return _datetime(text, style)


def _integer(text: exp.Expr, style: str) -> exp.Expr:
    if style:
        figures, guard = _figures(text, Notation.of(style))
        whole = exp.Not(this=_matches(figures, r"[.eE]"))
        return _when(exp.and_(guard, whole), _try_cast(figures, "BIGINT"))
    # only a text that comes back the same: no leading zero, no 1e3, no 1_000, no 0x1F, no 1.5
    number = _try_cast(text, "BIGINT")
    same = exp.EQ(this=exp.cast(number.copy(), "VARCHAR"), expression=text.copy())
    return _when(same, number)


def _number(text: exp.Expr, style: str) -> exp.Expr:
    if style == WITH_INFINITY:
        return _number_or_infinity(text)
    if style:
        figures, guard = _figures(text, Notation.of(style))
        return _when(guard, _try_cast(figures, "DOUBLE"))
    # DuckDB also takes 1_000, nan and infinity; these guards cost half of a regular expression
    number = _try_cast(text, "DOUBLE")
    finite = exp.Anonymous(this="isfinite", expressions=[number.copy()])
    return _when(exp.and_(finite, exp.Not(this=_contains(text, "_"))), number)


def _number_or_infinity(text: exp.Expr) -> exp.Expr:
    """Return a plain number, also where it is written as infinite; 1e400 only overflows.

    Apart from :func:`_number`, because the engine keeps room for each part of an expression: asked
    of every column, it took 2 GB for 500 of them.
    """
    words = [exp.Literal.string(word) for word in INFINITE]
    infinite = exp.In(this=exp.Lower(this=text.copy()), expressions=words)
    return exp.Case(
        ifs=[exp.If(this=infinite, true=_try_cast(text, "DOUBLE"))], default=_number(text, "")
    )


def _figures(text: exp.Expr, notation: Notation) -> tuple[exp.Expr, exp.Expr]:
    """Return the plain figures, and the condition that the text is in this notation."""
    bare = text
    if notation.mark:
        bare = exp.Trim(this=_replace(text, notation.mark, ""))
    guard = exp.Anonymous(
        this="regexp_full_match", expressions=[bare.copy(), exp.Literal.string(notation.pattern)]
    )
    figures = _replace(bare, notation.thousands, "") if notation.thousands else bare
    if notation.decimal != ".":
        figures = _replace(figures, notation.decimal, ".")
    return figures, guard


def _boolean(text: exp.Expr, style: str) -> exp.Expr:
    yes, _, no = (style or "true/false").partition("/")
    lower = exp.Lower(this=text)
    return exp.Case(
        ifs=[
            exp.If(this=exp.EQ(this=lower, expression=exp.Literal.string(yes)), true=exp.true()),
            exp.If(
                this=exp.EQ(this=lower.copy(), expression=exp.Literal.string(no)), true=exp.false()
            ),
        ]
    )


def _datetime(text: exp.Expr, style: str) -> exp.Expr:
    if style in {"", ISO}:
        # without the guards DuckDB takes "epoch", "infinity" and years before Christ
        digit = exp.LT(this=text.copy(), expression=exp.Literal.string(":"))
        guard = exp.and_(digit, exp.Not(this=_contains(text, "(")))
        return _when(guard, _try_cast(text, "TIMESTAMP"))
    formats = exp.Array(expressions=[exp.Literal.string(f) for f in style.split("|")])
    parsed = exp.Anonymous(this="try_strptime", expressions=[text, formats])
    return _try_cast(parsed, "TIMESTAMP")


def is_one_of(field: str, words: Sequence[str]) -> exp.Expr:
    """Return whether the cell text of ``field``, without spaces around it, is one of ``words``."""
    return exp.In(this=text_of(field), expressions=[exp.Literal.string(w) for w in words])


def _replace(text: exp.Expr, old: str, new: str) -> exp.Expr:
    return exp.func(
        "REPLACE", text.copy(), exp.Literal.string(old), exp.Literal.string(new), dialect="duckdb"
    )


def _contains(text: exp.Expr, part: str) -> exp.Expr:
    return exp.Anonymous(this="contains", expressions=[text.copy(), exp.Literal.string(part)])


def _matches(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(
        this="regexp_matches", expressions=[text.copy(), exp.Literal.string(pattern)]
    )


def _try_cast(text: exp.Expr, kind: str) -> exp.Expr:
    return exp.TryCast(this=text.copy(), to=exp.DataType.build(kind, dialect="duckdb"))


def _when(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])
