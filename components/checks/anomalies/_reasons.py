"""Why a row is unusual: the columns that put the distance between it and similar rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib import ask, features, words
from components.checks._lib.encoder import Encoder
from components.checks._lib.encodings import text_lengths
from components.checks._lib.features import FloatArray
from components.core.data.table import Table
from components.core.judgement.row_evidence import IntArray, TextArray

if TYPE_CHECKING:
    import pandas as pd

NEAR = 20
REFERENCE = 1_000
CHUNK = 500
TOP = 3
LITTLE = 0.15
"""Of all reasons together; what adds less is not said."""
RARE = 0.05
"""Share of rows below which a value is called rare by itself."""
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is usual: the sample, its values by column, and rows to compare with."""

    encoder: Encoder
    reference: FloatArray
    ordered: dict[str, FloatArray]
    missing: dict[str, float]
    n: int

    @staticmethod
    def of(frame: pd.DataFrame, encoder: Encoder, z: FloatArray, seed: int) -> Background:
        """Take it from the sample that the detectors were fitted on."""
        plan = encoder.plan
        ordered = {name: _present(_amount(frame[name], name, encoder)) for name in _scales(encoder)}
        chosen = np.random.default_rng(seed).permutation(len(z))[:REFERENCE]
        return Background(
            encoder=encoder,
            reference=z[chosen],
            ordered=ordered,
            missing={name: float(frame[name].isna().mean()) for name in plan.names},
            n=len(frame),
        )


def _scales(encoder: Encoder) -> tuple[str, ...]:
    return (*encoder.plan.numbers, *encoder.plan.times, *encoder.plan.texts)


def _amount(series: pd.Series, name: str, encoder: Encoder) -> FloatArray:
    if name in encoder.plan.numbers:
        return features.number_values(series)
    if name in encoder.plan.times:
        return np.asarray(features.time_values(series)[:, 0])
    return text_lengths(series)


def _present(values: FloatArray) -> FloatArray:
    return np.sort(values[~np.isnan(values)])


def reasons(
    table: Table, back: Background, row_id: IntArray, at: IntArray, progress: Progress
) -> TextArray:
    """Say why for the rows at positions ``at``; None for the others, shape of ``row_id``."""
    from sklearn.neighbors import NearestNeighbors

    texts = np.full(len(row_id), None, dtype=object)
    k = min(NEAR, len(back.reference))
    index = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(back.reference)
    for start in range(0, len(at), CHUNK):
        progress(start / len(at))
        part = at[start : start + CHUNK]
        frame = table.rows(row_id[part], columns=back.encoder.plan.names).reset_index(drop=True)
        z = back.encoder.linear(frame)
        usual = back.reference[index.kneighbors(z, return_distance=False)].mean(axis=1)
        away = (z - usual) ** 2
        amounts = {name: _amount(frame[name], name, back.encoder) for name in _scales(back.encoder)}
        for i, position in enumerate(part):
            own = {name: values[i] for name, values in amounts.items()}
            texts[position] = _reason(away[i], frame.iloc[i], own, back)
    return texts


def _reason(
    away: FloatArray, row: pd.Series, amounts: dict[str, float], back: Background
) -> str | None:
    total: dict[str, float] = {}
    for (name, _), part in zip(back.encoder.origin, away, strict=True):
        total[name] = total.get(name, 0.0) + float(part)
    whole = sum(total.values())
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    said = [name for name, part in ranked if part >= LITTLE * whole] or [ranked[0][0]]
    return "; ".join(_said(name, row[name], amounts.get(name), back) for name in said)


def _said(name: str, value: object, amount: float | None, back: Background) -> str:
    column = words.clean(name, 40)
    if amount is None:
        return _category(name, column, value, back)
    if np.isnan(amount):
        return f"{column} is missing (in {words.share(back.missing[name])} of rows)"
    text = name in back.encoder.plan.texts
    shown = f"the length of {column} is {amount:,.0f}" if text else f"{column} is {cell(value)}"
    ordered = back.ordered[name]
    n = max(1, len(ordered))
    below = float(np.searchsorted(ordered, amount, side="left")) / n
    above = 1.0 - float(np.searchsorted(ordered, amount, side="right")) / n
    if above < RARE and above <= below:
        return f"{shown} (above {words.share(below)} of rows)"
    if below < RARE:
        return f"{shown} (below {words.share(above)} of rows)"
    return f"{shown} (unlike similar rows)"


def _category(name: str, column: str, value: object, back: Background) -> str:
    import pandas as pd

    if value is None or pd.isna(value):  # type: ignore[call-overload]  # any cell may come
        return f"{column} is missing (in {words.share(back.missing[name])} of rows)"
    text = ask.value_text(value)  # type: ignore[arg-type]  # a cell of an object row
    own = back.encoder.shares[back.encoder.plan.categories.index(name)].get(text, 0.0)
    common = words.share(own) if own else f"under {words.share(1 / back.n)}"
    return f"{column} is {words.clean(text, 40)} (in {common} of rows)"


def cell(value: object) -> str:
    """Return a number or time as part of a sentence."""
    import pandas as pd

    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ", timespec="minutes")
    return f"{value:.6g}" if isinstance(value, float) else words.clean(value, 40)
