"""What the points of a map can be coloured by, after a real run."""

import numpy as np
import pytest

from components.charts.explore.row_map import MISSING
from components.core.errors import NotFound
from components.services.explore import row_maps
from components.services.explore.row_maps import Colouring
from components.services.runs import runs


def table(n=60):
    draw = np.random.default_rng(0)
    lines = ["age,town,member,answer"]
    for i in range(n):
        town = "" if i == 7 else draw.choice(["York", "Bath"])
        age = "" if i == 9 else draw.integers(18, 90)
        lines.append(f"{age},{town},{draw.choice(['yes', 'no'])},{draw.choice(['good', 'bad'])}")
    return "\n".join([*lines, *lines[1:5]]) + "\n"


@pytest.fixture
def run_id(ws, upload):
    info = upload(table(), "people.csv")
    return runs.execute(ws, info.version.id, only=["duplicates.exact_rows"], with_map=True)


def by_name(ws, run_id):
    return {by.name: by for by in row_maps.colourings(ws, run_id)}


def test_columns_and_scores_are_offered(ws, run_id):
    offered = by_name(ws, run_id)
    assert {"age", "town", "member", "answer", "Repeated rows"} == set(offered)
    assert offered["age"].is_scale
    assert not offered["town"].is_scale
    assert offered["Repeated rows"].check_id == "duplicates.exact_rows"


def test_scores_that_differ_from_row_to_row_come_first(ws, upload):
    info = upload(table(), "people.csv")
    both = ["duplicates.exact_rows", "anomalies.multivariate"]
    run_id = runs.execute(ws, info.version.id, only=both, with_map=True)
    ran = [result.check_id for result in runs.results(ws, run_id) if result.row_scores]
    offered = [by.check_id for by in row_maps.colourings(ws, run_id) if by.check_id]
    assert (ran, offered) == (both, both[::-1])


def test_classes_and_numbers_come_row_by_row(ws, run_id):
    offered = by_name(ws, run_id)
    assert row_maps.row_map(ws, run_id).row_id.tolist() == list(range(64))
    town = row_maps.coloured(ws, run_id, offered["town"])
    assert town.classes[7] == MISSING
    assert set(town.classes) == {"York", "Bath", MISSING}
    age = row_maps.coloured(ws, run_id, offered["age"])
    assert np.isnan(age.scale[9])
    assert np.isfinite(np.delete(age.scale, 9)).all()


def test_scores_stand_with_their_rows(ws, run_id):
    scored = row_maps.coloured(ws, run_id, by_name(ws, run_id)["Repeated rows"])
    assert set(range(60, 64)) <= set(np.flatnonzero(scored.flagged).tolist())
    assert (scored.scale[scored.flagged] == 0.0).all()
    assert (scored.scale[~scored.flagged] == 1.0).all()


def test_a_few_values_stand_beside_each_point(ws, run_id):
    beside = row_maps.hover(ws, run_id)
    assert {"age", "town"} <= set(beside)
    assert all(len(values) == 64 for values in beside.values())
    assert beside["age"][9] == MISSING


def test_a_run_without_a_map_has_none(ws, upload):
    info = upload()
    run_id = runs.execute(ws, info.version.id, only=["completeness.missing_values"])
    assert row_maps.facts(ws, run_id) is None
    with pytest.raises(NotFound):
        row_maps.row_map(ws, run_id)
    small = runs.execute(ws, info.version.id, only=["completeness.missing_values"], with_map=True)
    assert "20 rows" in row_maps.facts(ws, small).reason
    with pytest.raises(NotFound):
        row_maps.coloured(ws, small, Colouring(name="kind"))
