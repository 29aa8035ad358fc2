"""A concern is declared in one place: a folder beside the others, and nothing else is edited."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CONCERN = '''"""Whether the table is what the last one was."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Novelty",
    question="Is this table new?",
    icon="fiber_new",
    section=Section.DETECT,
    menu="News",
    colour="blue",
)
'''

CHECK = '''"""What it looks for
-----------------
Tables with few rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from components.core.data.dataset import Role
from components.core.data.table import Table
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where the line is."""

    most: int = parameter(10, "Rows of a small table.", unit="rows", at_least=1)


@check(
    title="Small tables", needs=Needs(roles=(Role.ENTITY,), reference=True), cost=Cost.FACTS,
    params=Params, sources=("a test",),
)
def small(table: Table, params: Params, run: RunContext) -> Iterator[Item]:
    """Compare the rows with those of the reference."""
    n = run.reference.version.n_rows
    measure = Measure(name="rows", value=n, unit=Unit.COUNT)
    yield measure
    if table.version.n_rows > params.most:
        yield Finding(
            check_id="novelty.small", key="rows", title=f"{n} rows in the other table",
            detail="", severity=Severity.WARNING, measure=measure, threshold=None,
            affected=Affected(columns=("who",)), recommended_action="Look.", caveat="",
        )
'''

FACES = """
import sys
from components.checks import registry
from components.reports import words
from components.views import words as badges
from components.views.explore.columns import column_list
from components.views.navigation import PAGES, PAGE_OF_CONCERN

assert registry.get("novelty.small").concern == "novelty"
assert {"sklearn", "cleanlab", "pyod", "scipy"} & set(sys.modules) == set()
assert words.concern_name("novelty") == badges.concern("novelty") == "Novelty"
spec = PAGE_OF_CONCERN["novelty"]
assert (spec.path, spec.url_path, spec.section) == ("", "novelty", "Detect")
assert (spec.title, spec.icon, spec.signal) == (
    "News", ":material/fiber_new:", "Is this table new?",
)
assert PAGES.index(spec) == 1 + PAGES.index(PAGE_OF_CONCERN["validity"])

import pandas
table = pandas.DataFrame({"Column": ["who"], "Findings": [["Novelty"]]})
shown = column_list.config(table)["Findings"]["type_config"]["options"]
assert {"value": "Novelty", "color": "blue"}.items() <= next(
    o for o in shown if o["value"] == "Novelty"
).items()
"""

PAGE = """
import sys
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

at = AppTest.from_file("app.py", default_timeout=60)
at.query_params["data"] = sys.argv[1]
at.run()
at._page_hash = calc_hash("novelty")
at.query_params["data"] = sys.argv[1]
at.run()
assert not at.exception and not at.error, [e.value for e in [*at.exception, *at.error]]
assert at.title[0].value == "Is this table new?"
said = "".join(m.value for m in at.markdown)
assert "7 rows in the other table" in said and ":gray-badge[Novelty]" in said, said
assert "Small tables" in str(at.table[-1].value)
"""

RUN = """
from pathlib import Path
from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.runs.settings import RunSettings
from components.services.workspace import open_workspace

ws = open_workspace(Settings.from_environment())
made = [datasets.add(ws, open(name, "rb"), name).version for name in ("t.csv", "other.csv")]
kind = made[0].column("who").kind
datasets.set_columns(ws, made[0].id, {"who": (kind, Role.ENTITY)}, actor="test")
runs.execute(ws, made[0].id, only=["novelty"], settings=RunSettings(reference_id=made[1].id))
print(made[0].id)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the app with one folder more."""
    root = tmp_path_factory.mktemp("house")
    for name in ("components", "pages"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", root)
    folder = root / "components" / "checks" / "novelty"
    folder.mkdir()
    (folder / "__init__.py").write_text(CONCERN)
    (folder / "small.py").write_text(CHECK)
    (root / "t.csv").write_text("who,n\n" + "".join(f"{'abc'[i % 3]},{i}\n" for i in range(30)))
    (root / "other.csv").write_text("n\n" + "".join(f"{i}\n" for i in range(7)))
    return root


@pytest.fixture
def inside(house, monkeypatch):
    """Return a function that runs Python inside of the copy."""
    monkeypatch.setenv("PYTHONPATH", str(house))
    monkeypatch.setenv("PREFLIGHT_HOME", str(house / "home"))

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=house, capture_output=True, text=True, check=False
        )

    return run


def test_registry_words_colours_and_menu_know_it(inside):
    done = inside("-c", FACES)
    assert done.returncode == 0, done.stderr


def test_the_command_line_lists_runs_and_sets_it(inside, house):
    listed = inside("-m", "components.cli", "checks", "novelty")
    assert listed.stdout.splitlines() == [
        "novelty.small  Small tables",
        "  most=10 (1 or more rows)  Rows of a small table.",
    ]
    only = ("--only", "novelty", "--out", "out")
    done = inside("-m", "components.cli", "check", "t.csv", *only)
    assert done.returncode == 4
    assert "no reference was given" in (house / "out" / "results.json").read_text("utf-8")
    whole = ("--entity", "who", "--reference", "other.csv", *only)
    done = inside("-m", "components.cli", "check", "t.csv", *whole)
    assert done.returncode == 0, done.stderr
    assert "novelty.small: 7 rows in the other table" in done.stdout
    assert "It was compared by: small tables." in done.stdout
    quiet = inside(
        "-m", "components.cli", "check", "t.csv", *whole, "--param", "novelty.small.most=30"
    )
    assert "novelty.small: " not in quiet.stdout
    skipped = inside("-m", "components.cli", "check", "t.csv", "--skip", "novelty", "--out", "out")
    assert "novelty.small" not in skipped.stdout


def test_it_has_a_page(inside):
    made = inside("-c", RUN)
    assert made.returncode == 0, made.stderr
    done = inside("-c", PAGE, made.stdout.strip())
    assert done.returncode == 0, done.stderr
