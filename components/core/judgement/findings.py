"""What every check returns: findings, coverage, a result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from components.core.data.dataset import Role
from components.core.judgement.evidence import (
    CellScores,
    Evidence,
    GroupMetrics,
    Measure,
    RowScores,
)
from components.core.judgement.review import ItemType


class Severity(IntEnum):
    """What a finding asks of the reader."""

    INFO = 10
    """Know this."""
    WARNING = 20
    """Review before training."""
    CRITICAL = 30
    """Do not train yet."""


class Status(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FLAGGED = "flagged"
    SKIPPED = "skipped"
    FAILED = "failed"


class Doubt(StrEnum):
    """Why nobody can say that a table is ready, whatever else was found."""

    UNFINISHED = "unfinished"
    """The run did not come to its end."""
    FAILED = "failed"
    """A check failed to run."""
    NO_LABEL = "no_label"
    """No column is the label, and no person said that there is none."""
    ONE_CLASS = "one_class"
    """The label has one value at most, and a check that was asked for needs more."""
    NOT_LEARNABLE = "not_learnable"
    """Nothing shows that the label can be learned from the other columns."""
    NOT_WITHOUT_LEAKS = "not_without_leaks"
    """Nothing shows that it can be learned without the columns that give it away."""
    NOTHING_RAN = "nothing_ran"
    """No check came to an answer."""
    FEW_APPLY = "few_apply"
    """Fewer than half of the checks came to an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The line that the measure crossed.

    Attributes
    ----------
    param
        The parameter of the check that sets it.
    source
        Where the default comes from, in words.
    """

    value: float
    param: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What a finding touches.

    Attributes
    ----------
    n_rows
        Rows touched, of the whole table.
    share
        ``n_rows`` over the rows of the table, in [0, 1].
    row_id
        Examples, at most 50.
    """

    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    n_rows: int = 0
    share: float = 0.0
    row_id: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem worth a person's time.

    Attributes
    ----------
    key
        Stable across runs and files: the same problem has the same key. Unique within a run
        together with ``check_id``; made of the check's own words and column names.
    title
        One short sentence with a number in it.
    detail
        One or two sentences: what was seen and why it matters before training.
    recommended_action
        What to do, starting with a verb.
    caveat
        What the finding cannot see, or how it can be wrong.
    severity_of_check
        What the check said where a policy changed the severity; else None.
    doubt
        Why the verdict is not known because of this finding, whatever its severity; None where it
        leaves the verdict known. Only what makes training impossible, or impossible to judge,
        carries one.
    """

    check_id: str
    key: str
    title: str
    detail: str
    severity: Severity
    measure: Measure
    threshold: Threshold | None
    affected: Affected
    recommended_action: str
    caveat: str
    evidence: tuple[Evidence, ...] = ()
    severity_of_check: Severity | None = None
    doubt: Doubt | None = None

    @property
    def id(self) -> str:
        """The address of the finding within a run."""
        return f"{self.check_id}:{self.key}"

    @property
    def concern(self) -> str:
        """The folder of the check (``labels``, ``bias``, ...)."""
        return self.check_id.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a check looked at.

    Attributes
    ----------
    rows_seen, rows_total
        Rows that were assessed, of all rows.
    sampled
        Whether figures come from a sample of rows.
    note
        What was left out and why, in words; shown beside the result.
    """

    rows_seen: int
    rows_total: int
    sampled: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The outcome of one check in one run.

    Attributes
    ----------
    reason
        Why it was skipped or failed; empty otherwise.
    evidence
        What was seen, also when nothing was flagged. At most one :class:`RowScores` and one
        :class:`CellScores`.
    lacks
        Roles that the check needs and no usable column of the table has.
    for_other_task
        Whether the label sets another task than the check is for: nobody misses its answer.
    compared
        Whether it compared the table with the reference of the run.
    params, versions
        Parameter values, and versions of the libraries that decided.
    changed
        Names of the parameters that a person set to another value than the default.
    """

    check_id: str
    title: str
    version: int
    status: Status
    reason: str = ""
    lacks: tuple[Role, ...] = ()
    for_other_task: bool = False
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    coverage: Coverage
    elapsed_s: float
    params: dict[str, str | int | float | bool] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    compared: bool = False
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def concern(self) -> str:
        """The folder of the check."""
        return self.check_id.partition(".")[0]

    @property
    def row_scores(self) -> RowScores | None:
        """The row-level evidence, or None."""
        return next((e for e in self.evidence if isinstance(e, RowScores)), None)

    @property
    def cell_scores(self) -> CellScores | None:
        """The cell-level evidence, or None."""
        return next((e for e in self.evidence if isinstance(e, CellScores)), None)

    @property
    def asking(self) -> RowScores | CellScores | None:
        """The scores about whose flags people decide; None where there are none."""
        scores = (self.row_scores, self.cell_scores)
        return next((s for s in scores if s is not None and s.item_type is not None), None)

    @property
    def item_type(self) -> ItemType | None:
        """What people are asked about, None where they are not."""
        return None if self.asking is None else self.asking.item_type

    @property
    def suggests(self) -> bool:
        """Whether people decide about what it flags."""
        return self.asking is not None

    @property
    def n_suggested(self) -> int:
        """Items that it asks people about."""
        return 0 if self.asking is None else self.asking.n_items

    @property
    def group_metrics(self) -> tuple[GroupMetrics, ...]:
        """The group-level evidence of the result and of its findings, each once."""
        found = [e for e in self.evidence if isinstance(e, GroupMetrics)]
        for finding in self.findings:
            found += [e for e in finding.evidence if isinstance(e, GroupMetrics)]
        return tuple(dict.fromkeys(found))

    def brief(self) -> CheckResult:
        """Return the result with row- and cell-level evidence cut to the worst."""
        return replace(
            self,
            evidence=tuple(_brief(e) for e in self.evidence),
            findings=tuple(
                replace(f, evidence=tuple(_brief(e) for e in f.evidence)) for f in self.findings
            ),
        )


def _brief(evidence: Evidence) -> Evidence:
    return evidence.brief() if isinstance(evidence, RowScores | CellScores) else evidence


def ranked(results: tuple[CheckResult, ...]) -> tuple[Finding, ...]:
    """Return all findings, worst first: severity, then share of rows touched, then id."""
    findings = [f for r in results for f in r.findings]
    return tuple(sorted(findings, key=lambda f: (-f.severity, -f.affected.share, f.id)))
