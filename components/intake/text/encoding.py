"""In which encoding a text is written."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from components.core.errors import UnusableInput
from components.intake.text.scan import Scan

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

MIXED = "utf-8"
"""The encoding reported for a UTF-8 text with stray bytes, which are read as cp1252."""

ASIAN = {
    "cp932": "[\u3040-\u30ff]",
    "euc_jp": "[\u3040-\u30ff]",
    "big5": "[\u4e00-\u9fff\uff0c\u3002\u300c\u300d]",
    "gb18030": "[\u4e00-\u9fff\uff0c\u3002]",
    "euc_kr": "[\uac00-\ud7a3]",
}
"""Encodings of two bytes a character, with the characters that speak for them."""

COMMON_HAN = frozenset(
    "的一是不了在人有我他这这個上們来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于"
    "這來個時為說國後會過對還東車門長開學體市縣区區県都府京山川本日月年村町路号號台北南西东中心公园園市场場名稱地址電話"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding.

    Attributes
    ----------
    name
        As Python calls it.
    is_sure
        Whether the bytes prove it; a guess is reported.
    n_stray
        Bytes of a UTF-8 text that are not UTF-8, as far as the telling stretches go.
    line_end
        The character that ends lines where neither CR nor LF does; else empty.
    """

    name: str
    is_sure: bool = True
    n_stray: int = 0
    line_end: str = ""


def find_encoding(scan: Scan, chosen: str | None = None) -> Encoding:
    """Return the encoding of a file: by its byte order mark, by proof, by likeness.

    Raises
    ------
    UnusableInput
        When ``chosen`` names no encoding.
    """
    if chosen:
        return Encoding(name=_known(chosen))
    for mark, name in BOMS:
        if scan.head.startswith(mark):
            return Encoding(name=name)
    if wide := _wide(scan):
        return Encoding(name=wide, is_sure=False)
    if scan.is_utf8:
        return Encoding(name="ascii" if scan.is_ascii else "utf-8")
    stray = _stray(scan.telling)
    if stray is not None:
        return Encoding(name=MIXED, is_sure=False, n_stray=stray)
    return Encoding(name=_likely(scan.telling), is_sure=False)


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise UnusableInput(
            f"“{name}” is not an encoding that Preflight knows.",
            "Choose one such as utf-8, cp1252, iso-8859-1, big5, cp932 or utf-16.",
        ) from error


def _wide(scan: Scan) -> str | None:
    """Return UTF-16 without a mark, where every second byte is NUL."""
    head = scan.head[:4000]
    if len(head) < 4 or scan.n_nul < scan.size // 4:  # noqa: PLR2004 - two characters
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) and even < 0.1 * len(head):
        return "utf-16-le"
    if even > 0.4 * len(head) and odd < 0.1 * len(head):
        return "utf-16-be"
    return None


def _stray(telling: bytes) -> int | None:
    """Return the number of stray bytes of a text that is otherwise UTF-8, or None."""
    text = telling.decode("utf-8", errors="surrogateescape")
    stray = sum(1 for c in text if "\udc80" <= c <= "\udcff")
    proper = sum(1 for c in text if ord(c) > 127) - stray  # noqa: PLR2004 - ASCII
    return stray if proper >= max(2, stray) else None


def _likely(telling: bytes) -> str:
    """Return the encoding under which ``telling`` reads most like text.

    Two-byte encodings show in the characters that every such text holds, one-byte ones in the
    letters of their languages; where neither decides, charset-normalizer does.
    """
    sample = telling[:50_000]
    shares = {name: _asian_share(sample, name) for name in ASIAN}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] > 0.3:  # noqa: PLR2004 - kana are half of Japanese text, common Han a third
        return best
    points = {name: reads_as(sample, name) for name in ALPHABETS}
    best = max(points, key=lambda name: points[name])
    if points[best] > 0.1:  # noqa: PLR2004 - mostly letters or signs of that language
        return best
    from charset_normalizer import from_bytes  # its tables take 20 ms to load

    match = from_bytes(sample).best()
    return match.encoding.replace("_", "-") if match else "cp1252"


