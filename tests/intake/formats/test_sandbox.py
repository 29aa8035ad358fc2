import sys

import pytest

from components.core.errors import Cancelled, UnusableInput
from components.core.settings import Settings
from components.intake.formats.file_types import FileType
from components.intake.formats.parsers import sandbox


@pytest.fixture
def book(workbooks):
    return workbooks / "simple.xlsx"


def test_a_reader_can_be_stopped(book, tmp_path):
    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        sandbox.parse_in_sandbox(book, FileType.XLSX, tmp_path, Settings(home=tmp_path), pulse=stop)
    assert not (tmp_path / "result.json").exists()


def test_a_reader_that_takes_too_long_is_stopped(book, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0)
    with pytest.raises(UnusableInput, match="took more than 0 minutes"):
        sandbox.parse_in_sandbox(book, FileType.XLSX, tmp_path, Settings(home=tmp_path))


def test_a_file_that_is_not_there_is_not_blamed_on_memory(tmp_path):
    missing = tmp_path / "gone.xlsx"
    with pytest.raises(UnusableInput, match="broken or cut off"):
        sandbox.parse_in_sandbox(missing, FileType.XLSX, tmp_path, Settings(home=tmp_path))


def test_a_parser_without_enough_memory_is_told_as_such(book, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY", 30_000_000)
    with pytest.raises(UnusableInput, match="cannot be read within 30 MB"):
        sandbox.parse_in_sandbox(book, FileType.XLSX, tmp_path, Settings(home=tmp_path))


def test_a_parser_that_crashes_is_not_blamed_on_memory(book, tmp_path, monkeypatch):
    crash = "import os; os.abort()"
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", crash))
    with pytest.raises(UnusableInput, match=r"may be broken\. .* the signal SIGABRT"):
        sandbox.parse_in_sandbox(book, FileType.XLSX, tmp_path, Settings(home=tmp_path))


def test_a_parser_gets_nothing_of_the_environment(book, tmp_path, monkeypatch):
    show = "import os, sys; open(sys.argv[1] + '/seen', 'w').write(' '.join(os.environ))"
    monkeypatch.setenv("PLANTED_SECRET", "x")
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", show))
    with pytest.raises(UnusableInput):
        sandbox.parse_in_sandbox(book, FileType.XLSX, tmp_path, Settings(home=tmp_path))
    assert "PLANTED_SECRET" not in (tmp_path / "seen").read_text()
