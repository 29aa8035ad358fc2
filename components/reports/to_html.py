"""The report for stakeholders: one HTML file without scripts, outward links or foreign files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache

import jinja2
from markupsafe import Markup

from components.core.facts.profile import DatasetProfile
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.findings import CheckResult
from components.core.judgement.gate import Verdict
from components.core.judgement.review import Tally
from components.core.judgement.runs import RunSpec, RunStatus
from components.reports.document import build
from components.reports.former_tables import FormerTable
from components.reports.label_numbers import WrongLabels
from components.reports.words import plural


def render(  # noqa: PLR0917 - the parts of a run in the order in which they come to be
    spec: RunSpec,
    status: RunStatus,
    results: tuple[CheckResult, ...],
    verdict: Verdict,
    profile: DatasetProfile | None,
    decisions: Tally | None = None,
    answers: Answers = NO_ANSWERS,
    *,
    formers: Sequence[FormerTable] = (),
    wrong: Mapping[str, WrongLabels] | None = None,
) -> str:
    """Return the report as one self-contained HTML page.

    It is light or dark as the reader's system is, prints on A4, and holds no rows and no cell
    values. Everything from the data is escaped; a content security policy in the page allows its
    own style sheet, by hash, and nothing else.

    Parameters
    ----------
    results
        Whole or brief; the report is the same.
    formers
        The tables of which this one is a new version.
    wrong
        What reviews tell of wrong labels, by the check that flagged them.
    """
    document = build(
        spec,
        status,
        results,
        verdict,
        profile=profile,
        decisions=decisions,
        answers=answers,
        formers=formers,
        wrong=wrong,
    )
    css = style()
    policy = f"default-src 'none'; style-src '{_hash(css)}'; base-uri 'none'; form-action 'none'"
    page = _environment().get_template("report.html.jinja")
    return page.render(doc=document, css=Markup(css), policy=policy)  # noqa: S704 - our own file


@cache
def style() -> str:
    """Return the style sheet, inlined into the page."""
    return "\n" + _environment().get_template("report.css").render()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("components.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plural"] = plural
    environment.filters["px"] = _px
    return environment


def _hash(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"sha256-{digest}"


def _px(share: float, size: float, start: float = 0.0) -> str:
    """Return a place in [0, 1] in the units of a drawing."""
    return f"{start + share * size:.1f}".removesuffix(".0")
