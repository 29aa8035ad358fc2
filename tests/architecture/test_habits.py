"""Sizes, exemptions, and who may touch what."""

import ast
import re
import statistics
from collections import defaultdict

import pytest

MAX_FILE = 350
MAX_FUNCTION = 40
LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with the reason."""
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions ``file:name`` that may be longer, each with the reason."""
ENVIRONMENT = {
    "components/core/settings.py": "the reader of settings",
}
"""Files that may touch the environment, each with the reason."""

EXEMPTION = re.compile(
    r"#\s*noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S.{2,}"
    r"|#\s*type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \S.{2,}"
)


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function):
    """Lines of a function without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.fixture(scope="module")
def ours(trees):
    return {name: tree for name, tree in trees.items() if name.startswith("components/")}


def test_no_file_is_too_long(sources):
    long = {name for name, text in sources.items() if len(text.splitlines()) > MAX_FILE}
    assert long == set(LONG_FILES)


def test_no_function_is_too_long(trees):
    long = {
        f"{n}:{f.name}" for n, t in trees.items() for f in functions(t) if length(f) > MAX_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


def test_most_functions_are_short(ours):
    lengths = [length(f) for tree in ours.values() for f in functions(tree)]
    assert statistics.median(lengths) <= 10


def test_a_class_name_means_one_thing(ours):
    homes = defaultdict(list)
    for name, tree in ours.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(name)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_every_exemption_has_a_code_and_a_reason(project_files, root):
    loose = []
    for path in project_files:
        if path.suffix != ".py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            named = re.search(r"#\s*(noqa|type:\s*ignore)\b", line)
            if named and 'r"' not in line and not EXEMPTION.search(line):
                loose.append(f"{path.relative_to(root)}:{number}: {line.strip()}")
    assert loose == []


def test_the_state_of_a_session_is_touched_in_one_file(ours):
    users = {
        name
        for name, tree in ours.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "session_state"
    }
    assert users <= {"components/views/session.py"}


def test_the_environment_is_read_in_one_file(trees):
    users = {
        name
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"}
    }
    assert users == set(ENVIRONMENT)


def test_no_html_from_us_reaches_the_browser_unescaped(sources):
    for name, text in sources.items():
        assert "unsafe_allow_html" not in text, name


@pytest.mark.parametrize("name", ["eval", "exec", "pickle", "marshal", "shelve"])
def test_nothing_runs_or_loads_code_from_data(trees, name):
    for file, tree in trees.items():
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            assert not (called and node.func.id == name), f"{file}:{node.lineno}"
            if isinstance(node, ast.Import):
                assert name not in {a.name for a in node.names}, f"{file}:{node.lineno}"
