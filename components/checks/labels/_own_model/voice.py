"""By whom labels are contradicted: our own models, or probabilities that the table brings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Parts of the sentences about contradicted labels.

    Attributes
    ----------
    by
        What contradicts them.
    who
        Whose probabilities these are, as the subject of a sentence.
    predict
        Subject and verb of how often it is right.
    cannot
        What nothing shows, where no label is doubted.
    why_not
        Why none is, then.
    limits
        What must be known of the probabilities; "" for our own, which had not seen the rows.
    """

    by: str = "the other rows"
    who: str = "Models that had not seen these rows"
    predict: str = "The models predict"
    cannot: str = "models can learn the label"
    why_not: str = "Models that cannot learn a label cannot say which of its values are wrong."
    limits: str = ""


OUR_MODELS = Voice()


def of_the_table(columns: str) -> Voice:
    """Return the words for probabilities in ``columns`` of the table."""
    return Voice(
        by="the probabilities in the table",
        who=f"The probabilities in {columns}",
        predict="The model behind them predicts",
        cannot="the probabilities in the table tell the label",
        why_not=f"The probabilities in {columns} tell the label no better than guessing does.",
        limits="The probabilities must come from a model that had not seen the row it judges; the "
        "table cannot show that they do. If it had, wrong labels look right, and there are too few "
        "flags. ",
    )
