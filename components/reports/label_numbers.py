"""Three numbers about the labels of a table: contradicted, beyond overlap, and wrong.

They are easily taken for one another. How many labels the other rows contradict says nothing of how
many are wrong; the noise floor is what overlap of the classes does not explain, where that can be
told; how many are wrong is known only from people who looked at labels drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.charts.style.text import by_unit, interval
from components.core.judgement.evidence import Measure
from components.core.judgement.findings import CheckResult, Finding, Severity
from components.core.people.random_share import FEWEST_DRAWN, EstimatedRate
from components.reports.words import plural

NOISE_FLOOR = "labels contradicted however sure the models are"
SURE_OF = "rows that the models are sure of"
NO_LABEL_JUDGED = frozenset({"not_assessable", "suspicious"})
"""Keys of the findings that say that no label was doubted: models guess, or read the answer."""
THIRDS = ("most doubtful third", "middle third", "least doubtful third")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelNumbers:
    """What a check of labels can say by itself.

    Attributes
    ----------
    n_contradicted, n_judged
        Labels that the other rows contradict, of those that were judged.
    floor
        The share that is contradicted however sure the models are.
    floor_says
        What that means here, one sentence.
    """

    n_contradicted: int
    n_judged: int
    floor: Measure
    floor_says: str

    @property
    def floor_text(self) -> str:
        """The floor with its interval."""
        ends = interval(self.floor.ci_low, self.floor.ci_high, self.floor.unit)
        return f"{by_unit(self.floor.value, self.floor.unit)} (95 % interval {ends})"


def label_numbers(result: CheckResult) -> LabelNumbers | None:
    """Return them; None where a check gives none, or models could not learn or doubt it."""
    scores = result.row_scores
    floor = _measure(result, NOISE_FLOOR)
    unlearnt = any(f.key in NO_LABEL_JUDGED for f in result.findings)
    if scores is None or floor is None or unlearnt:
        return None
    return LabelNumbers(
        n_contradicted=scores.n_flagged,
        n_judged=scores.n_assessed,
        floor=floor,
        floor_says=_floor_says(result, floor),
    )


CONTRADICTED_SAYS = (
    "The other rows speak for another class. That does not say that these labels are wrong."
)


def _floor_says(result: CheckResult, floor: Measure) -> str:
    if any(_severity(f) >= Severity.WARNING for f in result.findings):
        return "Overlap of the classes does not explain these."
    sure, least = _measure(result, SURE_OF), result.params.get("min_sure", 0.0)
    if sure is not None and sure.value < float(least):
        return "The models are seldom sure here: overlap and noise cannot be told apart."
    if floor.ci_high is not None and floor.ci_high <= float(result.params.get("min_floor", 0.0)):
        return (
            "Hardly any, where the models are sure. Errors among labels that they are unsure of do "
            "not show in it."
        )
    return "Overlap of the classes and noise cannot be told apart here."


def _severity(finding: Finding) -> Severity:
    """Return what the check said, whatever a policy made of it."""
    return finding.severity_of_check or finding.severity


def _measure(result: CheckResult, name: str) -> Measure | None:
    measures = (e for e in result.evidence if isinstance(e, Measure))
    return next((m for m in measures if m.name.startswith(name)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongLabels:
    """How many of the flagged labels are wrong, as far as items drawn at random tell.

    Attributes
    ----------
    n_flagged
        Flagged labels.
    rate
        Of flagged labels drawn at random; None where none are drawn.
    thirds
        The same by thirds of their order, the most doubtful first.
    """

    n_flagged: int
    rate: EstimatedRate | None = None
    thirds: tuple[EstimatedRate, ...] = ()

    @property
    def n_reviewed(self) -> int:
        """Randomly drawn flags that count: somebody was sure about their label."""
        return 0 if self.rate is None else self.rate.n_clear

    @property
    def is_known(self) -> bool:
        """Whether enough were reviewed."""
        return self.n_reviewed >= FEWEST_DRAWN

    @property
    def number(self) -> str:
        """The estimate, or that there is none."""
        if self.rate is None or not self.is_known:
            return "not known yet"
        return f"about {_percent(self.rate.n_wrong / self.rate.n_clear)} of the flags"

    def says(self) -> str:
        """Return what it rests on."""
        if self.rate is None or not self.is_known:
            drawn = f"{self.n_reviewed:,} of {FEWEST_DRAWN} randomly drawn flags reviewed"
            if self.n_flagged < FEWEST_DRAWN:
                return f"{drawn}; with {plural(self.n_flagged, 'flag')} in all, review each."
            return f"{drawn}. Nothing else can tell how many labels are wrong."
        low, high, n = self.rate.low, self.rate.high, self.n_flagged
        return (
            f"{self.rate.n_wrong:,} of {self.rate.n_clear:,} drawn at random were wrong: 95 % "
            f"interval {_percent(low)} to {_percent(high)}, that is {low * n:,.0f} to "
            f"{high * n:,.0f} of {plural(n, 'flag')}."
        )

    def by_third(self) -> tuple[tuple[str, str], ...]:
        """Return the share of wrong ones among the flags of each third that were reviewed."""
        if not self.is_known:
            return ()
        return tuple(
            (name, _share_of(rate))
            for name, rate in zip(THIRDS, self.thirds, strict=bool(self.thirds))
        )


def as_pairs(result: CheckResult, wrong: WrongLabels | None) -> tuple[tuple[str, str], ...]:
    """Return the numbers as names with what is told of them, for a report; empty without them."""
    numbers = label_numbers(result)
    if numbers is None:
        return ()
    wrong = wrong or WrongLabels(n_flagged=numbers.n_contradicted)
    n = plural(numbers.n_judged, "label")
    return (
        ("Contradicted", f"{numbers.n_contradicted:,} of {n} judged. {CONTRADICTED_SAYS}"),
        ("Noise floor", f"{numbers.floor_text}. {numbers.floor_says}"),
        ("Wrong", f"{wrong.number}: {wrong.says()}"),
        *((f"Wrong, {name}", told) for name, told in wrong.by_third()),
    )


def _share_of(rate: EstimatedRate) -> str:
    if not rate.n_clear:
        return "none reviewed yet"
    ends = f"{_percent(rate.low)} to {_percent(rate.high)}"
    part = _percent(rate.n_wrong / rate.n_clear)
    return f"{rate.n_wrong:,} of {rate.n_clear:,} wrong ({part}, 95 % interval {ends})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
