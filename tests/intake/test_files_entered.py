"""A plain file takes a short way through the house."""

from tests.benchmarks.files_entered import entered_by_plain_csv

MOST = 35


def test_a_plain_csv_enters_few_files(tmp_path):
    found = entered_by_plain_csv(tmp_path)
    files = [file for files in found.values() for file in files]
    assert "intake/load.py" in files
    assert len(files) <= MOST, files
