"""The sentences about columns, copies, leaks and codes, and their recomputation."""

from __future__ import annotations

import csv
import dataclasses
import re

import pandas as pd
from raw_facts import quoted, whole
from sentence_rules import LIST, F, N, Q, S, fixed, rule

COPIES = "duplicates.exact_rows"
TWINS = "duplicates.redundant_columns"
LEAK = "leakage.target_proxy"
CODE = "completeness.sentinel_values"
FILE = "validity.file_structure"
IMBALANCE = "labels.class_imbalance"
FEW_VALUES = 20


@rule(COPIES, rf"{N} rows? of {N} \({S}\) repeats? an earlier row$")
def repeats(case, n, total, part):
    again = case.raw.cells.duplicated().to_numpy()
    case.of_rows(n, total, part, again.sum())
    assert case.finding["affected"]["n_rows"] == again.sum()
    assert case.finding["affected"]["row_id"] == again.nonzero()[0].tolist()[:50]


@rule(COPIES, rf"They belong to {N} sets? of equal rows; the largest has {N} rows?\.")
def sets_of_repeats(case, n, largest):
    sizes = case.raw.cells.groupby(list(case.raw.cells.columns)).size()
    assert (whole(n), whole(largest)) == ((sizes > 1).sum(), sizes.max())


@rule(
    COPIES,
    rf"From how its columns go together in pairs, (?:about {N}|hardly one) would repeat by chance "
    r"in such a table(; different cases can be equal here|: these are more)\.",
)
def chance(case, n, verdict):
    """An estimate; what is said of it follows from the number."""
    found = case.finding["affected"]["n_rows"]
    assert whole(n or "0") <= case.raw.n
    assert ("these are more" in verdict) == (whole(n or "0") < found / 4)


def conflicts(case):
    """Return the sets of rows that share what a model reads and have several labels."""
    read = [c for c in case.raw.cells.columns if c not in {case.raw.label, *case.not_read}]
    cells = case.raw.cells.where(~case.raw.empty, "")
    sets = cells.groupby(read, sort=False)[case.raw.label]
    several = sets.transform("nunique") > 1
    wrong = sets.apply(lambda labels: len(labels) - labels.value_counts().max())
    return several.to_numpy(), int((sets.nunique() > 1).sum()), int(wrong.sum()), len(read)


def leaks(case):
    """Return the columns that a model would not read because they give the label away."""
    named = {c for f in case.findings_of(LEAK) for c in f["affected"]["columns"]}
    return named & set(case.not_read)


@rule(COPIES, r"Of the rows that share (?:it|them) as well, none disagree\.")
def no_conflict_with_leaks(case):
    assert leaks(case)
    gone = tuple(set(case.not_read) - leaks(case))
    assert conflicts(dataclasses.replace(case, not_read=gone))[2] == 0


@rule(
    COPIES,
    rf"{N} rows in {N} sets? share all inputs and disagree on the label$",
    rf"{N} rows in {N} sets? share all inputs but {LIST}, which gives? the label away, and "
    r"disagree on the label$",
)
def conflict_title(case, n, n_sets, left_out=""):
    assert set(quoted(left_out)) == leaks(case)
    rows, sets, _, _ = conflicts(case)
    assert (whole(n), whole(n_sets)) == (rows.sum(), sets)
    assert case.finding["affected"]["n_rows"] == rows.sum()
    assert case.finding["affected"]["row_id"] == rows.nonzero()[0].tolist()[:50]


@rule(COPIES, rf"{N} of {N} rows \({S}\) are concerned\.")
def conflict_rows(case, n, total, part):
    case.of_rows(n, total, part, conflicts(case)[0].sum())


@rule(
    COPIES,
    rf"Whatever a model says, it is wrong on {N} of them at least \({S} of the table\)\.",
    rf"Whatever a model says without {LIST}, it is wrong on {N} of them at least \({S} of the "
    r"table\)\.",
)
def conflict_wrong(case, *said):
    *left_out, n, part = said
    assert set(quoted("".join(left_out))) == leaks(case)
    wrong = conflicts(case)[2]
    assert whole(n) == wrong
    case.share(part, wrong, case.raw.n)


