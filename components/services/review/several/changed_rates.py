"""What accepting some suggestions would do to the rates of groups of people, before it is done."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from components.checks._lib.groups.attributes import attributes
from components.checks._lib.groups.changed_rates import ChangedRate, furthest, moved
from components.checks._lib.groups.entities import entity_of
from components.checks._lib.groups.outcomes import min_rows_as_set, outcomes_as_set
from components.checks._lib.groups.rates import Rate, count_outcomes
from components.core.errors import NotApplicable
from components.services.explore.slices import table_of
from components.services.review.beside.people import groups_of_people
from components.services.review.items.orders import IntArray
from components.services.review.queues import ReviewQueue
from components.services.runs import runs
from components.services.workspace import Workspace


def changed_rates(
    ws: Workspace, found: ReviewQueue, places: IntArray, given: str, suggested: str
) -> tuple[ChangedRate, ...]:
    """Return, by sensitive column, what the same change of some labels would do.

    Of each column the group whose ratio is furthest from 1; of the favourable class of two, else of
    the one that is suggested. Labels count as they stand in the file.

    Parameters
    ----------
    places
        Of the items in the queue; each has the label ``given`` and would get ``suggested``.
    """
    if not found.about_label or not len(places):
        return ()
    told, min_rows = [], min_rows_as_set(runs.spec(ws, found.run_id).params)
    people = {groups.column: groups for groups in groups_of_people(ws, found.run_id, found.order)}
    for column, by_class in _counted(ws, found.run_id):
        outcome = next(iter(by_class)) if len(by_class) == 1 else suggested
        if outcome not in by_class:
            continue
        now, n = by_class[outcome], np.array(people[column].counted(places))
        then = moved(now, (n * (suggested == outcome)).tolist(), (n * (given == outcome)).tolist())
        if (changed := furthest(column, outcome, now, then, min_rows)) is not None:
            told.append(changed)
    return tuple(told)


@lru_cache(maxsize=8)
def _counted(ws: Workspace, run_id: str) -> tuple[tuple[str, dict[str, tuple[Rate, ...]]], ...]:
    """Return the rates of each class in the groups of each sensitive column; they never change."""
    spec, profile = runs.spec(ws, run_id), runs.profile(ws, run_id)
    label = spec.dataset.label
    if profile is None or label is None:
        return ()
    with table_of(ws, run_id) as table:
        try:
            classes = outcomes_as_set(table, label.name, spec.params)
        except NotApplicable:
            return ()
        names, told = [outcome.name for outcome in classes], attributes(table, profile)[0]
        entity = entity_of(table, profile, [one.name for one in told], label.name)
        owner = entity[0] if entity else None
        counted = (count_outcomes(table, o, label.name, classes, entity=owner) for o in told)
        return tuple(
            (one.name, dict(zip(names, rates, strict=True)))
            for one, rates in zip(told, counted, strict=True)
        )