def _asian_share(sample: bytes, name: str) -> float:
    """Return the share of non-ASCII characters that speak for ``name``; 0 if it cannot be."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(name, errors="ignore")
    high = [c for c in text if ord(c) > 127]  # noqa: PLR2004 - ASCII
    if not high:
        return 0.0
    if name in {"big5", "gb18030"}:
        good = sum(1 for c in high if c in COMMON_HAN or c in "，。、「」（）：；")
        good += sum(1 for c in high if re.match(ASIAN[name], c)) // 4
    else:
        good = sum(1 for c in high if re.match(ASIAN[name], c) or c in COMMON_HAN)
    return good / len(high)


ALPHABETS: dict[str, tuple[str, str, float]] = {
    # frequent letters, rarer ones, and a head start for common encodings (our choice)
    "cp1252": ("éáíóñúçãàèêäöüß", "õâôîûùåøæëïœìòžšÉÁÍÓÑÚÇÀÄÖÜÅØ", 0.25),
    "cp1250": ("áíéžščřěýůłąęóś", "úňťďżćńźőöüűäßăâîşţđľĺŽŠČŘŁŚĆŻÁÉÍÓÚŐŰÖÜÄ", 0.03),
    "iso-8859-2": ("áíéžščřěýůłąęóś", "úňťďżćńźőöüűäßăâîşţđľĺŽŠČŘŁŚĆŻÁÉÍÓÚŐŰÖÜÄ", 0.02),
    "iso-8859-7": ("αοιετσνηυρπκμλςόίάέήύώ", "δωγχθζβφξψΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋΐΰ", 0.01),
    "cp1253": ("αοιετσνηυρπκμλςόίάέήύώ", "δωγχθζβφξψΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋΐΰ", 0.02),
    "cp1251": ("оеаинтсрвлкмдпуя", "ыьгзбчйхжшюцщэфёіїєґАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯІЇЄ", 0.01),
    "koi8-r": ("оеаинтсрвлкмдпуя", "ыьгзбчйхжшюцщэфёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", 0.0),
    "cp866": ("оеаинтсрвлкмдпуя", "ыьгзбчйхжшюцщэфёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", 0.0),
    "cp1254": ("ışğüöçİ", "âîûŞĞÜÖÇ", 0.0),
    "cp1255": ("יוהלאתרבמנש", "דקעחספצגזטכםןךףץ", 0.01),
    "cp1256": ("اليمونرتبعدسفهكق", "حجشصطخضذثزغظءآأؤإئةى", 0.01),
    "cp874": ("านรอกเงมยลวดทสตะปบคหแจพชขใไโผ", "่้ัีิ์ูุ็ำๆึืถภธซศณฐญฎฏฑฒฌฉฝฟฤฦษ", 0.0),
    "cp850": ("éáíóñúçãàèêäöüß", "õâôîûùåøæëïÉÁÍÓÑÚÇÀÄÖÜÅØ", -0.15),
    "mac-roman": ("éáíóñúçãàèêäöüß", "õâôîûùåøæëïœÉÁÍÓÑÚÇÀÄÖÜÅØ", -0.15),
}

SIGNS = "“”‘’„–—…€£§°²³½¼¾·•®©™«»±µºª¿¡´\xa0"

LETTER, RARE_LETTER, OTHER_LETTER, SIGN, ODD = 1.0, 0.6, -0.3, 0.45, -1.0
"""What a character beyond ASCII adds (our choice; tried on sixteen languages in the tests)."""


STRANGERS = (("øæå", "èìòùêñãõðçâ"), ("õ", "û"), ("û", "öü"), ("ðþý", "çñãìø"))
"""Letters that no western language has side by side: text in cp1250 or cp1254 that is read as
cp1252 shows them."""

STRANGER = 0.6


def reads_as(sample: bytes, name: str) -> float:
    """Return how well ``sample`` reads in the one-byte encoding ``name``; higher is better.

    At most about 1; below 0 where the characters are none of a language, -2 where bytes have no
    meaning.
    """
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return -2.0
    frequent, rare, start = ALPHABETS[name]
    weights = (
        dict.fromkeys(frequent, LETTER)
        | dict.fromkeys(rare, RARE_LETTER)
        | dict.fromkeys(SIGNS, SIGN)
    )
    high = Counter(c for c in text if ord(c) > 127)  # noqa: PLR2004 - ASCII
    total = sum(high.values())
    if not total:
        return start
    points = sum(n * weights.get(c, _other(c)) for c, n in high.items())
    if name == "cp1252":
        points -= STRANGER * total * (_strangers(high) > 0)
    return start + (points - 1.5 * _misplaced(text)) / total


def _strangers(high: Counter[str]) -> int:
    """Count pairs of letters of which no language has both."""
    lower = {c.lower() for c in high}
    return sum(1 for some, others in STRANGERS if lower & set(some) and lower & set(others))


def _other(character: str) -> float:
    return OTHER_LETTER if character.isalpha() else ODD


def _misplaced(text: str) -> int:
    """Count what words do not have.

    Capitals after small letters, signs inside, two scripts, three accented letters in a row.
    """
    capitals = sum(1 for m in re.finditer(r"[^\W\d_]{2}", text) if _turns(m.group()))
    capitals += sum(1 for m in re.finditer(r"(?<=[^\W\d_])[^\W\d_]{2}", text) if _turns(m.group()))
    signs = len(re.findall(r"(?<=[^\W\d_])[¿¡³²¹½¼¾£€§°±µ¸¤¦¬¶ºª](?=[^\W\d_])", text))
    signs += len(re.findall(r"[©®¥¦¬¶¨](?=[^\W\d_])", text))
    mixed = len(re.findall(r"[A-Za-z][\u0370-\u0e7f]|[\u0370-\u0e7f][A-Za-z]", text))
    runs = len(re.findall(r"[\u00c0-\u024f]{3}", text))
    return capitals + signs + mixed + runs


def _turns(pair: str) -> bool:
    return pair[0].islower() and pair[1].isupper() and not pair.isascii()
