"""What the files say: documents are complete, nothing names a machine."""

import re
import tomllib

import pytest

TOP = {
    "pyproject.toml",
    "app.py",
    "pages",
    "components",
    "tests",
    "sample_data",
    "README.md",
    "LICENSE",
    "requirements.lock",
}
DATA = {".csv", ".parquet", ".png", ".woff", ".xlsx"}
"""Files whose content is not ours."""

# put together here, so that this file does not hold them
MACHINES = [
    "/" + "work/",
    "/" + "opt/",
    "/" + "root/",
    "/" + "home/",
    "/" + "Users/",
]
REGISTRIES = ["py" + "pi.", "python" + "hosted.", "np" + "mjs.", "arti" + "factory", "ghcr" + ".io"]


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def test_the_top_level_holds_what_was_agreed(project_files, root):
    names = {p.relative_to(root).parts[0] for p in project_files}
    assert {n for n in names if not n.startswith(".")} == TOP


def test_no_file_names_a_machine_or_a_registry(project_files, root):
    found = []
    for path in project_files:
        if path.suffix in DATA:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(root)}: {word}" for word in MACHINES + REGISTRIES if word in text
        ]
    assert found == []


def test_the_lock_file_pins_every_dependency_and_nothing_else(root):
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    pinned = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {re.split(r"[<>=\[ ]", a)[0].lower().replace("_", "-") for a in asked} <= pinned


def test_the_script_for_fresh_machines_runs_the_command_of_the_readme(root, readme):
    command = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command.endswith("/pytest -n 2 --durations=25")
    assert f"\n{command}\n" in readme


def test_the_readme_names_every_check(readme):
    from components.checks.registry import all_checks

    assert [c.id for c in all_checks() if f"`{c.id}`" not in readme] == []


def test_the_readme_names_every_page(readme, root):
    stems = [p.stem for p in (root / "pages").rglob("*.py")]
    assert [s for s in stems if f"`{s}`" not in readme] == []


def test_the_readme_names_every_setting(readme, root):
    text = (root / "components" / "core" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r"PREFLIGHT_[A-Z_]+", text))
    assert len(names) >= 4
    assert [n for n in sorted(names) if f"`{n}`" not in readme] == []


def test_the_readme_names_every_command_and_option(readme):
    from components import cli

    parser = cli.parser()
    commands = next(a for a in parser._actions if getattr(a, "choices", None)).choices
    assert [c for c in commands if f"preflight {c}" not in readme] == []
    options = {o for c in commands.values() for a in c._actions for o in a.option_strings}
    options -= {"-h", "--help"}
    assert [o for o in sorted(options) if o.startswith("--") and o not in readme] == []


def test_the_readme_names_every_sample(readme, root):
    for path in (root / "sample_data").glob("*.csv"):
        if ".truth." not in path.name:
            assert f"`{path.name}`" in readme


def test_every_link_in_a_document_leads_somewhere(project_files, root):
    for path in project_files:
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.relative_to(root)}: {target}"


EXAMPLES = {"components/checks/leakage/id_signal.py"}
"""Files that a recipe invents."""


@pytest.fixture(scope="module")
def house_pages(project_files, root):
    """The pages about the house, by path, with the code words that they hold."""
    pages = [p for p in project_files if p.suffix == ".md" and root / "components" in p.parents]
    assert len(pages) > 8
    return {p: re.findall(r"`([^`\n]+)`", p.read_text(encoding="utf-8")) for p in pages}


def test_every_file_that_a_page_about_the_house_names_exists(house_pages, root):
    lost = [
        f"{page.relative_to(root)}: {word}"
        for page, words in house_pages.items()
        for word in words
        if re.fullmatch(r"[\w./]*/|[\w./]+/[\w.]+\.(py|txt|md|toml)", word)
        and word not in EXAMPLES
        and not any((top / word).exists() for top in tops(page, root))
    ]
    assert lost == []


def test_every_name_that_a_page_about_the_house_uses_exists(house_pages, root):
    """A dotted name such as ``services.runs.runs.start`` leads to a file with the last word."""
    components = root / "components"
    rooms = {p.parent.name for p in components.glob("*/__init__.py")}
    lost = []
    for page, words in house_pages.items():
        for word in words:
            match = re.match(r"(?:components\.)?(\w+(?:\.\w+)+)", word)
            if not match or match[1].partition(".")[0] not in rooms or "/" in word:
                continue
            if not holds(components, match[1].split(".")):
                lost.append(f"{page.relative_to(root)}: {word}")
    assert lost == []


def tops(page, root):
    """Folders that a path in ``page`` may start from."""
    components = root / "components"
    return (root, components, page.parent, *(p for p in components.iterdir() if p.is_dir()))


def holds(folder, parts):
    """Whether dotted ``parts`` lead to a folder, a module, or a name in a module."""
    for n, part in enumerate(parts):
        if (folder / part).is_dir():
            folder /= part
            continue
        for file in (folder / f"{part}.py", folder / "__init__.py"):
            rest = parts[n + 1 :] if file.stem == part else parts[n:]
            if file.exists() and (
                not rest or re.search(rf"\b{rest[-1]}\b", file.read_text("utf-8"))
            ):
                return True
        return False
    return True
