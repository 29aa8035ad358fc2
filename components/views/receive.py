"""How a file reaches the workspace: the drop zone, the plain uploader, the folder of the server."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import BinaryIO, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.core.errors import PreflightError
from components.services import datasets, server_folder
from components.services.datasets import DatasetInfo
from components.services.incoming import Arrival
from components.services.server_folder import ServerFile
from components.services.uploads import Progress
from components.services.workspace import now
from components.views import session, words
from components.views.parts import drop_zone
from components.views.text import md, plain

PLAIN_MB = 200
"""Largest file of the plain uploader: it keeps files in memory (``server.maxUploadSize``)."""
READING = "Reading the file"

Take = Callable[[Progress], DatasetInfo]


def show(types: list[str]) -> None:
    """Draw the ways in; a file that has come in is read, and looked at.

    Parameters
    ----------
    types
        Endings of the names of files that can be tables.
    """
    arrival = drop_zone.arrival()
    if arrival is not None:
        _read_arrival(arrival)
        return
    drop_zone.show(types)
    place = st.container()
    _plain(types, place)
    _on_the_server(types, place)
    with place:
        _unusable()


def _read_arrival(arrival: Arrival) -> None:
    """Read what the drop zone brought; a page that is drawn again meanwhile starts again."""
    with st.container(border=True, key="reading"):
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        )
        row.markdown(f"**{md(arrival.name, limit=80)}** &nbsp; :gray[{words.size(arrival.size)}]")
        row.button("Stop", icon=":material/close:", key="stop-reading", on_click=drop_zone.clear)
        ws = session.workspace()
        _read(
            arrival.name,
            lambda progress: datasets.add_file(
                ws, arrival.part, arrival.name, sha256=arrival.sha256, progress=progress
            ),
        )
    drop_zone.clear()
    st.rerun()


def _plain(types: list[str], place: DeltaGenerator) -> None:
    here = session.session()
    with st.expander("Trouble? Use the plain uploader", icon=":material/upload_file:"):
        uploaded = st.file_uploader(
            f"One file, up to {PLAIN_MB} MB", type=types, key="upload", max_upload_size=PLAIN_MB
        )
    if uploaded is None or uploaded.file_id == here.taken:
        return
    here.taken = uploaded.file_id
    stream, name = cast("BinaryIO", uploaded), uploaded.name
    with place:
        if _read(
            name,
            lambda progress: datasets.add(session.workspace(), stream, name, progress=progress),
        ):
            st.rerun()


def _on_the_server(types: list[str], place: DeltaGenerator) -> None:
    """Draw the choice among the files of the folder that the owner of the server named."""
    ws = session.workspace()
    if ws.settings.data_dir is None:
        return
    files = server_folder.listing(ws, tuple(f".{ending}" for ending in types))
    with st.container(border=True, key="server-files"):
        if not files:
            st.markdown(":gray[The folder of the server holds no table.]")
            return
        row = st.container(horizontal=True, vertical_alignment="bottom")
        chosen = row.selectbox(
            "Or open a file that is on the server",
            files,
            format_func=_line,
            index=None,
            placeholder="Choose a file",
            key="server-file",
        )
        pressed = row.button("Open", key="open-server-file", icon=":material/folder_open:")
    if pressed and chosen is not None:
        with place:
            if _read(chosen.name, partial(server_folder.add_file, ws, chosen.name)):
                st.rerun()


def _line(file: ServerFile) -> str:
    return f"{plain(file.name)} ({words.size(file.size)})"


def _read(name: str, take: Take) -> bool:
    """Read a file with visible progress; return whether there is a table to look at."""
    here = session.session()
    bar = st.progress(0.0, text=READING)
    started = now()

    def progress(done: float, note: str) -> None:
        bar.progress(min(1.0, max(0.0, done)), text=md(note or READING))

    try:
        info = take(progress)
    except PreflightError as error:
        bar.empty()
        here.unusable = (name, error.what, error.todo)
        return False
    if info.added_at < started:
        here.notice = _known(info)
    session.open_dataset(info.version.id)
    return True


def _known(info: DatasetInfo) -> str:
    when = words.moment(info.added_at)
    return (
        f"**You uploaded this before**, on {when} UTC, as {md(info.version.name, limit=80)}. "
        "The bytes are the same, so we opened that table."
    )


def _unusable() -> None:
    told = session.session().unusable
    if told is not None:
        name, what, todo = told
        st.error(
            f"**{md(name, limit=80)} cannot be used.** {md(what)}  \n{md(todo)}",
            icon=":material/error:",
        )
