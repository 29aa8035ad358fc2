"""Every sample says what it is, and the demonstration can be made again."""

import csv
import json
import runpy
from collections import Counter
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "sample_data"
INDEX = json.loads((SAMPLES / "index.json").read_text(encoding="utf-8"))
DEMO_FILES = ("census_demo.csv", "census_demo.truth.csv", "census_demo.truth.json")


def records(name):
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("sample", INDEX, ids=lambda s: s["key"])
def test_a_sample_states_label_problems_licence_and_provenance(sample):
    columns = list(records(sample["file"])[0])
    assert {sample["label"], *sample["sensitive"]} <= set(columns)
    assert len(sample["problems"]) >= 2
    assert sample["licence"] in {"CC BY 4.0", "CC0 1.0"}
    assert len(sample["provenance"]) > 20
    assert f"`{sample['file']}`" in (SAMPLES / "README.md").read_text(encoding="utf-8")


def test_the_index_lists_every_table_and_one_demonstration():
    tables = {p.name for p in SAMPLES.glob("*.csv")} - {"census_demo.truth.csv"}
    assert {s["file"] for s in INDEX} == tables
    assert [s["key"] for s in INDEX if s["demo"]] == ["census_demo"]


def test_the_script_makes_the_same_bytes_again(tmp_path):
    script = runpy.run_path(str(SAMPLES / "make_demo.py"), run_name="make_demo")
    script["make"](tmp_path)
    for name in DEMO_FILES:
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


def test_every_line_of_the_truth_is_in_the_table():
    rows = records("census_demo.csv")
    for line in records("census_demo.truth.csv"):
        row = rows[int(line["row_id"])]
        if line["kind"] == "duplicate_row":
            assert row == rows[int(line["original"])]
            assert int(line["original"]) < int(line["row_id"])
        else:
            assert row[line["column"]] == line["planted"] != line["original"]


def test_the_counts_beside_the_truth_are_those_of_the_truth():
    truth = json.loads((SAMPLES / "census_demo.truth.json").read_text(encoding="utf-8"))
    seen = {(t["kind"], t["row_id"]) for t in records("census_demo.truth.csv")}
    counts = Counter(kind for kind, _ in seen)
    planted = {k: v["rows"] for k, v in truth["planted"].items() if "rows" in v}
    assert planted == counts
    assert truth["n_rows"] == len(records("census_demo.csv"))
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for kind, n in counts.items():
        assert f"| `{kind}` | {n} " in readme


def test_no_copy_repeats_a_row_with_another_planted_problem():
    truth = records("census_demo.truth.csv")
    copied = {t["original"] for t in truth if t["kind"] == "duplicate_row"}
    assert len(copied) == 60
    assert copied.isdisjoint(t["row_id"] for t in truth if t["kind"] != "duplicate_row")
