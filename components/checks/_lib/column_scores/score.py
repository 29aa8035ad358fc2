"""The score of one column."""

from __future__ import annotations

from dataclasses import dataclass

from components.checks._lib.column_scores.time_order import AlongTime


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScore:
    """How well one column alone predicts the label, out of sample.

    Attributes
    ----------
    score
        0 = no better than guessing, 1 = always right. Classification: balanced accuracy over
        guessing, (a - 1/k) / (1 - 1/k) for k classes; regression: share of
        the variance explained.
    low, high
        Ends of the 95 % interval.
    n_levels
        Different values seen in the sample; 0 for numbers and times with more than 50.
    is_entity
        Whether values repeat, each seldom, and a value that was not seen before says nothing: rows
        of one person or device share the label.
    along_time
        What it says beyond the order of time; None where no column is a time, or too little
        changes.
    """

    column: str
    score: float
    low: float
    high: float
    n_levels: int
    is_entity: bool = False
    along_time: AlongTime | None = None
