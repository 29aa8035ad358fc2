"""How well bytes read in an encoding: by the letters that its languages use most."""

from __future__ import annotations

import re
from collections import Counter

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
