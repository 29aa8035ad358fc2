"""Which pictures a card may show: of the folder of the server, and of hosts a person allowed."""

from __future__ import annotations

import pytest

from components.core.errors import NotFound, UnusableInput
from components.core.judgement.review import Cell
from components.core.settings import Settings
from components.services.review import review
from components.services.review.beside import pictures
from components.services.workspace import open_workspace

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_a_host_is_allowed_by_what_was_signed_here_and_nothing_else(ws, tmp_path):
    kept = pictures.allow(ws, "", "https://example.org")
    kept = pictures.allow(ws, kept, "http://127.0.0.1:8080")
    assert pictures.allowed(ws, kept) == ("http://127.0.0.1:8080", "https://example.org")
    assert pictures.allowed(ws, kept[:-2] + "xx") == ()
    assert pictures.allowed(ws, "") == ()
    other = open_workspace(Settings(home=tmp_path / "other"))
    assert pictures.allowed(other, kept) == ()
    other.close()


@pytest.mark.parametrize(
    "origin",
    ["example.org", "https://example.org/x", "https://a b", "https://x; script-src *", "data:", ""],
)
def test_what_is_no_origin_cannot_be_allowed(ws, origin):
    with pytest.raises(UnusableInput):
        pictures.allow(ws, "", origin)


def test_no_more_hosts_are_kept_than_a_page_may_name(ws):
    kept = ""
    for n in range(25):
        kept = pictures.allow(ws, kept, f"https://h{n}.test")
    assert len(pictures.allowed(ws, kept)) == pictures.MOST_HOSTS
    assert pictures.allowed(ws, kept)[0] == "https://h24.test"


@pytest.fixture
def folder(tmp_path, ws, labelled):
    """A folder of the server, and a queue over a table that names files."""
    root = tmp_path / "folder"
    (root / "sub").mkdir(parents=True)
    (root / "a.png").write_bytes(PNG)
    (root / "sub" / "b.webp").write_bytes(b"RIFF\0\0\0\0WEBPVP8 ")
    (root / "text.png").write_text("<svg onload='alert(1)'/>", encoding="utf-8")
    (tmp_path / "outside.png").write_bytes(PNG)
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    names = ["a.png", "sub/b.webp", "text.png", "../outside.png", "link.png", "/etc/passwd", "no"]
    text = "file,kind\n" + "".join(
        f"{n},{'cat' if i % 2 else 'dog'}\n" for i, n in enumerate(names)
    )
    _, run_id = labelled(text, flagged=((0, "cat"),))
    object.__setattr__(ws.settings, "data_dir", root)
    return review.queue(ws, run_id)


def test_a_cell_shows_the_picture_that_it_names(ws, folder):
    assert pictures.picture_of(ws, folder, Cell(0, "file")).media_type == "image/png"
    assert pictures.picture_of(ws, folder, Cell(1, "file")).media_type == "image/webp"


@pytest.mark.parametrize("row", range(2, 8))
def test_nothing_else_is_given(ws, folder, row):
    with pytest.raises((NotFound, UnusableInput)):
        pictures.picture_of(ws, folder, Cell(row, "file"))


def test_without_a_folder_there_are_none(ws, folder):
    object.__setattr__(ws.settings, "data_dir", None)
    with pytest.raises(NotFound):
        pictures.picture_of(ws, folder, Cell(0, "file"))
