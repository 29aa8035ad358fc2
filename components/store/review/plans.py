"""Who is asked about the cells of a table, as its owner has set it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from components.core.people.several_people import NO_PLAN, ReviewPlan
from components.store.tables import ReviewPlanRow


def of_dataset(session: Session, dataset_id: str) -> ReviewPlan:
    """Return the plan of a dataset; where nobody made one, one person is enough."""
    row = session.get(ReviewPlanRow, dataset_id)
    if row is None:
        return NO_PLAN
    return ReviewPlan(double_share=row.double_share, random_share=row.random_share, seed=row.seed)


def save(session: Session, dataset_id: str, plan: ReviewPlan) -> None:
    """Keep the plan of a dataset; it replaces the one before."""
    session.merge(
        ReviewPlanRow(
            dataset_id=dataset_id,
            double_share=plan.double_share,
            random_share=plan.random_share,
            seed=plan.seed,
        )
    )


def carry(session: Session, former_id: str, dataset_id: str) -> None:
    """Let the plan of a dataset go on for a later version that has none."""
    if session.get(ReviewPlanRow, former_id) and not session.get(ReviewPlanRow, dataset_id):
        save(session, dataset_id, of_dataset(session, former_id))
