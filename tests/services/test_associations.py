from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.core.data.dataset import Role
from components.core.errors import NotFound
from components.core.judgement.runs import RunState
from components.profiling.associations.associate import associate
from components.services.data import datasets
from components.services.explore import associations
from components.services.export import exports
from components.services.headless import role_arguments
from components.services.runs import runs


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 400
    kind = rng.integers(0, 20, n) ** 2 // 20
    return pd.DataFrame(
        {
            "size": np.round(kind + rng.normal(size=n), 3),
            "kind": [f"k{k}" for k in kind],
            "side": np.where(rng.random(n) < 0.1, "", np.where(kind > 6, "left", "right")),
            "label": np.where(rng.random(n) < 0.3, "yes", "no"),
        }
    )


@pytest.fixture
def run(ws, upload, frame):
    info = upload(frame.to_csv(index=False))
    changes = role_arguments.assign(info.version, {Role.LABEL: ["label"]})
    datasets.set_columns(ws, info.version.id, changes, actor="Ann")
    return runs.execute(ws, info.version.id, only=["completeness"])


def test_a_run_leaves_how_the_columns_go_together(ws, run):
    found = associations.associations(ws, run)
    assert found.n_used == 400
    assert {p.first for p in found.with_label} == {"size", "kind", "side"}
    assert found.pair("size", "kind").value > 0.9
    assert associations.associations(ws, run) is found, "read once"
    assert runs.status(ws, run).notes == ()


def test_it_is_none_while_it_is_not_there(ws, run):
    (ws.files.run(run) / "associations.json").unlink()
    assert associations.associations(ws, run) is None
    with pytest.raises(NotFound):
        associations.associations(ws, "250102-030405-ab12")


def test_the_rows_of_a_pair_are_typed_and_named_by_row(ws, run, frame):
    whole = associations.pair_rows(ws, run, "size", "side")
    assert whole.index.name == "row_id"
    assert whole.index.tolist() == list(range(400))
    assert whole["size"].tolist() == frame["size"].tolist()
    assert whole["side"].isna().tolist() == (frame["side"] == "").tolist()
    some = associations.pair_rows(ws, run, "kind", "size", n=50)
    assert list(some) == ["kind", "size"]
    assert some["kind"].tolist() == frame["kind"].iloc[some.index].tolist()
    assert some.equals(associations.pair_rows(ws, run, "kind", "size", n=50))
    more = associations.pair_rows(ws, run, "kind", "size", n=90)
    assert set(some.index) < set(more.index), "a larger sample holds the smaller one"
    other = associations.pair_rows(ws, run, "kind", "size", n=50, seed=5)
    assert set(other.index) != set(some.index)
    with pytest.raises(NotFound):
        associations.pair_rows(ws, run, "kind", "no such column")


@pytest.mark.parametrize("top", [1, 3, 50])
def test_a_contingency_table_counts_every_row_once(ws, run, frame, top):
    found = associations.contingency(ws, run, "kind", "side", top=top)
    both = frame[frame["side"] != ""]
    assert found.n == len(both)
    expected = pd.crosstab(both["kind"], both["side"])
    assert (found.other_rows, found.other_columns) == (top < len(expected), top < 2)
    for value, line in zip(found.rows, found.counts, strict=False):
        assert sum(line) == expected.loc[value].sum()
        for other, n in zip(found.columns, line, strict=False):
            assert n == expected.loc[value, other]
    by_rows = expected.sum(axis=1)
    assert by_rows[list(found.rows)].tolist() == sorted(by_rows, reverse=True)[:top]
    widths = {len(line) for line in found.counts}
    assert widths == {len(found.columns) + found.other_columns}
    assert len(found.counts) == len(found.rows) + found.other_rows


def test_a_failure_is_told_and_does_not_end_the_run(ws, upload, frame, monkeypatch, caplog):
    def fail(*_args, **_named):
        raise ArithmeticError("no such luck")

    monkeypatch.setattr("components.jobs.perform.associate", fail)
    info = upload(frame.to_csv(index=False))
    run = runs.execute(ws, info.version.id, only=["completeness"])
    status = runs.status(ws, run)
    assert status.state is RunState.DONE
    assert status.notes == (
        "How the columns go together could not be computed: ArithmeticError: no such luck",
    )
    assert "no such luck" in caplog.text
    assert associations.associations(ws, run) is None
    assert len(runs.results(ws, run)) > 0


def test_it_comes_after_the_cheap_checks_and_obeys(ws, upload, frame, monkeypatch):
    seen = {}

    def watch(table, facts, *, seed, progress):
        folder = next(ws.files.runs.iterdir())
        seen["done"] = {path.stem for path in (folder / "results").glob("*.json")}
        (folder / "cancel").touch()
        return associate(table, facts, seed=seed, progress=progress)

    monkeypatch.setattr("components.jobs.perform.associate", watch)
    info = upload(frame.to_csv(index=False))
    run = runs.execute(ws, info.version.id, only=["completeness", "anomalies"])
    assert "completeness.missing_values" in seen["done"]
    assert "anomalies.multivariate" not in seen["done"]
    assert runs.status(ws, run).state is RunState.CANCELLED
    assert associations.associations(ws, run) is None


def test_the_pairs_stand_in_a_file_beside_the_results(ws, run, tmp_path):
    exports.write_run(ws, run, tmp_path)
    table = pd.read_csv(tmp_path / "associations.csv")
    found = associations.associations(ws, run)
    assert list(table) == [
        "first", "second", "measure", "value", "pearson", "n", "first_predicts", "second_predicts",
        "error",
    ]  # fmt: skip
    assert len(table) == len(found.pairs) == 6
    assert not table.duplicated(["first", "second"]).any()
    for line, pair in zip(table.itertuples(), found.pairs, strict=True):
        assert (line.first, line.second, line.measure) == (pair.first, pair.second, pair.measure)
        assert (line.value, line.n) == (pair.value, pair.n)
        assert line.first_predicts == pair.first_predicts
