"""The question at the top of a page, with the page's secondary actions at its right."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def show(question: str) -> DeltaGenerator:
    """Draw the question and return the place for buttons beside it."""
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    row.title(question, anchor=False, width="content")
    return row.container(horizontal=True, width="content", gap="small", vertical_alignment="center")


def section(title: str) -> DeltaGenerator:
    """Draw the title of a part of a page and return the place for controls beside it."""
    st.space("xsmall")
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    row.subheader(title, anchor=False, width="content")
    return row.container(horizontal=True, width="content", gap="small", vertical_alignment="center")
