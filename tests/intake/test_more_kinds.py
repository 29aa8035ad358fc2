"""Kinds that say more than number, category or text: steps, lists, links, places."""

from __future__ import annotations

import json

import pytest

from components import intake
from components.core.data.dataset import Confidence, DatasetVersion, Kind, Role, Storage, Task
from components.intake.columns.kinds import word_scale

ROWS = 60


def table(**columns):
    """Return a semicolon-free table as CSV text, every value in quotes where it needs them."""

    def cell(value):
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text

    n = len(next(iter(columns.values())))
    lines = [",".join(["nr", *columns])]
    lines += [",".join([str(i * 3), *(cell(v[i]) for v in columns.values())]) for i in range(n)]
    return "\n".join(lines) + "\n"


def around(values, n=ROWS):
    return [values[i % len(values)] for i in range(n)]


SCALES = (
        (["low", "high", "medium"], ["low", "medium", "high"]),
        (["Very High", "LOW", "medium", "very low"], ["very low", "LOW", "medium", "Very High"]),
        (["Agree", "Strongly disagree", "Neutral"], ["Strongly disagree", "Neutral", "Agree"]),
        (["often", "never", "sometimes"], ["never", "sometimes", "often"]),
        (["none", "mild", "severe", "moderate"], ["none", "mild", "moderate", "severe"]),
        (["L", "S", "XL", "M"], ["S", "M", "L", "XL"]),
        (["Third", "First", "Second"], ["First", "Second", "Third"]),
        (["Fair", "Ideal", "Good", "Very Good", "Premium"],
         ["Fair", "Good", "Very Good", "Premium", "Ideal"]),
        (["B+", "A", "A-", "C"], ["C", "B+", "A-", "A"]),
        (["25-34", "18-24", "65+", "35-64"], ["18-24", "25-34", "35-64", "65+"]),
        (["25 - 45", "Less than 25", "Greater than 45"],
         ["Less than 25", "25 - 45", "Greater than 45"]),
        (["1 - low", "2 - medium", "3 - high"], ["1 - low", "2 - medium", "3 - high"]),
        (["Bachelor's", "PhD", "High School"], ["High School", "Bachelor's", "PhD"]),
)  # fmt: skip


@pytest.mark.parametrize(("values", "order"), SCALES)
def test_words_of_a_scale_are_ordered(values, order):
    assert list(word_scale("x", values)) == order


def test_columns_of_a_scale_are_ordinal(read):
    result = read(table(**{f"x{i}": around(values) for i, (values, _) in enumerate(SCALES)}))
    for column, (_, order) in zip(result.columns[1:], SCALES, strict=True):
        assert (column.kind, column.storage) == (Kind.ORDINAL, Storage.TEXT)
        assert column.kind_why.startswith(f"The values have an order: “{order[0]}” < ")
        assert column.kind_confidence is Confidence.HIGH


NO_SCALES = (
        ["low", "high"],  # two say yes and no
        ["low", "medium", "high", "blue"],
        ["A", "B", "C"],  # groups as well as grades
        ["red", "green", "blue"],
        ["2-1", "1-3", "0-2"],  # results of matches
        ["10-20", "15-30", "25-40"],  # bands that overlap
        ["male", "female", "diverse"],
        ["S", "C", "Q"],
        ["single", "married", "divorced"],
)  # fmt: skip


def test_other_words_stay_a_category(read):
    assert [word_scale("x", values) for values in NO_SCALES] == [()] * len(NO_SCALES)
    result = read(table(**{f"x{i}": around(values) for i, values in enumerate(NO_SCALES)}))
    assert {c.kind for c in result.columns[1:]} == {Kind.CATEGORY}


def test_letters_are_grades_where_the_name_says_so():
    assert word_scale("final_grade", ["A", "B", "C"]) == ("C", "B", "A")


NUMBERS = {
    "rating": ([1, 2, 3, 4, 5], Kind.ORDINAL),
    "user_rating": ([1, 2, 4, 5], Kind.ORDINAL),  # one step unused
    "Stars": ([0, 1, 2, 3], Kind.ORDINAL),
    "pclass": ([1, 2, 3], Kind.ORDINAL),
    "rating_count": ([1, 2, 3, 4, 5], Kind.INTEGER),
    "n_stars": ([1, 2, 3, 4, 5], Kind.INTEGER),
    "children": ([1, 2, 3, 4, 5], Kind.INTEGER),
    "siblings": ([0, 1, 2, 3], Kind.INTEGER),
    "wide_rating": ([1, 20, 300, 4000], Kind.INTEGER),
    "sparse_rating": ([1, 9, 10], Kind.INTEGER),
    "two_rating": ([0, 1], Kind.INTEGER),
    "mid_rating": ([1.5, 2.5, 4.5], Kind.NUMBER),
    "last": ("xyz", Kind.CATEGORY),
}


def test_whole_numbers_are_steps_only_where_name_and_range_say_so(read):
    result = read(table(**{name: around(values) for name, (values, _) in NUMBERS.items()}))
    assert {c.name: c.kind for c in result.columns[1:]} == {n: k for n, (_, k) in NUMBERS.items()}
    steps = result.column("rating")
    assert (steps.storage, steps.is_number) == (Storage.INTEGER, True)
    assert steps.kind_confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    "values",
    [
        [json.dumps({"a": i, "b": [1, None]}) for i in range(ROWS)],
        [json.dumps([i / 7, i / 9, -i]) for i in range(ROWS)],
        [f"['tag {i}', 'other']" for i in range(ROWS)],
        ["[]", "{}", '["x"]', '{"k": "v"}'] * 15,
    ],
)
def test_json_is_a_list(read, values):
    column = read(table(x=values)).column("x")
    assert (column.kind, column.storage) == (Kind.LIST, Storage.TEXT)
    assert "JSON" in column.kind_why


