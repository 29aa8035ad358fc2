"""Bias: which groups are there, and how their outcomes differ."""

from __future__ import annotations

import streamlit as st

from components.core.data.dataset import Role
from components.services.data.datasets import DatasetInfo
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts.findings import concern
from components.views.text import code


def show() -> None:
    """Draw the page."""
    concern.show("bias", extra=_groups)


def _groups(info: DatasetInfo, _run: Run) -> None:
    columns = info.version.with_roles(Role.SENSITIVE)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        if columns:
            names = ", ".join(code(c.name, limit=30) for c in columns)
            st.markdown(f"**Groups compared** &nbsp; {names}", width="content")
        else:
            st.markdown(
                "**No column describes groups of people.** Name them, and the bias checks can run.",
                width="content",
            )
        if st.button("Change", icon=":material/edit:", type="tertiary", key="bias-groups"):
            go(Pages.UPLOAD)
    st.caption(
        "A difference between groups in the data is a fact to know, not proof of unfair treatment. "
        "A model learns it unless you decide otherwise."
    )
