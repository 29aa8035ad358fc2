"""The map of rows: every row once, escaped, and small enough to send."""

import numpy as np
import pytest

from components.charts.explore.row_map import MOST_CLASSES, OTHER, Points, alt, draw
from components.charts.style.palette import palette

HOSTILE = '<a href="javascript:x">$x^2$ %{x}\u202egnp.exe\x00 **b**'


def points(n=50, **changes):
    rng = np.random.default_rng(0)
    found = {
        "by": "town",
        "row_id": np.arange(n) * 3,
        "x": rng.uniform(-1, 1, n),
        "y": rng.uniform(-1, 1, n),
        "beside": {"age": np.array([str(i) for i in range(n)], dtype=object)},
        "flagged": np.zeros(n, dtype=bool),
    }
    return Points(**(found | changes))


def texts(*values):
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def all_positions(drawn):
    return sorted(np.concatenate(drawn.traces).tolist())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_row_is_drawn_once_by_class(theme):
    classes = texts(*(f"town {i % 4}" for i in range(50)))
    drawn = draw(points(classes=classes), theme)
    assert all_positions(drawn) == list(range(50))
    assert [t.name for t in drawn.figure.data] == ["town 0", "town 1", "town 2", "town 3"]
    assert drawn.figure.layout.legend.title.text.strip() == "town"


def test_rare_classes_share_a_colour():
    classes = texts(*(f"town {min(i, 30)}" for i in range(50)))
    drawn = draw(points(classes=classes), "light")
    assert len(drawn.traces) == MOST_CLASSES + 1
    assert drawn.figure.data[0].name == OTHER
    assert all_positions(drawn) == list(range(50))


def test_rows_without_a_value_are_grey():
    classes = texts(*("(missing)" if i < 40 else "York" for i in range(50)))
    drawn = draw(points(classes=classes), "light")
    assert [t.name for t in drawn.figure.data] == ["(missing)", "York"]
    assert drawn.figure.data[0].marker.color == palette("light").other
    assert drawn.figure.data[1].marker.color == palette("light").classes[0]


def test_a_quality_shows_flagged_and_unscored_rows_apart():
    scale = np.linspace(0, 1, 50)
    scale[40:] = np.nan
    flagged = np.arange(50) < 5
    drawn = draw(points(scale=scale, flagged=flagged, is_quality=True, by="Anomalies"), "light")
    assert [t.name for t in drawn.figure.data] == ["no value", "rows", "flagged"]
    assert [len(t) for t in drawn.traces] == [10, 35, 5]
    assert (drawn.figure.data[1].marker.cmin, drawn.figure.data[1].marker.cmax) == (0.0, 1.0)
    assert all_positions(drawn) == list(range(50))


def test_one_far_number_does_not_take_all_the_colours():
    scale = np.append(np.linspace(0, 1, 49), 1e9)
    drawn = draw(points(scale=scale), "light")
    assert drawn.figure.data[0].marker.cmax < 100
    assert draw(points(scale=np.full(50, np.nan)), "light").traces[0].tolist() == list(range(50))
    same = draw(points(scale=np.full(50, 7.0)), "light").figure.data[0].marker
    assert same.cmin < 7.0 < same.cmax


def test_marks_of_the_browser_lead_to_rows_and_others_are_ignored():
    drawn = draw(points(classes=texts(*("ab"[i % 2] for i in range(50)))), "light")
    assert drawn.rows([(0, 0), (1, 2), (1, 99), (7, 0), (-1, 0), (0, -1)]) == [0, 5]


def test_text_of_an_attacker_stays_text():
    classes = texts(*([HOSTILE] * 50))
    found = points(by=HOSTILE, classes=classes, beside={HOSTILE: classes})
    shown = draw(found, "light").figure.to_json()
    assert "<a" not in shown.replace("\\u003c", "<")
    assert "$" not in shown
    assert "\u202e" not in shown
    assert "<a" in alt(found)


@pytest.mark.parametrize("character", ["x", "<", "\U0001f9ea"])
def test_the_largest_map_is_small_enough_to_send(character):
    n = 5_000
    long = texts(*(character * 500 for _ in range(n)))
    beside = {f"{'column' * 20} {i}": long for i in range(4)}
    drawn = draw(points(n, classes=long, beside=beside), "light")
    assert len(drawn.figure.to_json()) < 2_000_000


def test_the_map_is_told_in_words():
    flagged = np.arange(50) < 5
    said = alt(points(scale=np.linspace(0, 1, 50), flagged=flagged))
    assert said == "Map of 50 rows, near ones alike, coloured by town. 5 are flagged."
