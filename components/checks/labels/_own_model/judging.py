"""The search for label errors with the probabilities that a table brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks.labels._fair.accepted import accepting_all
from components.checks.labels._fair.fair import Fair
from components.checks.labels._fair.flag_rates import flag_rates
from components.checks.labels._fair.people import people as people_of
from components.checks.labels._judge import (
    NOTHING,
    Judged,
    Rule,
    Skill,
    judge,
    learn_rule,
    skill,
)
from components.checks.labels._learning.learnable import LearnabilityParams, Learnable
from components.checks.labels._noise_floor import NoiseFloor, OneSplit, noise_floor, one_split
from components.checks.labels._own_model.given import GivenProbabilities
from components.checks.labels._own_model.own_model import OwnModel
from components.checks.labels._own_model.said import not_judged, repaired, whose
from components.checks.labels._own_model.seen import OurModels
from components.checks.labels._own_model.skill import told_by
from components.checks.labels._own_model.voice import of_the_table
from components.checks.labels._reasons import around
from components.checks.labels._reasons import report as _report
from components.checks.labels._reasons.reasons import Reasons, Searched
from components.checks.labels._reasons.reasons import reasons as reasons_of
from components.core.data.table import Table
from components.core.judgement.checks import Item, RunContext
from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import Coverage
from components.core.judgement.row_evidence import IntArray

FLOOR_ROWS = 50_000
"""Rows that the floor is fitted to; of more, some are drawn at random."""


class SearchLines(_report.Lines, Protocol):
    """The parameters of the search."""

    @property
    def min_related(self) -> float:
        """Strength from which two columns repeat one another."""

    @property
    def lead(self) -> float:
        """Least difference between the probabilities of the suggested and the given class."""


def judge_by_own(
    table: Table,
    found: OwnModel,
    run: RunContext,
    *,
    lines: SearchLines,
    asked: LearnabilityParams,
) -> Iterator[Item]:
    """Yield a quality per label by the given probabilities, and the finding."""
    given, label = found.usable, table.version.label
    assert given is not None  # noqa: S101 - asked for where labels can be judged with them
    assert label is not None  # noqa: S101 - the needs of the check say so
    run.progress(0.6, "Judging labels by the probabilities of the table")
    learnable, named = told_by(given, table, asked, run), GivenLabel(label.name, given.classes)
    judged = _judged(table, found, given, _rule(given, learnable, lines.lead))
    yield _coverage(table, found, given, judged)
    ability = skill(given.probabilities, given.codes)
    floor, split = _floor(given, run.seed), _split(given, found.ours)
    yield from _report.skill_evidence(ability, floor, split)
    yield from around.class_evidence(judged, named)
    people = _people(table, run, named, judged)
    yield from people.evidence()
    reasons = _reasons(table, given, judged, found.ours, run, related=lines.min_related)
    yield from reasons.evidence()
    yield _scores(found, given, judged, reasons)
    if found.ours is not None:
        yield from around.nearest(table, found.ours.material, judged, run)
    told = _report.Told(
        material=named,
        judged=judged,
        skill=ability,
        floor=floor,
        split=split or _no_split(ability),
        people=people,
        reasons=reasons,
        learnable=learnable,
        voice=of_the_table(whose(found.columns)),
    )
    yield from told.findings(table, lines)


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """The label that is judged, and its classes."""

    label: str
    classes: tuple[str, ...]


def _rule(given: GivenProbabilities, learnable: Learnable, lead: float) -> Rule:
    """Learn where labels become suspicious; none is in favour of a class that no row has.

    Where the probabilities do not tell the label at all, none is suspicious.
    """
    rule = learn_rule(given.probabilities, given.codes, lead)
    if not learnable.is_learnable:
        rule = replace(rule, cut=NOTHING)
    counts = np.bincount(given.codes, minlength=len(given.classes))
    return replace(rule, typical=np.where(counts > 0, rule.typical, np.inf))


def _judged(table: Table, found: OwnModel, given: GivenProbabilities, rule: Rule) -> Judged:
    parts = [judge(given.probabilities, given.codes, given.row_id, rule)]
    parts += [
        judge(part.probabilities, part.codes, part.row_id, rule)
        for part in given.others(table, found.limits)
    ]
    return Judged.of(parts)


def _floor(given: GivenProbabilities, seed: int) -> NoiseFloor:
    n = len(given.codes)
    if n <= FLOOR_ROWS:
        return noise_floor(given.probabilities, given.codes)
    at = np.random.default_rng(seed).choice(n, FLOOR_ROWS, replace=False)
    return noise_floor(given.probabilities[at], given.codes[at])


def _split(given: GivenProbabilities, ours: OurModels | None) -> OneSplit | None:
    """Compare one split of one other column with the given probabilities; None without columns."""
    if ours is None:
        return None
    material = ours.material
    both = ours.place >= 0
    own = np.array([given.classes.index(name) if name in given.classes else -1
                    for name in material.classes])  # fmt: skip
    probabilities: FloatArray = ours.probe.probabilities.copy()
    known = np.flatnonzero(own >= 0)
    taken = given.probabilities[ours.place[both]][:, own[known]]
    probabilities[np.ix_(both, known)] = taken
    return one_split(material, ours.probe.fold, probabilities)


def _no_split(ability: Skill) -> OneSplit:
    """Return what the largest class alone gets: there is no column to split."""
    return OneSplit(right=ability.majority, ahead=float("inf"), n=ability.n)


def _coverage(table: Table, found: OwnModel, given: GivenProbabilities, judged: Judged) -> Coverage:
    notes = [f"Judged by the probabilities in {whose(found.columns)}.", *repaired(given)]
    if len(given.row_id) < given.n_usable:
        notes.append(f"The line was learnt from {len(given.row_id):,} rows drawn at random.")
    notes += not_judged(given)
    if missing := table.version.n_rows - given.n_labelled:
        notes.append(f"{missing:,} rows without a label not judged.")
    return Coverage(
        rows_seen=len(judged.row_id), rows_total=table.version.n_rows, note=" ".join(notes)
    )


def _people(table: Table, run: RunContext, label: GivenLabel, judged: Judged) -> Fair:
    """Look at groups of people; what their own model reads, no second opinion can leave out."""
    groups = people_of(table, run)
    return Fair(
        label.label,
        flag_rates(groups, judged),
        accepting_all(table, run, groups, judged, label.classes),
        None,
    )


def _scores(
    found: OwnModel, given: GivenProbabilities, judged: Judged, reasons: Reasons
) -> RowScores:
    read = found.ours.material.plan.names if found.ours is not None else ()
    scores = around.label_scores(
        judged,
        given.classes,
        reasons,
        against=reasons.against,
        columns_read=(*(name for _, name in found.columns.pairs), *read),
    )
    return replace(scores, predicted_by=whose(found.columns))


def _reasons(
    table: Table,
    given: GivenProbabilities,
    judged: Judged,
    ours: OurModels | None,
    run: RunContext,
    *,
    related: float,
) -> Reasons:
    """Say what the other columns say for and against it, by our own models of them."""
    texts, against, first = (np.full(len(judged.row_id), None, dtype=object) for _ in range(3))
    if ours is None:
        return Reasons(texts, against, first)
    code = {name: i for i, name in enumerate(ours.material.classes)}
    of_ours = np.array([code.get(name, -1) for name in given.classes])
    at = np.flatnonzero(
        judged.flagged & (of_ours[judged.given] >= 0) & (of_ours[judged.suggested] >= 0)
    )
    searched = Searched(ours.material, ours.probe, _only(judged, at, of_ours))
    found = reasons_of(table, searched, run, related)
    texts[at], against[at], first[at] = found.texts, found.against, found.first
    return Reasons(texts, against, first)


def _only(judged: Judged, at: IntArray, code: IntArray) -> Judged:
    return Judged(
        row_id=judged.row_id[at],
        given=code[judged.given[at]],
        suggested=code[judged.suggested[at]],
        confidence=judged.confidence[at],
        margin=judged.margin[at],
        flagged=judged.flagged[at],
        likely=judged.likely[at],
    )
