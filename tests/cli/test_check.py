from __future__ import annotations

import csv
import json
import random

import pytest

from components import cli
from components.checks import registry
from components.core.errors import NotApplicable
from components.core.judgement.checks import Check, Cost, Needs
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity
from components.services.runs import runs

CHEAP = ("--only", "completeness.missing_values")


@pytest.fixture
def here(home, monkeypatch):
    """Run the command line in this process, in a workspace of the test."""
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return lambda *arguments: cli.main([str(a) for a in arguments])


@pytest.fixture
def check_people(here, people, tmp_path, capsys):
    """Return a function that checks the people and gives status, what was said, and the folder."""

    def run(*arguments):
        status = here("check", people, *arguments, "--out", tmp_path / "out")
        return status, capsys.readouterr(), tmp_path / "out"

    return run


def planted(check_id: str, severity: Severity | str | None) -> Check:
    def function(_table, _params, _run):
        if severity == "skip":
            raise NotApplicable("planted")
        if severity is None:
            raise ZeroDivisionError("planted")
        measure = Measure(name="m", value=1, unit=Unit.COUNT)
        yield Finding(
            check_id=check_id, key="k", title="1 thing\x1b[31m", detail="", severity=severity,
            measure=measure, threshold=None, affected=Affected(), recommended_action="", caveat="",
        )  # fmt: skip

    real = registry.all_checks()[0]
    return Check(
        id=check_id, title=check_id, needs=Needs(), cost=Cost.FACTS, params=real.params,
        sources=(), version=1, libraries=(), function=function,
    )  # fmt: skip


@pytest.fixture
def with_checks(monkeypatch):
    """Replace all checks by planted ones."""

    def plant(**severities: Severity | str | None) -> None:
        checks = tuple(planted(f"odd.{name}", severity) for name, severity in severities.items())
        monkeypatch.setattr(registry, "all_checks", lambda: checks)

    return plant


def test_check_writes_every_file_and_leaves_no_workspace(preflight, people, home, tmp_path):
    out = tmp_path / "out"
    done = preflight(
        "check", people, "--label", "label", "--sensitive", "sex", "--id", "id", *CHEAP,
        "--seed", 3, "--out", out, TMPDIR=str(tmp_path),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("Ready")
    results = json.loads((out / "results.json").read_text())
    assert results["run"]["seed"] == 3
    roles = {c["name"]: c["role"] for c in results["dataset"]["columns"]}
    assert roles == {"id": "id", "age": "feature", "sex": "sensitive", "label": "label"}
    assert [c["check_id"] for c in results["checks"]] == ["completeness.missing_values"]
    with (out / "columns.csv").open(newline="") as file:
        assert [line["name"] for line in csv.DictReader(file)] == ["id", "age", "sex", "label"]
    assert "<html" in (out / "report.html").read_text()
    assert not home.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "people.csv"]


@pytest.mark.parametrize("name", ["source", "weight"])
def test_a_leak_is_found_whatever_its_name_may_mean(here, tmp_path, capsys, name):
    drawn = random.Random(7)  # noqa: S311 - a test table
    lines = [f"height,{name},target"]
    for _ in range(400):
        good = drawn.random() < 0.5
        leak = ("web", "shop")[good] if name == "source" else f"{drawn.uniform(50, 60) + 12 * good}"
        lines.append(f"{drawn.gauss(170, 9):.1f},{leak},{good:d}")
    table = tmp_path / "t.csv"
    table.write_text("\n".join(lines) + "\n")
    assert here("check", table, "--only", "leakage.target_proxy", "--out", tmp_path / "out") == 1
    told = capsys.readouterr().out
    assert f"“{name}” reveals the answer" in told
    assert "Not read by models" not in told


def test_columns_that_no_model_reads_are_named_and_can_be_given_back(here, tmp_path, capsys):
    lines = ["cid,sample_weight,gap,x,target"]
    lines += [f"C{i:04},{i % 5 + 0.5},,{i % 7},{'no' if i % 3 else 'yes'}" for i in range(200)]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(lines) + "\n")
    cheap = ("--only", "completeness", "--out", tmp_path / "out")
    here("check", table, *cheap)
    said = "Not read by models: “cid” (identifier), “sample_weight” (weight), “gap” (empty)."
    assert said in capsys.readouterr().out.splitlines()
    assert "“sample_weight” (weight)" in (tmp_path / "out" / "report.html").read_text()
    here("check", table, "--feature", "cid,sample_weight", *cheap)
    assert "Not read by models: “gap” (empty)." in capsys.readouterr().out.splitlines()
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    found = {c["name"]: (c["kind"], c["role"]) for c in results["dataset"]["columns"]}
    assert found["cid"] == ("category", "feature")
    assert found["sample_weight"] == ("number", "feature")
    assert here("check", table, "--feature", "nosuch", *cheap) == 2


