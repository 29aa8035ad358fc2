"""Why a row is unusual: its far cells, then the columns that set it apart from similar rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib import features, words
from components.checks._lib.encoder import Encoder
from components.checks._lib.encodings import text_lengths
from components.checks._lib.features import FloatArray
from components.checks.anomalies._far_cells import FarCell, FarCells, Usual, measured
from components.core.data.table import Table
from components.core.data.value_texts import Spelling, value_text
from components.core.judgement.evidence import CellScores
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


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is said of one cell."""

    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRows:
    """The reason of each row that was asked for, shape (n,), and the cells that are named."""

    reason: TextArray
    cells: CellScores


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is usual: the sample, its values by column, and rows to compare with."""

    encoder: Encoder
    far: FarCells
    reference: FloatArray
    ordered: dict[str, FloatArray]
    missing: dict[str, float]
    spellings: Mapping[str, Spelling | None]
    n: int

    @staticmethod
    def of(
        frame: pd.DataFrame,
        encoder: Encoder,
        far: FarCells,
        z: FloatArray,
        *,
        spellings: Mapping[str, Spelling | None],
        seed: int,
    ) -> Background:
        """Take it from the sample that the detectors were fitted on."""
        plan = encoder.plan
        ordered = {name: _present(_amount(frame[name], name, encoder)) for name in _scales(encoder)}
        chosen = np.random.default_rng(seed).permutation(len(z))[:REFERENCE]
        return Background(
            encoder=encoder,
            far=far,
            reference=z[chosen],
            ordered=ordered,
            missing={name: float(frame[name].isna().mean()) for name in plan.names},
            spellings=spellings,
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


def tell(
    table: Table,
    back: Background,
    rows: tuple[IntArray, FloatArray],
    far: Sequence[FarCell],
    progress: Progress,
) -> ToldRows:
    """Say why rows are flagged, and name the cells: all far ones, else the first one of a row.

    Parameters
    ----------
    rows
        Ids and normalities of the flagged rows, worst first.
    """
    row_id, quality = rows
    of_row: dict[int, list[FarCell]] = {}
    for cell in sorted(far, key=lambda c: -c.surprise):
        of_row.setdefault(cell.row_id, []).append(cell)
    said = [
        [_phrase_of_far(cell.column, frame.iloc[i], back) for cell in of_row.get(row, [])]
        + _apart(away[i], frame.iloc[i], {n: v[i] for n, v in amounts.items()}, back)
        for frame, away, amounts in _compared(table, back, row_id, progress)
        for i, row in enumerate(frame.index.tolist())
    ]
    reason = np.empty(len(row_id), dtype=object)
    named = []
    for i, (row, parts) in enumerate(zip(row_id.tolist(), said, strict=True)):
        firsts = list({part.column: part for part in reversed(parts)}.values())[::-1][:TOP]
        reason[i] = "; ".join(part.text for part in firsts)
        n_far = max(1, len(of_row.get(row, [])))
        named += [(row, part, quality[i]) for part in parts[:n_far]]
    return ToldRows(reason=reason, cells=_cells(named, len(row_id) * len(back.encoder.plan.names)))


def _cells(named: list[tuple[int, _Phrase, float]], n_assessed: int) -> CellScores:
    return CellScores(
        name="cells that set rows apart",
        n_assessed=n_assessed,
        n_flagged=len(named),
        row_id=np.array([row for row, _, _ in named], dtype=np.int64),
        column=np.array([part.column for _, part, _ in named], dtype=object),
        value=np.array([part.value for _, part, _ in named], dtype=object),
        quality=np.array([quality for _, _, quality in named], dtype=np.float64),
        flagged=np.ones(len(named), dtype=np.bool_),
        reason=np.array([part.text for _, part, _ in named], dtype=object),
    )


def _compared(
    table: Table, back: Background, row_id: IntArray, progress: Progress
) -> Iterator[tuple[pd.DataFrame, FloatArray, dict[str, FloatArray]]]:
    """Yield rows, how far each number of theirs is from similar rows, and their amounts."""
    from sklearn.neighbors import NearestNeighbors

    k = min(NEAR, len(back.reference))
    index = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(back.reference)
    for start in range(0, len(row_id), CHUNK):
        progress(start / len(row_id))
        frame = table.rows(row_id[start : start + CHUNK], columns=back.encoder.plan.names)
        z = back.encoder.linear(frame)
        usual = back.reference[index.kneighbors(z, return_distance=False)].mean(axis=1)
        amounts = {name: _amount(frame[name], name, back.encoder) for name in _scales(back.encoder)}
        yield frame, (z - usual) ** 2, amounts


def _apart(
    away: FloatArray, row: pd.Series, amounts: dict[str, float], back: Background
) -> list[_Phrase]:
    """Name the columns that put the distance between a row and similar rows, most first."""
    total: dict[str, float] = {}
    for (name, _), part in zip(back.encoder.origin, away, strict=True):
        total[name] = total.get(name, 0.0) + float(part)
    whole = sum(total.values())
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    said = [name for name, part in ranked if part >= LITTLE * whole] or [ranked[0][0]]
    return [
        _Phrase(
            name,
            _shown(row[name], back.spellings[name]),
            _said(name, row[name], amounts.get(name), back),
        )
        for name in said
    ]


def _phrase_of_far(name: str, row: pd.Series, back: Background) -> _Phrase:
    """Say of a cell that lies far beyond its column how the others lie."""
    import pandas as pd

    value = row[name]
    own = float(measured(pd.Series([value]))[0])
    others = back.far.usual[name]
    side = "above" if own > others.middle else "below"
    shown = _shown(value)
    text = (
        f"{words.clean(name, 40)} {words.clean(shown, 40)} is far {side} the others: "
        f"99 % of them lie between {_shown(others.low)} and {_shown(others.high)}"
        f"{_left_aside(others)}"
    )
    return _Phrase(name, shown, text)


def _left_aside(others: Usual) -> str:
    """Say which codes do not count among the others."""
    if not others.codes:
        return ""
    codes = words.joined([_shown(code) for code in others.codes])
    return f" ({codes}, in {words.share(others.code_share)} of rows, left aside)"


def _said(name: str, value: object, amount: float | None, back: Background) -> str:
    column = words.clean(name, 40)
    if amount is None:
        return _category(name, column, value, back)
    if np.isnan(amount):
        return f"{column} is missing (in {words.share(back.missing[name])} of rows)"
    text = name in back.encoder.plan.texts
    shown = (
        f"the length of {column} is {amount:,.0f}"
        if text
        else f"{column} is {words.clean(_shown(value), 40)}"
    )
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
    text = value_text(value)
    own = back.encoder.shares[back.encoder.plan.categories.index(name)].get(text, 0.0)
    common = words.share(own) if own else f"under {words.share(1 / back.n)}"
    shown = _shown(value, back.spellings[name])
    return f"{column} is {words.clean(shown, 40)} (in {common} of rows)"


def _shown(value: object, spelling: Spelling | None = None) -> str:
    """Return a cell as the profile writes it; a missing one is empty."""
    import pandas as pd

    if value is None or pd.isna(value):  # type: ignore[call-overload]  # any cell may come
        return ""
    return value_text(value, spelling)
