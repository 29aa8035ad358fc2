"""When predicted probabilities can be used."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.judgement.checks import RunContext
from components.core.judgement.parameters import parameter, with_values

ID = "labels.predicted_probabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModelParams:
    """Where rounding ends, and when a model must have seen the rows that it judges."""

    rounding: float = parameter(
        0.02,
        "How far from 1 a row may sum, and how far outside of 0 to 1 a number may lie, to be "
        "taken as rounded.",
        unit="probability",
        within=(0, 0.5),
        source="ours: ten classes written with two decimals sum to 0.96 to 1.04 at worst, seldom "
        "beyond 0.98 to 1.02",
    )
    max_wrong: float = parameter(
        0.05,
        "Share of rows that may be no probabilities; they are left out. Beyond it, no row is used.",
        unit="share of rows",
        within=(0, 1),
        source="ours",
    )
    nearly_all: float = parameter(
        0.99,
        "Share of given labels that the model puts first, from which it may have seen the rows.",
        unit="share of rows",
        within=(0, 1),
        source="ours: see the help text",
    )
    far: float = parameter(
        0.05,
        "By how much more often than our own models, which had not seen the rows, the model must "
        "then be right, at the lower 95 % end, to count as having seen them.",
        unit="difference of shares",
        within=(0, 1),
        source="ours",
    )
    alone: float = parameter(
        0.999,
        "The same share where no other column is there to compare with.",
        unit="share of rows",
        within=(0, 1),
        source="ours: fewer than one label in 1,000 could be doubted",
    )
    saturated: float = parameter(
        0.999,
        "Probability of the first class from which a row says nothing about doubt.",
        unit="probability",
        within=(0.5, 1),
        source="ours",
    )
    max_saturated: float = parameter(
        0.995,
        "Share of such rows from which the probabilities tell nothing.",
        unit="share of rows",
        within=(0, 1),
        source="ours: of probabilities of rows that had not been seen, 56 % are such in CIFAR-10 "
        "and 35 % in IMDB",
    )
    one_column: float = parameter(
        0.001,
        "Chance at which a column that has nothing to do with the label would be read as the "
        "probability of one of two classes.",
        unit="chance",
        within=(0, 0.5),
        source="ours: one in a thousand tables",
    )


def asked_limits(run: RunContext) -> OwnModelParams:
    """Return the limits as they are set in a run."""
    return with_values(OwnModelParams, run.params.get(ID, {}), ID)
