"""Facts of a table, counted from the text of its file with pandas, SciPy and statsmodels alone.

Nothing here knows how Preflight counts. Cells are texts; a cell is missing when it is empty or one
of the words that stand for missing in that table.
"""

from __future__ import annotations

import json
import re
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

BANDS = (r"under (\d+)", r"(\d+) to (\d+)", r"(\d+) and over")


class Raw:
    """A file as texts, what stands for missing in it, its label and its sensitive columns."""

    def __init__(self, path, *, label, sensitive=(), missing=("",)):
        self.cells = pd.read_csv(path, dtype=str, keep_default_na=False)
        self.header = pd.read_csv(path, dtype=str, header=None, nrows=1).iloc[0].tolist()
        self.cells.columns = _once(self.header)
        self.label, self.words = label, missing
        self.sensitive = [name for name in self.cells.columns if name in sensitive]
        self.n = len(self.cells)

    @cached_property
    def empty(self):
        return self.cells.isin(self.words)

    def gone(self, column):
        return self.empty[column].to_numpy()

    def text(self, column):
        return self.cells[column].to_numpy()

    def number(self, column):
        return pd.to_numeric(self.cells[column].where(~self.empty[column]), errors="coerce")

    def group(self, column, name):
        """Return the rows of a group: a value as it stands in the file, or a band of numbers."""
        rows = self.text(column) == name
        if rows.any():
            return rows
        values = self.number(column)
        for pattern in BANDS:
            found = re.fullmatch(pattern, name)
            if found:
                low, high = _ends(name, [float(g) for g in found.groups()])
                return ((values >= low) & (values < high)).to_numpy()
        raise AssertionError(f"{column} has no value or band {name!r}")

    def groups(self, column):
        return sorted(set(self.text(column)[~self.gone(column)]))

    def is_label(self, name):
        return self.group(self.label, name)

    def classes(self):
        return self.cells[self.label][~self.gone(self.label)].value_counts()

    def union(self, columns):
        """Return how many rows lack a value in at least one of ``columns``."""
        return int(self.empty[list(columns)].any(axis=1).sum())

    def tells(self, source, target):
        """Return whether every value of ``source``, empty ones included, has one of ``target``."""
        return int(self.cells.groupby(source)[target].nunique().max()) == 1


def _once(header):
    """Return the names, those that were there before with a number behind."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _ends(name, numbers):
    """Return the ends of a band of whole numbers: from, and up to but without."""
    if name.startswith("under"):
        return -np.inf, numbers[0]
    if name.endswith("over"):
        return numbers[0], np.inf
    return numbers[0], numbers[1] + 1


def quoted(text):
    return re.findall("“([^”]*)”", text)


def whole(text):
    return int(text.replace(",", ""))


def says(text, value):
    """Hold a printed number against its value, to half of the last printed digit.

    Percentages have one digit, two below 1 %; other numbers those that are printed.
    """
    if text.endswith("%"):
        return _says_share(text[:-1].strip(), 100.0 * value)
    digits = len(text.partition(".")[2])
    return abs(float(text.replace(",", "")) - value) <= 0.5 * 10**-digits + 1e-9


def _says_share(text, percent):
    if text.startswith("under "):
        return 0 < percent < float(text[6:])
    if text.startswith("over "):
        return float(text[5:]) < percent < 100
    printed = float(text)
    if printed in {0.0, 100.0}:
        return percent == printed
    return abs(printed - percent) <= (0.005 if percent < 1 else 0.05) + 1e-9


def difference(x1, n1, x2, n2):
    """Return the interval of a difference of shares, in points (Newcombe)."""
    ends = confint_proportions_2indep(x1, n1, x2, n2, compare="diff", method="newcomb")
    return tuple(100 * end for end in ends)


def ratio(x1, n1, x2, n2):
    """Return the interval of a ratio of shares (score)."""
    return confint_proportions_2indep(x1, n1, x2, n2, compare="ratio", method="score")


def wilson(x, n):
    low, high = proportion_confint(x, n, method="wilson")
    return (0.0 if x == 0 else low), (1.0 if x == n else high)


def equal_shares_p(hits, groups):
    """Return the p value of chi-squared for equal shares of ``hits`` in ``groups``."""
    return stats.chi2_contingency(pd.crosstab(hits, groups), correction=False).pvalue


def association(hits, groups):
    """Return Cramér's V of two columns, corrected for chance (Bergsma 2013)."""
    table = pd.crosstab(hits, groups).to_numpy()
    n, (r, k) = table.sum(), table.shape
    phi2 = stats.chi2_contingency(table, correction=False).statistic / n
    phi2 = max(0.0, phi2 - (r - 1) * (k - 1) / (n - 1))
    room = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(phi2 / room)) if room > 0 else 0.0


def results(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))
