"""What the page of associations says about what was compared."""

import pytest

from components.core.facts.associations import AssociationMatrix, Associations
from components.views.explore.associations.page import said


def made(names, *, left_out=(), n_rows=10, n_used=10, error_bound=None):
    matrix = AssociationMatrix(columns=names, values=tuple((None,) * len(names) for _ in names))
    return Associations(
        n_rows=n_rows,
        n_used=n_used,
        error_bound=error_bound,
        matrix=matrix,
        pairs=(),
        clusters=(),
        with_label=(),
        missing=None,
        left_out=dict.fromkeys(left_out, "It has no values."),
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (made(("a",)), "1 column compared, over all 10 rows."),
        (made(("a", "b"), left_out=("c",)), "2 of 3 columns compared, over all 10 rows."),
        (
            made(("a", "b"), n_rows=9, n_used=5),
            "2 columns compared, over a seeded sample of 5 of 9 rows, the same one for all pairs.",
        ),
    ],
)
def test_it_says_how_many_columns_and_rows_were_compared(found, words):
    assert said(found) == words


def test_a_sample_comes_with_its_error():
    found = made(("a", "b"), n_rows=2_000_000, n_used=100_000, error_bound=0.0104)
    assert "no rank correlation is more than 0.010 away" in said(found)
