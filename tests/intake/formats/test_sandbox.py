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
        sandbox.read_apart(book, FileType.XLSX, tmp_path, Settings(home=tmp_path), pulse=stop)
    assert not (tmp_path / sandbox.ANSWER).exists()


def test_a_reader_that_takes_too_long_is_stopped(book, tmp_path, monkeypatch):
    request = sandbox.Request(
        source=str(book), form=FileType.XLSX, sheet=None, max_columns=9, max_bytes=9, seconds=0
    )
    monkeypatch.setattr(sandbox, "Request", lambda **_: request)
    with pytest.raises(UnusableInput, match="took more than 0 minutes"):
        sandbox.read_apart(book, FileType.XLSX, tmp_path, Settings(home=tmp_path))


def test_a_reader_without_an_answer_is_told(tmp_path):
    missing = tmp_path / "gone.xlsx"
    with pytest.raises(UnusableInput, match="broken or cut off"):
        sandbox.read_apart(missing, FileType.XLSX, tmp_path, Settings(home=tmp_path))
    (tmp_path / sandbox.ANSWER).unlink()
    with pytest.raises(UnusableInput, match="cannot be read within 800 MB"):
        sandbox._answer(tmp_path, FileType.XLSX, sandbox.MEMORY)
