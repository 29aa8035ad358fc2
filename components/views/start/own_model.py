"""Which class each column of predicted probabilities is, where a table brings any."""

from __future__ import annotations

import streamlit as st

from components.core.data.dataset import Role
from components.core.data.predicted_columns import PredictedColumns, match
from components.services.data import datasets, label_spelling
from components.services.data.datasets import DatasetInfo
from components.views.start.column_answers import Draft
from components.views.text import md

MOST = 12
"""Columns that are named."""


def show(info: DatasetInfo, draft: Draft) -> None:
    """Say it, as the roles are chosen now, and what is missing; nothing without such columns."""
    names = [name for name, (_, role) in draft.columns.items() if role is Role.PREDICTED]
    if not names:
        return
    if draft.label is None:
        st.caption(
            ":orange[Choose the label:] the columns of predicted probabilities are those of its "
            "classes."
        )
        return
    label = info.version.column(draft.label)
    found = match(names, label_spelling.label_classes(datasets.table_path(info), label))
    st.caption(f"{_pairs(found)}{_missing(found, label.name)}")


def _pairs(found: PredictedColumns) -> str:
    n = len(found.pairs)
    if not n:
        return ""
    shown = ", ".join(
        f"“{md(column, limit=60)}” is “{md(name, limit=60)}”" for name, column in found.pairs[:MOST]
    )
    more = f", and {n - MOST:,} more" if n > MOST else ""
    return (
        f"Labels are judged by your own model: {shown}{more}. It must not have seen the rows that "
        "it predicts. "
    )


def _missing(found: PredictedColumns, label: str) -> str:
    said = ""
    if _is_one_of_two(found):
        return said + _one_of_two(found)
    if found.without_column:
        said += (
            f":orange[No column of probabilities names] {_listed(found.without_column)} of "
            f"“{md(label, limit=60)}”: call it after the class, but for case and signs. "
        )
    if found.without_class:
        said += (
            f":orange[No class is called as] {_listed(found.without_class)}: correct the name, or "
            "give the column another role."
        )
    return said


def _is_one_of_two(found: PredictedColumns) -> bool:
    """Whether one column stands for two classes: the other one has what it leaves of 1."""
    n_columns = len(found.pairs) + len(found.without_class)
    return n_columns == 1 and len(found.pairs) + len(found.without_column) == 2  # noqa: PLR2004 - two classes


def _one_of_two(found: PredictedColumns) -> str:
    if found.pairs:
        return f"{_listed(found.without_column)} has what it leaves of 1."
    return (
        f"{_listed(found.without_class)} is taken for the probability of the class in whose rows "
        f"it is higher, {_listed(found.without_column)}; the page of labels says which. Call it "
        "after the class to be sure."
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"“{md(name, limit=60)}”" for name in names[:MOST])
    return f"{shown} and {len(names) - MOST:,} more" if len(names) > MOST else shown