def test_the_same_seed_gives_the_same_results(here, people, tmp_path, capsys):
    def run(name: str) -> dict:
        assert (
            here("check", people, "--only", "completeness,duplicates", "--out", tmp_path / name) < 2
        )
        results = json.loads((tmp_path / name / "results.json").read_text())
        results.pop("run")
        for check in results["checks"]:
            check.pop("elapsed_s")
        return results

    assert run("one") == run("two")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ({"a": Severity.INFO}, 0),
        ({"a": Severity.WARNING}, 0),
        ({"a": Severity.CRITICAL}, 1),
        ({"a": None, "b": Severity.WARNING}, 3),
        ({"a": None, "b": Severity.CRITICAL}, 1),
        ({"a": Severity.WARNING, "b": "skip"}, 0),
        ({"a": "skip"}, 4),
        ({"a": Severity.WARNING, "b": "skip", "c": "skip"}, 4),
        ({"a": Severity.CRITICAL, "b": "skip", "c": "skip"}, 1),
    ],
)
def test_the_exit_status_tells_the_verdict(check_people, with_checks, checks, status):
    with_checks(**checks)
    done, said, out = check_people()
    assert done == status
    assert (out / "results.json").exists()
    words = "odd.a failed to run: The check stopped with an error: ZeroDivisionError"
    assert (words in said.err) == (None in checks.values())
    assert "\x1b" not in said.out


def test_roles_that_are_named_replace_the_guesses(check_people):
    _, _, out = check_people("--label", "sex", "--ignore", "id,age", *CHEAP)
    columns = json.loads((out / "results.json").read_text())["dataset"]["columns"]
    assert {c["name"]: c["role"] for c in columns} == {
        "id": "ignore", "age": "ignore", "sex": "label", "label": "feature",
    }  # fmt: skip


@pytest.fixture
def places(people, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    return {"people": people, "out": tmp_path / "out", "folder": tmp_path, "empty": empty}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "required"),
        (("nope",), "choice"),
        (("check",), "required"),
        (("check", "{people}"), "--out"),
        (("check", "{people}", "--out", "{out}", "--lable", "x"), "--lable"),
        (
            ("check", "{people}", "--out", "{out}", "--pred-probs", "p_"),
            "one column for each class",
        ),
        (("check", "{people}", "--out", "{out}", "--policy", "p.toml"), "policy p.toml cannot"),
        (("check", "{people}", "--out", "{out}", "--reference", "x.csv"), "x.csv cannot"),
        (("check", "{people}", "--out", "{out}", "--engine", "spark"), "--engine"),
        (("check", "{people}", "--out", "{out}", "--lab", "label"), "--lab"),
        (("check", "{people}", "--out", "{out}", "--seed", "x"), "--seed"),
        (("check", "{people}", "--out", "{out}", "--label", "labell"), "Did you mean “label”"),
        (("check", "{people}", "--out", "{out}", "--label", "id", "--label", "age"), "given twice"),
        (("check", "{people}", "--out", "{out}", "--label", "id", "--id", "id"), "two roles"),
        (("check", "{people}", "--out", "{out}", "--only", "nope"), "no check or concern “nope”"),
        (("check", "{people}", "--out", "{out}", "--no-label", "--label", "id"), "--no-label"),
        (("check", "{people}", "--out", "{out}", "--entity", "nope"), "no column “nope”"),
        (("check", "{people}", "--out", "{out}", "--param", "x"), "sets no parameter"),
        (("check", "{people}", "--out", "{out}", "--param", "a.b.c=1"), "no check “a.b”"),
        (
            ("check", "{people}", "--out", "{out}", "--param", "labels.label_errors.fold=1"),
            "Did you mean “folds”? It has: max_rows, folds, ",
        ),
        (
            ("check", "{people}", "--out", "{out}", "--param", "labels.label_errors.folds=99"),
            "a whole number, 2 to 10",
        ),
        (
            (
                *("check", "{people}", "--out", "{out}", "--only", "bias"),
                *("--param", "labels.label_errors.folds=3"),
            ),
            "this check is left out",
        ),
        (("checks", "nope"), "no check or concern “nope”"),
        (("check", "{people}", "--out", "{people}"), "cannot be written"),
        (("check", "{out}/none.csv", "--out", "{out}"), "No such file"),
        (("check", "{folder}", "--out", "{out}"), "Is a directory"),
        (("check", "{empty}", "--out", "{out}"), ""),
        (("load", "{people}", "--out", "{out}.xlsx"), ".parquet"),
        (("load", "{people}", "--out", "{out}/none/x.csv"), "cannot be written"),
        (("serve", "--port", "99999"), "not a port"),
        (("report", "../../etc", "--out", "{out}"), "There is no run"),
        (("export", "nope1", "--out", "{out}"), "There is no"),
        (("worker", "{folder}"), "There is no run"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(here, places, capsys, arguments, words):
    assert here(*(a.format(**places) for a in arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("preflight: ")
    assert said.err.count("\n") == 1
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_crash_of_our_own_is_not_taken_for_a_verdict(check_people, monkeypatch):
    def crash(*_args, **_kwargs):
        raise RuntimeError("planted\nsecond line")

    monkeypatch.setattr(runs, "execute", crash)
    status, said, _ = check_people()
    assert status == 3
    assert said.err == "preflight: Unexpected error: RuntimeError: planted second line\n"


def test_associations_that_fail_are_told_and_change_no_verdict(check_people, monkeypatch):
    def crash(*_args, **_kwargs):
        raise RuntimeError("planted")

    monkeypatch.setattr("components.jobs.perform.associate", crash)
    status, said, out = check_people(*CHEAP)
    note = "How the columns go together could not be computed: RuntimeError: planted"
    assert status == 0
    assert f"preflight: {note}\n" in said.err
    assert json.loads((out / "results.json").read_text())["run"]["notes"] == [note]
    assert not (out / "associations.csv").exists()


def test_help_is_quick_and_names_every_command(preflight):
    done = preflight("--help")
    assert done.returncode == 0
    for command in ("check", "load", "profile", "serve", "report", "export", "worker"):
        assert command in done.stdout
