from __future__ import annotations

import csv
import io
import json
import time

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.core.data.dataset import Role
from components.core.data.source import Dialect
from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.formulas import defused
from components.core.judgement.review import Action, Cell
from components.core.progress import silent
from components.services import workspace
from components.services.data import datasets
from components.services.delimited_writer import DelimitedWriter, spreadsheet_safe
from components.services.export import decision_files, exports
from components.services.export import publish as publishing
from components.services.export.publish import publish, publish_here
from components.services.review import review


def read(content: bytes, **dialect) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), **dialect))


def test_without_decisions_the_file_comes_back_as_it_was(ws, labelled, pets, made):
    info, _ = labelled()
    export = made(exports.corrected_csv, ws, info.version.id)
    assert export.content.decode() == pets
    assert (export.filename, export.n_changed, export.n_excluded) == ("pets-corrected.csv", 0, 0)


def decide(ws, run_id, row_id, action, **said):
    cell = Cell(row_id, "kind")
    return review.decide(ws, review.queue(ws, run_id), cell, action, **said)


def test_only_decided_cells_differ(ws, labelled, pets, made):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Ann")
    decide(ws, run_id, 1, Action.KEEP, reviewer="Ann")
    decide(ws, run_id, 0, Action.CHANGE, new="bird", reviewer="Ann")
    review.undo(ws, review.queue(ws, run_id), reviewer="Ann")
    export = made(exports.corrected_csv, ws, info.version.id)
    expected = pets.replace("Kit,3.9,4,dog", "Kit,3.9,4,cat").replace("Bob,19.0,4,cat,007\n", "")
    assert export.content.decode() == expected
    assert (export.n_changed, export.n_excluded) == (1, 1)


def test_rows_mended_when_the_file_was_read_count_as_changed(ws, upload, made):
    lines = [f"{i},x{i},{i % 7}.5,{'ab'[i % 2]}" for i in range(40)]
    lines[7] += ","
    lines[20] = lines[20].rpartition(",")[0]
    info = upload("\n".join(["id,name,amount,label", *lines]) + "\n")
    export = made(exports.corrected_csv, ws, info.version.id)
    assert info.report.n_mended == 2
    assert (export.n_changed, export.n_mended, export.n_excluded) == (2, 2, 0)


@pytest.mark.parametrize(
    "text",
    [
        "a;label;a\r\n1,5;x;\r\n2,5;y;z\r\n3;x;\r\n",
        "a\tlabel\n1\tx\n2\ty\n3\tx\n",
        "a,label\n'b,c',x\nd,y\n'it''s',x\n",
    ],
)
def test_the_dialect_of_the_upload_is_kept(ws, upload, text, made):
    info = upload(text)
    assert made(exports.corrected_csv, ws, info.version.id).content.decode() == text


def test_other_encodings_become_utf_8(ws, upload, made):
    text = "stadt,größe\nKöln,1\nMünchen,2\nNürnberg,3\n"
    info = upload(text.encode("cp1252"))
    assert made(exports.corrected_csv, ws, info.version.id).content.decode("utf-8") == text


def test_formulas_are_disarmed_for_spreadsheets_only(ws, labelled, made):
    info, _ = labelled()
    dataset_id = info.version.id
    plain = [row[4] for row in read(made(exports.corrected_csv, ws, dataset_id).content)]
    safe = made(exports.corrected_csv, ws, dataset_id, for_spreadsheet=True).content
    assert plain[2:7] == ["=1+1", "", "two\nlines", "-5", "@here"]
    assert [row[4] for row in read(safe)][2:7] == ["'=1+1", "", "two\nlines", "-5", "'@here"]


