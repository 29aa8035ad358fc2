"""The rooms import downwards, and each heavy dependency lives in one of them."""

import ast
import json
import subprocess
import sys
import tomllib

import pytest

LINT = """
import sys
sys.path.insert(0, "")
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename="pyproject.toml", no_cache=True))
"""
HEAVY = {"sklearn", "cleanlab", "pyod", "statsmodels", "scipy"}


@pytest.fixture(scope="module")
def contracts(root):
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return config["tool"]["importlinter"]["contracts"]


@pytest.fixture(scope="module")
def rooms(root):
    return {
        f"components.{p.stem}"
        for p in (root / "components").iterdir()
        if p.suffix == ".py" or (p / "__init__.py").exists()
    } - {"components.__init__"}


def modules_after(root, statements):
    """The modules that a fresh interpreter holds after ``statements``."""
    code = f"{statements}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_every_import_contract_is_kept(root):
    # in a process of its own: the linter switches off the loggers that exist
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_room_is_named_where_a_dependency_has_one_room(contracts, rooms):
    for contract in contracts:
        owners = contract["name"].partition("Only ")[2].partition(" use")[0]
        if owners:
            allowed = {f"components.{o}" for o in owners.replace(" and ", ", ").split(", ")}
            assert set(contract["source_modules"]) | allowed == rooms, contract["name"]


def test_every_concern_is_named_where_concerns_are_independent(contracts, root):
    listed = next(c["modules"] for c in contracts if c["type"] == "independence")
    folders = (root / "components" / "checks").glob("[a-z]*/__init__.py")
    assert set(listed) == {f"components.checks.{p.parent.name}" for p in folders}


def test_the_web_process_stays_light(root):
    loaded = modules_after(
        root,
        "import importlib, pkgutil, components.services, components.views\n"
        "for room in (components.services, components.views):\n"
        "    for m in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "        importlib.import_module(m.name)\n",
    )
    assert loaded & HEAVY == set()
    assert "streamlit" in loaded


def test_the_catalogue_of_checks_needs_no_heavy_library(root):
    loaded = modules_after(root, "from components.checks import registry; registry.all_checks()")
    assert loaded & (HEAVY | {"streamlit"}) == set()


@pytest.mark.parametrize("module", ["components.worker", "components.cli"])
def test_a_process_without_a_screen_needs_no_streamlit(root, module):
    assert "streamlit" not in modules_after(root, f"import {module}")


def test_a_heavy_library_is_imported_inside_functions_only(trees):
    for name, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
                assert not {n.partition(".")[0] for n in names} & HEAVY, f"{name}:{node.lineno}"
