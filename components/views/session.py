"""What one visitor looks at: ids only, mirrored in the address so that a link can be shared.

This is the only module that touches Streamlit's session state and query parameters.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote

import streamlit as st

from components.charts.style.palette import ThemeName
from components.core.errors import NotFound, UnusableInput
from components.core.judgement.parameters import ParamValues
from components.core.judgement.review import Action, Cell, Decision
from components.core.settings import Settings
from components.services.data import datasets, remove
from components.services.explore import filters
from components.services.people.names import valid_name
from components.services.runs import runs
from components.services.upload.readings import FileReading
from components.services.workspace import Workspace, open_workspace
from components.views.navigation import Pages, go
from components.views.review_places import ReviewVisit

_KEY = "preflight"
_DATA, _RUN, _FINDING, FILTER = "data", "run", "finding", "filter"

REVIEWER_COOKIE = "preflight_reviewer"

MOST_PAST = 20
"""Filters that can be taken back."""


@dataclass(slots=True)
class BrowserUpload:
    """The file that the visitor's browser wants to send, is sending, or has sent.

    Attributes
    ----------
    asked
        The browser's mark of its request; an answer carries it.
    token
        Of the ticket; "" where the file was refused.
    refused
        What is wrong, and what to do.
    has_arrived
        Whether the bytes are here and wait to be read.
    """

    asked: str = ""
    token: str = ""
    refused: tuple[str, str] = ("", "")
    has_arrived: bool = False


@dataclass(slots=True)
class RowsPlace:
    """What the visitor looks at on the page of rows, kept while other pages are open.

    Attributes
    ----------
    dataset_id
        The table it belongs to.
    filter
        The text of the filter.
    past
        The filters before it, the last one at the end; at most ``MOST_PAST``.
    columns
        Display names of the columns that are shown; empty for the first ones.
    closed
        How often the card of a row was closed; a table drawn anew has no row selected.
    """

    dataset_id: str = ""
    filter: str = ""
    past: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    closed: int = 0

    def change(self, text: str) -> None:
        """Look at other rows and keep the former filter."""
        if text != self.filter:
            self.past = [*self.past[1 - MOST_PAST :], self.filter]
            self.filter = text


@dataclass(slots=True)
class ParamDraft:
    """Parameters of checks as the visitor set them, before a run is started with them.

    Attributes
    ----------
    params
        The values that differ from their defaults.
    revision
        Raised when the form must forget what it shows: part of widget keys.
    """

    dataset_id: str
    params: ParamValues = field(default_factory=dict)
    revision: int = 0

    def reset(self) -> None:
        """Go back to the defaults."""
        self.params.clear()
        self.revision += 1


@dataclass(slots=True)
class Session:
    """The visitor's place.

    Attributes
    ----------
    notice
        One sentence to show once on the next page, such as why a link led nowhere.
    watched
        Runs that were seen running; their end redraws the page once.
    column
        The column that is shown on the page of columns.
    jumps
        How often a column was chosen outside of the list, which is drawn anew then.
    queue
        The check whose suggestions are reviewed, "" for the first one of the run.
    cell
        The cell that the review went back to, None for the first one not decided.
    shown_cell, passed
        The cell of the review card on the screen, and from which place the next one is sought.
    decided, made
        Decisions of this session: how many by check and kind, and their ids.
    upload
        The file that is on its way.
    reading
        The file that is being read.
    is_known
        Whether the table at hand was here already when its file was uploaded.
    unusable
        Why the last file could not be used: its name, what is wrong, what to do.
    question
        The file of several tables of which a person must choose one, with the sentence and names.
    visitor
        Tells this visitor from others where several may not do something at once.
    rows
        The place on the page of rows.
    downloads
        Keys of the large files that were asked for, by what was asked.
    drafts
        By table: choices about columns that are not stored yet; `views.start.column_answers`
        knows their type.
    params
        Parameters of checks for the next run.
    review
        What was seen and taken back at the review.
    """

    dataset_id: str | None = None
    run_id: str | None = None
    reviewer: str = ""
    notice: str = ""
    watched: set[str] = field(default_factory=set)
    column: str = ""
    jumps: int = 0
    queue: str = ""
    cell: Cell | None = None
    drafts: dict[str, object] = field(default_factory=dict)
    shown_cell: Cell | None = None
    passed: int = -1
    decided: Counter[tuple[str, Action]] = field(default_factory=Counter)
    made: set[int] = field(default_factory=set)
    upload: BrowserUpload = field(default_factory=BrowserUpload)
    reading: FileReading | None = None
    is_known: bool = False
    unusable: tuple[str, str, str] | None = None
    question: tuple[FileReading, str, tuple[str, ...]] | None = None
    visitor: str = field(default_factory=lambda: secrets.token_hex(8))
    rows: RowsPlace = field(default_factory=RowsPlace)
    params: ParamDraft | None = None
    downloads: dict[str, str] = field(default_factory=dict)
    review: ReviewVisit = field(default_factory=ReviewVisit)

    def count(self, made: Decision) -> None:
        """Count a decision of this session about a suggestion of a check."""
        if made.id not in self.made:
            self.made.add(made.id)
            self.decided[made.check_id, made.action] += 1

    def uncount(self, taken: Decision) -> bool:
        """Count a decision no more, and return whether it was one of this session."""
        if taken.id not in self.made:
            return False
        self.made.remove(taken.id)
        self.decided[taken.check_id, taken.action] -= 1
        return True


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Settings: hash})
def _workspace(settings: Settings) -> Workspace:
    ws = open_workspace(settings)
    remove.end_grace(ws)
    return ws


def workspace() -> Workspace:
    """Return the workspace of this process; opened once per settings."""
    return _workspace(Settings.from_environment())


def session() -> Session:
    """Return the visitor's session, made on the first visit."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session(reviewer=_reviewer_of_cookie())
    return cast("Session", st.session_state[_KEY])


