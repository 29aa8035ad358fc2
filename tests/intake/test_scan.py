"""What the one pass over the bytes of a file sees, wherever it stands."""

import tracemalloc

import pytest

from components.intake.text.scan import PIECE, line_at, scan_file


@pytest.mark.parametrize("before", [0, 1, PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1])
@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (b"1_2", True),
        (b"0_9", True),
        (b"a_2", False),
        (b"1_a", False),
        (b"/_:", False),
        (b"_1", False),
        (b"1_", False),
        (b"", False),
    ],
)
def test_an_underscore_between_digits_is_seen(tmp_path, before, text, joined):
    path = tmp_path / "t.csv"
    path.write_bytes(b"x" * before + text + b"x")
    assert scan_file(path).has_joined_digits is joined


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_the_longest_line_is_told_in_pieces(tmp_path, end):
    path = tmp_path / "t.csv"
    path.write_bytes((b"x" * 50 + end) * 100_000)
    assert scan_file(path).longest == 0
    start = path.stat().st_size
    with path.open("ab") as out:
        out.write(b"y" * 10 * PIECE + end + b"z" * 3 * PIECE + end)
    scan = scan_file(path)
    assert 9 * PIECE <= scan.longest <= 10 * PIECE
    assert start <= scan.longest_at < start + PIECE
    assert line_at(path, scan.longest_at) == 100_001


def test_finding_the_line_of_a_byte_holds_a_piece_of_the_file_at_most(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"a\n" + b"x" * 40 * PIECE)
    tracemalloc.start()
    assert line_at(path, 39 * PIECE) == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * PIECE
