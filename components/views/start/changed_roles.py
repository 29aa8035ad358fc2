"""What is shown is older than what the columns mean: said on every page, with a way on.

Roles that were chosen on the page Upload and not stored are kept while the visitor looks around;
roles that were stored after the checks ran make the results older than the roles.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from components.core.data.dataset import DatasetVersion
from components.core.errors import NotFound
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import session
from components.views.navigation import Pages, go
from components.views.parts import empty_state
from components.views.start import column_answers, confirm
from components.views.text import code

MOST_NAMES = 3


def show(info: DatasetInfo, run_id: str) -> None:
    """Draw one line where results are older than roles; else nothing."""
    draft = column_answers.unsaved(info)
    if draft is not None:
        _ask(info, draft)
        return
    try:
        seen = runs.spec(session.workspace(), run_id).dataset
    except NotFound:
        return
    changed = changes(seen, info.version)
    if changed is not None:
        _older(info, changed)


def changes(seen: DatasetVersion, now: DatasetVersion) -> list[str] | None:
    """Return the columns that mean something else now than when they were checked.

    None where nothing is different; an empty list where only a person's word about the label is.
    """
    before = {c.name: (c.kind, c.role) for c in seen.columns}
    names = [c.name for c in now.columns if before.get(c.name) != (c.kind, c.role)]
    return names if names or seen.no_label != now.no_label else None


def _ask(info: DatasetInfo, draft: column_answers.Draft) -> None:
    with _line():
        st.markdown(
            f":orange[:material/edit:] **You changed what {_columns(draft.changes())} and have "
            "not checked with it.** These results are from before.",
            width="content",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("Check with my changes", type="primary", key="roles-check"):
                confirm.check(info, draft)
            if st.button("Look at them", type="tertiary", key="roles-open"):
                session.open_dataset(info.version.id, session.session().run_id)
                go(Pages.UPLOAD)
            st.button(
                "Forget them",
                type="tertiary",
                key="roles-forget",
                on_click=column_answers.forget,
                args=(info,),
            )


def _older(info: DatasetInfo, changed: list[str]) -> None:
    with _line():
        st.markdown(
            ":orange[:material/history:] **These results are from before the change of what "
            f"{_columns(changed)}.**",
            width="content",
        )
        st.button(
            "Check again",
            icon=":material/refresh:",
            key="roles-again",
            on_click=empty_state.start_again,
            args=(info,),
        )


def _line() -> st.delta_generator.DeltaGenerator:
    return st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="changed-roles",
    )


def _columns(names: Iterable[str]) -> str:
    """Return the columns with their verb: ``a and b mean``; none: the word about the label."""
    known = list(names)
    if not known:
        return "the label is"
    shown = [code(name, limit=30) for name in known[:MOST_NAMES]]
    if len(known) > MOST_NAMES:
        shown.append(f"{len(known) - MOST_NAMES:,} more")
    listed = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
    return f"{listed} {'means' if len(known) == 1 else 'mean'}"
