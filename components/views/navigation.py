"""The pages of the app: one list for the menu, the buttons and the smoke tests.

A concern has a page because it is there: a script of its own where there is
``pages/<section>/<concern>.py``, else the page that all concerns can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from components.checks import registry
from components.core.judgement.concerns import Concern, Section

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One page.

    Attributes
    ----------
    path
        The script, relative to app.py; "" for a concern without a page of its own.
    concern
        The folder of checks that the page is about; "" for other pages.
    title
        The word in the menu.
    signal
        The question at the top of the page.
    """

    path: str = ""
    concern: str = ""
    section: str
    title: str
    icon: str
    signal: str
    default: bool = False

    @property
    def url_path(self) -> str:
        """The last part of the page's address; "" for the start page."""
        return "" if self.default else self.concern or Path(self.path).stem


class Pages(Enum):
    """The pages that are about no concern, in the order of the menu."""

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
        signal="Which rows are alike?",
    )
    REVIEW = PageSpec(
        path="pages/review/label_review.py",
        section="Act",
        title="Review",
        icon=":material/rule:",
        signal="Is this label right?",
    )
    REPORT = PageSpec(
        path="pages/share/report.py",
        section="Act",
        title="Report and export",
        icon=":material/download:",
        signal="What do you want to download?",
    )


def _of_concern(name: str, concern: Concern) -> PageSpec:
    path = f"pages/{concern.section.lower()}/{name}.py"
    return PageSpec(
        path=path if (ROOT / path).is_file() else "",
        concern=name,
        section=concern.section,
        title=concern.menu or concern.title,
        icon=f":material/{concern.icon}:",
        signal=concern.question,
    )


def _in_order() -> tuple[PageSpec, ...]:
    """Return all pages by section; a section begins with the pages that are about no concern."""
    specs = [page.value for page in Pages]
    specs += [_of_concern(name, concern) for name, concern in registry.concerns().items()]
    return tuple(sorted(specs, key=lambda spec: SECTIONS.index(spec.section)))


SECTIONS = ("", Section.EXPLORE, Section.DETECT, "Act")
PAGES = _in_order()
"""Every page, in the order of the menu."""
PAGE_OF_CONCERN = {spec.concern: spec for spec in PAGES if spec.concern}


def menu(draw: Callable[[str], None]) -> StreamlitPage:
    """Draw the menu and return the page that was asked for.

    Parameters
    ----------
    draw
        Draws the page of the concern whose name it is given.
    """
    sections: dict[str, list[StreamlitPage]] = {}
    for spec in PAGES:
        page = st.Page(
            str(ROOT / spec.path) if spec.path else partial(draw, spec.concern),
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
