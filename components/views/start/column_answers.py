"""The visitor's answers about columns, before they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from components.core.data.dataset import Column, Confidence, Kind, Role, stem_of
from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.text import plain

_KINDS = {text: kind for kind, text in words.KIND.items()}
_ROLES = {text: role for role, text in words.ROLE.items()}
Choice = tuple[Kind, Role]


@dataclass(slots=True)
class Draft:
    """Kinds and roles as chosen so far.

    Attributes
    ----------
    columns
        Column name -> kind and role.
    stored
        Column name -> kind and role as they were stored when the visitor began.
    no_label, stored_no_label
        Whether the visitor, and whether somebody before, said that there is no label.
    seen
        The revision of the dataset that ``stored`` is of.
    revision
        Raised when a choice made in one place must show in another: part of widget keys.
    """

    dataset_id: str
    columns: dict[str, Choice] = field(default_factory=dict)
    stored: dict[str, Choice] = field(default_factory=dict)
    no_label: bool = False
    stored_no_label: bool = False
    seen: int = 0
    revision: int = 0

    @property
    def label(self) -> str | None:
        """The label, or None."""
        return next((n for n, (_, role) in self.columns.items() if role is Role.LABEL), None)

    @property
    def groups(self) -> list[str]:
        """The columns that describe groups of people."""
        return [n for n, (_, role) in self.columns.items() if role is Role.SENSITIVE]

    def choose(self, name: str, *, kind: Kind | None = None, role: Role | None = None) -> None:
        """Choose for one column; there is one label at most."""
        old_kind, old_role = self.columns[name]
        if role is Role.LABEL and self.label not in {None, name}:
            self.choose(str(self.label), role=Role.FEATURE)
        self.columns[name] = (kind or old_kind, role or old_role)
        self.no_label = self.no_label and self.label is None
        self.revision += 1

    def choose_label(self, name: str | None, *, none: bool = False) -> None:
        """Choose the label; None: no column is, which is the visitor's word where ``none``."""
        if name is not None:
            self.choose(name, role=Role.LABEL)
        elif self.label is not None:
            self.choose(self.label, role=Role.FEATURE)
        self.no_label = none and name is None

    def choose_groups(self, names: Sequence[str]) -> None:
        """Choose the columns that describe groups of people."""
        for name in set(self.groups) - set(names):
            self.choose(name, role=Role.FEATURE)
        for name in names:
            self.choose(name, role=Role.SENSITIVE)

    def changes(self) -> Mapping[str, Choice]:
        """Return the visitor's own choices."""
        return {n: choice for n, choice in self.columns.items() if choice != self.stored[n]}

    @property
    def is_changed(self) -> bool:
        """Whether the visitor chose anything else than what is stored."""
        return bool(self.changes()) or self.no_label != self.stored_no_label

    def rebase(self, info: DatasetInfo) -> None:
        """Put the visitor's own choices on what somebody else has stored meanwhile."""
        own, said = self.changes(), self.no_label
        changed = said != self.stored_no_label
        self.stored = _stored(info)
        self.columns = dict(self.stored)
        self.stored_no_label = info.version.no_label
        self.no_label = said if changed else self.stored_no_label
        self.seen = info.revision
        for name, (kind, role) in own.items():
            self.choose(name, kind=kind, role=role)


def draft(info: DatasetInfo) -> Draft:
    """Return the visitor's draft for a table, made of what is stored."""
    kept = session.session().drafts.get(info.version.id)
    names = {c.name for c in info.version.columns}
    if (
        isinstance(kept, Draft)
        and kept.dataset_id == info.version.id
        and set(kept.columns) == names
    ):
        if kept.seen != info.revision and not kept.is_changed:
            kept.rebase(info)
        return kept
    stored = _stored(info)
    word = info.version.no_label
    made = Draft(
        info.version.id,
        dict(stored),
        stored,
        no_label=word,
        stored_no_label=word,
        seen=info.revision,
    )
    session.session().drafts[info.version.id] = made
    return made


def forget(info: DatasetInfo) -> None:
    """Drop the visitor's choices about a table."""
    session.session().drafts.pop(info.version.id, None)


def unsaved(info: DatasetInfo) -> Draft | None:
    """Return the visitor's choices that are not stored yet, None where there are none."""
    kept = session.session().drafts.get(info.version.id)
    return kept if isinstance(kept, Draft) and kept.is_changed else None


def _stored(info: DatasetInfo) -> dict[str, Choice]:
    return {c.name: (c.kind, c.role) for c in info.version.columns}


def table(info: DatasetInfo, choices: Draft) -> None:
    """Draw one editable line per column."""
    key = f"roles-{info.version.id}-{choices.revision}"
    st.caption("Change a kind or a role in the table. The reason of each guess stands beside it.")
    st.data_editor(
        _frame(info, choices),
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=["Column", "Examples", "Sure", "Why"],
        on_change=_edited,
        args=(info, key),
        column_config={
            "Kind": st.column_config.SelectboxColumn(options=list(_KINDS), required=True),
            "Role": st.column_config.SelectboxColumn(options=list(_ROLES), required=True),
            "Why": st.column_config.TextColumn(width="large"),
        },
        alt="Kind and role of every column",
    )


def _lines(info: DatasetInfo) -> list[list[Column]]:
    """Return the columns of each line of the table: those of one embedding share a line."""
    found: dict[tuple[bool, str], list[Column]] = {}
    for column in info.version.columns:
        together = column.role is Role.EMBEDDING
        key = (together, stem_of(column.name) if together else column.name)
        found.setdefault(key, []).append(column)
    return list(found.values())


def _frame(info: DatasetInfo, choices: Draft) -> pd.DataFrame:
    preview = datasets.preview(session.workspace(), info.version.id)
    lines = []
    for column, *others in _lines(info):
        kind, role = choices.columns[column.name]
        chosen = (kind, role) != (column.kind, column.role)
        why = " ".join(filter(None, (column.kind_why, column.role_why)))
        lines.append(
            {
                "Column": plain(column.name, limit=60)
                + (f" to {plain(others[-1].name, limit=60)}" if others else ""),
                "Kind": words.KIND[kind],
                "Role": words.ROLE[role],
                "Examples": _examples(preview, column.name),
                "Sure": _sure(column, chosen=chosen),
                "Why": "Chosen by you." if chosen or not why else plain(why, limit=200),
            }
        )
    return pd.DataFrame(lines)


def _sure(column: Column, *, chosen: bool) -> str:
    """Return the weaker of both guesses."""
    both = {column.kind_confidence, column.role_confidence}
    if chosen or both == {Confidence.HIGH}:
        return "yes"
    return "no" if Confidence.LOW in both else "fairly"


def _examples(preview: pd.DataFrame, name: str) -> str:
    if name not in preview.columns:
        return ""
    values = dict.fromkeys(v for v in preview[name].astype(str) if v.strip())
    return plain(", ".join(list(values)[:3]), limit=60)


def _edited(info: DatasetInfo, key: str) -> None:
    state = session.remembered(key)
    if not isinstance(state, Mapping):
        return
    choices, lines = draft(info), _lines(info)
    for position, cells in state["edited_rows"].items():
        kind, role = _KINDS.get(cells.get("Kind")), _ROLES.get(cells.get("Role"))
        for column in lines[int(position)]:
            choices.choose(column.name, kind=kind, role=role)
