"""The sentences about missing values, and their recomputation."""

from __future__ import annotations

import math
import re

from raw_facts import association, difference, quoted, ratio, whole
from sentence_rules import LIST, F, N, Q, S, fixed, rule

ID = "completeness.missing_values"
MOST_VALUES = 20
LARGE = 1.25
APART = rf" \(difference {F} points, 95 % interval {F} to {F}\)\."
PREFIX = (
    r"(|Also tied to Q: |A small difference by Q: |No tie to Q: "
    r"|By Q, a difference that can be chance(?: among so many comparisons)?: "
    r"|Of the inputs with few values, Q goes with the gaps most: )"
).replace("Q", "“[^”]*”")
WRITTEN = rf"(?:, (in part written|written) as {LIST})?"


def is_written(case, column, how, words):
    """Hold “written as” against the words in the cells; “in part” where some are just empty."""
    if how is None:
        return
    cells = case.raw.text(column)[case.raw.gone(column)]
    assert quoted(words) == sorted(set(cells) - {""}, key=lambda w: -sum(cells == w))
    assert (how == "in part written") == bool((cells == "").any())


def is_more_often(case, more, by, group):
    """Hold “more often where” against the rate in the group and in the table."""
    if more is None:
        return
    gone, rows = case.raw.gone(case.about), case.raw.group(by, group)
    assert (gone[rows].mean() > gone.mean()) == (more == "more")


@rule(ID, rf"{Q} is missing in {S} of rows(?:, (more|less) often where {Q} is {Q})?{WRITTEN}$")
def gap_title(case, column, part, more, by, group, how, words):
    assert [column] == case.columns == [case.about]
    case.share(part, case.raw.gone(column).sum(), case.raw.n)
    is_more_often(case, more, by, group)
    is_written(case, column, how, words)
    touches_all_named(case)


@rule(
    ID,
    rf"{LIST} are missing together in {S} of rows"
    rf"(?:, (more|less) often where {Q} is {Q})?{WRITTEN}$",
)
def joint_title(case, names, part, more, by, group, how, words):
    case.named(names, case.columns)
    case.share(part, case.raw.empty[case.columns].all(axis=1).sum(), case.raw.n)
    is_more_often(case, more, by, group)
    is_written(case, case.about, how, words)
    touches_all_named(case)


def touches_all_named(case):
    touched = case.finding["affected"]
    assert touched["n_rows"] == case.raw.union(case.columns)
    assert math.isclose(touched["share"], touched["n_rows"] / case.raw.n)


@rule(ID, rf"{N} of {N} rows \({S}\) have no value{WRITTEN}\.")
def gap_rows(case, n, total, part, how, words):
    case.of_rows(n, total, part, case.raw.gone(case.about).sum())
    is_written(case, case.about, how, words)


@rule(
    ID,
    rf"All of them are empty in {N} of {N} rows \({S}\), at least one in {N} of {N} rows \({S}\)"
    rf"{WRITTEN}\.",
)
def joint_rows(case, n, total, part, n_any, total_any, part_any, how, words):
    empty = case.raw.empty[case.columns]
    case.of_rows(n, total, part, empty.all(axis=1).sum())
    case.of_rows(n_any, total_any, part_any, empty.any(axis=1).sum())
    is_written(case, case.about, how, words)


@rule(ID, rf"They are empty in the same {N} of {N} rows \({S}\){WRITTEN}\.")
def same_rows(case, n, total, part, how, words):
    empty = case.raw.empty[case.columns]
    case.of_rows(n, total, part, empty.all(axis=1).sum())
    assert (empty.all(axis=1) == empty.any(axis=1)).all()
    is_written(case, case.about, how, words)


@rule(ID, rf"What follows is about {Q}\.")
def leader(case, column):
    assert column == case.about


@rule(
    ID,
    rf"{PREFIX}{Q} is {Q} in {S} of the rows where it is missing and in {S} of the others{APART}",
)
def by_label(case, prefix, label, name, part, other, apart, low, high):
    assert label == case.raw.label
    gone, hits = case.raw.gone(case.about), case.raw.is_label(name)
    counts = (hits & gone).sum(), gone.sum(), (hits & ~gone).sum(), (~gone).sum()
    two_shares(case, counts, part, other, (apart, low, high))
    turned = (hits & gone).sum(), hits.sum(), (~hits & gone).sum(), (~hits).sum()
    is_true_of(case, prefix, label, turned, (low, high))


