import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.checks.duplicates import _column_pairs
from components.checks.duplicates._column_pairs import Relation
from components.core.data.dataset import Kind
from components.core.judgement.evidence import Ranking
from components.core.judgement.findings import Severity, Status

CHECK = "duplicates.redundant_columns"


@pytest.fixture
def frame():
    rng = np.random.default_rng(8)
    n = 600
    return pd.DataFrame(
        {
            "degree": rng.choice(["BSc", "MSc", "PhD", "none"], n),
            "size": rng.lognormal(2, 1, n),
            "town": rng.choice(list("ABCDEFGH"), n),
            "count": rng.poisson(5, n),
        }
    )


def found(result):
    return {f.key: f for f in result.findings}


def test_unrelated_and_related_columns_give_nothing(check_frame, frame):
    rng = np.random.default_rng(0)
    frame["close"] = frame["size"] * rng.lognormal(0, 0.2, 600)
    frame["free"] = [f"text {i}" for i in rng.permutation(600)]
    frame["other"] = [f"word {i}" for i in rng.permutation(600)]
    result = check_frame(CHECK, frame)
    assert result.status is Status.PASSED
    (ranking,) = [e for e in result.evidence if isinstance(e, Ranking)]
    assert ranking.items == ("size ~ close",)
    assert 0.9 < ranking.values[0] < 0.99


def test_renamed_values_are_twins(check_frame, frame):
    frame["level"] = frame["degree"].map({"BSc": 3, "MSc": 1, "PhD": 2, "none": 9})
    (finding,) = check_frame(CHECK, frame).findings
    assert finding.title == "2 columns say the same: “degree” and “level”"
    assert finding.severity is Severity.INFO
    assert "without exception" in finding.detail
    assert finding.threshold is None


def test_one_exception_breaks_the_twins(check_frame, frame):
    frame["level"] = frame["degree"].map({"BSc": "b", "MSc": "m", "PhD": "p", "none": "n"})
    frame.loc[599, "level"] = "x"
    assert not [k for k in found(check_frame(CHECK, frame)) if k.startswith("twins")]


def test_ranks_and_equal_values_form_one_cluster(check_frame, frame):
    frame["log"] = np.log(frame["size"])
    frame["minus"] = -frame["size"]
    frame["again"] = frame["size"]
    frame.loc[:40, "log"] = np.nan
    (finding,) = check_frame(CHECK, frame).findings
    assert finding.affected.columns == ("size", "log", "minus", "again")
    assert finding.measure.value == pytest.approx(1.0)
    assert finding.threshold.value == 0.99


def test_a_crowd_of_twins_is_one_finding_and_hides_no_other(check_frame):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 1_000))
    crowd = {f"a{i}": x + 0.02 * rng.normal(size=1_000) for i in range(120)}
    others = {f"b{i}": y + 0.08 * rng.normal(size=1_000) for i in range(4)}
    gaps = {"a7": np.where(rng.random(1_000) < 0.2, np.nan, crowd["a7"])}
    result = check_frame(CHECK, pd.DataFrame(crowd | others | gaps))
    assert [f.affected.columns for f in result.findings] == [tuple(crowd), tuple(others)]


def test_equal_texts_are_twins_and_unequal_ones_are_not(check_frame, frame):
    frame["text"] = [f"word {i}" for i in range(600)]
    frame["same"] = frame["text"]
    frame["near"] = [*frame["text"][:599], "another"]
    (finding,) = check_frame(CHECK, frame).findings
    assert finding.affected.columns == ("text", "same")


def test_a_column_that_follows_is_told_once(check_frame, frame):
    frame["region"] = frame["town"].map(lambda t: "north" if t in "ABC" else "south")
    (finding,) = check_frame(CHECK, frame).findings
    assert finding.key == "follows"
    assert "“region” from “town”" in finding.detail
    assert finding.measure.value == 1


def test_the_label_is_not_compared(check_frame, frame):
    frame["label"] = frame["degree"].str.lower()
    assert check_frame(CHECK, frame, label="label").status is Status.PASSED


def test_the_twin_of_a_sensitive_column_is_told(check_frame, frame):
    frame["code"] = frame["town"].str.lower()
    (finding,) = check_frame(CHECK, frame, sensitive=["town"]).findings
    assert "“town” is sensitive and would live on in a twin" in finding.recommended_action


def test_a_sample_is_confirmed_on_the_whole_table(check_frame, frame):
    big = pd.concat([frame] * 20, ignore_index=True)
    big["level"] = big["degree"].map({"BSc": "b", "MSc": "m", "PhD": "p", "none": "n"})
    result = check_frame(CHECK, big, params={"sample_rows": 500})
    assert found(result)["twins:degree"].affected.columns == ("degree", "level")
    assert result.coverage.sampled
    assert result.coverage.rows_seen == 500
    big.loc[7, "level"] = "x"
    assert "twins:degree" not in found(check_frame(CHECK, big, params={"sample_rows": 500}))


def test_rank_correlation_equals_scipy():
    from scipy import stats

    rng = np.random.default_rng(4)
    a = rng.integers(0, 12, 300).astype(float)
    b = a + rng.normal(0, 3, 300).round()
    a[:20] = np.nan
    expected = stats.spearmanr(a[20:], b[20:]).statistic
    assert _column_pairs._rank_strength(a, b) == pytest.approx(expected)


def test_links_join_into_sets():
    links = [
        _column_pairs.Link(a, b, _column_pairs.Relation.RANKS, 1.0) for a, b in ["bc", "de", "ce"]
    ]
    assert _column_pairs.clusters("abcdef", links) == [["b", "c", "d", "e"]]


def test_wide_tables_stay_quick(make_table):
    class Run:
        seed = 0

        def progress(self, done, note=""):
            assert 0 <= done <= 1, note

    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(100, 400)), columns=[f"x{i}" for i in range(400)])
    frame["x7b"] = frame["x7"] ** 3
    result = registry.get(CHECK).run(make_table(frame), Run())
    assert [f.affected.columns for f in result.findings] == [("x7", "x7b")]
    assert result.elapsed_s < 20


def test_what_is_not_seen_in_full_is_not_confirmed(make_table, monkeypatch):
    values = np.resize(np.arange(40), 400)
    frame = pd.DataFrame({"a": values, "same": values, "name": [f"n{v}" for v in values]})
    table = make_table(frame, kinds=dict.fromkeys(frame, Kind.CATEGORY))
    assert _column_pairs._confirmed(table, "a", "same") is Relation.EQUAL
    assert _column_pairs._confirmed(table, "a", "name") is Relation.RENAMED
    assert _column_pairs._holds(table, "a", "name", 10)
    monkeypatch.setattr(_column_pairs, "MAX_VALUES", 39)
    monkeypatch.setattr(_column_pairs, "MAX_COMBINED", 39)
    assert _column_pairs._confirmed(table, "a", "same") is Relation.EQUAL
    assert _column_pairs._confirmed(table, "a", "name") is None
    assert not _column_pairs._holds(table, "a", "name", 10)
