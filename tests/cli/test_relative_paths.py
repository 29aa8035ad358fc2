"""Files that are named relative to the folder where the command is given, in every format."""

import io
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather

from components import cli

BOOKS = Path(__file__).parents[1] / "data" / "intake_formats"
PEOPLE = pd.DataFrame({"name": ["Ann", "Bob", "Cy"], "age": [31, 42, 53]})


def _arrow(stream):
    with pa.ipc.new_stream(stream, pa.Table.from_pandas(PEOPLE).schema) as out:
        out.write_table(pa.Table.from_pandas(PEOPLE))


WRITERS = {
    "csv": lambda stream: stream.write(PEOPLE.to_csv(index=False).encode()),
    "csv.gz": lambda stream: PEOPLE.to_csv(stream, index=False, compression="gzip"),
    "json": lambda stream: stream.write(PEOPLE.to_json(orient="records").encode()),
    "jsonl": lambda stream: stream.write(PEOPLE.to_json(orient="records", lines=True).encode()),
    "xlsx": lambda stream: stream.write((BOOKS / "simple.xlsx").read_bytes()),
    "xls": lambda stream: stream.write((BOOKS / "simple.xls").read_bytes()),
    "ods": lambda stream: stream.write((BOOKS / "simple.ods").read_bytes()),
    "parquet": PEOPLE.to_parquet,
    "arrow": _arrow,
    "feather": lambda stream: feather.write_feather(PEOPLE, stream),
}


@pytest.fixture(params=WRITERS)
def named_from_here(request, tmp_path, monkeypatch):
    """Return the path of a file relative to the current folder."""
    content = io.BytesIO()
    WRITERS[request.param](content)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / f"people.{request.param}").write_bytes(content.getvalue())
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return f"data/people.{request.param}"


def test_load_reads_a_relative_path_as_it_reads_an_absolute_one(named_from_here, tmp_path):
    assert cli.main(["load", named_from_here, "--out", "out.csv"]) == 0
    assert cli.main(["load", str(tmp_path / named_from_here), "--out", "absolute.csv"]) == 0
    read = pd.read_csv(tmp_path / "out.csv")
    assert read.equals(pd.read_csv(tmp_path / "absolute.csv"))
    assert len(read) >= len(PEOPLE)


def test_profile_reads_a_relative_path(named_from_here, tmp_path):
    arguments = ["profile", named_from_here, "--out", "facts", "--no-associations"]
    assert cli.main(arguments) == 0
    facts = json.loads((tmp_path / "facts" / "profile.json").read_text())
    assert facts["n_rows"] >= len(PEOPLE)