@pytest.mark.parametrize("sign", [";", "|", ", "])
def test_parts_that_come_again_are_a_list(read, sign):
    genres = ["Action", "Comedy", "Drama", "Science fiction"]
    values = [
        sign.join(g for bit, g in enumerate(genres) if i + 1 >> bit & 1) or "Drama"
        for i in range(15)
    ]
    column = read(table(x=around(values))).column("x")
    assert (column.kind, column.kind_confidence) == (Kind.LIST, Confidence.MEDIUM)


@pytest.mark.parametrize(
    "values",
    [
        [f"He said so, and number {i} agreed, sadly" for i in range(ROWS)],
        [f"Family{i}, Given{i * 7}" for i in range(ROWS)],
        [f"{i} Main St, Town {i % 9}, ST" for i in range(ROWS)],
        [f"City{i % 20}, State{i % 7}" for i in range(ROWS)],  # always two parts
        [f"[unclear {i}] what the note means" for i in range(ROWS)],
        [f"{{{i}" for i in range(ROWS)],
        ["a;b"] * 30 + ["c"] * 30,
    ],
)
def test_other_texts_with_signs_are_no_list(read, values):
    assert read(table(x=values)).column("x").kind is not Kind.LIST


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([f"train/cats/{i:05d}.JPG" for i in range(ROWS)], "paths of images"),
        ([f"https://example.org/i/{i}.png?size=2" for i in range(ROWS)], "paths of images"),
        ([f"https://example.org/page?id={i}" for i in range(ROWS)], "addresses"),
        ([f"s3://bucket/{i}/data.bin" for i in range(ROWS)], "addresses"),
        ([f"www.example{i}.com" for i in range(ROWS)], "addresses"),
    ],
)
def test_links_are_neither_identifiers_nor_categories(read, values, words):
    column = read(table(x=values)).column("x")
    assert (column.kind, column.storage) == (Kind.LINK, Storage.TEXT)
    assert words in column.kind_why


def test_a_text_that_mentions_an_address_is_a_text(read):
    values = [f"see https://example.org/{i} for more on this matter" for i in range(ROWS)]
    assert read(table(x=values)).column("x").kind is Kind.TEXT


def test_times_of_the_day_name_no_rows(read):
    values = [f"{i % 24:02d}:{i:02d}" for i in range(ROWS)]
    assert read(table(x=values)).column("x").kind is Kind.CATEGORY


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lat", "lon"),
        ("Latitude", "Longitude"),
        ("pickup_latitude", "pickup_longitude"),
        ("startLat", "startLng"),
        ("lat_deg", "long_deg"),
    ],
)
def test_latitude_and_longitude_are_a_pair(read, first, second):
    result = read(
        table(**{first: [i / 2 for i in range(ROWS)], second: [-i * 1.5 for i in range(ROWS)]})
    )
    latitude, longitude = result.column(first), result.column(second)
    assert {latitude.kind, longitude.kind} == {Kind.GEO}
    assert f"“{second}”" in latitude.kind_why
    assert f"“{first}”" in longitude.kind_why
    assert latitude.is_number
    assert latitude.kind.is_numeric


@pytest.mark.parametrize(
    "columns",
    [
        {"lat": [i / 2 for i in range(ROWS)]},  # alone
        {"lat": [i * 2.5 for i in range(ROWS)], "lon": [i / 2 for i in range(ROWS)]},  # 147
        {"flat": [i / 2 for i in range(ROWS)], "flon": [i / 3 for i in range(ROWS)]},
        {"latency": [i / 2 for i in range(ROWS)], "longevity": [i / 3 for i in range(ROWS)]},
        {"a_lat": [i / 2 for i in range(ROWS)], "b_lon": [i / 3 for i in range(ROWS)]},
    ],
)
def test_other_numbers_are_no_place(read, columns):
    result = read(table(**columns))
    assert all(result.column(name).kind is Kind.NUMBER for name in columns)


def test_an_ordinal_label_is_classes_by_their_texts(read):
    result = read(table(x=[i / 7 for i in range(ROWS)], rating=around([1, 2, 3, 4, 5])))
    label = result.column("rating")
    chosen = intake.choose(label, role=Role.LABEL, folder=result.folder)
    assert (chosen.kind, chosen.storage) == (Kind.ORDINAL, Storage.TEXT)
    version = DatasetVersion(id="d", name="d", sha256="", n_rows=ROWS, columns=(chosen,))
    assert version.task is Task.CLASSIFICATION


def test_a_person_can_choose_every_kind_that_fits(read):
    result = read(table(x=around([1, 2, 3, 4, 700]), y=[i / 7 for i in range(ROWS)]))
    number = result.column("x")
    steps = intake.choose(number, kind=Kind.ORDINAL, folder=result.folder)
    assert (steps.storage, steps.is_number) == (Storage.INTEGER, True)
    place = intake.choose(result.column("y"), kind=Kind.GEO, folder=result.folder)
    assert place.storage is Storage.NUMBER
    for kind in (Kind.LIST, Kind.LINK, Kind.TEXT):
        assert intake.choose(number, kind=kind, folder=result.folder).storage is Storage.TEXT


def test_how_sure_a_role_is(read):
    named = read(table(x=[i / 7 for i in range(ROWS)], churn=around(["no", "gone"])))
    assert named.column("churn").role_confidence is Confidence.HIGH
    last = read(table(x=[i / 7 for i in range(ROWS)], sort=around("xyz")))
    assert (last.column("sort").role, last.column("sort").role_confidence) == (
        Role.LABEL,
        Confidence.LOW,
    )
