"""What a table has in common with a former version, in sentences: its rows, and their decisions."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.reports import former_tables
from components.reports.former_tables import FormerTable
from components.services.data import versions
from components.services.data.datasets import DatasetInfo
from components.views import session
from components.views.text import md

_quoted = partial(md, limit=former_tables.LONGEST)


def show(info: DatasetInfo) -> None:
    """Draw a line per former version that added something; nothing for a table that is none's."""
    for table in versions.worth_telling(session.workspace(), info):
        headline, told = sentences(info, table)
        st.markdown(f":material/history: **{headline}.** :gray[{told}]")


def sentences(info: DatasetInfo, table: FormerTable) -> tuple[str, str]:
    """Return, as Markdown, whose version this is, and what became of its rows and decisions."""
    return (
        former_tables.headline(table, _quoted),
        former_tables.told(table, info.version.n_rows, _quoted),
    )
