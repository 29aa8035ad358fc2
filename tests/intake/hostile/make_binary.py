"""Hostile workbooks, Parquet and Arrow files."""

import io
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
from pyarrow import feather, parquet

BOMB = 51_000_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml"'
    ' ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S"'
    ' sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship'
    f' Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
SMALL = "".join(
    f'<row r="{r}">{TEXT.format(f"A{r}", a)}{TEXT.format(f"B{r}", b)}</row>'
    for r, a, b in ((1, "name", "city"), (2, "Ann", "Oslo"), (3, "Bob", "Rome"))
)


def xlsx(rows: str, *, top: str = "", more: dict[str, str] | None = None) -> bytes:
    sheet = f'{top}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet, **(more or {})}
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def ods(rows: str, *, top: str = "") -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    words = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<?xml version="1.0"?>{top}<office:document-content xmlns:office="{office}"'
        f' xmlns:table="{table}" xmlns:text="{words}"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


STEPS = zip("abcdefghi", "bcdefghij", strict=True)
ENTITIES = "".join(f"<!ENTITY {longer} '{f'&{name};' * 10}'>" for name, longer in STEPS)
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{ENTITIES}]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>"


def workbooks(folder: Path) -> None:
    styled = "".join(f'<row r="{r}"><c r="A{r}" s="0"/></row>' for r in range(4, 300_000))
    far = f'<row r="1048576">{TEXT.format("XFD1048576", "x")}</row>'
    formulas = (
        '<row r="4"><c r="A4"><f>1+1</f><v>2</v></c><c r="B4"><f>WEBSERVICE("x")</f></c></row>'
    )
    extras = {"xl/vbaProject.bin": "macro", "xl/externalLinks/externalLink1.xml": "<x/>"}
    huge = TEXT.format("A4", "x" * 11_000_000)
    whole = xlsx(SMALL)
    files = {
        "laughs.xlsx": xlsx(f'<row r="1">{TEXT.format("A1", "&j;")}</row>{SMALL}', top=LAUGHS),
        "outside.xlsx": xlsx(f'<row r="1">{TEXT.format("A1", "&j;")}</row>{SMALL}', top=OUTSIDE),
        "far_cell.xlsx": xlsx(SMALL + far),
        "empty_rows.xlsx": xlsx(SMALL + styled),
        "macros.xlsm": xlsx(SMALL + formulas, more=extras),
        "big_cell.xlsx": xlsx(f'{SMALL}<row r="4">{huge}</row>'),
        "bomb.xlsx": xlsx(SMALL + " " * BOMB),
        "lying.xlsx": lying(xlsx(SMALL + " " * 150_000_000)),
        "cut.xlsx": whole[: len(whole) // 2],
        "wide.xlsx": xlsx(SMALL + f'<row r="4">{TEXT.format("XFD4", "x")}</row>'),
        "letter.xlsx": document(),
        "laughs.ods": ods("<table:table-row><table:table-cell office:value-type='string'>"
        "<text:p>&j;</text:p></table:table-cell></table:table-row>" * 2, top=LAUGHS),
        "repeated.ods": ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
            ' table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "encrypted.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000)
        + "EncryptedPackage".encode("utf-16-le") + bytes(1_000),
        "broken.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000,
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)


def document() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return buffer.getvalue()


def lying(content: bytes) -> bytes:
    """Say that the sheet unpacks to a thousand bytes."""
    changed = bytearray(content)
    name = b"xl/worksheets/sheet1.xml"
    for mark, offset in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30)):
        at = changed.index(name) if mark == b"PK\x03\x04" else changed.rindex(name)
        start = at - offset
        assert changed[start : start + 4] == mark
        size = start + (24 if mark == b"PK\x01\x02" else 22)
        changed[size : size + 4] = struct.pack("<L", 1_000)
    return bytes(changed)


def varint(number: int) -> bytes:
    """A number as Thrift's compact protocol writes it."""
    number *= 2
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def columnar(folder: Path) -> None:
    table = pa.table({"a": list(range(12_345)), "b": [f"text {i}" for i in range(12_345)]})
    parquet.write_table(table, folder / "whole.parquet")
    whole = (folder / "whole.parquet").read_bytes()
    (folder / "whole.parquet").unlink()
    head, footer = whole[:-2_000], whole[-2_000:]
    many = footer.replace(varint(12_345), varint(1_000_000))
    assert many != footer
    files = {
        "cut.parquet": whole[: len(whole) // 2],
        "lying_rows.parquet": head + many,
        "lying_footer.parquet": whole[:-8] + struct.pack("<L", 0x7FFFFFFF) + b"PAR1",
        "scrambled.parquet": whole[:4] + b"\xff" * (len(whole) - 2_004) + footer,
        "encrypted.parquet": b"PARE" + whole[4:-4] + b"PARE",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    same = pa.array(["x" * 1_000_000]).dictionary_encode()
    indices = pa.array([0] * 100_000, pa.int32())
    bomb = pa.table({"a": pa.DictionaryArray.from_arrays(indices, same.dictionary)})
    parquet.write_table(bomb, folder / "bomb.parquet", compression="zstd")
    wide = pa.table({f"c{i}": [1, 2] for i in range(6_000)})
    parquet.write_table(wide, folder / "wide.parquet")
    big = pa.table({"a": ["x" * 11_000_000, "y"]})
    parquet.write_table(big, folder / "big_cell.parquet")
    feather.write_feather(table, folder / "whole.feather", compression="zstd")
    whole = (folder / "whole.feather").read_bytes()
    (folder / "whole.feather").unlink()
    (folder / "cut.feather").write_bytes(whole[: len(whole) // 2])
    middle = len(whole) // 3
    broken = whole[:middle] + b"\xff" * 500 + whole[middle + 500 :]
    (folder / "scrambled.feather").write_bytes(broken)


def make(folder: Path) -> None:
    workbooks(folder)
    columnar(folder)
