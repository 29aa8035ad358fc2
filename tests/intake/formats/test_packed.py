import bz2
import gzip
import lzma

import pyarrow as pa
import pytest

from components.core.errors import ChoiceNeeded, UnusableInput
from components.core.settings import Settings
from components.intake import SUPPORTED
from components.intake.formats import limits
from components.intake.formats.file_types import EXPECTED
from components.intake.formats.packed import archive

TABLE = b"id,name\n1,Ann\n2,Bob\n"
ROWS = [("1", "Ann"), ("2", "Bob")]
PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_table(load, ending):
    opened = load(PACKERS[ending](TABLE), f"t.csv.{ending}")
    assert opened.rows == ROWS
    assert opened.codes == set()


@pytest.mark.parametrize("ending", PACKERS)
def test_streams_one_after_another(load, ending):
    pack = PACKERS[ending]
    assert load(pack(TABLE[:12]) + pack(TABLE[12:]), f"t.csv.{ending}").rows == ROWS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.jsonl", b'{"id": 1, "name": "Ann"}\n{"id": 2, "name": "Bob"}\n'),
        ("t.tsv", TABLE.replace(b",", b"\t")),
    ],
)
def test_other_formats_inside(load, zipped, name, content):
    opened = load(zipped({name: content}), "t.zip")
    assert opened.rows == ROWS
    assert opened.report.member == name


def test_a_workbook_inside(load, zipped, workbooks):
    content = (workbooks / "simple.xlsx").read_bytes()
    assert load(zipped({"a/simple.xlsx": content}), "t.zip").report.format == "xlsx"
    assert load(gzip.compress(content), "simple.xlsx.gz").report.format == "xlsx"


def test_several_members_must_be_chosen_from(load, zipped):
    archive = zipped({"a/t.csv": TABLE, "b/t.csv": TABLE + b"3,Cid\n", "read me.txt": b"Hi"})
    with pytest.raises(ChoiceNeeded) as asked:
        load(archive, "t.zip")
    assert asked.value.choices == ("a / t.csv", "b / t.csv")
    opened = load(archive, "t.zip", member="b / t.csv")
    assert opened.rows == [*ROWS, ("3", "Cid")]
    assert opened.report.choices == ("a / t.csv", "b / t.csv")
    assert opened.report.member == "b / t.csv"
    assert "other_members" in opened.codes
    with pytest.raises(UnusableInput, match="no file called “gone"):
        load(archive, "t.zip", member="gone.csv")


def test_what_is_beside_the_table_is_told(load, zipped):
    members = {"t.csv": TABLE, "read me.txt": b"Hi", "__MACOSX/t.csv": b"x", ".DS_Store": b"x"}
    opened = load(zipped(members), "t.zip")
    assert opened.rows == ROWS
    told = [p.message for p in opened.report.problems if p.code == "other_members"]
    assert told == ["“t.csv” was read from the archive. It also holds “read me.txt”."]


def test_a_full_disk_stops_before_unpacking(load, monkeypatch):
    usage = limits.shutil.disk_usage("/")
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _: usage._replace(free=400_000_000))
    with pytest.raises(UnusableInput, match="disk has 400 MB free"):
        load(gzip.compress(TABLE), "t.csv.gz")


def test_every_ending_has_a_form():
    assert set(SUPPORTED) <= set(EXPECTED)


def test_an_archive_of_many_files_is_looked_through_once(load, zipped):
    """30,000 small files took 68 s: each name was compared with all others."""
    n = archive.MOST_MEMBERS
    many = {f"{i % 2}/t{i // 2}.csv": b"a,b\n1,2\n" for i in range(n)}
    with pytest.raises(ChoiceNeeded) as asked:
        load(zipped(many), "t.zip")
    assert len(set(asked.value.choices)) == n
    assert asked.value.choices[:2] == ("0 / t0.csv", "1 / t0.csv")
    with pytest.raises(UnusableInput, match=r"holds 10,001 files; at most 10,000"):
        load(zipped({**many, "x.csv": b"a\n1\n"}), "t.zip")


def test_what_grows_too_much_is_refused(load, monkeypatch):
    monkeypatch.setattr(limits, "RATIO_FROM", 5_000_000)
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 3_000_000)
    with pytest.raises(UnusableInput, match="more than 100 times its size"):
        load(packed, "t.csv.gz")


def test_the_limit_of_what_is_unpacked_names_its_setting(tmp_path):
    bounds = limits.UnpackLimits.of(Settings(home=tmp_path, max_unpacked=5_000_000))
    with pytest.raises(UnusableInput, match="unpacks to more than 5 MB") as told:
        limits.pour([b"x" * 1_000_000] * 6, tmp_path / "out", 6_000_000, bounds)
    assert "PREFLIGHT_MAX_UNPACKED_MB" in told.value.todo
