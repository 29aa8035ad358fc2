"""The app without a browser, over a workspace with a real run."""

import functools
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import open_workspace

ROOT = Path(__file__).parents[2]

HOSTILE = [
    "![x](https://evil.test/x.png)",
    "[click](javascript:alert(1))",
    ":material/delete:",
    ":red-badge[Blocker]",
    "$\\frac{1}{2}$",
    "<script>alert(1)</script>",
    "`code` **bold** ~~gone~~",
    "# title | a | b |",
    "https://evil.test www.evil.test me@evil.test",
    "=HYPERLINK('x')",
    "a\u202eb\u200bc",
    "]( [ ](",
    "'; DROP TABLE data; --",
    "{{7*7}} ${7*7}",
]


def people(n=240, seed=3):
    """A small table with a leak, copies, gaps, and labels that are wrong."""
    draw = np.random.default_rng(seed)
    lines = ["age,hours,town,sex,answer,income"]
    for i in range(n):
        age = draw.integers(18, 80)
        hours = draw.integers(10, 60)
        rich = age + hours > 92
        said = not rich if i % 40 == 7 else rich
        town = draw.choice(["York", "Bath", "Hull"])
        gap = "" if i % 6 == 0 else str(hours)
        word = "high" if said else "low"
        sex = draw.choice(["f", "m"])
        lines.append(f"{age},{gap},{town},{sex},{'Y' if said else 'N'},{word}")
    return "\n".join([*lines, *lines[1:9]]) + "\n"


def hostile(n=160, seed=5):
    """The same kind of table, every name and word of which is an attack."""
    draw = np.random.default_rng(seed)
    names = [f'"{name}"' for name in HOSTILE[:6]]
    rows = [",".join(names)]
    for i in range(n):
        number = draw.normal()
        label = HOSTILE[8] if (number > 0) is not (i % 20 == 5) else HOSTILE[7]
        cells = [f"{number:.3f}", HOSTILE[i % len(HOSTILE)], HOSTILE[(i * 7) % len(HOSTILE)]]
        cells += [f"{draw.normal():.3f}", draw.choice(HOSTILE[:2]), label]
        rows.append(",".join('"' + c.replace('"', '""') + '"' for c in cells))
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once():
    """Every visitor has the framework read the metadata of all packages: 0.1 s of each test."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


class App:
    """One visitor."""

    def __init__(self):
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)

    def open(self, spec, **query):
        for name, value in query.items():
            self.at.query_params[name] = value
        self.at.run()
        if not spec.default:
            # AppTest.switch_page wants a file, and the page of a concern need not have one
            self.at._page_hash = calc_hash(spec.url_path)
            for name, value in query.items():
                self.at.query_params[name] = value
            self.at.run()
        return self.at

    def text(self):
        """All that is on the screen, in one string."""
        at = self.at
        kinds = [at.title, at.markdown, at.caption, at.subheader, at.info, at.success, at.warning]
        said = [e.value for kind in [*kinds, at.error] for e in kind]
        said += [f"{m.label} {m.value}" for m in at.metric]
        return "\n".join(said + [b.label for b in at.button])


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Finished:
    """A workspace folder with one dataset and one finished run."""

    def __init__(self, home, content, name, label, groups):
        self.home = home
        ws = open_workspace(Settings(home=home))
        info = datasets.add(ws, io.BytesIO(content.encode()), name)
        columns = {c.name: c for c in info.version.columns}
        roles = {list(columns)[label]: Role.LABEL} | dict.fromkeys(groups, Role.SENSITIVE)
        changes = {n: (columns[n].kind, role) for n, role in roles.items()}
        info = datasets.set_columns(ws, info.version.id, changes, actor="test")
        self.dataset_id = info.version.id
        self.run_id = runs.execute(ws, self.dataset_id, with_map=True)
        ws.close()


@pytest.fixture(scope="session")
def _people(tmp_path_factory):
    home = tmp_path_factory.mktemp("people")
    return Finished(home, people(), "people.csv", -1, ["sex"])


@pytest.fixture(scope="session")
def make_finished():
    """Return the class that checks a table: home, content, name, place of the label, groups."""
    return Finished


@pytest.fixture(scope="session")
def _hostile(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    name = "![x](https:evil.test) **b** :red[x].csv"
    return Finished(home, hostile(), name, -1, [])


@pytest.fixture
def finished(_people, tmp_path, monkeypatch):
    """A copy of its own, so that decisions of one test do not show in another."""
    home = tmp_path / "home"
    shutil.copytree(_people.home, home)
    monkeypatch.setenv("PREFLIGHT_HOME", str(home))
    return _people


@pytest.fixture
def attacked(_hostile, monkeypatch):
    monkeypatch.setenv("PREFLIGHT_HOME", str(_hostile.home))
    return _hostile


@pytest.fixture
def app():
    return App()


@pytest.fixture
def another():
    """A second visitor."""
    return App()
