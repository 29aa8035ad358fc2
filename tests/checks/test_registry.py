import subprocess
import sys

import pytest

from components.checks import registry
from components.core.errors import NotFound, UnusableInput

HEAVY = ("sklearn", "cleanlab", "pyod", "scipy", "statsmodels", "pandas", "duckdb", "plotly")


def test_ids_are_unique_and_cheap_checks_come_first():
    checks = registry.all_checks()
    ids = [check.id for check in checks]
    assert len(ids) == len(set(ids)) >= 9
    assert [(c.cost, c.id) for c in checks] == sorted((c.cost, c.id) for c in checks)
    assert {"completeness.missing_values", "bias.outcome_gap", "labels.class_imbalance"} <= set(ids)


def test_importing_all_checks_stays_light():
    code = (
        "import sys; from components.checks import registry; registry.all_checks();"
        f"print(*[m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_concern_declares_what_it_is_without_its_checks():
    code = (
        "import sys; from components.checks import registry; found = registry.concerns();"
        "print(*found); print(*[m for m in sys.modules if m.startswith('components.checks.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names, modules = (set(line.split()) for line in done.stdout.splitlines())
    assert names == {check.concern for check in registry.all_checks()}
    assert modules == {f"components.checks.{name}" for name in (*names, "registry")}
    assert len({concern.title for concern in registry.concerns().values()}) == len(names)


def test_a_folder_that_declares_nothing_is_told(monkeypatch):
    monkeypatch.setattr(registry, "_packages", lambda: [("odd", registry)])
    with pytest.raises(TypeError, match="declares no CONCERN"):
        registry.concerns.__wrapped__()


def test_checks_are_chosen_by_concern_or_id():
    concern = {c.id for c in registry.select(["completeness"])}
    assert concern == {"completeness.missing_values", "completeness.sentinel_values"}
    one = registry.select(["duplicates", "bias.outcome_gap"], ["duplicates.exact_rows"])
    assert {c.id for c in one} == {"duplicates.redundant_columns", "bias.outcome_gap"}
    assert registry.select() == registry.all_checks()
    assert "bias" not in {c.concern for c in registry.select(skip=["bias"])}


@pytest.mark.parametrize("where", ["only", "skip"])
def test_an_unknown_name_is_refused_with_the_closest_one(where):
    with pytest.raises(UnusableInput) as caught:
        registry.select(**{where: ["completness"]})
    assert "“completness”" in caught.value.what
    assert "Did you mean “completeness”?" in caught.value.todo
    assert "duplicates" in caught.value.todo


def test_a_choice_that_leaves_nothing_is_refused():
    with pytest.raises(UnusableInput, match="No check is left"):
        registry.select(["bias"], ["bias"])


def test_one_check_by_id():
    assert registry.get("duplicates.exact_rows").concern == "duplicates"
    with pytest.raises(NotFound, match=r"Did you mean “duplicates\.exact_rows”"):
        registry.get("duplicates.exact_row")


def test_a_module_without_a_check_is_told(monkeypatch):
    monkeypatch.setattr(registry, "_modules", lambda: [registry])
    with pytest.raises(RuntimeError, match="holds 0 checks"):
        registry.all_checks.__wrapped__()
