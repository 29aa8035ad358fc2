"""A policy: what an organisation asks of its tables, where that differs from the checks.

It changes the severity of findings, and by that which of them stop; it changes no measure, no
threshold and no meaning of a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from components.core.judgement.findings import CheckResult, Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """What the findings of one kind become.

    Attributes
    ----------
    findings
        A concern (``bias``), a check id, or the id of one finding.
    severity
        Only findings to which their check gave this severity; None: all of them.
    becomes
        The severity under the policy.
    """

    findings: str
    becomes: Severity
    severity: Severity | None = None

    def applies(self, finding: Finding) -> bool:
        """Whether the rule is about ``finding``."""
        names = {finding.concern, finding.check_id, finding.id}
        return self.findings in names and self.severity in {None, finding.severity}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules in order; of those that apply to a finding the first one counts.

    Attributes
    ----------
    name
        Of the file, for people.
    sha256
        The fingerprint of the file: which policy it was.
    """

    name: str
    sha256: str
    rules: tuple[PolicyRule, ...]

    def apply(self, result: CheckResult) -> CheckResult:
        """Return the result with the severities of the policy; each finding keeps its own, too."""
        return replace(result, findings=tuple(_judged(f, self.rules) for f in result.findings))


def _judged(finding: Finding, rules: Iterable[PolicyRule]) -> Finding:
    rule = next((rule for rule in rules if rule.applies(finding)), None)
    if rule is None or rule.becomes is finding.severity:
        return finding
    return replace(finding, severity=rule.becomes, severity_of_check=finding.severity)