@pytest.mark.parametrize(
    "text",
    ["=1", "+cmd|x", "-x", "@a", "\tx", "\rx", "\nx", "\n=1", "--1", "=", "-", "+1-2", "＝1+1",
     "＋1", "－x", "＠a", " =1", "\ufeff=1"],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_disarmed(text):
    assert spreadsheet_safe(pa.array([text])).to_pylist() == [f"'{text}"]
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-1,234.5", "-.5", "+1e-9", "-5 %", "", "a=b", "1-2"])
def test_plain_numbers_and_words_stay(text):
    assert spreadsheet_safe(pa.array([text])).to_pylist() == [text]
    assert defused(text) == text


@given(st.text(alphabet="=+-@\t\r\n＝ ,.5%eEa\ufeff", max_size=5))
def test_both_ways_of_disarming_are_one(text):
    assert spreadsheet_safe(pa.array([text])).to_pylist() == [defused(text)]


cell = st.text(alphabet=st.sampled_from("ab,;'\"\\\n\r\t =é😀"), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1)
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(['"', "'"]),
    st.sampled_from([None, "\\"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_is_written_reads_back(rows, delimiter, quote, escape, newline):
    dialect = Dialect(delimiter=delimiter, quotechar=quote, escapechar=escape, newline=newline)
    columns = [pa.array(list(column), type=pa.string()) for column in zip(*rows, strict=True)]
    content = DelimitedWriter(dialect, for_spreadsheet=False).lines(columns)
    how = {"delimiter": delimiter, "quotechar": quote, "escapechar": escape}
    assert read(content, **how, doublequote=escape is None, strict=True) == rows


def test_a_label_that_would_break_a_file_without_quotes_is_refused():
    writer = DelimitedWriter(Dialect(quotechar=None), for_spreadsheet=False)
    assert writer.lines([pa.array(['say "x"']), pa.array(["y"])]) == b'say "x",y\n'
    with pytest.raises(Conflict, match="no quote character"):
        writer.lines([pa.array(["a,b"]), pa.array(["y"])])


def test_the_sheet_of_corrections_says_who_did_what(ws, labelled, made):
    info, run_id = labelled()
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="=Bob", note="twice")
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    last = decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    rows = read(made(decision_files.corrections_sheet, ws, info.version.id).content)
    assert rows[0] == ["row_id", "column", "given", "new", "action", "who", "when", "why"]
    when = last.at.isoformat(timespec="seconds")
    assert rows[1] == ["3", "kind", "dog", "cat", "change", "Ann", when, ""]
    assert rows[2][:6] == ["6", "kind", "cat", "", "exclude", "'=Bob"]
    assert rows[2][7] == "twice"
    assert len(rows) == 3


def test_publishing_makes_a_new_version_with_the_same_roles(ws, labelled):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Ann")
    new = publish(ws, info.version.id, actor="Ann")
    assert new.version.parent == info.version.id
    assert new.version.n_rows == 7
    assert new.version.name == "pets-corrected.csv"
    assert new.version.columns == info.version.columns
    assert new.confirmed
    assert datasets.preview(ws, new.version.id)["kind"].tolist() == [
        "cat", "dog", "bird", "cat", "dog", "cat", "bird",
    ]  # fmt: skip
    assert datasets.get(ws, info.version.id) == info, "the first version is untouched"
    assert publish(ws, info.version.id, actor="Ann") == new, "twice makes one version"


def test_publishing_carries_the_word_that_there_is_no_label(ws, labelled):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")
    other = {"kind": (info.version.column("kind").kind, Role.FEATURE)}
    datasets.set_columns(ws, info.version.id, other, actor="Ann", no_label=True)
    assert publish(ws, info.version.id, actor="Ann").version.no_label


def test_a_corrected_table_that_reads_back_as_another_one_is_not_kept(ws, labelled, monkeypatch):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann")

    def lossy(_info, _changes, out):
        out.write(b"name,weight,legs,kind,note\nTom,4.1,4,cat,x\n")

    monkeypatch.setattr(publishing, "write_table", lossy)
    with pytest.raises(Conflict, match="reads back as 1 rows instead of 8"):
        publish_here(ws, info.version.id, "Ann", silent)
    assert [known.version.id for known in datasets.recent(ws)] == [info.version.id]
    assert "dataset.published" not in {event.action for event in workspace.history(ws)}


def test_publishing_reads_nothing_in_this_process(ws, labelled, monkeypatch):
    info, run_id = labelled()
    decide(ws, run_id, 6, Action.EXCLUDE, reviewer="Ann")

    def not_here(*_args, **_options):
        raise AssertionError("the table was read in this process")

    monkeypatch.setattr("components.intake.load", not_here)
    monkeypatch.setattr("components.intake.text_batches", not_here)
    said = []
    new = publish(ws, info.version.id, actor="Ann", tell=lambda *words: said.append(words))
    assert new.version.n_rows == 7
    assert said
    assert list(ws.files.jobs.iterdir()) == []


def test_publishing_nothing_is_refused(ws, labelled):
    info, run_id = labelled()
    decide(ws, run_id, 3, Action.KEEP, reviewer="Ann")
    with pytest.raises(Conflict, match="No decision changes"):
        publish(ws, info.version.id, actor="Ann")


def test_all_files_of_a_run_are_written(ws, labelled, tmp_path, made):
    info, run_id = labelled()
    out = tmp_path / "out"
    (out / "rows").mkdir(parents=True)
    (out / "rows" / "old.check.csv").write_text("stale")
    (out / "mine.txt").write_text("keep")
    exports.write_run(ws, run_id, out)
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == [
        "associations.csv", "columns.csv", "mine.txt", "report.html", "results.json",
        "rows/labels.label_errors.csv",
    ]  # fmt: skip
    results = json.loads((out / "results.json").read_text())
    assert results["dataset"]["sha256"] == info.version.sha256
    lines = read((out / "rows" / "labels.label_errors.csv").read_bytes())
    assert lines[0][:3] == ["row_id", "quality", "flagged"]
    assert [line[0] for line in lines[1:]] == [str(n) for n in range(8)]
    assert lines[1:] == read(made(exports.rows_csv, ws, run_id, "labels.label_errors").content)[1:]
    with pytest.raises(NotFound):
        made(exports.rows_csv, ws, run_id, "completeness.missing_values")


def test_a_folder_that_cannot_be_written_is_told_in_words(ws, labelled, tmp_path):
    _, run_id = labelled()
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableInput, match="cannot be written"):
        exports.write_run(ws, run_id, tmp_path / "file")


def test_a_large_table_is_written_in_seconds(ws, upload, made):
    n = 200_000
    text = "a,b,c,d,label\n" + "".join(f'{i},x{i},"y,{i}",,{"ab"[i % 2]}\n' for i in range(n))
    info = upload(text)
    began = time.monotonic()
    export = made(exports.corrected_csv, ws, info.version.id)
    assert time.monotonic() - began < 10
    assert export.content == text.encode()
