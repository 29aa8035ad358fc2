"""The pages of the app: one list for the menu, the buttons and the smoke tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One page.

    Attributes
    ----------
    path
        The script, relative to app.py.
    title
        The word in the menu.
    signal
        The question at the top of the page.
    """

    path: str
    section: str
    title: str
    icon: str
    signal: str
    default: bool = False

    @property
    def url_path(self) -> str:
        """The last part of the page's address; "" for the start page."""
        return "" if self.default else Path(self.path).stem


class Pages(Enum):
    """Every page, in the order of the menu."""

    UPLOAD = PageSpec(
        path="pages/start/upload.py",
        section="",
        title="Upload",
        icon=":material/upload_file:",
        signal="Which table do you want to train on?",
        default=True,
    )
    OVERVIEW = PageSpec(
        path="pages/start/overview.py",
        section="",
        title="Overview",
        icon=":material/space_dashboard:",
        signal="Is this data ready to train on?",
    )
    COLUMNS = PageSpec(
        path="pages/explore/columns.py",
        section="Explore",
        title="Columns",
        icon=":material/view_column:",
        signal="What is in each column?",
    )
    ASSOCIATIONS = PageSpec(
        path="pages/explore/associations.py",
        section="Explore",
        title="Associations",
        icon=":material/hub:",
        signal="Which columns go together?",
    )
    ROWS = PageSpec(
        path="pages/explore/rows.py",
        section="Explore",
        title="Rows",
        icon=":material/table_rows:",
        signal="Which rows do you want to see?",
    )
    MAP = PageSpec(
        path="pages/explore/map.py",
        section="Explore",
        title="Map",
        icon=":material/bubble_chart:",
        signal="Where do rows stand to one another?",
    )
    COMPLETENESS = PageSpec(
        path="pages/explore/completeness.py",
        section="Explore",
        title="Missing values",
        icon=":material/data_loss_prevention:",
        signal="What is missing?",
    )
    BIAS = PageSpec(
        path="pages/explore/bias.py",
        section="Explore",
        title="Bias",
        icon=":material/balance:",
        signal="Are groups of people treated alike?",
    )
    ANOMALIES = PageSpec(
        path="pages/detect/anomalies.py",
        section="Detect",
        title="Anomalies",
        icon=":material/scatter_plot:",
        signal="Which rows are unlike the rest?",
    )
    LABELS = PageSpec(
        path="pages/detect/labels.py",
        section="Detect",
        title="Labels",
        icon=":material/new_label:",
        signal="Which labels look wrong?",
    )
    DUPLICATES = PageSpec(
        path="pages/detect/duplicates.py",
        section="Detect",
        title="Duplicates",
        icon=":material/content_copy:",
        signal="What is in the table twice?",
    )
    LEAKAGE = PageSpec(
        path="pages/detect/leakage.py",
        section="Detect",
        title="Leakage",
        icon=":material/water_drop:",
        signal="Does a column give the answer away?",
    )
    VALIDITY = PageSpec(
        path="pages/detect/validity.py",
        section="Detect",
        title="File",
        icon=":material/description:",
        signal="Is the file put together well?",
    )
    REVIEW = PageSpec(
        path="pages/review/label_review.py",
        section="Act",
        title="Review labels",
        icon=":material/rule:",
        signal="Is this label right?",
    )
    REPORT = PageSpec(
        path="pages/share/report.py",
        section="Act",
        title="Report and export",
        icon=":material/download:",
        signal="What do you hand on?",
    )


PAGES: tuple[PageSpec, ...] = tuple(page.value for page in Pages)

PAGE_OF_CONCERN = {
    "anomalies": Pages.ANOMALIES,
    "bias": Pages.BIAS,
    "completeness": Pages.COMPLETENESS,
    "duplicates": Pages.DUPLICATES,
    "labels": Pages.LABELS,
    "leakage": Pages.LEAKAGE,
    "validity": Pages.VALIDITY,
}


def menu() -> StreamlitPage:
    """Draw the menu and return the page that was asked for."""
    sections: dict[str, list[StreamlitPage]] = {}
    for spec in PAGES:
        page = st.Page(
            str(ROOT / spec.path),
            title=spec.title,
            icon=spec.icon,
            url_path=None if spec.default else spec.url_path,
            default=spec.default,
        )
        sections.setdefault(spec.section, []).append(page)
    return st.navigation(sections, expanded=True)


def go(page: Pages, query: Mapping[str, str] | None = None) -> None:
    """Leave for another page; the table and the run come along.

    Not for the callbacks of widgets, which cannot leave a page.

    Parameters
    ----------
    query
        What the address of the page says besides.
    """
    st.switch_page(str(ROOT / page.value.path), query_params=query)