@rule(
    COPIES,
    rf"The {N} (?:other )?inputs take few or coarse values, so that different cases can share them "
    r"all: this is a limit of what a model can reach, not a sign of wrong labels\.",
)
def conflict_inputs(case, n):
    assert whole(n) == conflicts(case)[3]


@rule(TWINS, rf"{N} columns say the same: {LIST}$")
def twins(case, n, names):
    assert whole(n) == len(case.columns)
    case.named(names, case.columns)


@rule(TWINS, r"They hold the same value in every row\.")
def equal_columns(case):
    first, *others = case.columns
    assert all((case.raw.text(first) == case.raw.text(other)).all() for other in others)


@rule(TWINS, r"Each value of one belongs to one value of the other, without exception\.")
def one_to_one(case):
    first, *others = case.columns
    assert all(case.raw.tells(first, c) and case.raw.tells(c, first) for c in others)


fixed(
    TWINS,
    "The repetition adds cost and no knowledge, and splits importance between twins.",
    "A coarser copy adds little for most models.",
)


@rule(TWINS, rf"{N} columns? follows? from another one: {LIST}$")
def follows(case, n, names):
    targets = [a for a, _ in told_from(case.finding["detail"])]
    assert whole(n) == len(targets)
    case.named(names, targets)


def told_from(text):
    return re.findall(rf"{Q} from {Q}", text)


@rule(TWINS, r"These can be told without exception: ((?:“[^”]*” from “[^”]*”(?:, | and )?)+)\.")
def follow_pairs(case, told):
    assert {name for pair in told_from(told) for name in pair} == set(case.columns)
    for target, source in told_from(told):
        assert case.raw.tells(source, target), (target, source)


def balanced(case, column):
    """Return the mean over the classes of the rows that the likeliest class per value gets."""
    there = ~case.raw.gone(case.raw.label)
    table = pd.crosstab(case.raw.text(column)[there], case.raw.text(case.raw.label)[there])
    shares = table / table.sum()
    return float(shares.where(shares.eq(shares.max(axis=1), axis=0), 0).sum().mean())


RIGHT = rf"predicts {Q} in {S} of cases, each class counted alike$"


@rule(LEAK, rf"{Q} (?:nearly )?reveals the answer: alone it {RIGHT}")
def leak(case, column, label, part):
    assert [column] == case.columns
    assert label == case.raw.label
    case.number(part, accuracy(case))
    if len(case.raw.groups(column)) <= FEW_VALUES:
        assert abs(balanced(case, column) - accuracy(case)) < 0.002
    assert case.finding["affected"]["n_rows"] == case.raw.n - case.raw.gone(column).sum()


def accuracy(case):
    guess = 1 / len(case.raw.classes())
    return guess + case.measure["value"] * (1 - guess)


@rule(
    LEAK,
    rf"That is the mean over {N} classes of the share of their rows told right; "
    rf"guessing gets {S}\.",
)
def guessing(case, n, part):
    assert whole(n) == len(case.raw.classes())
    case.share(part, 1, whole(n))


@rule(LEAK, rf"It was measured in rows that were left out when {Q} was looked at\.")
def left_out(case, column):
    assert column == case.about


@rule(
    LEAK,
    rf"Its balanced accuracy over guessing \(0 = guessing, 1 = always right\) is {F}, "
    rf"that of the next column {F}\.",
)
def next_column(case, own, other):
    ranking = case.ranking("balanced accuracy over guessing")
    case.number(own, case.measure["value"])
    case.number(own, ranking.pop(case.about))
    case.number(other, max(ranking.values()))
    best = max(ranking, key=lambda name: ranking[name])
    if len(case.raw.groups(best)) <= FEW_VALUES:
        assert abs(2 * balanced(case, best) - 1 - float(other)) < 0.02


@rule(LEAK, rf"Its predictive power under Associations is {F}\.")
def power(case, value):
    case.number(value, case.ranking("Predictive power")[case.about])


fixed(
    LEAK,
    "A model that reads it will look excellent and fail where the column is not known yet.",
    "That can be honest, or a sign that the value is recorded after the outcome.",
    "Such values are often filled in after the outcome.",
)


