"""Did we read it right? What intake understood, what to predict, and one button."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from components.core.data.dataset import Column, Confidence, Role
from components.core.errors import Conflict
from components.core.progress import silent
from components.reports.words import unread_sentences
from components.services.data import change_columns, datasets, versions
from components.services.data.datasets import DatasetInfo
from components.services.data.versions import Former
from components.services.runs import runs
from components.views import session
from components.views.navigation import Pages, go
from components.views.parts import check_settings, heading, reading, row_table
from components.views.start import column_answers, former_line, own_model
from components.views.text import md
from components.views.visitors import identity

PREVIEW = 10
NOTHING = "There is no label"


def confirm(info: DatasetInfo) -> None:
    """Draw the page of a table that was read."""
    actions = heading.show("Did we read it right?")
    actions.button(
        "Another table",
        type="tertiary",
        icon=":material/folder_open:",
        on_click=session.open_dataset,
        args=(None,),
    )
    former = versions.former(session.workspace(), info)
    former_line.show(info, former)
    draft = column_answers.draft(info)
    _questions(info, former, draft)
    _unread(info, draft)
    own_model.show(info, draft)
    reading.understood(info)
    heading.section("The first rows")
    preview = datasets.preview(session.workspace(), info.version.id, PREVIEW)
    row_table.draw(
        row_table.numbered(preview), alt=f"The first {len(preview)} rows as they were uploaded"
    )
    with st.expander("Kind and role of every column", icon=":material/view_column:"):
        column_answers.table(info, draft)
    with st.expander("Settings of the checks", icon=":material/settings:"):
        check_settings.show(info, place="confirm")
    with st.expander("Read the file in another way", icon=":material/tune:"):
        reading.override(info)


def _questions(info: DatasetInfo, former: Former | None, draft: column_answers.Draft) -> None:
    with st.container(border=True, key="questions"):
        left, right = st.columns(2, gap="large")
        with left:
            _label(info, former, draft)
        with right:
            _groups(info, former, draft)
        row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
        with row:
            if st.button(
                "Check this data",
                type="primary",
                icon=":material/play_arrow:",
                key="check",
            ):
                check(info, draft)
            st.markdown(
                ":gray[:small[First findings come in seconds. You can change these answers later.]]"
            )


def _unread(info: DatasetInfo, draft: column_answers.Draft) -> None:
    """Say which columns no model reads, as things are chosen now."""
    chosen = [(c, *draft.columns[c.name]) for c in info.version.columns]
    now = tuple(replace(c, kind=kind, role=role) for c, kind, role in chosen)
    for sentence in unread_sentences(info.version.with_columns(now)):
        st.caption(f"{md(sentence)} Change their roles below where this is wrong.")


def _label(info: DatasetInfo, former: Former | None, draft: column_answers.Draft) -> None:
    names = [c.name for c in info.version.columns]
    options = [NOTHING, *names]
    chosen = draft.label
    key = f"label-{info.version.id}-{draft.revision}"
    st.selectbox(
        "What should a model predict?",
        range(len(options)),
        index=_position(draft, names),
        placeholder="Choose a column, or say that there is no label",
        format_func=partial(_option, options),
        key=key,
        on_change=_label_chosen,
        args=(info, key),
        help="The label: the column whose values a model learns.",
    )
    guessed = info.version.label
    if guessed is not None and guessed.name == chosen and guessed.role_why:
        st.caption(_reason(info, former, guessed))
    elif draft.no_label:
        st.caption("Without a label, the checks of labels, leakage and bias have less to say.")
    elif chosen is None:
        st.caption(
            ":orange[No label was chosen.] Until you choose one, or say that there is none, nobody "
            "can say whether the table is ready."
        )


def _reason(info: DatasetInfo, former: Former | None, column: Column) -> str:
    """Return why a column has its role: somebody said so, or it is our guess."""
    why = md(column.role_why)
    if not versions.is_guessed(column):
        return why
    if info.confirmed:
        return f"A person confirmed this; it was our guess, too. {why}"
    if versions.is_as_confirmed(column, former):
        return f"As was confirmed for the former table; it is our guess, too. {why}"
    if column.role_confidence is Confidence.LOW:
        return f":orange[A weak guess: please look.] {why}"
    return f"Our guess. {why}"


def _position(draft: column_answers.Draft, names: list[str]) -> int | None:
    """Return what is chosen in the list; nothing where no person has said anything."""
    if draft.label is not None:
        return 1 + names.index(draft.label)
    return 0 if draft.no_label else None


def _option(options: list[str], position: int) -> str:
    return options[position]


def _label_chosen(info: DatasetInfo, key: str) -> None:
    position = session.remembered(key)
    draft = column_answers.draft(info)
    if isinstance(position, int) and position:
        draft.choose_label(info.version.columns[position - 1].name)
    else:
        draft.choose_label(None, none=position == 0)


def _groups(info: DatasetInfo, former: Former | None, draft: column_answers.Draft) -> None:
    names = [c.name for c in info.version.columns]
    key = f"groups-{info.version.id}-{draft.revision}"
    st.multiselect(
        "Which columns describe groups of people?",
        range(len(names)),
        default=[names.index(name) for name in draft.groups],
        format_func=partial(_option, names),
        key=key,
        on_change=_groups_chosen,
        args=(info, key),
        placeholder="None",
        help="Such as sex, age group or origin. The bias checks compare these groups.",
    )
    stored = info.version.with_roles(Role.SENSITIVE)
    if shown := [c for c in stored if c.name in draft.groups and c.role_why]:
        st.caption(_reason(info, former, shown[0]))


def _groups_chosen(info: DatasetInfo, key: str) -> None:
    positions = session.remembered(key)
    if isinstance(positions, list | tuple):
        column_answers.draft(info).choose_groups(
            [info.version.columns[int(p)].name for p in positions]
        )


def check(info: DatasetInfo, draft: column_answers.Draft) -> None:
    """Store the answers, start the checks, and watch them."""
    ws = session.workspace()
    actor = identity.actor()
    if draft.is_changed or not info.confirmed:
        try:
            with st.spinner("Storing your choices"):
                info = change_columns.set_columns(
                    ws,
                    info.version.id,
                    draft.changes(),
                    actor=actor,
                    tell=silent,
                    revision=draft.seen,
                    no_label=draft.no_label,
                )
        except Conflict as error:
            _overtaken(info, draft, error)
        column_answers.forget(info)
    told = check_settings.settings(info)
    run_id = runs.start(ws, info.version.id, settings=told, actor=actor)
    session.open_dataset(info.version.id, run_id)
    go(Pages.OVERVIEW)


def _overtaken(info: DatasetInfo, draft: column_answers.Draft, error: Conflict) -> None:
    """Show the columns as somebody else has set them, with the visitor's own choices on top."""
    newest = datasets.get(session.workspace(), info.version.id)
    if newest.revision == draft.seen:
        raise error
    draft.rebase(newest)
    session.session().notice = f"{md(error)} Your own choices are still there."
    st.rerun()
