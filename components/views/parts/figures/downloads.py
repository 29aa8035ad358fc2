"""Downloads of a figure: a picture made in the browser, and its numbers as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from components.charts.figure_data import Sheet
from components.services.delimited_writer import to_csv

MakeSheet = Callable[[], Sheet]
Side = Literal["right", "center"]

LONGEST_NAME = 60
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def _asset(ending: str) -> str:
    return Path(__file__).with_suffix(ending).read_text(encoding="utf-8")


_PICTURES = st.components.v2.component(
    "preflight_figure_downloads", html=_asset(".html"), css=_asset(".css"), js=_asset(".js")
)


def file_name(*words: str) -> str:
    """Return a name for a file that every system takes; names from the data are untrusted."""
    joined = "-".join(_NOT_IN_A_NAME.sub("_", word).strip("_.-") for word in words if word)
    return joined[:LONGEST_NAME].strip("_.-") or "figure"


def show(
    figure_key: str, name: str, make: MakeSheet, *, hint: str = "", side: Side = "right"
) -> None:
    """Draw a quiet button that opens the choice of formats, with a word on the figure beside it.

    Parameters
    ----------
    figure_key
        The key of the container that holds the figure.
    name
        Of the file, without an ending.
    make
        Makes the numbers when they are asked for.
    hint
        Our own words; they stand on the left.
    side
        Where the button stands when there is no hint.
    """
    key = f"get-{figure_key}"
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute" if hint else side,
        vertical_alignment="center",
    ):
        if hint:
            st.container(width="stretch").caption(hint)
        opened = st.popover(
            "Download",
            icon=":material/download:",
            type="tertiary",
            key=key,
            on_change="rerun",
        )
    if not opened.open:
        return
    with opened:
        _PICTURES(key=f"{key}-pictures", data={"figure": figure_key, "name": file_name(name)})
        st.download_button(
            "CSV of its numbers",
            partial(_csv, make),
            file_name=f"{file_name(name)}.csv",
            mime="text/csv",
            key=f"{key}-csv",
            on_click="ignore",
        )


def _csv(make: MakeSheet) -> bytes:
    made = make()
    return to_csv(made.header, made.lines)