@rule(
    ID,
    rf"{PREFIX}[Aa] value is missing in {S} of the rows where {Q} is {Q} and in {S} "
    rf"(?:where it is {Q}|in the other rows){APART}",
)
def by_group(case, prefix, part, by, name, other, second, apart, low, high):
    gone, rows = case.raw.gone(case.about), case.raw.group(by, name)
    rest = ~rows & ~case.raw.gone(by)
    assert second is None or (case.raw.group(by, second) == rest).all()
    counts = (gone & rows).sum(), rows.sum(), (gone & rest).sum(), rest.sum()
    two_shares(case, counts, part, other, (apart, low, high))
    is_true_of(case, prefix, by, counts, (low, high))


def two_shares(case, counts, part, other, printed):
    x1, n1, x2, n2 = (int(n) for n in counts)
    case.share(part, x1, n1)
    case.share(other, x2, n2)
    expected = (100 * (x1 / n1 - x2 / n2), *difference(x1, n1, x2, n2))
    for text, value in zip(printed, expected, strict=True):
        assert not text.startswith("-0.0")
        case.number(text, value)


def is_true_of(case, prefix, by, counts, ends):
    """Hold the words before a comparison against interval and ratio."""
    apart = not float(ends[0]) <= 0 <= float(ends[1])
    if prefix.startswith(("Also tied", "A small difference", "No tie", "By ")):
        assert quoted(prefix) == [by]
    if prefix.startswith("No tie"):
        low, high = ratio(*rarer(*counts))
        assert 1 / LARGE < low < high < LARGE, (prefix, low, high)
    elif prefix.startswith("By "):
        assert ("among so many" in prefix) == apart, (prefix, ends)
    elif prefix.startswith("Of the inputs"):
        goes_most(case, by)
    else:
        assert apart, (prefix, ends)
        x1, n1, x2, n2 = rarer(*counts)
        large = not x1 or not x2 or abs(math.log((x1 / n1) / (x2 / n2))) >= math.log(LARGE)
        assert large == (not prefix.startswith("A small")), prefix


def rarer(x1, n1, x2, n2):
    """Return filled rows for empty ones where most are empty."""
    x1, n1, x2, n2 = (int(n) for n in (x1, n1, x2, n2))
    return (x1, n1, x2, n2) if 2 * (x1 + x2) <= n1 + n2 else (n1 - x1, n1, n2 - x2, n2)


def goes_most(case, by):
    """No input of few values goes with the gaps more clearly."""
    raw = case.raw
    kinds = case.kinds
    strength = {}
    for column in raw.cells.columns:
        few = 1 < len(raw.groups(column)) <= MOST_VALUES
        discrete = kinds[column]["kind"] in {"category", "ordinal", "boolean", "integer"}
        if few and discrete and kinds[column]["role"] in {"feature", "sensitive"}:
            there = ~raw.gone(column)
            if column not in case.columns and raw.gone(case.about)[there].any():
                strength[column] = association(raw.gone(case.about)[there], raw.text(column)[there])
    assert strength[by] >= 0.999 * max(strength.values()), (by, strength)


@rule(ID, rf"{N} more comparisons? (?:is|are) in the charts\.")
def more_comparisons(case, n):
    told = len(re.findall(r"difference -?[\d.]+ points", case.finding["detail"]))
    told -= "Of the inputs with few values" in case.finding["detail"]
    others = {case.raw.label, *case.raw.sensitive} - {case.about}
    assert whole(n) == len(others) - told > 0


@rule(ID, rf"In {N} of {N} rows \({S}\) exactly one of {Q} and {Q} has a value\.")
def complement(case, n, total, part, a, b):
    one = case.raw.gone(a) != case.raw.gone(b)
    case.of_rows(n, total, part, one.sum())


fixed(ID, "Dropping these rows would change what the model learns.")


