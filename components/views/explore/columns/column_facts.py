"""The facts about one column: a few numbers, then plain sentences for its kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from components.core.data.dataset import Kind
from components.core.data.query import Scalar
from components.core.facts.contents import Granularity, Texts, Times
from components.core.facts.profile import ColumnProfile
from components.views import words
from components.views.explore.columns.column_list import NEARLY_CONSTANT
from components.views.text import code, md

MOST_DISGUISED = 5
MOST_FORMATS = 3
LONG_TAIL = 1.0
"""Skewness from which a tail is called long; the sign says on which side."""
USUAL = 0.1
"""Share of each last digit where nobody rounds."""
ROUNDED = 0.1
"""Share of last digits 0 and 5 beyond the usual one from which it is worth a sentence."""
MOSTLY = 0.9
"""Share of whole numbers among the values from which their last digits speak for the column."""
RHYTHM = 0.5
"""Share of steps like the usual one from which times are said to have a step, as for gaps."""
_DAY = 86_400.0
_UNITS = (("year", 365.25 * _DAY), ("day", _DAY), ("hour", 3_600.0), ("minute", 60.0))
_GRANULARITY = {
    Granularity.SUBSECOND: "Times are known to parts of a second",
    Granularity.SECOND: "Every value is a whole second",
    Granularity.MINUTE: "Every value is a whole minute",
    Granularity.HOUR: "Every value is a whole hour",
    Granularity.DAY: "Every value is a day, without a time of day",
    Granularity.WEEK: "Every value is the same weekday",
    Granularity.MONTH: "Every value is the first or last day of a month",
    Granularity.QUARTER: "Every value is the first or last day of a quarter",
    Granularity.YEAR: "Every value is the first or last day of a year",
}


def numbers(column: ColumnProfile) -> list[tuple[str, str]]:
    """Return the few numbers for the top of the card; the texts are not escaped."""
    about = "" if column.distinct_exact else "about "
    facts = [
        ("Filled", words.share(column.completeness)),
        ("Distinct", f"{about}{column.n_distinct:,}"),
    ]
    median = (column.quantiles or {}).get("0.5")
    if median is not None:
        facts.append(("Median", words.number(median)))
    low, high = column.minimum, column.maximum
    if isinstance(low, datetime) and isinstance(high, datetime):
        facts += [("First", low.date().isoformat()), ("Last", high.date().isoformat())]
    elif low is not None and (column.kind.is_numeric or median is not None):
        facts += [("Smallest", scalar(low)), ("Largest", scalar(high))]
    elif column.top:
        facts.append(("Most frequent", column.top[0].value))
    return facts


def scalar(value: Scalar) -> str:
    """Return a value of a column for people."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return words.number(float(value))
    return str(value).removesuffix(" 00:00:00")


def sentences(column: ColumnProfile) -> list[str]:
    """Return what else is known, in sentences that Markdown can show."""
    found = [*_gaps(column), *_one_value(column)]
    if column.quantiles:
        found += _spread(column)
    found += _counts(column)
    found += _digits(column)
    if column.texts is not None:
        found += _texts(column, column.texts)
    if column.times is not None:
        found += _times(column, column.times)
    return found


def _gaps(column: ColumnProfile) -> Iterator[str]:
    if column.disguised:
        parts = [
            f"{code(text, limit=20)} in {words.count(n, 'row')}"
            for text, n in list(column.disguised.items())[:MOST_DISGUISED]
        ]
        yield f"Counted as missing: {', '.join(parts)}."


def _one_value(column: ColumnProfile) -> Iterator[str]:
    share = column.share_top
    if share is not None and NEARLY_CONSTANT <= share < 1 and column.top:
        yield (
            f"Nearly constant: {code(column.top[0].value, limit=30)} is "
            f"{md(words.share(share))} of the values."
        )
    elif column.uniqueness == 1 and column.n_present > 1 and column.distinct_exact:
        yield "No value comes twice."


def _spread(column: ColumnProfile) -> Iterator[str]:
    known = column.quantiles or {}
    low, first, third, high = (known.get(q) for q in ("0.05", "0.25", "0.75", "0.95"))
    if low is not None and first is not None and third is not None and high is not None:
        yield md(
            f"Half of the values lie between {words.number(first)} and {words.number(third)}, "
            f"nine of ten between {words.number(low)} and {words.number(high)}"
            f"{'' if column.quantiles_exact else ' (estimated)'}."
        )
    if column.mean is not None and column.sd is not None:
        mean, sd = words.number(column.mean), words.number(column.sd)
        yield md(f"Mean {mean}, standard deviation {sd}.")
    if column.skew is not None and abs(column.skew) >= LONG_TAIL:
        side = "large" if column.skew > 0 else "small"
        yield md(f"A long tail of {side} values (skewness {column.skew:.1f}).")


