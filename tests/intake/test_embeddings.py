"""Numbers of an embedding are told by a stem that says so and a running number."""

from __future__ import annotations

import numpy as np
import pytest

from components.core.data.dataset import Role


def table(names, *, n=60, make=None):
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(n, len(names))) if make is None else make(rng, n)
    lines = [",".join(["size", *names, "label"])]
    for i in range(n):
        cells = [f"{x:.4f}" for x in numbers[i]]
        lines.append(",".join([f"{rng.normal():.3f}", *cells, "ab"[i % 2]]))
    return "\n".join(lines)


def roles(result):
    return {c.name: c.role for c in result.columns}


@pytest.mark.parametrize(
    "stem", ["emb_", "embedding.", "text_embedding_", "vec", "clip_emb_", "dim_"]
)
@pytest.mark.parametrize("first", [0, 1])
def test_a_series_that_is_called_so_is_an_embedding(read, stem, first):
    names = [f"{stem}{i}" for i in range(first, first + 16)]
    result = read(table(names))
    found = roles(result)
    assert {found[name] for name in names} == {Role.EMBEDDING}
    assert found["size"] is Role.FEATURE
    assert found["label"] is Role.LABEL
    assert result.column(names[3]).role.is_input
    why = result.column(names[3]).role_why
    assert f"One of 16 numbers of an embedding, “{names[0]}” to “{names[-1]}”" in why


def test_very_many_numbers_of_any_name_are_one(read):
    names = [f"x{i}" for i in range(128)]
    assert {roles(read(table(names)))[name] for name in names} == {Role.EMBEDDING}


@pytest.mark.parametrize(
    "names",
    [
        [f"emb_{i}" for i in range(15)],
        [f"emb_{i}" for i in range(20) if i != 7],
        [f"sensor_{i}" for i in range(40)],
        [f"V{i}" for i in range(1, 29)],
        [f"emb_{i}_b" for i in range(20)],
    ],
    ids=["few", "a gap", "sensors", "components", "no number at the end"],
)
def test_other_series_stay_as_they_are(read, names):
    assert Role.EMBEDDING not in roles(read(table(names))).values()


def test_counts_are_no_embedding(read):
    def whole(rng, n):
        return rng.integers(0, 9, (n, 20)).astype(float)

    names = [f"emb_{i}" for i in range(20)]
    text = table(names, make=whole).replace(".0000", "")
    assert Role.EMBEDDING not in roles(read(text)).values()
