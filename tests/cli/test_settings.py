"""What a run is told on the command line: parameters, roles, label, policy, reference."""

from __future__ import annotations

import json

import pytest

from components import cli
from components.checks import registry

CHEAP = ("--only", "completeness,duplicates")


@pytest.fixture
def check(home, monkeypatch, tmp_path, capsys):
    """Return a function that checks a text and gives status, results and what was printed."""
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))

    def run(text, *arguments):
        path, out = tmp_path / "t.csv", tmp_path / "out"
        path.write_text(text)
        status = cli.main(["check", str(path), *map(str, arguments), "--out", str(out)])
        said = capsys.readouterr()
        return status, json.loads((out / "results.json").read_text()), said.out

    return run


@pytest.fixture
def numbers():
    """A table of numbers that go on: nothing in it looks like a label."""
    return "a,b\n" + "".join(f"{n * 1.5 + n % 7},{n % 11 + n / 3:.4f}\n" for n in range(200))


@pytest.fixture
def grouped():
    lines = [f"{n % 40},{n * 37 % 101},{'xy'[n % 2]},{('train', 'test')[n % 5 == 0]}"
             for n in range(200)]  # fmt: skip
    return "person,a,site,part\n" + "\n".join(lines) + "\n"


def test_asking_for_labels_where_there_are_none_is_no_pass(check, numbers):
    """It was a pass with exit status 0, though no check had run."""
    status, results, said = check(numbers, "--only", "labels,bias")
    assert status == cli.UNKNOWN == 4
    assert results["verdict"] == "unknown"
    assert {c["check_id"]: c["status"] for c in results["checks"] if c["status"] != "skipped"} == {
        "labels.trainable_label": "flagged"
    }
    assert results["verdict_details"]["partial"] is True
    assert set(results["verdict_details"]["doubts"]) == {"no_label", "few_apply"}
    assert said.startswith("Not known: no label was chosen (partial: ")


def test_a_table_without_a_label_is_unknown_unless_it_has_none_on_purpose(check, numbers):
    status, results, said = check(numbers, "--skip", "anomalies")
    assert (status, results["verdict"]) == (4, "unknown")
    assert "Choose a label, or say that there is none." in said
    status, results, said = check(numbers, "--skip", "anomalies", "--no-label")
    assert status == 0
    assert results["verdict"] in {"pass", "review"}
    assert results["run"]["no_label"] is True
    assert "Label: none, as you said" in said


def test_no_label_wins_over_a_guess(check, people):
    _, results, _ = check(people.read_text(), "--no-label", *CHEAP)
    assert "label" not in {c["role"] for c in results["dataset"]["columns"]}
    assert results["dataset"]["task"] == "none"


def test_what_needs_no_label_is_a_partial_pass(check, numbers):
    status, results, said = check(numbers, "--only", "completeness")
    assert (status, results["verdict"]) == (0, "pass")
    there = len(registry.all_checks())
    assert f"(partial: 2 of {there} checks)" in said.splitlines()[0]


def test_entity_split_source_and_time_can_be_named(check, grouped):
    named = ("--entity", "person", "--split", "part", "--source", "site", "--time", "a")
    _, results, _ = check(grouped, *named, *CHEAP)
    assert {c["name"]: c["role"] for c in results["dataset"]["columns"]} == {
        "person": "entity",
        "a": "time",
        "site": "source",
        "part": "split",
    }


def test_parameters_are_set_and_told(check, numbers):
    name = "completeness.missing_values"
    given = ("--param", f"{name}.min_share=0.2", "--param", f"{name}.max_findings=5")
    _, results, said = check(numbers, *given, *CHEAP)
    used = next(c for c in results["checks"] if c["check_id"] == name)
    assert (used["params"]["min_share"], used["params"]["max_findings"]) == (0.2, 5)
    assert used["changed"] == ["min_share", "max_findings"]
    assert results["run"]["params"] == {name: {"min_share": 0.2, "max_findings": 5}}
    assert "min_share = 0.2, max_findings = 5" in said


