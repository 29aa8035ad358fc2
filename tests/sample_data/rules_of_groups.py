"""The sentences about groups of people, and their recomputation."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
from raw_facts import difference, quoted, ratio, whole
from sentence_rules import LIST, F, N, Q, S, fixed, rule

GAP = "bias.outcome_gap"
FEW = "bias.representation"
LEAST = 30


def counts(case, group):
    """Return the rows of a group with the class that is compared, and all its rows."""
    rows = case.raw.group(case.about, group) & ~case.raw.gone(case.raw.label)
    return int((rows & case.raw.is_label(outcome(case))).sum()), int(rows.sum())


def outcome(case):
    return quoted(case.finding["title"])[1]


def compared(case):
    names = quoted(case.finding["title"])
    return counts(case, names[3]), counts(case, names[4])


@rule(GAP, rf"{Q} is {Q} in {S} of rows where {Q} is {Q}, and in {S} where it is {Q}$")
def gap_title(case, label, name, part, attribute, group, other, reference):
    assert [attribute, label] == case.columns == [case.about, case.raw.label]
    assert name == outcome(case)
    for text, who in ((part, group), (other, reference)):
        case.share(text, *counts(case, who))
    groups = case.finding["affected"]["groups"]
    assert groups[0] == group
    assert case.finding["affected"]["n_rows"] == sum(
        case.raw.group(attribute, g).sum() for g in groups
    )


@rule(
    GAP,
    rf"The ratio is {F} \(95 % interval {F} to {F}\), that of not {Q} {F} \({F} to {F}\), "
    rf"the difference {F} points \({F} points to {F} points\), from {N} and {N} rows\.",
)
def gap_numbers(case, *said):
    (x1, n1), (x2, n2) = compared(case)
    assert said[3] == outcome(case)
    assert (whole(said[10]), whole(said[11])) == (n1, n2)
    rates = x1 / n1, x2 / n2
    others = (n1 - x1) / n1, (n2 - x2) / n2
    expected = [
        rates[0] / rates[1],
        *ratio(x1, n1, x2, n2),
        others[0] / others[1],
        *ratio(n1 - x1, n1, n2 - x2, n2),
        100 * (rates[0] - rates[1]),
        *difference(x1, n1, x2, n2),
    ]
    for text, value in zip([*said[:3], *said[4:10]], expected, strict=True):
        case.number(text, value)


@rule(GAP, rf"{Q} is the largest group, so others are compared with it\.")
def largest(case, group):
    assert group == quoted(case.finding["title"])[4]
    sizes = [
        case.raw.group(case.about, g).sum() for g in (group, *case.finding["affected"]["groups"])
    ]
    assert sizes[0] == max(sizes)


@rule(GAP, rf"{Q} has the lower rate of the two\.")
def lower(case, group):
    (x1, n1), (x2, n2) = compared(case)
    assert group == quoted(case.finding["title"])[4]
    assert x2 / n2 < x1 / n1


@rule(GAP, rf"{N} more groups? differs?, too: {LIST}\.")
def more_groups(case, n, names):
    others = case.finding["affected"]["groups"][1:]
    assert whole(n) == len(others)
    case.named(names, others)
    reference = counts(case, quoted(case.finding["title"])[4])
    for other in others:
        low, high = difference(*counts(case, other), *reference)
        assert not low <= 0 <= high, other


@rule(GAP, rf"The class compared is {Q}, because {Q} is the upper class\.")
def upper_class(case, name, why):
    assert name == why == outcome(case)
    assert why.startswith(">")


@rule(GAP, rf"The class compared is {Q}, because {Q} usually means a positive outcome\.")
def positive_class(case, name, why):
    assert name == why == outcome(case)
    assert name in {"1", "yes", "true", "True"}


@rule(
    GAP,
    rf"The class compared is {Q}, because the name {Q} sounds like something that people hope to "
    r"avoid\.",
)
def spared_class(case, name, why):
    assert (name, why) == (outcome(case), case.raw.label)
    assert name == "0"


def small(case, attribute):
    sizes = {g: int(case.raw.group(attribute, g).sum()) for g in case.raw.groups(attribute)}
    return {g: n for g, n in sizes.items() if n < LEAST or n < case.raw.n / 100}, len(sizes)


@rule(
    FEW,
    rf"{N} of {N} groups of {Q} (?:has|have) (under 30 rows|under 1 % of rows"
    rf"|under 30 rows or under 1 % of rows): {LIST}$",
)
def small_groups(case, n, of, attribute, line, names):
    few, total = small(case, attribute)
    affected = case.finding["affected"]
    assert (whole(n), whole(of)) == (len(few), total)
    assert affected["groups"] == sorted(few, key=lambda g: -few[g])
    case.named(names, affected["groups"])
    assert ("30 rows" in line) == (min(few.values()) < LEAST)
    assert ("1 %" in line) == (max(few.values()) >= LEAST)
    assert affected["n_rows"] == sum(few.values())
    rarest = case.raw.group(attribute, min(few, key=lambda g: few[g])).nonzero()[0]
    assert affected["row_id"] == rarest.tolist()[:50]


ITEM = rf"{Q} {N} of {N} rows \({S}\)"


@rule(FEW, r"((?:“[^”]*” [\d,]+ of [\d,]+ rows \([^)]*\)(?:, )?)+)\.")
def small_counts(case, told):
    items = re.findall(ITEM, told)
    assert [item[0] for item in items] == case.finding["affected"]["groups"]
    for group, n, total, part in items:
        case.of_rows(n, total, part, case.raw.group(case.about, group).sum())


@rule(FEW, rf"Equal shares would be {S} each\.")
def equal_shares(case, part):
    case.share(part, 1, len(case.raw.groups(case.about)))


fixed(FEW, "With so few rows, errors of a model on the group can hardly be measured.")


def crossings(case):
    """Return the rows of every pair of groups that are no small groups by themselves."""
    found = {}
    for a, b in combinations(case.raw.sensitive, 2):
        for left, right in ((x, y) for x in known(case, a) for y in known(case, b)):
            rows = case.raw.group(a, left) & case.raw.group(b, right)
            found[f"{left}, {right}"] = rows
    return found


def known(case, attribute):
    """Return the groups of an attribute, as the groups file of the run names them."""
    names = case.groups_of(FEW, attribute)
    return [g for g in names if case.raw.group(attribute, g).sum() >= LEAST]


@rule(FEW, rf"{N} of {N} combinations? of two groups (?:has|have) under 30 rows$")
def combined(case, n, of):
    every = crossings(case)
    few = {name: rows for name, rows in every.items() if rows.sum() < LEAST}
    assert (whole(n), whole(of)) == (len(few), len(every))
    assert set(case.finding["affected"]["groups"]) == set(few)
    union = np.any(list(few.values()), axis=0)
    assert case.finding["affected"]["n_rows"] == union.sum()


@rule(FEW, rf"((?:“[^”]*” \([\d,]+\)(?:, )?)+)(?: and {N} more)?(?:; {N} (?:is|are) empty)?\.")
def combined_counts(case, told, more, empty):
    every = crossings(case)
    items = re.findall(rf"{Q} \({N}\)", told)
    assert {name: whole(n) for name, n in items} == {name: every[name].sum() for name, _ in items}
    few = [rows.sum() for rows in every.values() if rows.sum() < LEAST]
    assert len(items) + whole(more or "0") == len(few)
    assert whole(empty or "0") == few.count(0)


fixed(
    FEW,
    "Each of the groups alone has more rows, so only the combination is hardly seen.",
    "Groups that have fewer by themselves are not counted here.",
)