def _counts(column: ColumnProfile) -> Iterator[str]:
    said = ((column.n_zero, "zero"), (column.n_negative, "negative"))
    for n, what in said:
        if n:
            share = words.share(n / column.n_present) if column.n_present else ""
            verb = "is" if n == 1 else "are"
            yield md(f"{words.count(n, 'value')} {verb} {what} ({share}).")
    if column.n_infinite:
        n = column.n_infinite
        verb = "is" if n == 1 else "are"
        yield md(f"{words.count(n, 'value')} {verb} infinite and left out of the figures.")
    if column.kind is Kind.NUMBER and column.n_whole and column.n_whole == column.n_present:
        yield "All values are whole numbers."


def _digits(column: ColumnProfile) -> Iterator[str]:
    """Say that people seem to have rounded: 0 and 5 stand at the end far too often.

    Where one value alone makes up for it, nothing is said, nor where few values are whole.
    """
    digits = column.digits
    if digits is None or digits.n_whole < MOSTLY * max(1, column.n_present):
        return
    zero, five = (digits.last[d] / digits.n_whole for d in (0, 5))
    if zero + five - 2 * USUAL < ROUNDED or zero + five < 2 * (column.share_top or 0.0):
        return
    yield md(
        f"{words.share(zero)} of the values end in 0 and {words.share(five)} in 5, where about "
        "10 % each are usual: many seem to be rounded."
    )


def _texts(column: ColumnProfile, texts: Texts) -> Iterator[str]:
    if column.length_mean is not None and column.length_max is not None:
        shortest = "" if column.length_min is None else f"{column.length_min:,} to "
        yield md(
            f"{shortest}{column.length_max:,} characters, {words.number(column.length_mean)} on "
            f"average; {words.number(texts.tokens_mean)} words on average, "
            f"{words.count(texts.n_vocabulary, 'different word')}."
        )
    if texts.formats and texts.n_used:
        yield _formats(texts)
    if texts.n_near_empty:
        n = words.count(texts.n_near_empty, "text")
        yield md(f"{n} nearly empty: two characters at most, or no letter and no digit.")
    if texts.n_used < column.n_present:
        yield md(f"What is said of texts is from a seeded sample of {texts.n_used:,} of them.")


def _formats(texts: Texts) -> str:
    shown = [
        f"{code(f.pattern, limit=30)} {md(words.share(f.count / texts.n_used))}"
        for f in texts.formats[:MOST_FORMATS]
    ]
    more = texts.n_formats - len(shown)
    rest = f"and {words.count(more, 'other')} " if more > 0 else ""
    run = "a run of digits" if texts.digits_collapsed else "a digit"
    return f"Written as {', '.join(shown)} {rest}(A, a: letters; 9: {run})."


def _times(column: ColumnProfile, times: Times) -> Iterator[str]:
    if times.granularity is not None:
        yield f"{_GRANULARITY[times.granularity]}."
    if times.span_s > 0:
        first, last = scalar(column.minimum), scalar(column.maximum)
        yield md(f"From {first} to {last}: {duration(times.span_s)}.")
    if times.n_midnight and times.n_midnight < column.n_present and _has_clock(times):
        share = words.share(times.n_midnight / column.n_present)
        yield md(f"{share} of the times are exactly midnight.")
    if times.step_s and times.regular is not None and times.regular >= RHYTHM:
        yield md(
            f"The usual step is {duration(times.step_s)}; "
            f"{words.share(times.regular)} of the steps are like it."
        )
    yield from _holes(times)


def _has_clock(times: Times) -> bool:
    return times.granularity in {
        Granularity.SUBSECOND, Granularity.SECOND, Granularity.MINUTE, Granularity.HOUR,
    }  # fmt: skip


def _holes(times: Times) -> Iterator[str]:
    if times.n_gaps == 0:
        yield "No step is left out."
    elif times.n_gaps and times.largest_gap_s and times.largest_gap_from is not None:
        many = words.count(times.n_gaps, "gap")
        since = scalar(times.largest_gap_from)
        yield md(f"{many}, the longest of {duration(times.largest_gap_s)} after {since}.")


def duration(seconds: float) -> str:
    """Return a length of time in its largest fitting unit: ``3 days``, ``1.5 hours``."""
    for name, size in _UNITS:
        if seconds >= size:
            value = seconds / size
            return f"{words.number(round(value, 1))} {name if value == 1 else name + 's'}"
    return f"{words.number(seconds)} {'second' if seconds == 1 else 'seconds'}"
