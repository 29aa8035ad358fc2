"""Encoding mixed columns as numbers."""

import numpy as np
import pandas as pd
import pytest

from components.checks._lib import features
from components.checks._lib.encoder import fit_encoder
from components.checks._lib.encodings import FOR_DISTANCES
from components.core.data.dataset import Kind, Role


@pytest.fixture
def encoded(make_table):
    def make(frame, **roles):
        table = make_table(frame, **roles)
        sample = table.sample(10**6, seed=0).frame
        encoder = fit_encoder(sample, features.plan(table.version), seed=0)
        return encoder, encoder.encode(sample), sample

    return make


def test_columns_are_read_as_what_they_are(make_table):
    frame = pd.DataFrame(
        {
            "n": [1.5, 2.5, 3.5],
            "c": ["a", "b", "a"],
            "t": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03"]),
            "w": ["one text", "two texts", "three texts"],
            "b": [True, False, True],
            "key": ["k1", "k2", "k3"],
            "same": [1, 1, 1],
            "out": [3, 2, 1],
            "y": ["u", "v", "u"],
        }
    )
    table = make_table(frame, label="y", id="key", text=["w"], ignore=["out"])
    plan = features.plan(table.version, leave_out={"b"})
    assert plan == features.Plan(("n",), ("c",), ("t",), ("w",))


def test_missing_numbers_become_the_median_and_a_mark(encoded):
    encoder, rows, _ = encoded(pd.DataFrame({"x": [1.0, 2.0, np.nan, 9.0], "z": [1.0, 2, 3, 4]}))
    assert rows.trees[:, 0].tolist() == [1.0, 2.0, 2.0, 9.0]
    assert rows.trees[:, 2].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert encoder.origin == (("x", ""), ("z", ""), ("x", ""))


def test_wild_numbers_stay_finite(encoded):
    wild = [np.inf, -np.inf, 1e300, -1e300, 0.0, np.nan, 5e-324, 1.0]
    _, rows, _ = encoded(pd.DataFrame({"x": wild, "y": range(8)}))
    assert np.isfinite(rows.linear).all()
    assert np.isfinite(rows.trees).all()


def test_rare_unknown_and_missing_levels_are_told_apart(encoded):
    encoder, rows, sample = encoded(pd.DataFrame({"c": ["a", "a", "b", "b", "once", None]}))
    assert rows.trees[:, 0].tolist() == [2.0, 2.0, 3.0, 3.0, 1.0, 0.0]
    new = sample.assign(c=["never seen"] * 6)
    assert set(encoder.encode(new).trees[:, 0]) == {1.0}
    assert rows.linear.sum(axis=1).tolist() == [1.0] * 6


def test_times_become_days_hours_weekdays_and_months(encoded):
    times = pd.to_datetime(["1970-01-02 06:00", "1970-02-01 18:00", None])
    _, rows, _ = encoded(pd.DataFrame({"t": times, "x": [1.0, 2.0, 3.0]}))
    assert rows.trees[0, 1:5].tolist() == [1.25, 6.0, 4.0, 1.0]
    assert rows.trees[1, 1:5].tolist() == [31.75, 18.0, 6.0, 2.0]


def test_words_are_features_with_names(encoded):
    texts = ["good film", "bad film", "good plot", "bad plot", "good cast", "bad cast"]
    encoder, rows, _ = encoded(pd.DataFrame({"w": texts}), text=["w"])
    assert ("", "good") in encoder.origin
    assert rows.linear.shape[1] == len(encoder.origin)
    assert rows.trees.shape == (6, encoder.topics.components_.shape[0])


def test_texts_without_a_common_word_are_left_out(encoded):
    encoder, rows, _ = encoded(
        pd.DataFrame({"w": ["?", "!", "alpha", "beta"], "x": [1.0, 2.0, 3.0, 4.0]}), text=["w"]
    )
    assert encoder.words is None
    assert rows.linear.shape == (4, 1)


def distances(make_table, frame, **roles):
    table = make_table(frame, **roles)
    sample = table.sample(10**6, seed=0).frame
    plan = features.plan(table.version)
    encoder = fit_encoder(sample, plan, FOR_DISTANCES, seed=0)
    return encoder, encoder.linear(sample)


def test_for_distances_a_category_is_as_far_as_it_is_rare_and_a_text_as_it_is_long(make_table):
    frame = pd.DataFrame(
        {"kind": ["a"] * 8 + ["b"] * 2, "text": ["x" * (i + 1) for i in range(10)]}
    )
    encoder, rows = distances(make_table, frame, text=["text"])
    assert [name for name, _ in encoder.origin] == ["kind", "text"]
    expected = -np.log(np.array([0.8] * 8 + [0.2] * 2))
    width = (expected.max() - expected.min()) / 3.29
    assert rows[:, 0] == pytest.approx((expected - np.median(expected)) / width)
    assert np.argsort(rows[:, 1]).tolist() == list(range(10))