@rule(ID, rf"They are less than {S} of the rows: to drop them changes little\.")
def few_rows(case, line):
    assert case.raw.gone(case.about).mean() < float(line.removesuffix(" %")) / 100


@rule(ID, rf"{N} columns? with small gaps, up to {S} of rows: {LIST}$")
def small_title(case, n, part, names):
    assert whole(n) == len(case.columns)
    case.named(names, case.columns)
    gone = case.raw.empty[case.columns].sum()
    assert gone.is_monotonic_decreasing
    case.share(part, gone.max(), case.raw.n)
    touches_all_named(case)


@rule(
    ID,
    rf"No value for ((?:{Q} in {N} of {N} rows \({S}\)(?:, )?)+)(?: and {N} more)?\.".replace(
        "(“", "(?:“"
    )
    .replace("(-?", "(?:-?")
    .replace("((?:under", "(?:(?:under"),
)
def small_rows(case, told, *_):
    items = re.findall(rf"{Q} in {N} of {N} rows \({S}\)", told)
    assert [item[0] for item in items] == case.columns[: len(items)]
    for column, n, total, part in items:
        case.of_rows(n, total, part, case.raw.gone(column).sum())


@rule(ID, rf"Compared with {LIST}, no difference could be told from chance\.")
def small_no_difference(case, names):
    """Every interval of a difference between two shares holds 0, or few of many do not."""
    assert set(quoted(names)) <= {case.raw.label, *case.raw.sensitive}
    outside = total = 0
    for column in case.columns:
        gone = case.raw.gone(column)
        for by in quoted(names):
            for name in case.raw.groups(by):
                rows = case.raw.group(by, name)
                ends = difference(
                    int((gone & rows).sum()),
                    int(rows.sum()),
                    int((gone & ~rows).sum()),
                    int((~rows).sum()),
                )
                outside += not ends[0] <= 0 <= ends[1]
                total += 1
    assert outside <= 1 + total // 10


@rule(ID, rf"{N} columns? without any value: {LIST}$")
def empty_title(case, n, names):
    assert whole(n) == len(case.columns)
    case.named(names, case.columns)
    assert case.raw.empty[case.columns].all(axis=None)


@rule(ID, rf"{LIST} (?:is|are) empty in all {N} rows\.")
def empty_rows(case, names, n):
    case.named(names, case.columns)
    assert whole(n) == case.raw.n


fixed(ID, "A column without values teaches a model nothing.")


@rule(ID, rf"{N} rows? (?:is|are) nearly empty: {N} or more of {N} inputs are missing$")
def nearly_empty(case, n, least, inputs):
    columns = [c for c in case.raw.cells.columns if c != case.raw.label]
    rows = case.raw.empty[columns].sum(axis=1) >= whole(least)
    assert (whole(n), whole(inputs)) == (rows.sum(), len(columns))
    assert case.finding["affected"]["n_rows"] == rows.sum()
    assert case.finding["affected"]["row_id"] == rows.to_numpy().nonzero()[0].tolist()


@rule(ID, rf"{N} rows? of {N} \({S}\) (?:has|have) almost nothing to learn from\.")
def nearly_empty_rows(case, n, total, part):
    case.of_rows(n, total, part, case.finding["affected"]["n_rows"])


fixed(ID, "Filling the gaps would make up the row.")


@rule(ID, rf"{LIST} stands? for a missing value in {N} cells of {N} columns?$")
def words_title(case, words, n, columns):
    used = set(quoted(words))
    hits = case.raw.cells.isin(used)
    assert used == set(case.raw.words) - {""}
    assert (whole(n), whole(columns)) == (hits.sum().sum(), hits.any().sum())
    assert case.columns == list(hits.columns[hits.any()])
    assert case.finding["affected"]["n_rows"] == hits.any(axis=1).sum()


@rule(ID, r"Read as missing: ((?:“[^”]*” \([^)]*\)(?:, )?)+)\.")
def words_cells(case, told):
    for column, counts in re.findall(rf"{Q} \(([^)]*)\)", told):
        for n, word in re.findall(rf"{N} × {Q}", counts):
            assert whole(n) == (case.raw.text(column) == word).sum()


fixed(ID, "Left as words, they would be taken for a category of their own.")
