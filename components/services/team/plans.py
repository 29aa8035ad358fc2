"""Who is asked about the cells of a table: set by its owner, kept with the table."""

from __future__ import annotations

import secrets

from components.core.errors import UnusableInput
from components.core.people.person import Person
from components.core.people.several_people import NO_PLAN, ReviewPlan
from components.services.data import datasets
from components.services.people import rights
from components.services.people.names import person_of
from components.services.workspace import Workspace
from components.store.review import plans as table

SEEDS = 2**31


def plan(ws: Workspace, dataset_id: str) -> ReviewPlan:
    """Return who is asked about the cells of a dataset."""
    with ws.db.read() as session:
        return table.of_dataset(session, dataset_id)


def set_shares(
    ws: Workspace,
    dataset_id: str,
    *,
    double: float | None = None,
    random: float | None = None,
    reviewer: str | Person,
) -> ReviewPlan:
    """Have two people judge a share of the cells, blind; draw a share of the items at random.

    Cells about which somebody has answered already stay as they are.

    Parameters
    ----------
    double, random
        In [0, 1]; None: as it is.

    Raises
    ------
    UnusableInput
        When one is no share.
    Conflict
        When the table belongs to somebody else.
    """
    for share in (double, random):
        if share is not None and not 0.0 <= share <= 1.0:
            raise UnusableInput(f"{share:g} is no share.", "Give a number from 0 to 1.")
    person = person_of(reviewer)
    rights.refuse_others(datasets.get(ws, dataset_id).version, person, "set who is asked")
    with ws.db.write() as session:
        before = table.of_dataset(session, dataset_id)
        seed = secrets.randbelow(SEEDS) if before == NO_PLAN else before.seed
        made = ReviewPlan(
            double_share=before.double_share if double is None else double,
            random_share=before.random_share if random is None else random,
            seed=seed,
        )
        if made != before:
            table.save(session, dataset_id, made)
            detail = {
                "double_share": made.double_share,
                "random_share": made.random_share,
                "seed": seed,
                "identity": person.identity.value,
            }
            ws.record(session, person.name, "review.plan_set", dataset_id, detail)
    return made
