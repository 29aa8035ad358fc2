"""The rooms import downwards, and each heavy dependency lives in one of them."""

import ast
import json
import subprocess
import sys
import tomllib
from collections import Counter

import pytest

LINT = """
import sys
sys.path.insert(0, "")
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))
"""
MOST_FILES = 12
HEAVY = {"sklearn", "cleanlab", "pyod", "statsmodels", "scipy"}


def modules_in(folder):
    """Modules and packages directly inside a folder that hold code."""
    found = {p.stem for p in folder.glob("*.py")} | {
        p.parent.name for p in folder.glob("*/__init__.py")
    }
    return found - {"__init__", "__main__"}


@pytest.fixture(scope="module")
def house(root):
    """The table of rooms, wings and owners."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["house"]


def contracts(root, house):
    """All contracts of import-linter, made from the table of the house."""
    rooms = modules_in(root / "components")
    concerns = modules_in(root / "components" / "checks") - {"_lib", "registry"}
    found = [layers("The rooms", "components", house["rooms"])]
    found += [layers(f"The wings of {r}", f"components.{r}", w) for r, w in house["wings"].items()]
    found.append(
        {
            "name": "Concerns do not know one another",
            "type": "independence",
            "modules": [f"components.checks.{c}" for c in sorted(concerns)],
        }
    )
    found.append(
        forbidden(
            "Checks only judge", ["checks"], [f"components.{r}" for r in house["checks_never_see"]]
        )
    )
    for library, owners in house["owners"].items():
        indirect = library != "streamlit"  # even a detour to the screen is one too many
        others = sorted(rooms - set(owners) - (set() if indirect else {"cli"}))
        name = f"{library} lives in {', '.join(owners)}"
        found.append(forbidden(name, others, [library], indirect=indirect))
    return found


def layers(name, container, lines):
    contract = {"name": name, "type": "layers", "containers": [container], "layers": lines}
    return contract | {"exhaustive": True}


def forbidden(name, rooms, modules, *, indirect=False):
    contract = {"name": name, "type": "forbidden", "allow_indirect_imports": indirect}
    sources = [f"components.{room}" for room in rooms]
    return contract | {"source_modules": sources, "forbidden_modules": modules}


def as_toml(found):
    """The contracts as a configuration file; JSON values are TOML values here."""
    head = {
        "root_package": "components",
        "include_external_packages": True,
        "exclude_type_checking_imports": True,
    }
    lines = ["[tool.importlinter]", *(f"{k} = {json.dumps(v)}" for k, v in head.items())]
    for contract in found:
        lines += ["", "[[tool.importlinter.contracts]]"]
        lines += [f"{k} = {json.dumps(v)}" for k, v in contract.items()]
    return "\n".join(lines) + "\n"


def modules_after(root, statements):
    """The modules that a fresh interpreter holds after ``statements``."""
    code = f"{statements}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_every_import_contract_is_kept(root, house, tmp_path):
    # in a process of its own: the linter switches off the loggers that exist
    config = tmp_path / "contracts.toml"
    config.write_text(as_toml(contracts(root, house)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LINT, str(config)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_owner_of_a_library_is_a_room(root, house):
    rooms = modules_in(root / "components")
    assert {room for owners in house["owners"].values() for room in owners} <= rooms
    assert set(house["wings"]) <= rooms


def test_the_table_of_one_engine_is_named_in_the_room_of_engines_only(sources):
    """Others ask for a protocol of the vocabulary, so that another engine can answer."""
    engine = "components/engine/"
    assert any("DuckTable" in source for name, source in sources.items() if engine in name)
    named = [n for n, source in sources.items() if "DuckTable" in source and engine not in n]
    assert named == []


def test_no_folder_is_a_heap(sources):
    """A folder holds about ten files, so that its names can be read at a glance."""
    folders = Counter(
        name.rpartition("/")[0] for name in sources if not name.endswith("__init__.py")
    )
    assert {folder: n for folder, n in folders.items() if n > MOST_FILES} == {}


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


def test_the_pages_start_no_thread_and_no_process(trees):
    """Whatever takes long is a job: bounded, waiting in one queue, cancelled in one way."""
    for name, tree in trees.items():
        if not name.startswith(("components/views/", "pages/")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [a.name for a in node.names]
                starters = {"threading", "subprocess", "multiprocessing", "concurrent"}
                assert not {n.partition(".")[0] for n in names} & starters, f"{name}:{node.lineno}"
