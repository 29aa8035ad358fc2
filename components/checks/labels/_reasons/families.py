"""Columns that repeat one another, so that a reason which rests on one rests on all of them."""

from __future__ import annotations

from collections.abc import Sequence

from components.checks._lib.features import Plan
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

ROWS = 5_000
"""Rows that are compared."""
MOST = 60
"""Columns that are compared: all pairs of them."""

Family = tuple[str, ...]


def families(
    table: Table, run: RunContext, plan: Plan, strongest: Sequence[str], least: float
) -> dict[str, Family]:
    """Return the family of each column that has one: columns tied to one another at least so much.

    By the measure of the page of associations: Cramér's V of two categories, the correlation ratio
    of a number and a category, Spearman's correlation of two numbers. A column that is tied to one
    of a family belongs to it.

    Parameters
    ----------
    strongest
        The columns that matter most, first; of many only some are compared. Texts are not.
    least
        In [0, 1].

    Returns
    -------
        The columns of the family by the name of each of them, in the order of the file.
    """
    single = {c.name for c in table.version.single_inputs} - set(plan.texts)
    names = [name for name in strongest if name in single][:MOST]
    if len(names) < 2:  # noqa: PLR2004 - one column repeats none
        return {}
    key = f"labels.families {least} {names}"
    return run.shared(key, lambda: _found(table, run, names, least))


def _found(table: Table, run: RunContext, names: Sequence[str], least: float) -> dict[str, Family]:
    from components.core.progress import silent
    from components.profiling.associations.compare import all_pairs
    from components.profiling.pair_measures.from_frame import prepare

    frame = table.sample(ROWS, seed=run.seed, columns=list(names)).frame
    columns = [prepare(table.version.column(name), frame[name]) for name in names]
    pairs = all_pairs([c for c in columns if c.n_levels > 1], silent).pairs()
    return joined(
        [(p.first, p.second) for p in pairs if p.strength >= least],
        [c.name for c in table.version.columns],
    )


def joined(pairs: Sequence[tuple[str, str]], order: Sequence[str]) -> dict[str, Family]:
    """Return what is tied by pairs, directly or by others, by the name of each."""
    of: dict[str, set[str]] = {}
    for one, other in pairs:
        both = of.get(one, {one}) | of.get(other, {other})
        of |= dict.fromkeys(both, both)
    place = {name: i for i, name in enumerate(order)}
    return {name: tuple(sorted(both, key=place.__getitem__)) for name, both in of.items()}
