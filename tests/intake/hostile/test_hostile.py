import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MOST_MEMORY = 1_000_000_000
BOMB = "unpacks to more than 100 times its size"
BROKEN = "broken or cut off"

REFUSED = {
    "empty.csv": "0 bytes",
    "blank.csv": "only blank lines",
    "zeros.csv": "not text",
    "random.csv": "not text",
    "long_line.csv": "longer than 16 MB",
    "long_cell.csv": "line 2 is longer than 16 MB",
    "wide.csv": "100,000 columns; the limit is 500",
    "document.csv": "PDF",
    "picture.csv": "PNG",
    "program.csv": "a program",
    "database.csv": "SQLite",
    "pickle.csv": "pickle, which can run code",
    "page.csv": "web page",
    "page.xls": "web page",
    "gif_and_zip.csv": "GIF",
    "deep.json": "nests more than 64",
    "deep.jsonl": "nests more than 64",
    "many_keys.jsonl": "more than 500 different keys",
    "long_value.json": "longer than 16 MB",
    "big_value.jsonl": "“a” on line 1 holds more than 10 MB",
    "cut.json": BROKEN,
    "object.json": "one object, not a list of records. The list under “data”",
    "broken.jsonl": "no records: it is no JSON",
    "bomb.csv.gz": BOMB,
    "bomb.csv.bz2": BOMB,
    "bomb.csv.xz": BOMB,
    "bomb.csv.zst": BOMB,
    "bomb.zip": BOMB,
    "bomb.xlsx": BOMB,
    "bomb.parquet": "more than 1,000 MB of text",
    "cut.csv.gz": BROKEN,
    "cut.csv.bz2": BROKEN,
    "cut.csv.xz": BROKEN,
    "cut.csv.zst": BROKEN,
    "cut.zip": BROKEN,
    "cut.xlsx": BROKEN,
    "cut.parquet": BROKEN,
    "cut.feather": BROKEN,
    "twice.csv.gz": "archive inside the archive",
    "nested.zip": "archive inside the archive",
    "tar.csv.gz": "tar archive",
    "nothing.csv.gz": "empty inside",
    "none.zip": "archive is empty",
    "greedy.csv.xz": BROKEN,
    "link.zip": "not a file but a link",
    "encrypted.zip": "encrypted with a password",
    "lying.zip": BROKEN,
    "endless.zip": "too many members",
    "laughs.xlsx": BROKEN,
    "outside.xlsx": BROKEN,
    "far_cell.xlsx": "cannot be read within 800 MB of memory",
    "big_cell.xlsx": "row 4 holds more than 10 MB",
    "lying.xlsx": BROKEN,
    "wide.xlsx": "16,384 columns; the limit is 500",
    "letter.xlsx": "text document",
    "laughs.ods": BROKEN,
    "repeated.ods": BROKEN,
    "encrypted.xlsx": "encrypted with a password",
    "broken.xls": BROKEN,
    "lying_rows.parquet": BROKEN,
    "lying_footer.parquet": BROKEN,
    "scrambled.parquet": BROKEN,
    "scrambled.feather": BROKEN,
    "encrypted.parquet": "encrypted Parquet",
    "wide.parquet": "6,000 columns; the limit is 500",
    "big_cell.parquet": "“a” holds more than 10 MB",
}
READ = {
    "big_cell.csv": ("3 x 2", set()),
    "blank_rows.csv": ("2 x 2", set()),
    "formulas.csv": ("3 x 2", set()),
    "names.csv": ("2 x 3", {"nul_bytes", "bidi_or_invisible_names"}),
    "open_quote.csv": ("50001 x 2", {"stray_quotes"}),
    "table.parquet": ("3 x 3", {"wrong_extension"}),
    "numbers.json": ("2 x 2", set()),
    "surrogate.jsonl": ("2 x 2", {"invalid_text"}),
    "traversal.zip": ("3 x 3", {"unsafe_member_name"}),
    "absolute.zip": ("3 x 3", {"unsafe_member_name"}),
    "windows.zip": ("3 x 3", {"unsafe_member_name"}),
    "unseen.zip": ("3 x 3", set()),
    "empty_rows.xlsx": ("2 x 2", set()),
    "macros.xlsm": (
        "3 x 2",
        {"macros", "external_links", "formulas", "formulas_without_value"},
    ),
}
ASKED = {"several.zip": "2 files: “one.csv”, “two.csv”"}


def run(command, folder):
    done = subprocess.run(
        [sys.executable, str(HERE / "load_all.py"), command, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "home").mkdir()
    (folder / "tmp").mkdir()
    run("make", folder)
    return json.loads(run("load", folder))


def test_every_file_has_an_expected_outcome(found):
    assert set(found["outcomes"]) == set(REFUSED) | set(READ) | set(ASKED)
    assert len(found["outcomes"]) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_in_words(found, name):
    outcome = found["outcomes"][name]
    assert outcome["kind"] == "refused", outcome
    assert REFUSED[name] in outcome["said"]
    assert outcome["todo"].endswith(".")
    assert outcome["left"] == []


@pytest.mark.parametrize("name", READ)
def test_is_read_and_told(found, name):
    outcome = found["outcomes"][name]
    shape, codes = READ[name]
    assert (outcome["kind"], outcome["said"]) == ("read", shape)
    assert codes <= set(outcome["codes"])
    assert outcome["left"] == []


@pytest.mark.parametrize("name", ASKED)
def test_is_asked(found, name):
    outcome = found["outcomes"][name]
    assert outcome["kind"] == "choice"
    assert ASKED[name] in outcome["said"]
    assert outcome["left"] == []


def test_memory_is_bounded(found):
    assert max(found["own"], found["readers"]) < MOST_MEMORY


def test_nothing_is_left_behind_or_written_elsewhere(found):
    assert found["left"] == []
    assert found["outside"] == []


def test_texts_come_in_as_they_are(found):
    formulas = [row[0] for row in found["outcomes"]["formulas.csv"]["rows"]]
    assert formulas == ["=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "@SUM(1)"]
    assert found["outcomes"]["names.csv"]["columns"] == ["age", "name", "id"]
    numbers = found["outcomes"]["numbers.json"]["rows"]
    assert numbers[0][0] == "1e999999"
    assert numbers[1] == ["NaN", "1.10"]
    assert found["outcomes"]["macros.xlsm"]["rows"][2] == ["2", ""]
