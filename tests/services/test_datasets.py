from __future__ import annotations

import io
import threading
from dataclasses import replace

import pytest

from components.core.data.dataset import Kind, Role
from components.core.errors import Conflict, NotFound, UnusableInput
from components.intake import ReadOptions
from components.services import workspace
from components.services.data import datasets, rows
from components.services.upload.source_bytes import clean_name

TABLE = "x,income\n1,low\n2,high\n3,low\n4,high\n"


def test_a_file_becomes_a_dataset(ws, upload, pets):
    info = upload()
    version = info.version
    assert [c.name for c in version.columns] == ["name", "weight", "legs", "kind", "note"]
    assert (version.name, version.n_rows, version.parent, version.demo) == (
        "pets.csv",
        8,
        None,
        False,
    )
    assert version.id == version.sha256[:10]
    assert not info.confirmed
    assert (info.folder / "source").read_bytes() == pets.encode()
    assert datasets.get(ws, version.id) == info
    assert datasets.recent(ws) == (info,)


def test_a_dataset_belongs_to_who_brought_it(upload):
    assert upload().version.owner == ""
    assert upload("a\n1\n", actor="Ann").version.owner == "Ann"


def test_the_same_bytes_are_recognised_whatever_the_name(ws, upload):
    first = upload()
    assert upload(name="copy.csv") == first
    assert len(datasets.recent(ws)) == 1
    assert [p.name for p in ws.files.datasets.iterdir()] == [first.version.sha256]


def test_a_file_that_is_too_large_leaves_nothing(ws):
    small = replace(ws, settings=replace(ws.settings, max_upload=10))
    with pytest.raises(UnusableInput, match="larger than 0 MB"):
        datasets.add(small, io.BytesIO(b"x" * 11), "big.csv")
    assert list(ws.files.datasets.iterdir()) == []


def test_a_file_that_is_no_table_leaves_nothing(ws, upload):
    with pytest.raises(UnusableInput):
        upload(b"")
    assert list(ws.files.datasets.iterdir()) == []
    assert datasets.recent(ws) == ()


@pytest.mark.parametrize("bad", ["../../etc", "nope", "", "0123456789", "x" * 500, "a/b"])
def test_an_unknown_address_is_told_in_words(ws, bad):
    with pytest.raises(NotFound, match="There is no"):
        datasets.get(ws, bad)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../x.csv", "x.csv"),
        ("C:\\data\\x.csv", "x.csv"),
        ("a\x1b[31m\u202eb.csv", "a[31mb.csv"),
        ("/", "table.csv"),
        ("", "table.csv"),
        ("<b>.csv", "<b>.csv"),
    ],
)
def test_names_of_files_are_made_harmless(given, kept):
    assert clean_name(given) == kept


def test_choices_are_kept_and_confirm_the_dataset(ws, upload):
    info = upload()
    changed = datasets.set_columns(
        ws, info.version.id, {"legs": (Kind.CATEGORY, Role.LABEL)}, actor="Ann"
    )
    legs = changed.version.column("legs")
    assert (legs.kind, legs.role) == (Kind.CATEGORY, Role.LABEL)
    assert changed.confirmed
    assert changed.version.label == legs
    assert rows.typed(ws, info.version.id, [2])["legs"].tolist() == ["2"]
    event = workspace.history(ws, dataset_id=info.version.id)[0]
    assert (event.actor, event.action) == ("Ann", "columns.set")
    assert event.detail["columns"]["legs"] == ["category", "label"]


def test_there_cannot_be_a_label_and_none(ws, upload):
    dataset_id = upload().version.id
    word = datasets.set_columns(ws, dataset_id, {}, actor="Ann", no_label=True)
    assert word.version.no_label
    assert workspace.history(ws, dataset_id=dataset_id)[0].detail["no_label"] is True
    chosen = {"legs": (Kind.CATEGORY, Role.LABEL)}
    with pytest.raises(Conflict, match="“legs” is the label, and there is said to be none"):
        datasets.set_columns(ws, dataset_id, chosen, actor="Ann", no_label=True)
    assert datasets.get(ws, dataset_id).version.no_label


def test_nobody_can_name_two_labels_or_a_column_that_is_not_there(ws, upload):
    info = upload()
    dataset_id = info.version.id
    two = {"legs": (Kind.CATEGORY, Role.LABEL), "kind": (Kind.CATEGORY, Role.LABEL)}
    with pytest.raises(Conflict, match="2 columns have the role"):
        datasets.set_columns(ws, dataset_id, two, actor="Ann")
    with pytest.raises(NotFound, match="no column “nope”"):
        datasets.set_columns(ws, dataset_id, {"nope": (Kind.TEXT, Role.FEATURE)}, actor="Ann")
    assert datasets.get(ws, dataset_id) == info


def test_roles_are_carried_over_to_the_next_file_with_the_same_header(ws, upload):
    first = upload(TABLE, name="may.csv")
    x = (first.version.column("x").kind, Role.SENSITIVE)
    datasets.set_columns(ws, first.version.id, {"x": x}, actor="Ann")
    june = upload(TABLE + "5,low\n", name="june.csv")
    column = june.version.column("x")
    assert column.role is Role.SENSITIVE
    assert column.role_why == "As you chose for may.csv."
    assert not june.confirmed
    other = upload(TABLE.replace("x,", "y,"), name="other.csv")
    assert other.version.column("y").role is not Role.SENSITIVE


