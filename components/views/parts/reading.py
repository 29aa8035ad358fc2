"""What intake understood of a file, what it could not read, and how to read it in another way."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.core.data.source import Problem, ProblemLevel
from components.intake import ReadOptions
from components.services.data import mended_rows
from components.services.data.datasets import DatasetInfo
from components.services.export.downloads import ExportRequest
from components.services.upload import readings
from components.views import session, words
from components.views.parts import download
from components.views.parts.figures import evidence_panel
from components.views.text import md, plain
from components.views.visitors import identity

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "blank", ":": "colon"}
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "iso-8859-1",
    "utf-16",
    "cp1251",
    "shift_jis",
    "gb18030",
]
MOST_PROBLEMS = 12
GUESS = "Decide for me"
MOST_MENDED = 200
"""Mended rows that are shown; all of them can be downloaded."""


def understood(info: DatasetInfo) -> None:
    """Draw how the file was read, its problems, and the rows kept aside."""
    report = info.report
    with st.container(border=True, key="understood"):
        st.markdown("**How we read it**")
        evidence_panel.pairs(_facts(info))
        for problem in report.problems[:MOST_PROBLEMS]:
            _problem(problem)
        left = len(report.problems) - MOST_PROBLEMS
        if left > 0:
            st.caption(f"{left} more remarks are in the report.")
        if not report.problems:
            st.markdown(":green[:material/check:] Every line could be read.")
        if report.n_mended:
            _mended(info)
        if report.n_aside:
            _aside(info)


def _facts(info: DatasetInfo) -> list[tuple[str, str]]:
    report, dialect = info.report, info.report.dialect
    facts = [
        ("File", md(info.version.name, limit=50)),
        ("Rows", f"{report.n_rows:,}"),
        ("Columns", f"{report.n_columns:,}"),
        ("Size", words.size(report.size_bytes)),
        ("Format", md(report.format.upper())),
    ]
    if report.member:
        facts.append(("File in the archive", md(report.member, limit=50)))
    if report.sheet:
        facts.append(("Sheet", md(report.sheet, limit=50)))
    if report.format in {"csv", "tsv", "txt"}:
        header = "none" if dialect.header_rows == 0 else words.count(dialect.header_rows, "row")
        facts += [
            ("Cells split by", md(delimiter_word(dialect.delimiter))),
            ("Text encoding", md(dialect.encoding)),
            ("Header", header),
        ]
    return facts


def delimiter_word(delimiter: str) -> str:
    """Return what a delimiter is called."""
    return DELIMITERS.get(delimiter, f"“{delimiter}”")


def _problem(problem: Problem) -> None:
    warning = problem.level is ProblemLevel.WARNING
    mark = ":orange[:material/warning:]" if warning else ":gray[:material/info:]"
    lines = ", ".join(f"{n:,}" for n in problem.lines[:5])
    more = ", …" if len(problem.lines) > 5 else ""  # noqa: PLR2004 - lines shown
    where = f" :gray[:small[Line {lines}{more}]]" if lines else ""
    st.markdown(f"{mark} {md(problem.message)}{where}")


def _mended(info: DatasetInfo) -> None:
    n = info.report.n_mended
    with st.expander(f"{words.count(n, 'row')} mended", icon=":material/healing:"):
        st.caption(
            "These rows did not fit the table as they stand in your file, and could be read in one"
            " way only. Your file is unchanged; to keep them aside instead, read it again."
        )
        shown = mended_rows.first(info, MOST_MENDED)
        st.dataframe(
            {
                "Line": [row.line for row in shown],
                "What was done": [row.how for row in shown],
                "In your file": [row.text for row in shown],
            },
            hide_index=True,
            alt="Rows mended",
        )
        if n > len(shown):
            st.caption(f"The first {len(shown):,} of {n:,}.")
        sheet = download.for_spreadsheet("Form of the mended rows")
        download.button(
            "Download all mended rows",
            ExportRequest(kind="mended", source=info.version.id, for_spreadsheet=sheet),
            "rows_mended.csv",
            "text/csv",
        )


def _aside(info: DatasetInfo) -> None:
    report = info.report
    title = f"{words.count(report.n_aside, 'row')} kept aside"
    with st.expander(title, icon=":material/move_down:"):
        st.caption("These lines do not fit the table. They take no part in the checks.")
        st.dataframe(
            {
                "Line": [row.line for row in report.aside],
                "Why": [row.reason for row in report.aside],
                "Text": [row.text for row in report.aside],
            },
            hide_index=True,
            height="content",
            alt="Rows kept aside",
        )
        if (info.folder / "aside.csv").is_file():
            sheet = download.for_spreadsheet("Form of the rows kept aside")
            download.button(
                "Download all of them",
                ExportRequest(kind="aside", source=info.version.id, for_spreadsheet=sheet),
                "rows_kept_aside.csv",
                "text/csv",
            )


def override(info: DatasetInfo) -> None:
    """Draw a form that reads the file again under other settings."""
    dialect = info.report.dialect
    with st.form(f"dialect-{info.version.id}", border=False):
        st.caption("Leave a field as it is where our reading was right.")
        part = _part(info)
        with st.grid(5, min_column_width=150):
            delimiter = st.selectbox(
                "Cells split by",
                [GUESS, *DELIMITERS],
                format_func=lambda d: d if d == GUESS else delimiter_word(d),
                index=_index([GUESS, *DELIMITERS], dialect.delimiter),
            )
            encoding = st.selectbox(
                "Text encoding",
                [GUESS, *ENCODINGS],
                index=_index([GUESS, *ENCODINGS], dialect.encoding),
                accept_new_options=True,
            )
            quote = st.selectbox("Quotes", [GUESS, '"', "'"])
            header = st.number_input("Header rows", 0, 5, dialect.header_rows)
            preamble = st.number_input("Lines above it", 0, 10_000, dialect.preamble_lines)
        only_aside = st.checkbox(
            "Mend nothing: keep rows that do not fit aside",
            help="Otherwise such a row is mended where one reading alone fits the columns.",
        )
        if st.form_submit_button("Read again", icon=":material/refresh:"):
            options = ReadOptions(
                delimiter=_or_none(delimiter),
                encoding=_or_none(encoding),
                quotechar=_or_none(quote),
                header_rows=int(header),
                preamble_lines=int(preamble),
                mend=False if only_aside else None,
                member=None if info.report.sheet else part,
                sheet=part if info.report.sheet else None,
            )
            _reread(info, options)


def _part(info: DatasetInfo) -> str | None:
    """Draw the choice among sheets or members; None where there is nothing to choose."""
    report = info.report
    if len(report.choices) < 2:  # noqa: PLR2004 - a choice
        return None
    names = list(report.choices)
    title = "Sheet" if report.sheet else "File in the archive"
    current = report.sheet or report.member
    return st.selectbox(title, names, index=_index(names, current), format_func=plain)


def _index(options: list[str], value: str) -> int:
    return options.index(value) if value in options else 0


def _or_none(chosen: str | None) -> str | None:
    return None if chosen in {None, GUESS} else chosen


def _reread(info: DatasetInfo, options: ReadOptions) -> None:
    """Read the file again while the page waits; whoever presses anything else ends it."""
    actor = identity.actor()
    bar = st.progress(0.0, text="Reading the file again")
    again = readings.read_again(
        session.workspace(),
        info,
        options,
        actor=actor,
        tell=lambda share, note: _show(bar, share, note),
    )
    session.session().drafts.pop(info.version.id, None)
    session.open_dataset(again.version.id)
    st.rerun()


def _show(bar: DeltaGenerator, share: float, note: str) -> None:
    bar.progress(min(1.0, max(0.0, share)), text=md(note))
