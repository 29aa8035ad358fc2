"""What the search for label errors says where models cannot doubt a label."""

from __future__ import annotations

from components.checks._lib import words
from components.checks.labels._learning.learnable import Learnable
from components.checks.labels._learning.together import Together
from components.checks.labels._own_model.voice import Voice
from components.core.judgement.evidence import Measure
from components.core.judgement.findings import Affected, Finding, Severity

ID = "labels.label_errors"
CAVEAT = "That no label is doubted here does not say that they are right."


def nothing_doubted(
    label: str, n_rows: int, learnable: Learnable, right: Measure, *, majority: float, voice: Voice
) -> Finding:
    """Return the finding.

    Parameters
    ----------
    right
        The share of labels that models predict right.
    majority
        The share of the most frequent class.
    voice
        Whose probabilities these are.
    """
    if learnable.together is not None:
        return _suspicious(label, n_rows, learnable, learnable.together, right)
    left_out = learnable.left_out
    without = f" without {words.listed(left_out, limit=2)}" if left_out else ""
    return Finding(
        check_id=ID,
        key="not_assessable",
        title=(
            f"None of {words.plural(n_rows, 'label')} in {words.quoted(label)} was doubted: "
            f"nothing shows that {voice.cannot}{without}"
        ),
        detail=(
            f"{voice.why_not} They predict {words.share(right.value)} right; always guessing the "
            f"largest class gets {words.share(majority)}."
        ),
        severity=Severity.INFO,
        measure=right,
        threshold=None,
        affected=Affected(columns=(label,)),
        recommended_action="See whether the label can be learned, on the same page.",
        caveat=CAVEAT,
    )


def _suspicious(
    label: str, n_rows: int, learnable: Learnable, together: Together, right: Measure
) -> Finding:
    told, names = words.share(learnable.told.value), words.listed(together.columns)
    return Finding(
        check_id=ID,
        key="suspicious",
        title=(
            f"None of {words.plural(n_rows, 'label')} in {words.quoted(label)} was doubted: models "
            f"tell it suspiciously well, by {names}"
        ),
        detail=(
            f"Models tell {told} of pairs with different labels apart, and "
            f"{words.share(together.without.value)} without {names}. Models that read the answer "
            "say that every label is right."
        ),
        severity=Severity.INFO,
        measure=right,
        threshold=None,
        affected=Affected(columns=(label,)),
        recommended_action="See on the same page why the label is suspiciously easy, leave out "
        "what is written after the outcome, and check again.",
        caveat=CAVEAT,
    )
