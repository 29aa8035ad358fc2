"""Text from a file is shown as text on every page, and never reaches out."""

import csv
import io
import random

import pytest
from playwright.sync_api import expect

EVIL = "evil.test"
NAMES = [
    f"![i](http://{EVIL}/name.png)",
    f'<img src="http://{EVIL}/n.png" onerror="alert(1)">',
    f"[link](http://{EVIL}/)",
    "=HYPERLINK(1)",
    ":material/home: :red[x]",
    "$\\frac{1}{2}$ `code` **bold**",
    'quo"te, comma\nand line',
]
GROUP = f"<a href='http://{EVIL}'>group</a>"
LABEL = f"**label** ![x](http://{EVIL}/label.png)"
CLASSES = (f"<script>fetch('http://{EVIL}')</script>", f"![no](http://{EVIL}/class.png)")
GROUPS = (f"<b>{EVIL}</b>", "| # _other_ |", ":rainbow[third]")
MARKS = ["http://evil.test/x", "</textarea><h1>big</h1>", "@SUM(A1)", "-1+1", "www.evil.test"]
N_ROWS = 240


def hostile_table():
    """A table with every kind of problem that puts names and values on the screen."""
    chance = random.Random(7)  # noqa: S311 - test data, no secret
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*NAMES, GROUP, LABEL])
    rows = []
    for number in range(N_ROWS):
        label = CLASSES[number % 3 == 0]
        group = GROUPS[(number * 7) % 3 if label == CLASSES[0] else 0]
        size = chance.gauss(5 if label == CLASSES[0] else 1, 1.5)
        wrong = CLASSES[number % 3 != 0] if number % 31 == 0 else label
        rows.append(
            [
                chance.choice(MARKS),
                f"{size:.2f}",
                f"{size * 2 + chance.gauss(0, 1):.2f}",
                "" if number % 5 == 0 else chance.choice(MARKS),
                f"{900 + chance.gauss(0, 1):.1f}"
                if number % 60 == 0
                else f"{chance.gauss(0, 1):.2f}",
                "leak-" + ("a" if wrong == CLASSES[0] else "b"),
                f"{chance.choice(MARKS)}\n{number % 4}",
                group,
                wrong,
            ]
        )
    writer.writerows(rows + rows[:9])
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def kept_window(kept_window):
    """The window in which the hostile table was checked."""
    window = kept_window
    window.upload("![f](http://evil.test/file.png) <b>.csv", hostile_table())
    window.page.locator(".st-key-check").wait_for()
    window.ready()
    window.choose("What should a model predict?", LABEL)
    window.choose("Which columns describe groups of people?", GROUP)
    assert_literal(window)
    window.check()
    window.finished()
    window.assert_clean()
    return window


def assert_literal(window):
    """No element on the page was made by the file."""
    page = window.page
    for selector in (
        f"img[src*='{EVIL}']",
        f"a[href*='{EVIL}']",
        "[data-testid=stMain] .katex",
        "[data-testid=stMain] h1:has-text('big')",
        f"[data-testid=stMain] b:has-text('{EVIL}')",
        "script:has-text('evil.test')",
    ):
        assert page.locator(selector).count() == 0, (page.url, selector)
    assert window.foreign() == []


@pytest.mark.timeout(600)
def test_a_hostile_file_is_text_on_every_page(window):
    page = window.page
    titles = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
    assert len(titles) >= 11
    for title in titles:
        window.go(title.splitlines()[-1])
        window.assert_no_error()
        assert_literal(window)


def test_the_evidence_of_every_hostile_finding_is_text(window):
    window.go("Overview")
    details = window.page.get_by_role("button", name="Details")
    expect(details.nth(2)).to_be_visible()  # the cards of a page are drawn one by one
    window.ready()
    n_findings = details.count()
    assert n_findings >= 3
    for number in range(n_findings):
        details.nth(number).click()
        window.page.get_by_role("dialog").wait_for()
        window.ready()
        assert_literal(window)
        window.page.keyboard.press("Escape")
        window.page.get_by_role("dialog").wait_for(state="detached")
        window.ready()


def test_the_words_of_a_hostile_file_are_not_lost(window):
    window.go("Bias")
    window.page.wait_for_function("() => document.documentElement.outerHTML.includes('evil.test')")
