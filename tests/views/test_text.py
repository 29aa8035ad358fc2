"""Text from the data stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.views.text import code, md, plain

JOINER = "\u2060"

PAYLOADS = {
    "picture": "![x](//evil.test/x.png)",
    "picture by reference": "![x][y]",
    "link": "[click](https://evil.test)",
    "script link": "[click](javascript:alert(1))",
    "bare address": "https://evil.test/path",
    "bare www": "www.evil.test and WWW.EVIL.TEST",
    "mail": "me@evil.test",
    "angle link": "<https://evil.test>",
    "tag": "<img src=x onerror=alert(1)>",
    "entity": "&lt;b&gt; &amp; &#x3c;",
    "icon": ":material/delete:",
    "emoji": ":smile: :streamlit:",
    "badge": ":red-badge[Blocker]",
    "colour": ":red[all is well]",
    "small": ":small[tiny]",
    "formula": "$\\frac{1}{2}$ and $$x$$",
    "heading": "# Title",
    "list": "- one\n- two",
    "numbered": "1. one",
    "quote": "> said",
    "table": "| a | b |\n|---|---|",
    "code": "`rm -rf` and ```block```",
    "fence": "```mermaid\ngraph TD\n```",
    "bold": "**bold** __bold__ *it* _it_",
    "strike": "~~gone~~",
    "footnote": "[^1] and [^1]: note",
    "arrow": "a -> b <- c <-> d -- e >= f <= g ~= h",
    "backslash": "\\[click\\](https://evil.test)",
    "rule": "---",
    "direction": "abc\u202egnp.exe",
    "zero width": "pay\u200bload\ufeff\u2066",
    "controls": "a\x00b\x1bc\x7f",
    "lines": "first\n\nsecond\r\nthird",
}
LIVE = r"\`*_{}[]()<>#+-.!|~$&"


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_markdown_character_is_left_alive(name):
    escaped = md(PAYLOADS[name])
    bare = re.sub(r"\\.", "", escaped)
    assert not set(bare) & set(LIVE)
    assert not re.search(r":(?!\u2060)", bare)
    assert not re.search(r"@(?!\u2060)", bare)
    assert not re.search(r"www(?!\u2060)", bare, re.IGNORECASE)


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_reader_sees_the_same_characters(name):
    shown = re.sub(r"\\(.)", r"\1", md(PAYLOADS[name])).replace(JOINER, "")
    assert shown == plain(PAYLOADS[name], limit=600)


@pytest.mark.parametrize("arrow", ["->", "<-", "<->", "--", ">=", "<=", "~="])
def test_arrows_are_not_made_prettier(arrow):
    shown = re.sub(r"\\(.)", r"\1", md(f"a {arrow} b"))
    assert arrow not in shown
    assert shown.replace(JOINER, "") == f"a {arrow} b"


@pytest.mark.parametrize("name", ["direction", "zero width", "controls"])
def test_what_cannot_be_seen_is_taken_out(name):
    assert plain(PAYLOADS[name]).isprintable()


@pytest.mark.parametrize("text", ["`", "``", "a`b``c", "`x", "x`", "", "   ", ":material/delete:"])
def test_a_code_span_ends_where_we_end_it(text):
    span = code(text)
    fence = re.match("`+", span).group()
    inner = span[len(fence) : -len(fence)]
    assert span.endswith(fence)
    assert fence not in re.findall("`+", inner)
    assert ":material/" not in span


def test_long_text_is_cut_with_an_ellipsis():
    assert plain("x" * 500, limit=10) == "x" * 9 + "…"
    assert md("word " * 400, limit=20).endswith("…")


@given(st.text(max_size=200))
def test_any_text_is_one_line_and_escaped(text):
    escaped = md(text)
    assert "\n" not in escaped
    assert "\r" not in escaped
    assert not set(re.sub(r"\\.", "", escaped)) & set(LIVE)