def test_a_file_can_be_read_in_another_way(ws, upload):
    info = upload("a;b\n1,5;2\n3,5;4\n")
    assert [c.name for c in info.version.columns] == ["a", "b"]
    again = datasets.reread(ws, info.version.id, ReadOptions(delimiter=","), actor="Ann")
    assert again.version.sha256 == info.version.sha256
    assert again.version.id != info.version.id
    assert again.version.id.startswith(info.version.id)
    assert again.report.dialect.delimiter == ","
    same = datasets.reread(ws, info.version.id, ReadOptions(delimiter=","), actor="Ann")
    assert same == again
    assert datasets.reread(ws, again.version.id, ReadOptions(), actor="Ann") == info


def test_the_preview_shows_texts_as_uploaded(ws, upload):
    info = upload()
    frame = datasets.preview(ws, info.version.id, 2)
    assert frame.index.tolist() == [0, 1]
    assert frame.loc[0].tolist() == ["Tom", "4.1", "4", "cat", 'soft, "grey"']


def test_rows_come_in_the_order_asked_for(ws, upload):
    dataset_id = upload().version.id
    frame = rows.texts(ws, dataset_id, [6, 2, 99, -1, 2], ["note", "name"])
    assert frame.index.tolist() == [6, 2, 2]
    assert frame.index.name == "row_id"
    assert frame.columns.tolist() == ["note", "name"]
    assert frame["note"].tolist() == ["007", "", ""]
    assert rows.page(ws, dataset_id, 6, 10)["name"].tolist() == ["Bob", "Sam"]
    assert rows.page(ws, dataset_id, 50, 10).empty
    assert rows.typed(ws, dataset_id, [1])["weight"].tolist() == [22.5]


def test_files_that_were_lost_come_back_with_what_was_said_about_them(ws, upload):
    info = upload()
    label = {"kind": (Kind.CATEGORY, Role.LABEL)}
    datasets.set_columns(ws, info.version.id, label, actor="Ann")
    ws.files.discard(info.folder)
    back = upload()
    assert back == datasets.get(ws, info.version.id)
    assert back.version.label.name == "kind"
    assert datasets.preview(ws, info.version.id, 1)["kind"].tolist() == ["cat"]


def test_samples_come_with_their_roles(ws):
    samples = datasets.sample_files()
    assert {s.key for s in samples} >= {"census_demo", "penguins"}
    assert all(s.path.is_file() and s.title and s.description for s in samples)
    info = datasets.add_sample(ws, "penguins")
    sample = next(s for s in samples if s.key == "penguins")
    assert info.version.label.name == sample.label
    assert not info.confirmed
    assert datasets.add_sample(ws, "penguins") == info
    with pytest.raises(NotFound):
        datasets.add_sample(ws, "../x")


def test_nobody_undoes_what_another_person_stored_meanwhile(ws, upload):
    """Of two people who had the same columns before them, the later one used to win in silence."""
    info = upload()
    label = {"kind": (Kind.CATEGORY, Role.LABEL)}
    ignored = {"note": (info.version.column("note").kind, Role.IGNORE)}
    datasets.set_columns(ws, info.version.id, label, actor="A", revision=info.revision)
    with pytest.raises(Conflict, match="Somebody else has changed"):
        datasets.set_columns(ws, info.version.id, ignored, actor="B", revision=info.revision)
    now = datasets.get(ws, info.version.id)
    assert now.version.label.name == "kind"
    made = datasets.set_columns(ws, info.version.id, ignored, actor="B", revision=now.revision)
    assert made.version.label.name == "kind"
    assert made.version.column("note").role is Role.IGNORE


def test_of_writers_at_the_same_moment_each_is_kept_or_refused(ws, upload):
    info = upload()
    names = [c.name for c in info.version.columns]
    refused, barrier = [], threading.Barrier(len(names))

    def ignore(name):
        barrier.wait()
        kind = info.version.column(name).kind
        try:
            datasets.set_columns(ws, info.version.id, {name: (kind, Role.IGNORE)}, actor=name)
        except Conflict:
            refused.append(name)

    threads = [threading.Thread(target=ignore, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = datasets.get(ws, info.version.id)
    ignored = [c.name for c in after.version.columns if c.role is Role.IGNORE]
    assert sorted([*ignored, *refused]) == sorted(names)
    assert after.revision == len(ignored) > 0


def test_a_file_read_again_keeps_its_own_roles_not_those_of_a_file_like_it(ws, upload, pets):
    mine = upload()
    kind = {"kind": (Kind.CATEGORY, Role.LABEL)}
    datasets.set_columns(ws, mine.version.id, kind, actor="Ann")
    other = upload(pets + "gus,1,4,dog,none\n", name="other.csv")
    changes = {"kind": (Kind.CATEGORY, Role.IGNORE)}
    datasets.set_columns(ws, other.version.id, changes, actor="Bob")
    again = datasets.reread(ws, mine.version.id, ReadOptions(mend=False), actor="Ann")
    assert again.version.label is not None
    assert again.version.label.name == "kind"
