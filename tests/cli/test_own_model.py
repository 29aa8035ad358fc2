"""Predicted probabilities on the command line: recognised, named, and kept from other models."""

from __future__ import annotations

import json

import numpy as np
import pytest

from components import cli


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return lambda *arguments: cli.main([str(a) for a in arguments])


def written(path, names, n=240, seed=1):
    """Write a label that one number tells, and a model's probabilities of it in two columns."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    chance = 1.0 / (1.0 + np.exp(-2.0 * x))
    kind = np.where(rng.random(n) < chance, "dog", "cat")
    lines = [f"kind,size,weight_kg,{','.join(names)}"]
    lines += [
        f"{kind[i]},{x[i]:.4f},{rng.normal():.3f},{1 - chance[i]:.5f},{chance[i]:.5f}"
        for i in range(n)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def roles_of(folder):
    results = json.loads((folder / "results.json").read_text())
    return {c["name"]: c["role"] for c in results["dataset"]["columns"]}


def test_probabilities_are_recognised_and_no_other_model_reads_them(here, tmp_path, capsys):
    data = written(tmp_path / "t.csv", ["prob_cat", "prob_dog"])
    out = tmp_path / "out"
    here("check", data, "--only", "leakage,duplicates,validity", "--out", out)
    said = capsys.readouterr().out
    assert roles_of(out) == {
        "kind": "label", "size": "feature", "weight_kg": "feature",
        "prob_cat": "predicted", "prob_dog": "predicted",
    }  # fmt: skip
    assert "“prob_cat” (predicted probability), “prob_dog” (predicted probability)" in said
    named = json.loads((out / "results.json").read_text())["checks"]
    touched = {c for r in named for f in r["findings"] for c in f["affected"]["columns"]}
    assert not touched & {"prob_cat", "prob_dog"}


def test_a_prefix_names_them_where_nothing_else_does(here, tmp_path):
    data = written(tmp_path / "t.csv", ["share_cat", "share_dog"])
    cheap = ("--only", "validity", "--label", "kind")
    here("check", data, *cheap, "--out", tmp_path / "plain")
    assert roles_of(tmp_path / "plain")["share_cat"] == "feature"
    here("check", data, *cheap, "--pred-probs", "share_", "--out", tmp_path / "named")
    assert roles_of(tmp_path / "named")["share_cat"] == "predicted"
    data = written(tmp_path / "t.csv", ["cat of all", "dog of all"])
    here("check", data, *cheap, "--pred-probs", " of all", "--out", tmp_path / "after")
    assert roles_of(tmp_path / "after")["dog of all"] == "predicted"


def test_other_columns_replace_those_that_were_guessed(here, tmp_path):
    data = written(tmp_path / "t.csv", ["prob_cat", "prob_dog"])
    cheap = ("--only", "validity", "--label", "kind")
    here("check", data, *cheap, "--feature", "prob_cat,prob_dog", "--out", tmp_path / "read")
    assert roles_of(tmp_path / "read")["prob_cat"] == "feature"


@pytest.mark.parametrize("prefix", ["nobody_", "size", ""])
def test_a_prefix_of_fewer_than_two_columns_is_refused(here, tmp_path, capsys, prefix):
    data = written(tmp_path / "t.csv", ["prob_cat", "prob_dog"])
    assert here("check", data, "--pred-probs", prefix, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "one column for each class" in said
    assert "prob_cat" in said
