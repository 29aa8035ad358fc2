"""Bad files get a clear sentence, and the app goes on."""

import random

import pytest
from playwright.sync_api import expect

WIDE = (",".join(f"c{i}" for i in range(12_000)) + "\n") + ",".join("1" for _ in range(12_000))
REFUSED = {
    "empty": ("empty.csv", b""),
    "header only": ("header.csv", b"a,b,c\n"),
    "binary": ("binary.csv", random.Random(1).randbytes(5_000)),  # noqa: S311 - junk
    "picture": ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
    "wide": ("wide.csv", WIDE.encode()),
    "archive": ("table.csv", b"PK\x03\x04" + bytes(500)),
}
HALF = "\n".join(f"{i},{i % 2}" for i in range(60))


def assert_told(window):
    """There is one sentence about what is wrong and one about what to do."""
    alert = window.page.get_by_test_id("stAlert").first
    expect(alert).to_be_visible()
    window.ready()
    said = alert.inner_text()
    assert "cannot be used" in said
    assert len(said.splitlines()) >= 2, said
    assert len(said.splitlines()[-1]) > 15, said
    assert "Error:" not in said
    window.assert_no_error()
    return said


@pytest.mark.parametrize("case", REFUSED)
def test_a_useless_file_is_refused_with_a_sentence(window, case):
    window.upload(*REFUSED[case])
    assert_told(window)
    window.choose_file("good.csv", f"x,y\n{HALF}".encode())
    expect(window.page.locator(".st-key-check")).to_be_visible()


def test_a_ragged_file_is_read_and_checked(window):
    window.upload("ragged.csv", f"a,b\n{HALF}\n1,2,3,4\n".encode())
    window.page.locator(".st-key-check").wait_for()
    window.ready()
    window.assert_no_error()
    window.check()
    window.finished()
    for title in ("Columns", "Labels", "Bias", "Report and export"):
        window.go(title)
        window.assert_no_error()
