"""What a table has in common with a former version, in sentences: its rows, and their decisions."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.reports import former_tables
from components.services.data import versions
from components.services.data.datasets import DatasetInfo
from components.services.data.versions import Former
from components.views import session
from components.views.text import md

_quoted = partial(md, limit=former_tables.LONGEST)


def show(info: DatasetInfo) -> None:
    """Draw a line per former version; nothing for a table that is none's."""
    for former in versions.formers(session.workspace(), info):
        headline, told = sentences(info, former)
        if headline:
            st.markdown(f":material/history: **{headline}.** :gray[{told}]")


def sentences(info: DatasetInfo, former: Former) -> tuple[str, str]:
    """Return, as Markdown, whose version this is, and what became of its rows and decisions.

    Empty for a table of which nothing but the same columns is known.
    """
    table = versions.as_table(former)
    if table is None:
        return "", ""
    return (
        former_tables.headline(table, _quoted),
        former_tables.told(table, info.version.n_rows, _quoted),
    )