def _reviewer_of_cookie() -> str:
    """Return who reviewed in this browser before, "" where nobody did."""
    kept = st.context.cookies.get(REVIEWER_COOKIE)
    try:
        return valid_name(unquote(kept)) if isinstance(kept, str) else ""
    except UnusableInput:
        return ""


def sync() -> None:
    """Make session and address say the same: the address wins, unknown ids are dropped."""
    here = session()
    asked = st.query_params.get(_DATA)
    if asked and asked != here.dataset_id:
        here.dataset_id, here.run_id = asked, None
    here.run_id = st.query_params.get(_RUN) or here.run_id
    if here.dataset_id and not _exists(here.dataset_id):
        here.dataset_id, here.run_id = None, None
        here.notice = "This link leads to a table that is not in this workspace."
    if here.dataset_id:
        here.run_id = _run_of(here.dataset_id, here.run_id)
    _write(_DATA, here.dataset_id)
    _write(_RUN, here.run_id if here.dataset_id else None)


def _exists(dataset_id: str) -> bool:
    try:
        datasets.get(workspace(), dataset_id)
    except NotFound:
        return False
    return True


def _run_of(dataset_id: str, run_id: str | None) -> str | None:
    """Return the run asked for where it belongs to the table, else the latest one."""
    if run_id:
        of = _dataset_of(run_id)
        if of == dataset_id:
            return run_id
        if of is None:
            session().notice = "This link leads to a run that is not in this workspace."
        else:
            session().notice = "This link leads to a run of another table, which is not shown here."
    return runs.latest(workspace(), dataset_id)


def _dataset_of(run_id: str) -> str | None:
    try:
        return runs.dataset_of(workspace(), run_id)
    except NotFound:
        return None


def _write(name: str, value: str | None) -> None:
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def open_dataset(dataset_id: str | None, run_id: str | None = None) -> None:
    """Look at another table (None: at none), and at its latest run unless one is named."""
    here = session()
    here.dataset_id, here.run_id, here.cell = dataset_id, run_id, None
    here.queue = ""
    here.unusable, here.is_known = None, False
    _write(_DATA, dataset_id)
    _write(_RUN, run_id)
    close_finding()


def finding_id() -> str | None:
    """Return the finding that the address names."""
    return st.query_params.get(_FINDING)


def open_finding(finding: str) -> None:
    """Put a finding into the address; the drawer follows."""
    _write(_FINDING, finding)


def close_finding() -> None:
    """Take the finding out of the address."""
    _write(_FINDING, None)


def open_rows(conditions: Iterable[filters.Part]) -> None:
    """Leave for the page of rows and show those that satisfy all of ``conditions``.

    Call it from the script of a page, not from the callback of a widget.

    Raises
    ------
    UnusableInput
        When the conditions have no short form, or name too many rows.
    """
    go(Pages.ROWS, {FILTER: filters.to_text(conditions)})


def asked(name: str) -> str:
    """Return what the address says under ``name``, "" where it says nothing."""
    return st.query_params.get(name) or ""


def put(name: str, value: str) -> None:
    """Write ``value`` into the address; "" takes the name out."""
    _write(name, value or None)


def forget(*widget_keys: str) -> None:
    """Drop the remembered values of widgets, so that they start afresh."""
    for key in widget_keys:
        st.session_state.pop(key, None)


def remembered(widget_key: str) -> object:
    """Return the current value of a widget, None where it has not been drawn."""
    return st.session_state.get(widget_key)


def preset(widget_key: str, value: object) -> None:
    """Let a widget that is drawn next show ``value``."""
    st.session_state[widget_key] = value


def theme() -> ThemeName:
    """Return ``light`` or ``dark``, as the visitor chose."""
    return "dark" if st.context.theme.type == "dark" else "light"
