"""What a card shows of items about whole rows: what sets a row apart, or equal rows in a table."""

from __future__ import annotations

import streamlit as st

from components.core.data.row_numbers import row_number
from components.services.review.items.whole_rows import EqualRows
from components.services.review.review import ReviewCard
from components.views import words
from components.views.parts import row_table
from components.views.text import code, md


def draw(card: ReviewCard) -> None:
    """Draw it."""
    if card.equal is not None:
        _equal(card, card.equal)
    else:
        _odd(card)


def _odd(card: ReviewCard) -> None:
    st.markdown("**What sets this row apart**")
    told = [
        f"- {md(one.column, limit=40)} is {code(one.value or 'missing')}  \n"
        f"  :gray[:small[{md('; '.join(filter(None, (one.reason, one.usual))), limit=300)}]]"
        for one in card.odd
    ]
    named = {one.reason for one in card.odd}
    rest = [part for part in card.item.suggestion.reason.split("; ") if part and part not in named]
    told += [f"- :gray[:small[{md(part, limit=300)}]]" for part in rest]
    st.markdown("\n".join(told) or ":gray[No single value: it lies apart as a whole.]")


def _equal(card: ReviewCard, equal: EqualRows) -> None:
    n = len(equal.rows) + equal.n_more
    names = ", ".join(md(name, limit=40) for name in equal.differing[:5])
    but = f" but for {names}" if names else " in every column"
    st.markdown(f"**{words.count(n, 'row')} are equal{but}**")
    first = [c for c in equal.rows.columns if c in set(equal.differing)]
    others = [c for c in equal.rows.columns if c not in set(first)]
    row_table.draw(
        row_table.numbered(equal.rows[[*first, *others]]), alt="Equal rows, the first one on top"
    )
    more = f"and {words.count(equal.n_more, 'more row')}. " if equal.n_more else ""
    st.caption(
        f"{more}“Keep one” leaves {words.count(n - 1, 'row')} out and keeps row "
        f"{row_number(card.item.cell.row_id):,}."
    )
