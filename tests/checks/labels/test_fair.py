"""Doubts about labels and groups of people: flags, second opinions, what accepting would do."""

import numpy as np
import pandas as pd
import pytest

from components.core.judgement.evidence import GroupMetrics, Measure, Ranking, Unit

ID = "labels.label_errors"
RESTS = "suggestions that rest on sensitive columns or their proxies"


def loans(n=900, seed=5):
    """Loans that are granted by income, and to men with less; 4 % of the labels are wrong."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["f", "m"], n, p=[0.4, 0.6])
    income = rng.normal(50, 15, n).round(1)
    right = income + np.where(sex == "m", 30, 0) > 60
    wrong = rng.random(n) < 0.04
    return pd.DataFrame(
        {
            "income": income,
            "years": rng.integers(0, 30, n),
            "sex": sex,
            "title": np.where(rng.random(n) < 0.03, "-", np.where(sex == "m", "Mr", "Ms")),
            "granted": np.where(right ^ wrong, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def memory():
    return {}


@pytest.fixture
def granted(check_frame, memory):
    """The loans and what was found in them, once."""
    if not memory:
        frame = loans()
        memory[0] = frame, check_frame(ID, frame, label="granted", sensitive=["sex"])
    return memory[0]


def flags(result):
    scores = result.row_scores
    names = ("given", "suggested", "against", "reason")
    told = {name: getattr(scores, name)[scores.flagged] for name in names}
    return pd.DataFrame(told, index=scores.row_id[scores.flagged])


def metric(result, name, attribute="sex"):
    (found,) = (
        e
        for e in result.evidence
        if isinstance(e, GroupMetrics) and (e.metric, e.attribute) == (name, attribute)
    )
    return found


def measure(result, name):
    (found,) = (e for e in result.evidence if isinstance(e, Measure) and e.name == name)
    return found


def corrected(frame, label, result):
    """Return the label of each row after every suggestion was accepted."""
    found = flags(result)
    after = frame[label].copy()
    after[found.index] = found["suggested"].to_numpy()
    return after


def test_what_accepting_all_would_do_is_what_counting_the_corrected_table_gives(granted):
    frame, result = granted
    sex, after = frame["sex"], corrected(frame, "granted", result)
    assert (after != frame["granted"]).sum() == result.row_scores.n_flagged > 10
    for suffix, labels in (("", frame["granted"]), ("_if_accepted", after)):
        rates = (labels == "yes").groupby(sex).mean()
        told = metric(result, f"rate{suffix}:yes")
        assert dict(zip(told.groups, told.value, strict=True)) == pytest.approx(rates.to_dict())
        assert dict(zip(told.groups, told.n, strict=True)) == sex.value_counts().to_dict()
        assert all(
            low < value < high
            for low, value, high in zip(told.ci_low, told.value, told.ci_high, strict=True)
        )
        ratio = metric(result, f"ratio{suffix}:yes")
        assert (ratio.groups, ratio.reference, ratio.unit) == (("f",), "m", Unit.RATIO)
        assert ratio.value[0] == pytest.approx(rates["f"] / rates["m"])


def test_the_finding_states_both_ratios(granted):
    _, result = granted
    before, after = (metric(result, f"ratio{end}:yes").value[0] for end in ("", "_if_accepted"))
    (finding,) = result.findings
    assert f"their ratio from {before:.3f} to {after:.3f}." in finding.detail
    assert "Accepting all suggestions would change the share of “yes” where “sex” is “f”" in (
        finding.detail
    )


def test_of_several_classes_the_one_that_would_change_most_is_told(check_frame):
    rng = np.random.default_rng(3)
    n = 600
    x, group = rng.normal(size=n), rng.choice(["a", "b", "c"], n, p=[0.6, 0.39, 0.01])
    z = rng.normal(size=n)
    label = np.select([x + z > 0.8, x + z < -0.8], ["high", "low"], "middle").astype(object)
    wrong = (group == "b") & (rng.random(n) < 0.1)
    label[wrong & (label == "high")] = "low"
    label[:5] = None
    frame = pd.DataFrame({"x": x, "z": z, "group": group, "label": label})
    result = check_frame(ID, frame, label="label", sensitive=["group"])
    after, there = corrected(frame, "label", result), frame["label"].notna()
    change = {}
    for name in ("high", "low", "middle"):
        gained = (after == name).astype(int) - (frame["label"] == name)
        change[name] = max(abs(gained[there & (group == g)].mean()) for g in "ab")
    assert max(change.values()) > 0.01
    told = next(e for e in result.evidence if getattr(e, "metric", "").startswith("rate_if"))
    assert change[told.metric.partition(":")[2]] == max(change.values())
    assert sum(told.n) == there.sum(), "rows without a label have no rate"
    ratio = metric(result, told.metric.replace("rate", "ratio"), "group")
    assert ratio.groups == ("b",), "six rows are too few to compare"


def test_without_sensitive_columns_or_flags_nothing_is_told_of_accepting(check_frame):
    frame = loans(300)
    result = check_frame(ID, frame.drop(columns="sex"), label="granted")
    told = [e.metric for e in result.evidence if isinstance(e, GroupMetrics)]
    assert told == ["flagged_by_class"]
    clean = frame.assign(granted=np.where(frame["income"] > 50, "yes", "no"))
    result = check_frame(ID, clean, label="granted", sensitive=["sex"])
    assert result.row_scores.n_flagged == 0
    told = [e.metric for e in result.evidence if isinstance(e, GroupMetrics)]
    assert told == ["flagged_by_class", "flagged"]


def test_suggestions_that_rest_on_a_sensitive_column_or_its_proxy_are_counted_and_marked(granted):
    frame, result = granted
    found = flags(result)
    marked = found["against"].str.startswith("without sex and title models expect", na=False)
    n = len(found)
    assert 0 < marked.sum() < n
    assert measure(result, RESTS).value == pytest.approx(marked.sum() / n)
    (finding,) = result.findings
    assert (
        f"{marked.sum()} of {n} suggestions rest on sensitive columns: without “sex”, and “title”, "
        "which tells it, models expect the label in the file."
    ) in finding.detail
    assert found["against"][marked].str.contains("the label in the file, not", regex=False).all()
    # where income alone decides (over 60 for both, or under 30), nothing rests on the sex
    income = frame["income"][found.index]
    decides = income.between(35, 55)
    assert marked[decides].mean() > marked[~decides].mean()


def test_leaving_out_a_column_that_says_nothing_takes_no_suggestion_away(check_frame):
    frame = loans()
    rng = np.random.default_rng(1)
    right = frame["income"] + frame["years"] > 65
    wrong = rng.random(len(frame)) < 0.04
    frame = frame.assign(granted=np.where(right ^ wrong, "yes", "no"))
    result = check_frame(ID, frame, label="granted", sensitive=["sex"])
    assert measure(result, RESTS).value == 0
    n = result.row_scores.n_flagged
    assert (
        f"Leaving out “sex”, and “title”, which tells it, takes none of {n} suggestions away."
    ) in result.findings[0].detail
    assert not flags(result)["against"].str.contains("without", na=False).any()


def test_a_second_opinion_changes_no_score(check_frame, granted):
    frame, result = granted
    scores = result.row_scores
    plain = check_frame(ID, frame, label="granted").row_scores
    assert plain.row_id.tolist() == scores.row_id.tolist()
    for name in ("quality", "flagged", "confidence"):
        assert np.array_equal(getattr(plain, name), getattr(scores, name))


def test_rows_beyond_the_sample_have_a_second_opinion_too(check_frame):
    frame = loans(2_400)
    result = check_frame(ID, frame, label="granted", sensitive=["sex"], params={"max_rows": 1_000})
    found = flags(result)
    assert measure(result, RESTS).n == len(found)
    marked = found["against"].str.startswith("without sex and title models expect", na=False)
    assert measure(result, RESTS).value == pytest.approx(marked.mean())
    assert marked.sum() > 5


def test_where_nothing_but_sensitive_columns_is_read_there_is_no_second_opinion(check_frame):
    frame = loans()[["sex", "title", "granted"]]
    rng = np.random.default_rng(2)
    wrong = rng.random(len(frame)) < 0.04
    frame["granted"] = np.where((frame["sex"] == "m") ^ wrong, "yes", "no")
    result = check_frame(ID, frame, label="granted", sensitive=["sex"])
    assert not any(getattr(e, "name", "") == RESTS for e in result.evidence)


def test_the_columns_that_most_reasons_begin_with_are_told(granted):
    _, result = granted
    found = flags(result)
    first = found["reason"].str.partition(" is ")[0].replace("title", "sex").value_counts()
    (ranking,) = (
        e
        for e in result.evidence
        if isinstance(e, Ranking) and e.name == "First reason of the flagged rows, by column"
    )
    counted = {
        name.partition(", ")[0]: value
        for name, value in zip(ranking.items, ranking.values, strict=True)
    }
    assert counted == first.to_dict()
    n = int(first.sum())
    name = {"sex": "one of “sex” and “title” (which repeat one another)"}
    told = [f"{count} of {n} flagged rows the first reason is" for count in first[:1]]
    told += [f"{name.get(column, f'“{column}”')}" for column in first.index[:2]]
    assert all(part in result.findings[0].detail for part in told)