def test_a_parameter_changes_what_is_found(check):
    copies = "a,b\n" + "".join(f"{n},{n * n}\n" for n in [*range(100), *range(10)])
    only = ("--only", "duplicates.exact_rows")
    _, results, _ = check(copies, *only, "--param", "duplicates.exact_rows.warn_share=0.9")
    severities = {f["severity"] for c in results["checks"] for f in c["findings"]}
    assert severities == {"info"}
    _, results, _ = check(copies, *only, "--param", "duplicates.exact_rows.warn_share=0.05")
    severities = {f["severity"] for c in results["checks"] for f in c["findings"]}
    assert severities == {"warning"}


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_policy_says_which_findings_stop(check, tmp_path, ending):
    copies = "a,b\n" + "".join(f"{n},{n * n}\n" for n in [*range(100), *range(10)])
    path = tmp_path / f"strict.{ending}"
    path.write_text(
        '[[rules]]\nfindings = "duplicates"\nseverity = "warning"\nbecomes = "critical"\n'
        if ending == "toml"
        else '{"rules": [{"findings": "duplicates.exact_rows", "becomes": "critical"}]}'
    )
    only = ("--only", "duplicates.exact_rows")
    assert check(copies, *only)[0] == 0
    status, results, said = check(copies, *only, "--policy", path)
    assert (status, results["verdict"]) == (cli.STOP, "stop")
    found = results["checks"][0]["findings"][0]
    assert (found["severity"], found["severity_of_check"]) == ("critical", "warning")
    assert results["run"]["policy"]["name"] == path.name
    assert f"The policy “{path.name}” gave 1 finding another severity." in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules = ", "is no TOML or JSON"),
        ("", "does not consist of rules"),
        ("rules = 3", "does not consist of rules"),
        ("stop = 1\n[[rules]]\nfindings='bias'\nbecomes='info'", "does not consist of rules"),
        ("[[rules]]\nbecomes='info'", "Rule 1 of the policy"),
        ("[[rules]]\nfindings='bais'\nbecomes='info'", "Did you mean “bias”?"),
        ("[[rules]]\nfindings='bias'\nbecomes='stop'", "info, warning, critical"),
        ("[[rules]]\nfindings='bias'", "Choose from: info, warning, critical"),
        ("[[rules]]\nfindings='bias'\nbecomes='info'\nwhen=1", "Its keys are"),
    ],
)
def test_a_policy_that_is_not_understood_is_refused_in_one_line(
    people, tmp_path, capsys, text, words
):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    out = str(tmp_path / "out")
    assert cli.main(["check", str(people), "--policy", str(path), "--out", out]) == cli.UNUSABLE
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_reference_is_read_and_it_is_said_that_nothing_compares_with_it(check, numbers, people):
    _, results, said = check(numbers, "--reference", people, *CHEAP)
    reference = results["run"]["reference"]
    assert (reference["name"], reference["n_rows"], reference["compared_by"]) == (
        "people.csv",
        300,
        [],
    )
    assert "The reference “people.csv” was read (300 rows)." in said
    assert "nothing was compared with it" in said


def test_the_checks_can_be_listed_with_what_can_be_set(capsys):
    assert cli.main(["checks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("labels.label_errors  ") for line in lines)
    assert any(line.startswith("  folds=5 (2 to 10") for line in lines)
    assert cli.main(["checks", "labels.label_errors", "--json"]) == 0
    (check,) = json.loads(capsys.readouterr().out)["checks"]
    folds = next(p for p in check["parameters"] if p["name"] == "folds")
    assert (folds["type"], folds["default"], folds["range"]) == ("int", 5, "2 to 10")


def test_a_label_of_one_class_stops_with_what_to_do(check):
    """It was a pass with exit status 0: the label stood only in the reasons of skipped checks."""
    lines = [f"{n},{n * 37 % 101},yes" for n in range(120)]
    status, results, said = check("a,b,label\n" + "\n".join(lines) + "\n", "--label", "label")
    assert (status, results["verdict"]) == (cli.STOP, "stop")
    assert "has one value only, in 120 rows" in said
    assert said.splitlines()[0].startswith("Not yet: fix 1 blocker first")


def test_one_class_beside_blanks_stops_and_says_what_a_blank_may_mean(check):
    lines = [f"{n},{n * 37 % 101},{'yes' if n % 2 else ''}" for n in range(120)]
    status, results, said = check("a,b,label\n" + "\n".join(lines) + "\n", "--label", "label")
    assert (status, results["verdict"]) == (cli.STOP, "stop")
    assert "has one value only, in 60 rows, besides 60 rows without a label" in said
    todo = [f["recommended_action"] for c in results["checks"] for f in c["findings"]
            if f["doubt"] == "one_class"]  # fmt: skip
    assert todo[0].startswith("If an empty cell means the other class")


def test_checks_that_were_not_asked_for_leave_no_doubt(check, numbers):
    status, results, said = check(numbers, "--only", "duplicates")
    assert (status, results["verdict"]) == (0, "pass")
    assert results["verdict_details"]["doubts"] == []
    assert "partial" in said.splitlines()[0]
    status, results, _ = check(numbers, "--only", "labels.label_errors")
    assert (status, results["verdict"]) == (cli.UNKNOWN, "unknown"), "it could not look"


def test_the_words_are_the_same_on_the_command_line_in_the_results_and_in_the_report(
    check, numbers, tmp_path
):
    status, results, said = check(numbers, *CHEAP, "--skip", "anomalies")
    assert status == 0, "asked for what needs no label"
    status, results, said = check(numbers, "--only", "completeness,duplicates,labels")
    assert status == cli.UNKNOWN
    sentence = results["verdict_details"]["sentence"]
    report = (tmp_path / "out" / "report.html").read_text()
    assert said.splitlines()[0] == sentence
    for words in (sentence, "Choose a label, or say that there is none."):
        assert words in report
        assert words in said
    assert "Ready" not in report
    assert "Almost" not in report


def test_a_parameter_that_names_no_column_is_refused_before_the_run(numbers, tmp_path, capsys):
    path, out = tmp_path / "t.csv", tmp_path / "out"
    path.write_text(numbers)
    known = "leakage.target_proxy.known"
    status = cli.main(
        ["check", str(path), "--label", "b", "--param", f"{known}=a,nosuch", "--out", str(out)]
    )
    said = capsys.readouterr().err
    assert status == 2
    assert f"There is no column “nosuch” in t.csv, and {known} names it." in said
    assert not (out / "results.json").exists()


def test_a_named_column_that_models_do_not_read_anyway_is_told(check, grouped):
    _, results, _ = check(
        grouped, "--label", "part", "--ignore", "person", "--only", "leakage.target_proxy",
        "--param", "leakage.target_proxy.known=person,a",
    )  # fmt: skip
    told = results["checks"][0]["coverage"]["note"]
    assert "The setting “known” names “person”, which models do not read anyway" in told
