"""Seeded sampling of rows by arithmetic on ``row_id``: the same rows on every engine.

Each row gets a key: a permutation of the integers modulo a prime, applied to its ``row_id``. The
rows with the smallest keys are the sample, so a larger sample contains a smaller one, and the
order in which threads deliver rows does not matter.

Notes
-----
The prime p = 2^31 - 69 is 2 modulo 3, so x -> x^3 + c is a permutation of 0..p-1. Three rounds make
a polynomial of degree 27 with four constants drawn from the seed. Every product stays under 2^62,
so 64-bit integers of any engine hold it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.core.data.table import IntArray
from components.engine.sql.expressions import field

PRIME = 2_147_483_579
ROUNDS = 3
_KEY = "sampling_key"


def constants(seed: int) -> tuple[int, ...]:
    """Return the multiplier and the shifts that belong to a seed, each in 1..PRIME-1."""
    digest = hashlib.sha256(f"preflight sample {seed}".encode()).digest()
    words = (digest[i : i + 8] for i in range(0, 8 * (ROUNDS + 1), 8))
    return tuple(1 + int.from_bytes(word) % (PRIME - 1) for word in words)


def draw(
    ids: exp.Select, n: int, n_total: int, seed: int, ask: Callable[[exp.Select], IntArray]
) -> IntArray:
    """Return ``n`` of the ``n_total`` ids, those with the smallest keys, ascending.

    Only keys below a bound are put in order; when it was too low, which no one should ever see, all
    are.
    """
    wanted = min(max(n, 0), n_total)
    found = ask(smallest(ids, wanted, seed, below=_bound(wanted, n_total)))
    if len(found) < wanted:
        found = ask(smallest(ids, wanted, seed))
    return np.sort(found)


def _bound(n: int, n_total: int) -> int:
    """Return a key below which ``n`` of the ids lie: six standard deviations more are expected."""
    return math.ceil(PRIME * (n + 6 * math.sqrt(n) + 1) / max(n_total, 1))


def smallest(ids: exp.Select, n: int, seed: int, *, below: int | None = None) -> exp.Select:
    """Return the statement for the ``n`` ids with the smallest keys among ``ids``.

    Parameters
    ----------
    below
        Keys from here on are passed over.
    """
    multiplier, *shifts = constants(seed)
    start = _modulo(_product(_modulo(field(ROW_ID)), exp.Literal.number(multiplier)))
    keyed = _level(ids, start)
    for shift in shifts:
        square = _modulo(_product(field(_KEY), field(_KEY)))
        cube = _product(square, field(_KEY))
        keyed = _level(keyed, _modulo(exp.Add(this=cube, expression=exp.Literal.number(shift))))
    drawn = exp.select(field(ROW_ID)).from_(keyed.subquery("keyed"))
    if below is not None:
        drawn = drawn.where(exp.LT(this=field(_KEY), expression=exp.Literal.number(below)))
    return drawn.order_by(field(_KEY), field(ROW_ID)).limit(n)


def _level(source: exp.Select, key: exp.Expr) -> exp.Select:
    selected = exp.select(field(ROW_ID), key.as_(_KEY, quoted=True))
    return selected.from_(source.subquery("keyed"))


def _product(left: exp.Expr, right: exp.Expr) -> exp.Mul:
    return exp.Mul(this=exp.paren(left), expression=exp.paren(right))


def _modulo(value: exp.Expr) -> exp.Mod:
    return exp.Mod(this=exp.paren(value), expression=exp.Literal.number(PRIME))
