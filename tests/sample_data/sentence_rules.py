"""What every sentence of a finding states, and how it is computed again from the file.

A rule is a pattern for one sentence of one check and a function that gets the finding, the facts
of the file and the parts of the sentence. A sentence without a rule is an error.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import raw_facts as facts

Q = r"“([^”]*)”"
LIST = r"((?:“[^”]*”(?:, | and )?)+(?:[\d,]+ more)?)"
S = r"((?:under |over )?\d+(?:\.\d+)? %)"
N = r"(-?\d[\d,]*)"
F = r"(-?\d+(?:\.\d+)?)"
RULES: list[tuple[str, re.Pattern[str], Any]] = []


@dataclass
class Case:
    """A finding, its check, the results and the folder of the run, and the facts of the file.

    ``not_read`` are columns that a model would not read, by what is known of the table.
    """

    finding: dict[str, Any]
    check: dict[str, Any]
    results: dict[str, Any]
    out: Path
    raw: facts.Raw
    not_read: tuple[str, ...] = ()

    @property
    def columns(self):
        return self.finding["affected"]["columns"]

    @property
    def measure(self):
        return self.finding["measure"]

    @property
    def about(self):
        """The column in the key of the finding."""
        return self.finding["key"].split(":")[1]

    @property
    def kinds(self):
        return {c["name"]: c for c in self.results["dataset"]["columns"]}

    def findings_of(self, check_id):
        return next(c["findings"] for c in self.results["checks"] if c["check_id"] == check_id)

    def value(self, name):
        """Return a measure of the check."""
        return next(e["value"] for e in self.check["evidence"] if e["name"] == name)

    def ranking(self, name, check_id=""):
        """Return the values of a ranking by item."""
        check_id = check_id or self.check["check_id"]
        check = next(c for c in self.results["checks"] if c["check_id"] == check_id)
        found = next(e for e in check["evidence"] if name in e["name"] and "items" in e)
        return dict(zip(found["items"], found["values"], strict=True))

    def groups_of(self, check_id, attribute):
        """Return the groups of an attribute in the file of groups."""
        with (self.out / "groups" / f"{check_id}.csv").open(encoding="utf-8", newline="") as file:
            lines = [line for line in csv.DictReader(file) if line["attribute"] == attribute]
        return list(dict.fromkeys(line["group"] for line in lines))

    def share(self, text, x, n):
        assert facts.says(text, x / n), (text, x, n)

    def number(self, text, value):
        assert facts.says(text, value), (text, value)

    def of_rows(self, n, total, part, count):
        assert (facts.whole(n), facts.whole(total)) == (count, self.raw.n)
        self.share(part, count, self.raw.n)

    def named(self, text, names):
        """Hold a list in a sentence, which may end with “and 3 more”, against all of it."""
        told = facts.quoted(text)
        more = re.search(r"([\d,]+) more$", text)
        rest = facts.whole(more[1]) if more else 0
        assert told == list(names)[: len(told)], (text, names)
        assert len(told) + rest == len(names), (text, names)


def rule(check_id, *patterns):
    """Register a function for the sentences of a check."""

    def register(function):
        RULES.extend((check_id, re.compile(pattern), function) for pattern in patterns)
        return function

    return register


def fixed(check_id, *texts):
    """Register sentences that state nothing about this table."""
    rule(check_id, *(re.escape(text) for text in texts))(lambda _case: None)


def check_text(case, text):
    """Read ``text`` sentence by sentence; the longest pattern that fits is the sentence."""
    rest = text
    while rest:
        fits = [
            (len(found[0]), found, function)
            for check_id, pattern, function in RULES
            if check_id == case.check["check_id"] and (found := pattern.match(rest))
        ]
        assert fits, f"no rule for: {rest}"
        length, found, function = max(fits, key=lambda fit: fit[0])
        function(case, *found.groups())
        rest = rest[length:].lstrip()
