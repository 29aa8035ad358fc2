"""What the search for label errors says and shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from components.checks._lib import words
from components.checks.labels._fair.fair import Fair
from components.checks.labels._judge import SURE, Judged, Skill
from components.checks.labels._learning.learnable import (
    LearnabilityParams,
    Learnable,
    set_otherwise,
)
from components.checks.labels._learning.nothing_doubted import nothing_doubted
from components.checks.labels._noise_floor import FEWEST, NoiseFloor, OneSplit
from components.checks.labels._own_model.voice import OUR_MODELS, Voice
from components.checks.labels._prepare import JudgedLabel, Material
from components.checks.labels._reasons.reasons import Reasons, worst_flagged
from components.core.data.query import Agg, Fn
from components.core.data.table import Table
from components.core.judgement.evidence import Evidence, Measure, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold

ID = "labels.label_errors"
OURS = "our default, measured on made tables with and without wrong labels"
HONEST = (
    "The count alone does not say that any label is wrong: of 40 made tables whose labels were all "
    "honest, but not settled by the columns, 35 had such flags, and each was on a right label."
)


class Lines(Protocol):
    """The parameters that decide about the finding."""

    @property
    def min_floor(self) -> float:
        """Lower end of the share contradicted however sure the models are, for a warning."""
        ...

    @property
    def min_surest(self) -> float:
        """Lower end of the share contradicted among the surest rows, for a warning as well."""
        ...

    @property
    def max_beyond(self) -> float:
        """How much more often all rows may be contradicted than the surest, in that case."""
        ...

    @property
    def max_overlap(self) -> float:
        """The share that may be contradicted where the models are unsure, for a warning."""
        ...

    @property
    def min_sure(self) -> float:
        """The share of rows that the models must be sure of, for a warning."""
        ...

    @property
    def max_class(self) -> float:
        """The share of one class that the floor may take alone, for a warning."""
        ...


def coverage(
    table: Table,
    material: Material,
    judged: Judged,
    asked: LearnabilityParams,
    learnable: Learnable,
) -> Coverage:
    """Say which rows were judged, what was left out, and what of learnability was set otherwise."""
    total, seen = table.version.n_rows, len(judged.row_id)
    notes = list(material.notes)
    if len(material.row_id) < seen:
        notes.insert(0, f"Models were trained on {words.of_rows(len(material.row_id), total)}.")
    if seen < material.n_labelled:
        why = (
            "Models tell the label suspiciously well"
            if learnable.is_learnable
            else "Nothing shows that models can learn the label"
        )
        notes.insert(0, f"{why}, so no other row was judged.")
    missing = table.aggregate({"n": Agg(Fn.MISSING, material.label)})["n"]
    if missing:
        notes.append(f"{words.plural(int(str(missing)), 'row')} without a label not judged.")
    notes += set_otherwise(asked)
    return Coverage(rows_seen=seen, rows_total=total, note=" ".join(notes))


def skill_evidence(skill: Skill, floor: NoiseFloor, split: OneSplit | None) -> Iterator[Evidence]:
    """Show how good the models are, beside simpler ones, how sure they are, and the floor."""
    yield _right(skill)
    yield Measure(
        name="right by always guessing the largest class",
        value=skill.majority,
        unit=Unit.SHARE,
        n=skill.n,
    )
    if split is not None:
        name = "right by one split of one column"
        yield Measure(name=name, value=split.right, unit=Unit.SHARE, n=split.n)
    yield _sure(skill)
    yield _among_surest(skill)
    yield _of_floor(floor)


def _right(skill: Skill) -> Measure:
    return Measure(
        name="labels that the models predict right",
        value=skill.accuracy,
        unit=Unit.SHARE,
        n=skill.n,
        ci_low=skill.low,
        ci_high=skill.high,
    )


def _sure(skill: Skill) -> Measure:
    return Measure(
        name=f"rows that the models are sure of ({words.share(SURE)} or more)",
        value=skill.sure / skill.n,
        unit=Unit.SHARE,
        n=skill.n,
    )


def _among_surest(skill: Skill) -> Measure:
    return Measure(
        name="contradicted among the quarter of rows that the models are surest of",
        value=skill.contradicted / skill.surest,
        unit=Unit.SHARE,
        n=skill.surest,
        ci_low=skill.surest_low,
        ci_high=skill.surest_high,
    )


def _of_floor(floor: NoiseFloor) -> Measure:
    return Measure(
        name="labels contradicted however sure the models are",
        value=floor.share,
        unit=Unit.SHARE,
        n=floor.n,
        ci_low=floor.low,
        ci_high=floor.high,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the search found, put into words."""

    material: JudgedLabel
    judged: Judged
    skill: Skill
    floor: NoiseFloor
    split: OneSplit
    people: Fair
    reasons: Reasons
    learnable: Learnable
    voice: Voice = OUR_MODELS

    def findings(self, table: Table, lines: Lines) -> Iterator[Finding]:
        """Yield at most one finding."""
        if not self.learnable.can_doubt:
            label, n_rows, skill = self.material.label, table.version.n_rows, self.skill
            yield nothing_doubted(
                label,
                n_rows,
                self.learnable,
                _right(skill),
                majority=skill.majority,
                voice=self.voice,
            )
        elif self.judged.flagged.any():
            yield self._contradicted(table, lines)

    def _contradicted(self, table: Table, lines: Lines) -> Finding:
        judged, label = self.judged, self.material.label
        n, total = int(judged.flagged.sum()), table.version.n_rows
        worst = judged.row_id[worst_flagged(judged, 50)]
        grounds = self._is_high(lines) and self._is_settled(lines)
        measure, threshold = self._measured(lines, grounds=grounds)
        beside = [self.reasons.sentence(), *self.people.sentences()]
        return Finding(
            check_id=ID,
            key="label_errors",
            title=(
                f"{words.plural(n, 'label')} in {words.quoted(label)} "
                f"{'is' if n == 1 else 'are'} contradicted by {self.voice.by} "
                f"({words.share(n / total)} of rows)"
            ),
            detail=" ".join(filter(None, [self._detail(), *beside])),
            severity=Severity.WARNING if grounds else Severity.INFO,
            measure=measure,
            threshold=threshold,
            affected=Affected(
                columns=(label,),
                n_rows=n,
                share=n / total,
                row_id=tuple(int(r) for r in worst),
            ),
            recommended_action=(
                f"Review {words.plural(n, 'label')}, worst first. Do not relabel automatically."
            ),
            caveat=self.voice.limits + self._caveat(lines, grounds=grounds),
        )

    def _measured(self, lines: Lines, *, grounds: bool) -> tuple[Measure, Threshold]:
        """Return what decides, and its line."""
        if not self._is_sure(lines):
            return _sure(self.skill), Threshold(value=lines.min_sure, param="min_sure", source=OURS)
        if grounds and self.floor.low <= lines.min_floor:
            return _among_surest(self.skill), Threshold(
                value=lines.min_surest, param="min_surest", source=OURS
            )
        return _of_floor(self.floor), Threshold(
            value=lines.min_floor, param="min_floor", source=OURS
        )

    def _detail(self) -> str:
        skill = self.skill
        return (
            f"{self.voice.who} give another label a clearly higher probability. "
            f"{self._most_often()}{self.voice.predict} "
            f"{words.share(skill.accuracy)} of the labels right ({words.share(skill.low)} to "
            f"{words.share(skill.high)}); always guessing the largest class gets "
            f"{words.share(skill.majority)}."
        )

    def _most_often(self) -> str:
        """Return which confusion is more frequent than any other; "" where none is."""
        classes = self.material.classes
        found = self.judged.most_frequent()
        if found is None:
            return ""
        given, suggested, n = found
        return (
            f"Most often the label is {words.quoted(classes[given])} where "
            f"{words.quoted(classes[suggested])} is expected ({words.plural(n, 'row')}). "
        )

    def _caveat(self, lines: Lines, *, grounds: bool) -> str:
        skill = self.skill
        surest = (
            f"Among the {words.plural(skill.surest, 'row')} that the models are surest of, "
            f"{words.plural(skill.contradicted, 'label')} "
            f"{'is' if skill.contradicted == 1 else 'are'} another one."
        )
        said = f"{surest} {self._floor_in_words()}"
        if not self._is_sure(lines):
            said = f"{surest} {self._too_seldom_sure()} {HONEST}"
        elif grounds:
            why = (
                ", which overlap of the classes does not explain."
                if self.floor.low > lines.min_floor
                else ", and the surest rows nearly as often as all: labels drawn honestly seldom "
                "are."
            )
            said += f"{why} Single flags may still be right labels of unusual rows."
        else:
            said += f"{self._why_not(lines)} {HONEST}"
        if self.learnable.is_very_easy:
            said += (
                " The models tell this label almost without error. If columns give the answer away "
                "together, wrong labels are hidden from them, and a small count is no comfort."
            )
        return said

    def _is_high(self, lines: Lines) -> bool:
        """Whether the floor is plain: by its interval, or by the surest rows."""
        floor, skill = self.floor, self.skill
        surest = skill.contradicted >= FEWEST and skill.surest_low > lines.min_surest
        return floor.is_some and (
            floor.low > lines.min_floor or (surest and skill.beyond <= lines.max_beyond)
        )

    def _is_settled(self, lines: Lines) -> bool:
        """Whether the columns settle the label otherwise, and the models are sure of it."""
        floor = self.floor
        return (
            self._is_sure(lines)
            and floor.overlap <= lines.max_overlap
            and not self._is_by_one_split(lines)
            and not floor.is_one_class(lines.max_class)
        )

    def _is_sure(self, lines: Lines) -> bool:
        """Whether enough rows are sure for a share that is contradicted however sure they are."""
        return self.skill.sure >= lines.min_sure * self.skill.n

    def _is_by_one_split(self, lines: Lines) -> bool:
        """Whether all that is contradicted may be the chance on both sides of one line."""
        return self.split.is_as_good and 1.0 - self.split.right > lines.max_overlap

    def _floor_in_words(self) -> str:
        floor = self.floor
        return (
            f"{words.about(floor.share).capitalize()} of all labels (95 % interval "
            f"{words.share(floor.low)} to {words.share(floor.high)}) are contradicted however sure "
            "the models are"
        )

    def _too_seldom_sure(self) -> str:
        skill = self.skill
        return (
            f"The models give a class {words.share(SURE)} or more in "
            f"{words.share(skill.sure / skill.n)} of the rows only, so that labels which something "
            "changed cannot be told from classes that overlap."
        )

    def _why_not(self, lines: Lines) -> str:
        """Return what else may be behind the flags."""
        floor = self.floor
        if not self._is_high(lines):
            return ", so overlap of the classes may explain these flags."
        if floor.overlap > lines.max_overlap:
            return (
                f", but a further {words.share(floor.overlap)} are contradicted where they are "
                "unsure: the columns do not settle the label, and right labels of unusual rows "
                "look the same."
            )
        if self._is_by_one_split(lines):
            return (
                f", but one split of one column gets {words.share(self.split.right)} right, and "
                "the models of all columns are hardly better: labels drawn honestly, with one "
                "chance on each side of it, look the same."
            )
        return (
            ", but nearly all of these are in one class: a part of that class may not show in the "
            "columns."
        )
