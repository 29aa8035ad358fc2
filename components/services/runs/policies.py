"""Reading a policy: which findings stop, where an organisation asks for more or for less.

::

    [[rules]]
    findings = "bias"              # a concern, a check id, or the id of one finding
    severity = "warning"           # only findings of this severity; left out: all of them
    becomes = "critical"           # info, warning or critical

The first rule that applies to a finding counts. JSON holds the same: ``{"rules": [{...}]}``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.checks import registry
from components.core.errors import UnusableInput
from components.core.judgement.findings import Severity
from components.core.judgement.policy import Policy, PolicyRule

LARGEST = 1_000_000
"""Bytes of a policy; more is no policy."""
KEYS = ("findings", "severity", "becomes")
_SEVERITIES = {severity.name.lower(): severity for severity in Severity}


def read(path: Path) -> Policy:
    """Read a policy from a TOML or JSON file.

    Raises
    ------
    UnusableInput
        When it cannot be read, or says something that no check knows.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableInput(
            f"The policy {path} cannot be read: {error.strerror}.", "Check the path."
        ) from error
    if len(content) > LARGEST:
        raise UnusableInput(f"The policy {path} is larger than 1 MB.", "Check the path.")
    rules = _rules(path, content)
    made = tuple(_rule(path, number, rule) for number, rule in enumerate(rules, 1))
    return Policy(name=path.name, sha256=hashlib.sha256(content).hexdigest(), rules=made)


def _rules(path: Path, content: bytes) -> list[Any]:
    try:
        text = content.decode("utf-8-sig")
        said = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = " ".join(str(error).split())[:200]
        raise UnusableInput(
            f"The policy {path} is no TOML or JSON: {line}.", "Correct the file."
        ) from error
    rules = said.get("rules") if isinstance(said, Mapping) else None
    if not isinstance(rules, list) or not rules or set(said) != {"rules"}:
        raise UnusableInput(
            f"The policy {path} does not consist of rules.",
            'Write {"rules": [{"findings": "...", "becomes": "..."}]}, and nothing else.'
            if path.suffix.lower() == ".json"
            else "Write one table [[rules]] per rule, and nothing else.",
        )
    return rules


def _rule(path: Path, number: int, said: Any) -> PolicyRule:  # noqa: ANN401 - a value of JSON
    where = f"Rule {number} of the policy {path}"
    if not isinstance(said, Mapping) or set(said) - set(KEYS) or "findings" not in said:
        raise UnusableInput(f"{where} is not understood.", f"Its keys are: {', '.join(KEYS)}.")
    about = str(said["findings"])
    _known(about, where)
    severity = said.get("severity")
    return PolicyRule(
        findings=about,
        becomes=_severity(said.get("becomes"), where),
        severity=None if severity is None else _severity(severity, where),
    )


def _severity(word: Any, where: str) -> Severity:  # noqa: ANN401 - a value of JSON
    if not isinstance(word, str) or word not in _SEVERITIES:
        raise UnusableInput(
            f"{where} names the severity “{word}”.", f"Choose from: {', '.join(_SEVERITIES)}."
        )
    return _SEVERITIES[word]


def _known(findings: str, where: str) -> None:
    """Refuse a rule about a check that is not there: it would be silent for ever."""
    try:
        registry.select([findings.partition(":")[0]])
    except UnusableInput as error:
        raise UnusableInput(f"{where}: {error.what}", error.todo) from error