def test_for_distances_repeated_and_constant_columns_do_not_count(make_table):
    x = np.random.default_rng(0).normal(size=50)
    frame = pd.DataFrame({"x": x, "same": 2 * x + 1, "turned": -x, "flat": 3.0, "y": x**2})
    kinds = {"flat": Kind.NUMBER}
    encoder, rows = distances(make_table, frame, kinds=kinds)
    assert encoder.origin == (("x", ""), ("y", ""))
    assert np.median(rows, axis=0) == pytest.approx(0.0, abs=1e-12)
    ordered = np.sort(rows, axis=0)
    middle, wider = np.ptp(ordered[3:-3], axis=0), np.ptp(ordered[1:-1], axis=0)  # 90 and 98 %
    assert np.maximum(middle / 3.29, wider / (1.5 * 4.653)) == pytest.approx(1.0)


def test_for_distances_the_scale_is_of_the_middle_and_of_a_level_that_two_percent_have(make_table):
    x = np.repeat([1.0, 1.1], [80, 70])
    wild, level = x.copy(), x.copy()
    wild[:1], level[:3] = 1000.0, 4.0
    frame = pd.DataFrame({"wild": wild, "level": level[::-1]})
    _, rows = distances(make_table, frame)
    assert np.ptp(np.sort(rows[:, 0])[:-1]) == pytest.approx(3.29)
    assert rows[:, 1].max() == pytest.approx(1.5 * 4.653)


def test_for_distances_a_wild_cell_is_not_cut_and_for_models_it_is(make_table):
    frame = pd.DataFrame({"x": [*np.linspace(0, 1, 500), 1e6], "y": np.linspace(0, 1, 501)})
    _, rows = distances(make_table, frame)
    assert rows[-1, 0] > 20
    table = make_table(frame)
    sample = table.sample(10**6, seed=0).frame
    encoder = fit_encoder(sample, features.plan(table.version), seed=0)
    assert encoder.linear(sample)[-1, 0] == 10.0


def test_marks_of_missing_cells_are_one_apart_in_every_encoding(make_table):
    frame = pd.DataFrame({"x": [1.0, 2.0, np.nan, 9.0] * 10, "z": np.arange(40.0)})
    encoder, rows = distances(make_table, frame)
    assert encoder.origin == (("x", ""), ("z", ""), ("x", ""))
    assert set(rows[:, 2].tolist()) == {0.75, -0.25}


def test_equal_rows_have_equal_keys_in_any_order():
    frame = pd.DataFrame({"a": [1.0, 2.0, 1.0, np.nan], "b": ["x", "y", "x", None]})
    keys = features.content_keys(frame, ["a", "b"])
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3
    turned = features.content_keys(frame.iloc[::-1], ["a", "b"])
    assert turned[::-1].tolist() == keys.tolist()


def test_mixed_keys_depend_on_the_seed_and_stay_different():
    keys = np.arange(1000, dtype=np.uint64)
    first, second = features.mixed(keys, 0), features.mixed(keys, 1)
    assert len(np.unique(first)) == 1000
    assert (first != second).all()
    assert abs(np.corrcoef(first.astype(float), keys.astype(float))[0, 1]) < 0.1


def test_a_text_kind_with_a_text_role_is_text(make_table):
    table = make_table(
        pd.DataFrame({"w": ["a", "b"]}), roles={"w": Role.TEXT}, kinds={"w": Kind.CATEGORY}
    )
    assert features.plan(table.version).texts == ("w",)


def test_times_have_parts_in_every_year_of_the_calendar():
    days = ["0001-01-01T00:00", "1066-10-14T09:30", "1969-12-31T23:59", "9999-12-31T23:59"]
    times = pd.Series(np.array([*days, "NaT"], dtype="datetime64[us]"))
    parts = features.time_values(times)
    expected = [pd.Timestamp(day) for day in days]
    assert parts[:4, 1].tolist() == [t.hour for t in expected]
    assert parts[:4, 2].tolist() == [t.weekday() for t in expected]
    assert parts[:4, 3].tolist() == [t.month for t in expected]
    assert np.floor(parts[:4, 0]).tolist() == [t.toordinal() - 719_163 for t in expected]
    assert np.isnan(parts[4]).all()
