"""The sentences that rest on models, held against the rows, cells and groups of the run."""

from __future__ import annotations

import csv
import re
from collections import Counter

import numpy as np
from raw_facts import quoted, whole, wilson
from scipy.optimize import minimize
from sentence_rules import LIST, F, N, Q, S, fixed, rule

LABELS = "labels.label_errors"
LEARN = "labels.learnability"
ODD = "anomalies.multivariate"
PATTERNS = "labels.label_patterns"
FEW_ROWS = 20


def lines(case, folder="rows"):
    with (case.out / folder / f"{case.check['check_id']}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def flagged(case):
    return [line for line in lines(case) if line["flagged"] == "true"]


@rule(LABELS, rf"{N} labels? in {Q} (?:is|are) contradicted by the other rows \({S} of rows\)$")
def contradicted(case, n, label, part):
    rows = flagged(case)
    assert label == case.raw.label
    assert whole(n) == len(rows) == case.finding["affected"]["n_rows"]
    case.share(part, len(rows), case.raw.n)
    given = case.raw.text(label)
    assert all(given[int(row["row_id"])] == row["given"] for row in rows)
    assert set(case.finding["affected"]["row_id"]) <= {int(row["row_id"]) for row in rows}


fixed(
    LABELS, "Models that had not seen these rows give another label a clearly higher probability."
)


@rule(LABELS, rf"Most often the label is {Q} where {Q} is expected \({N} rows?\)\.")
def most_often(case, given, suggested, n):
    pairs = Counter((row["given"], row["suggested"]) for row in flagged(case))
    assert pairs[given, suggested] == whole(n) == max(pairs.values()) > 1
    assert list(pairs.values()).count(whole(n)) == 1


@rule(
    LABELS,
    rf"The models predict {S} of the labels right \({S} to {S}\); always guessing the largest "
    rf"class gets {S}\.",
)
def skill(case, part, low, high, guess):
    judged = [row for row in lines(case) if row["quality"]]
    right = case.value("labels that the models predict right") * len(judged)
    assert abs(right - round(right)) < 1e-6
    for text, value in zip((low, high), wilson(round(right), len(judged)), strict=True):
        case.number(text, value)
    case.share(part, round(right), len(judged))
    case.share(guess, case.raw.classes().max(), case.raw.classes().sum())


@rule(
    LABELS,
    rf"By {Q}, labels of {Q} \({S}, 95 % interval {S} to {S}\) are flagged most often and of {Q} "
    rf"\({S}, 95 % interval {S} to {S}\) least\.",
)
def flag_rates(case, attribute, most, *said):
    rows = {int(row["row_id"]) for row in flagged(case)}
    rates = {}
    for group in case.groups_of(LABELS, attribute):
        own = case.raw.group(attribute, group).nonzero()[0]
        if len(own) >= FEW_ROWS:
            rates[group] = sum(int(i) in rows for i in own), len(own)
    part = {group: x / n for group, (x, n) in rates.items()}
    assert part[most] == max(part.values())
    assert part[said[3]] == min(part.values())
    for group, texts in ((most, said[:3]), (said[3], said[4:])):
        for text, value in zip(texts, (part[group], *wilson(*rates[group])), strict=True):
            case.number(text, value)


@rule(LEARN, rf"{Q} is very easy: models tell {S} of pairs apart$")
def easy(case, label, part):
    assert label == case.raw.label
    case.number(part, case.measure["value"])


@rule(
    LEARN,
    r"Of two rows with different labels, models that had seen neither say which is which in "
    rf"{S} of the cases \(95 % interval {S} to {S}, {N} rows\)\.",
)
def pairs(case, part, low, high, n):
    measure = case.measure
    part = part.removeprefix("About ").replace("Fewer than", "under").replace("More than", "over")
    for text, name in ((part, "value"), (low, "ci_low"), (high, "ci_high")):
        case.number(text, measure[name])
    assert whole(n) == measure["n"] == case.check["coverage"]["rows_seen"]


fixed(LEARN, "Guessing gets 50 %.")


@rule(LEARN, rf"{LIST} gave the label away and (?:was|were) not read\.")
def not_read(case, names):
    leaks = {c for f in case.findings_of("leakage.target_proxy") for c in f["affected"]["columns"]}
    assert set(quoted(names)) <= leaks


def without_them(case):
    """Return how well the label is told without the columns that make it suspiciously easy."""
    (check,) = (c for c in case.results["checks"] if c["check_id"] == LEARN)
    name = "the same without the columns that make it suspiciously easy"
    (found,) = (e for e in check["evidence"] if e["name"] == name)
    return found


@rule(
    LEARN,
    rf"{Q} is suspiciously easy: models tell {S} of pairs apart, and {S} without {LIST}$",
)
def suspicious(case, label, part, rest, names):
    easy(case, label, part)
    case.number(rest, without_them(case)["value"])
    assert set(quoted(names)) <= set(case.columns)


@rule(LEARN, rf"Without {LIST} it is {S} \(95 % interval {S} to {S}\)\.")
def without(case, names, *said):
    assert quoted(names) == case.columns
    for text, end in zip(said, ("value", "ci_low", "ci_high"), strict=True):
        case.number(text, without_them(case)[end])


fixed(
    LEARN,
    "Either the label follows from these columns, or they are written after the outcome is known: "
    "then a model looks excellent in every test and fails in use.",
)


@rule(
    LABELS,
    rf"None of {N} labels in {Q} was doubted: models tell it suspiciously well, by {LIST}$",
)
def none_doubted(case, n, label, names):
    assert whole(n) == case.raw.n
    assert label == case.raw.label
    assert not flagged(case)
    (other,) = case.findings_of(LEARN)
    assert set(quoted(names)) <= set(other["affected"]["columns"])


@rule(
    LABELS,
    rf"Models tell {S} of pairs with different labels apart, and {S} without {LIST}\.",
)
def told_without(case, part, rest, names):
    (other,) = case.findings_of(LEARN)
    case.number(part, other["measure"]["value"])
    case.number(rest, without_them(case)["value"])
    assert set(quoted(names)) <= set(other["affected"]["columns"])


fixed(LABELS, "Models that read the answer say that every label is right.")


@rule(
    LEARN,
    rf"Of all columns, {Q} alone explains most: {S} of the way from guessing to always right\.",
)
def best_alone(case, column, part):
    ranking = case.ranking("balanced accuracy over guessing", "leakage.target_proxy")
    assert ranking[column] == max(ranking.values())
    case.number(part, ranking[column])


@rule(ODD, rf"{N} rows? (?:is|are) unlike the rest \({S} of rows\)$")
def odd_rows(case, n, part):
    rows = flagged(case)
    assert whole(n) == len(rows) == case.finding["affected"]["n_rows"]
    case.share(part, len(rows), case.raw.n)
    assert set(case.finding["affected"]["row_id"]) <= {int(row["row_id"]) for row in rows}


@rule(ODD, rf"In {N} rows? a value lies far beyond the others of its column \({LIST}\)\.")
def far_values(case, n, names):
    found = lines(case, "cells")
    counts = Counter(cell["column"] for cell in found)
    assert set(quoted(names)) <= set(counts)
    assert whole(n) <= len({cell["row_id"] for cell in found})
    for cell in found:
        assert is_far(case, cell), cell


def is_far(case, cell):
    """A cell that is named holds what the file holds, outside of all but a few of its column."""
    held = case.raw.text(cell["column"])[int(cell["row_id"])]
    values = case.raw.number(cell["column"]).dropna()
    if values.empty:
        return cell["value"] == held
    beyond = (values >= float(held)).mean(), (values <= float(held)).mean()
    return float(cell["value"]) == float(held) and min(beyond) < 0.05


@rule(
    ODD,
    rf"{N} rows? lies? at least {F} times as far from similar rows as usual, and a second detector "
    r"finds (?:it|them) unusual, too\.",
)
def far_rows(case, n, _times):
    assert 0 < whole(n) <= len(flagged(case))


@rule(ODD, rf"{N} of them hold {Q} (\S+)\.")
def shared_value(case, n, column, value):
    """As many rows of the file hold that very text, and each of them is flagged."""
    rows = {int(row["row_id"]) for row in flagged(case)}
    held = set((case.raw.text(column) == value).nonzero()[0].tolist())
    assert len(held & rows) == whole(n)


fixed(
    ODD,
    "Such rows are often entry errors, unit mix-ups or test records, and a few of them can move a "
    "model.",
)


@rule(
    ODD, rf"Look at the (?:{N} rows, worst first|row), and correct, exclude or keep (?:each|it)\."
)
def look_at(case, n):
    assert (1 if n is None else whole(n)) == len(flagged(case))


@rule(LABELS, rf"Review {N} labels?, worst first\. Do not relabel automatically\.")
def review(case, n):
    assert whole(n) == len(flagged(case))


@rule(
    LABELS,
    rf"Among the {N} rows that the models are surest of, {N} labels? (?:is|are) another one\.",
)
def surest(case, n, others):
    name = "contradicted among the quarter of rows that the models are surest of"
    found = next(e for e in case.check["evidence"] if e["name"] == name)
    assert whole(n) == found["n"]
    assert whole(others) == round(found["value"] * whole(n))
    ends = wilson(whole(others), whole(n))
    assert abs(found["ci_low"] - ends[0]) < 1e-9
    assert abs(found["ci_high"] - ends[1]) < 1e-9


FLOOR = (
    r"((?:About|Fewer than|More than) [\d.]+ %) of all labels "
    rf"\(95 % interval {S} to {S}\) are contradicted however sure the models are, "
)


@rule(
    LABELS,
    rf"{FLOOR}which overlap of the classes does not explain\.",
    rf"{FLOOR}and the surest rows nearly as often as all: labels drawn honestly seldom are\.",
    rf"{FLOOR}so overlap of the classes may explain these flags\.",
    rf"{FLOOR}but a further {S} are contradicted where they are unsure: the columns do not settle "
    r"the label, and right labels of unusual rows look the same\.",
    rf"{FLOOR}but nearly all of these are in one class: a part of that class may not show in the "
    r"columns\.",
)
def floor(case, part, low, high, overlap=None):
    """The share has the largest likelihood, and its ends the 95 % point of the likelihood ratio."""
    name = "labels contradicted however sure the models are"
    measure = next(e for e in case.check["evidence"] if e["name"] == name)
    part = part.removeprefix("About ").replace("Fewer than", "under").replace("More than", "over")
    for text, name in ((part, "value"), (low, "ci_low"), (high, "ci_high")):
        case.number(text, measure[name])
    judged = [row for row in lines(case) if row["quality"]]
    assert len(judged) == measure["n"]
    sure = np.array([float(row["confidence"]) for row in judged])
    wrong = np.array([row["given"] != row["suggested"] for row in judged])
    best = least_loss(measure["value"], sure, wrong)
    for share in (0.5 * measure["value"], 1.5 * measure["value"], 0.02, 0.1):
        assert least_loss(share, sure, wrong) > best - 0.02
    for end in ("ci_low", "ci_high"):
        if 0.0001 < measure[end] < 0.85:
            assert abs(least_loss(measure[end], sure, wrong) - best - 3.841 / 2) < 0.05
    if overlap is not None:
        case.number(overlap, wrong.mean() - measure["value"])


def least_loss(share, sure, wrong):
    """Return the least negative log likelihood of a curve on top of a floor."""
    odds = np.log(sure / np.maximum(1 - sure, 1e-6))

    def loss(free):
        curve = 1 / (1 + np.exp(np.clip(free[0] + max(0.7, free[1]) * odds, -500, 500)))
        chance = np.clip(share + (1 - share) * curve, 1e-12, 1 - 1e-9)
        return -np.log(np.where(wrong, chance, 1 - chance)).sum()

    starts = [(0.0, 1.0), (0.0, 3.0), (0.0, 6.0), (-2.0, 5.0)]
    return min(minimize(loss, start, method="Nelder-Mead").fun for start in starts)


@rule(
    LABELS,
    rf"{FLOOR}but one split of one column gets {S} right, and the models of all columns are hardly "
    r"better: labels drawn honestly, with one chance on each side of it, look the same\.",
)
def by_one_split(case, part, low, high, right):
    floor(case, part, low, high)
    case.number(right, case.value("right by one split of one column"))


@rule(
    LABELS,
    rf"The models give a class {S} or more in {S} of the rows only, so that labels which something "
    r"changed cannot be told from classes that overlap\.",
)
def seldom_sure(case, least, part):
    sure = np.array([float(row["confidence"]) for row in lines(case) if row["quality"]])
    case.number(least, 0.8)
    case.share(part, (sure >= 0.8).sum(), len(sure))


fixed(
    LABELS,
    "Single flags may still be right labels of unusual rows.",
    "The count alone does not say that any label is wrong: of 40 made tables whose labels were all "
    "honest, but not settled by the columns, 35 had such flags, and each was on a right label.",
    "The models tell this label almost without error. If columns give the answer away together, "
    "wrong labels are hidden from them, and a small count is no comfort.",
)


@rule(
    LABELS,
    rf"Accepting all suggestions would change the share of {Q} where {Q} is {Q} from {S} to {S}, "
    rf"and where it is {Q} from {S} to {S}: their ratio from {F} to {F}\.",
)
def accepting_all(case, outcome, attribute, group, *said):
    rows = flagged(case)
    now = case.raw.text(case.raw.label)
    then = now.copy()
    then[[int(row["row_id"]) for row in rows]] = [row["suggested"] for row in rows]
    labelled = ~case.raw.gone(case.raw.label)
    rates = {
        name: [(labels == outcome)[case.raw.group(attribute, name) & labelled].mean()
               for labels in (now, then)]
        for name in case.groups_of(LABELS, attribute)
    }  # fmt: skip
    for text, value in zip(said[:2], rates[group], strict=True):
        case.number(text, value)
    for text, value in zip(said[3:5], rates[said[2]], strict=True):
        case.number(text, value)
    for text, own, others in zip(said[5:], rates[group], rates[said[2]], strict=True):
        assert abs(float(text) - own / others) <= 0.0005 + 1e-9


VOICE = rf"(?:{Q}|one of {LIST} \(which repeat one another\))"


@rule(LABELS, rf"In {N} of {N} flagged rows? the first reason is {VOICE}(?:, in {N} {VOICE})?\.")
def first_reasons(case, most, n, one, many, second, other, others):
    found = [row["reason"] for row in flagged(case) if row["reason"]]
    assert whole(n) == len(found)
    for count, column, family in ((most, one, many), (second, other, others)):
        if not count:
            continue
        columns = [column] if column else quoted(family)
        assert len(columns) == 1 or all(tied(case, name, columns) for name in columns)
        first = [text.startswith(tuple(f"{name} is " for name in columns)) for text in found]
        assert sum(first) == whole(count) <= whole(most)


def tied(case, name, family):
    """Whether a column of a family says nearly what another one says, by codes or by ranks."""
    others = [other for other in family if other != name]
    code = {c: np.unique(case.raw.text(c).astype(str), return_inverse=True)[1] for c in family}
    told = [len(np.unique(np.stack([code[name], code[o]]), axis=1).T) for o in others]
    few = [
        n <= 2 * max(len(np.unique(code[c])) for c in (name, o))
        for n, o in zip(told, others, strict=True)
    ]
    return any(few)


def second_kind(case):
    """Return how many suggestions rest on sensitive columns, by the evidence, of how many."""
    name = "suggestions that rest on sensitive columns or their proxies"
    (found,) = (e for e in case.check["evidence"] if e["name"] == name)
    assert found["n"] == len(flagged(case))
    return round(found["value"] * found["n"]), found["n"]


@rule(
    LABELS,
    rf"{N} of {N} suggestions? rests? on sensitive columns: without {LIST}"
    rf"(?:, and {LIST}, which tells? (?:it|them))?, models expect (?:the label in the file|another "
    rf"class, in {N} of them the label in the file)\.",
)
def resting(case, x, n, left_out, _proxies, _kept):
    assert (whole(x), whole(n)) == second_kind(case)
    assert set(quoted(left_out)) <= set(case.raw.sensitive)


@rule(
    LABELS,
    rf"Leaving out {LIST}(?:, and {LIST}, which tells? (?:it|them),)? takes none of {N} "
    rf"suggestions? away\.",
)
def none_resting(case, left_out, _proxies, n):
    assert second_kind(case) == (0, whole(n))
    assert set(quoted(left_out)) <= set(case.raw.sensitive)


@rule(LABELS, rf"They predict {S} of the labels right, with these columns {S}\.")
def right_without(case, without, with_all):
    for text, which in ((without, "without"), (with_all, "with")):
        case.number(
            text, case.value(f"labels that randomised trees predict right {which} these columns")
        )


@rule(
    PATTERNS,
    rf"{Q} is {Q} in {N} of {N} rows? that look like {Q} where {Q} is {Q} \({S}\), and in {S} "
    r"elsewhere$",
)
def heaped(case, label, given, x, n, suggested, column, value, part, _elsewhere):
    errors = next(c for c in case.results["checks"] if c["check_id"] == LABELS)
    assert errors["findings"]
    with (case.out / "rows" / f"{LABELS}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["flagged"] == "true"]
    inside = case.raw.group(column, value)
    found = [row for row in rows if (row["given"], row["suggested"]) == (given, suggested)]
    own = sum(inside[int(row["row_id"])] for row in found)
    assert (label, whole(x)) == (case.raw.label, own)
    case.share(part, whole(x), whole(n))


@rule(
    PATTERNS,
    rf"The 95 % interval is {S} to {S}, elsewhere {S} to {S} \(from {N} of {N} rows?\)\.",
)
def heaped_elsewhere(case, low, high, low_else, high_else, x, n):
    found = re.search(rf"in {N} of {N} rows? that look", case.finding["title"])
    ends = wilson(whole(found[1]), whole(found[2]))
    for text, value in zip((low, high), ends, strict=True):
        case.number(text, value)
    for text, value in zip((low_else, high_else), wilson(whole(x), whole(n)), strict=True):
        case.number(text, value)


rule(
    PATTERNS,
    rf"Compared are rows that the models take for {Q} as surely as those that they contradict\.",
)(lambda case, suggested: suggested in case.finding["title"])


@rule(
    PATTERNS,
    rf"Of {N} values? that were tested, chance alone would seldom set one apart\.",
    rf"{N} more values? stands? out as well\.",
)
def tested(case, n):
    if whole(n) != case.value("values tested for one class in place of another"):
        (told,) = (
            e for e in case.check["evidence"] if e["name"].startswith("Values where one class")
        )
        assert whole(n) >= len(told["items"]) - 1


fixed(
    PATTERNS,
    "Ask how these rows were labelled, and review them together; the page of labels leads to them.",
    "A rule of the world that the models did not learn looks the same, and so does a column that "
    "goes together with the one that matters.",
)
