"""Hostile files that are texts, pretend to be, or are packed."""

import bz2
import gzip
import hashlib
import io
import lzma
import pickle
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa

TABLE = b"id,name,age\n1,Ann,30\n2,Bob,41\n3,Cid,52\n"
BOMB = 51_000_000
LONG = 20_000_000


def noise(size: int) -> bytes:
    """Bytes without any order, the same every time."""
    blocks = (hashlib.sha256(struct.pack("<L", i)).digest() for i in range(size // 32))
    return b"".join(blocks)


def texts(folder: Path) -> None:
    files = {
        "empty.csv": b"",
        "blank.csv": b"\n" * 5_000,
        "zeros.csv": bytes(1_000_000),
        "random.csv": noise(300_000),
        "long_line.csv": b"x" * LONG,
        "long_cell.csv": b'a,b\n1,"' + b"y" * LONG + b'"\n2,z\n',
        "big_cell.csv": b'a,b\n1,"' + b"y" * 9_000_000 + b'"\n2,z\n3,w\n',
        "wide.csv": b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n",
        "formulas.csv": b'name,x\n"=cmd|\' /C calc\'!A0",1\n"=HYPERLINK(""http://x"")",2\n@SUM(1),3\n',
        "names.csv": "a\u200bge,na\u202eme,id\x00\n1,Ann,2\n3,Bob,4\n".encode(),
        "open_quote.csv": b'a,b\n1,"never closed\n' + b"2,plain text\n" * 50_000,
        "blank_rows.csv": b"a,b\n1,2\n" + b"\n" * 300_000 + b"3,4\n",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


def pretenders(folder: Path) -> None:
    database = folder / "made.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    files = {
        "document.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1,2,3\n4,5,6\n",
        "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(100) + TABLE,
        "program.csv": b"\x7fELF\x02\x01\x01" + bytes(100) + TABLE,
        "database.csv": database.read_bytes(),
        "pickle.csv": pickle.dumps({"a": [1, 2]}),
        "page.csv": b"<!DOCTYPE html>\n<html><script>alert(1)</script><table></table></html>\n",
        "page.xls": b"<html><table><tr><td>1</td></tr></table></html>",
        "gif_and_zip.csv": b"GIF89a" + bytes(50) + zipped({"a.csv": TABLE}),
        "table.parquet": TABLE,
    }
    database.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def json_texts(folder: Path) -> None:
    deep = 200_000
    record = '{"a": %s}\n'
    keys = "".join(f'{{"key_{i}": 1}}\n' for i in range(6_000))
    files = {
        "deep.json": "[" * deep + "]" * deep,
        "deep.jsonl": record % ('{"b":' * 5_000 + "1" + "}" * 5_000),
        "many_keys.jsonl": keys,
        "long_value.json": '[{"a": "%s"}]' % ("x" * LONG),
        "big_value.jsonl": record % ('"%s"' % ("x" * 11_000_000)),
        "numbers.json": '[{"a": 1e999999, "b": %s}, {"a": NaN, "b": 1.10}]' % ("9" * 5_000),
        "surrogate.jsonl": '{"a": "\\ud800", "b": "\\u0000x"}\n{"a": "fine", "b": "y"}\n',
        "cut.json": '[{"a": 1}, {"a": 2}, {"a"',
        "object.json": '{"data": [{"a": 1}, {"a": 2}]}',
        "broken.jsonl": '{"a": 1}\n' + "{broken\n" * 20_000,
    }
    for name, content in files.items():
        (folder / name).write_text(content)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def streams(folder: Path) -> None:
    zeros = bytes(BOMB)
    packed = gzip.compress(TABLE * 1_000)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../evil.csv"))
    files = {
        "bomb.csv.gz": gzip.compress(zeros, 6),
        "bomb.csv.bz2": bz2.compress(zeros),
        "bomb.csv.xz": lzma.compress(zeros, preset=0),
        "bomb.csv.zst": pa.compress(zeros, codec="zstd", asbytes=True),
        "cut.csv.gz": packed[: len(packed) // 2],
        "cut.csv.bz2": bz2.compress(noise(50_000))[:20_000],
        "cut.csv.xz": lzma.compress(TABLE * 1_000)[:-40],
        "cut.csv.zst": pa.compress(noise(300_000), codec="zstd", asbytes=True)[:150_000],
        "twice.csv.gz": gzip.compress(packed),
        "tar.csv.gz": gzip.compress(tar.getvalue()),
        "nothing.csv.gz": gzip.compress(b""),
        "greedy.csv.xz": greedy_xz(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


def greedy_xz() -> bytes:
    """An .xz file that asks for 4 GB of memory to be unpacked."""
    content = bytearray(lzma.compress(TABLE))
    size = (content[12] + 1) * 4
    at = content.index(b"\x21\x01", 12) + 2
    content[at] = 40
    content[12 + size - 4 : 12 + size] = struct.pack("<L", zlib.crc32(content[12 : 12 + size - 4]))
    return bytes(content)


def archives(folder: Path) -> None:
    link = zipfile.ZipInfo("data.csv")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    plain = zipped({"data.csv": TABLE * 1_000})
    files = {
        "traversal.zip": zipped({"../../../evil.csv": TABLE}),
        "absolute.zip": zipped({"/etc/cron.d/evil.csv": TABLE}),
        "windows.zip": zipped({"C:\\Windows\\evil.csv": TABLE}),
        "unseen.zip": zipped({"da\u202eta\u200b.csv": TABLE}),
        "link.zip": buffer.getvalue(),
        "encrypted.zip": encrypted(zipped({"data.csv": TABLE})),
        "several.zip": zipped({"one.csv": TABLE, "two.csv": TABLE}),
        "nested.zip": zipped({"inner.zip": plain}),
        "bomb.zip": zipped({"data.csv": bytes(BOMB)}),
        "lying.zip": lying(zipped({"data.csv": TABLE * 1_000})),
        "cut.zip": plain[: len(plain) // 2],
        "endless.zip": plain[:-10] + struct.pack("<L", 500_000_000) + plain[-6:],
        "none.zip": zipped({}),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


def encrypted(content: bytes) -> bytes:
    """Say of every member that it is encrypted."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(mark) + offset] |= 1
    return bytes(changed)


def lying(content: bytes) -> bytes:
    """Say that a member unpacks to ten bytes."""
    changed = bytearray(content)
    at = changed.index(b"PK\x01\x02") + 24
    changed[at : at + 4] = struct.pack("<L", 10)
    return bytes(changed)


def make(folder: Path) -> None:
    for group in (texts, pretenders, json_texts, streams, archives):
        group(folder)
