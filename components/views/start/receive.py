"""How a file reaches the workspace: the drop zone, the folder of the server."""

from __future__ import annotations

import streamlit as st

from components.core.errors import ChoiceNeeded, PreflightError
from components.intake import ReadOptions
from components.jobs.job import JobStatus
from components.services.upload import readings, server_folder
from components.services.upload.incoming import ReceivedFile
from components.services.upload.readings import FileReading
from components.services.upload.server_folder import ServerFile
from components.services.workspace import Workspace
from components.views import session, words
from components.views.start import drop_zone
from components.views.text import md, plain
from components.views.visitors import identity

TICK = 0.5
"""Seconds between two looks at a reading."""
PATIENCE = 1.0
"""Seconds that a page waits for a file to be read before it shows how far the reading is."""
READING = "reading"
"""What the address calls the file that is being read."""
QUIET = 3.0
"""Seconds before the time is shown: it would only flicker for small files."""


def show(types: list[str]) -> None:
    """Draw the ways in; a file that has come in is read, and looked at.

    While a file is read there is no other way in.

    Parameters
    ----------
    types
        Endings of the names of files that can be tables.
    """
    here = session.session()
    if here.reading is None:
        here.reading = readings.find(session.workspace(), session.asked(READING))  # loaded anew
    received = drop_zone.received()
    if here.reading is None and received is not None:
        _begin(received)
    if here.reading is not None:
        _watch(here.reading)
        return
    session.put(READING, "")
    _ask()
    drop_zone.show(types)
    _unusable()
    _on_the_server(types)


def _begin(received: ReceivedFile) -> None:
    """Start to read what the drop zone brought."""
    _drop_question()
    session.session().reading = readings.start(
        session.workspace(), received, actor=identity.person().name
    )
    drop_zone.take()


def _on_the_server(types: list[str]) -> None:
    """Draw the choice among the files of the folder that the owner of the server named."""
    ws = session.workspace()
    if ws.settings.data_dir is None:
        return
    files = server_folder.listing(ws, tuple(f".{ending}" for ending in types))
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        if not files:
            st.markdown(":gray[The folder of the server holds no table.]")
            return
        chosen = st.selectbox(
            "Or open a file that is on the server",
            files,
            format_func=_line,
            index=None,
            placeholder="Choose a file",
            key="server-file",
        )
        pressed = st.button("Open", key="open-server-file", icon=":material/folder_open:")
    if pressed and chosen is not None:
        _begin_server_file(ws, chosen)
        st.rerun()


def _line(file: ServerFile) -> str:
    return f"{plain(file.name)} ({words.size(file.size)})"


def _begin_server_file(ws: Workspace, file: ServerFile) -> None:
    _drop_question()
    session.session().reading = readings.start_on_server(ws, file)


def _watch(reading: FileReading) -> None:
    """Look at the table, or at what is wrong, where a reading has ended; else show how far it is.

    Small files are waited for: what comes and goes within a second only flickers.
    """
    if reading.wait(max(0.0, PATIENCE - reading.seconds)):
        _end(reading)
        st.rerun()
    session.put(READING, reading.key)
    _panel(reading)


@st.fragment(run_every=TICK)
def _panel(reading: FileReading) -> None:
    """Draw what is being read, how far it is, and a button to stop it."""
    if session.session().reading is not reading:
        st.rerun()
    now = reading.status()
    if now.is_over:
        st.rerun()
    with st.container(border=True, key="reading"):
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        )
        row.markdown(
            f"**{md(reading.file.name, limit=80)}** &nbsp; :gray[{words.size(reading.file.size)}]"
        )
        row.button("Stop", icon=":material/close:", key="stop-reading", on_click=_stop)
        st.progress(min(1.0, max(0.0, now.share)), text=_said(reading, now))


def _said(reading: FileReading, now: JobStatus) -> str:
    note = md(now.note)
    if 0 < now.share < 1:
        note = f"{note}, {now.share:.0%}"
    if reading.seconds < QUIET:
        return note
    minutes, seconds = divmod(int(reading.seconds), 60)
    spent = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{note} :gray[{spent}]"


def _stop() -> None:
    here = session.session()
    if here.reading is not None:
        here.reading.stop()
        here.notice = f"Stopped. Nothing of {md(here.reading.file.name, limit=80)} was kept."
    here.reading = None


def _end(reading: FileReading) -> None:
    here = session.session()
    here.reading = None
    session.put(READING, "")
    try:
        info = reading.result()
    except ChoiceNeeded as error:
        here.question = (reading, error.what, error.choices)
        return
    except PreflightError as error:
        here.unusable = (reading.file.name, error.what, error.todo)
        reading.drop()
        return
    reading.drop()
    session.open_dataset(info.version.id)
    here.is_known = info.added_at < reading.file.began


def _ask() -> None:
    """Draw the choice among the tables of an archive."""
    here = session.session()
    if here.question is None:
        return
    reading, what, names = here.question
    with st.container(border=True, key="question"):
        st.markdown(f"**{md(reading.file.name, limit=80)}**  \n{md(what)}")
        chosen = st.selectbox("Which one is your table?", names, format_func=plain, key="member")
        with st.container(horizontal=True):
            opened = st.button("Open", type="primary", key="open-member")
            if st.button("Another file", key="drop-member"):
                _drop_question()
                st.rerun()
    if opened and chosen is not None:
        here.question = None
        here.reading = reading.again(ReadOptions(member=chosen))
        st.rerun()


def _drop_question() -> None:
    here = session.session()
    if here.question is not None:
        here.question[0].drop()
        here.question = None


def _unusable() -> None:
    told = session.session().unusable
    if told is not None:
        name, what, todo = told
        st.error(
            f"**{md(name, limit=80)} cannot be used.** {md(what)}  \n{md(todo)}",
            icon=":material/error:",
        )