@rule(LEAK, rf"{LIST} tells? far more about {Q} than the rest: {Q} {RIGHT}")
def notable(case, names, label, column, again, part):
    assert label == again == case.raw.label
    assert quoted(names) == case.columns[:2]
    assert column == case.columns[0]
    case.number(part, accuracy(case))


@rule(LEAK, rf"{LIST} alone would predict {Q} well\.")
def notable_all(case, names, label):
    case.named(names, case.columns)
    assert label == case.raw.label


@rule(LEAK, rf"Whether {N} columns? (?:has|have) a value tells if {Q} is {Q}$")
def absence(case, n, label, _name):
    assert whole(n) == len(case.columns)
    assert label == case.raw.label
    rows = case.raw.empty[case.columns]
    touched = (~rows if ":filled:" in case.finding["key"] else rows).any(axis=1)
    assert case.finding["affected"]["n_rows"] == touched.sum()


@rule(
    LEAK,
    rf"{N} rows have (no|a) value in {Q}; in {S} of them {Q} is {Q}, against {S} of all rows\.",
)
def absent_rows(case, n, state, column, part, label, name, base):
    rows = case.raw.gone(column) == (state == "no")
    assert label == case.raw.label
    assert whole(n) == rows.sum()
    case.share(part, (case.raw.is_label(name) & rows).sum(), rows.sum())
    case.share(base, case.raw.is_label(name).sum(), case.raw.n)


@rule(LEAK, rf"It is much the same with {LIST}\.")
def much_the_same(case, names):
    assert set(quoted(names)) < set(case.columns)
    name = case.finding["key"].split(":")[2]
    for column in quoted(names):
        rows = case.raw.gone(column) == (":empty:" in case.finding["key"])
        assert (case.raw.is_label(name) & rows).sum() / rows.sum() > 0.9


@rule(CODE, rf"{Q} holds (\S+) in {N} rows: probably a code, not a (?:number|date)$")
def code(case, column, value, n):
    rows = case.raw.text(column) == value
    affected = case.finding["affected"]
    assert [column] == case.columns
    assert whole(n) == rows.sum() == affected["n_rows"] > 0
    assert affected["row_id"] == rows.nonzero()[0].tolist()[:50]
    assert cells(case) == set(rows.nonzero()[0])


def cells(case):
    with (case.out / "cells" / f"{CODE}.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["column"] == case.columns[0]]
    return {int(line["row_id"]) for line in lines}


@rule(CODE, r"Without it the (smallest|largest) value is (\S+)\.")
def neighbour(case, side, value):
    held = case.finding["title"].split()[2]
    values = case.raw.number(case.about)[case.raw.text(case.about) != held].dropna()
    expected = values.min() if side == "smallest" else values.max()
    assert value in set(case.raw.text(case.about))
    assert float(value) == expected


@rule(CODE, rf"{S} of the filled rows are concerned\.")
def concerned(case, part):
    filled = (~case.raw.gone(case.about)).sum()
    case.share(part, case.finding["affected"]["n_rows"], filled)


fixed(
    CODE,
    "Such a code stands for “unknown”; a model takes it for a value.",
    "Such a code stands for “unknown”, or for “this much or more”; a model takes it for a value.",
)


@rule(FILE, rf"{N} problems? with the names of columns: {LIST}$")
def problems(case, n, names):
    assert whole(n) == case.measure["value"]
    case.named(names, case.columns)


@rule(FILE, rf"{N} names stand over more than one column \({LIST}\)\.")
def names_twice(case, n, names):
    header = pd.Series(case.raw.header)
    twice = header[header.duplicated()].unique().tolist()
    assert whole(n) == len(twice)
    case.named(names, twice)


@rule(IMBALANCE, rf"The {N} classes of {Q} are written as numbers: {LIST}$")
def coded(case, n, label, names):
    classes = case.raw.classes()
    assert label == case.raw.label
    assert whole(n) == len(classes)
    assert set(quoted(names)) == set(classes.index)


fixed(
    FILE,
    "A number was added to the later ones.",
    "Code that asks for a column by name may get another one.",
)
fixed(
    IMBALANCE,
    "They are treated as names of classes, not as amounts.",
    "A tool that takes them for amounts would learn a regression.",
)
