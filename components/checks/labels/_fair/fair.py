"""All that is told about groups of people beside a count of flags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks.labels._fair.accepted import Accepted, accepting_all
from components.checks.labels._fair.flag_rates import FlagRates, flag_rates
from components.checks.labels._fair.people import people
from components.checks.labels._fair.second_opinion import SecondOpinion, second_opinion
from components.checks.labels._reasons.reasons import Searched
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import Evidence
from components.core.judgement.row_evidence import TextArray


@dataclass(frozen=True, slots=True)
class Fair:
    """Who is doubted, what accepting would do, and what rests on sensitive columns."""

    label: str
    rates: tuple[FlagRates, ...]
    accepted: tuple[Accepted, ...]
    opinion: SecondOpinion | None

    def evidence(self) -> Iterator[Evidence]:
        """Yield all of it."""
        yield from (rate.metrics() for rate in self.rates)
        for one in self.accepted:
            yield from one.metrics(self.label)
        if self.opinion is not None:
            yield from self.opinion.evidence()

    def before(self, against: TextArray) -> TextArray:
        """Return what speaks against each suggestion, that it rests on sensitive columns first."""
        if self.opinion is None:
            return against
        told = self.opinion.said(len(against))
        said = ["; ".join(filter(None, both)) or None for both in zip(told, against, strict=True)]
        return np.array(said, dtype=object)

    def sentences(self) -> list[str]:
        """Return what the finding says."""
        told = [rate.sentence() for rate in self.rates]
        told += [one.sentence() for one in self.accepted]
        if self.opinion is not None:
            told.append(self.opinion.sentence())
        return [sentence for sentence in told if sentence]


def fair(table: Table, run: RunContext, searched: Searched, min_proxy: float) -> Fair:
    """Look at the groups of every sensitive column."""
    groups, judged, material = people(table, run), searched.judged, searched.material
    return Fair(
        material.label,
        flag_rates(groups, judged),
        accepting_all(table, run, groups, judged, material.classes),
        second_opinion(table, run, groups, searched, min_proxy),
    )
