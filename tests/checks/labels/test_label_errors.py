"""Labels contradicted by the other rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from components.checks._lib import words
from components.checks.labels import _prepare
from components.checks.labels._judge import Judged, Rule, judge
from components.core.data.dataset import Kind, Role
from components.core.errors import Cancelled
from components.core.judgement.evidence import GroupMetrics, Matrix, Measure, RowGroups
from components.core.judgement.findings import Severity, Status

ID = "labels.label_errors"


@pytest.fixture(scope="module")
def shop():
    """Four hundred orders whose class follows from two columns."""
    rng = np.random.default_rng(11)
    n = 400
    weight = rng.gamma(3.0, 2.0, n).round(2)
    item = rng.choice(["book", "lamp", "sofa"], n)
    size = weight + np.select([item == "sofa", item == "lamp"], [14.0, 5.0], 0.0)
    return pd.DataFrame(
        {
            "weight": weight,
            "item": item,
            "paid": rng.lognormal(3, 1, n).round(2),
            "depth": (size + rng.normal(0, 1.0, n)).round(2),
            "way": np.select([size > 16, size > 9], ["truck", "parcel"], "letter"),
        }
    )


def flipped(frame, label, share, seed=0):
    rng = np.random.default_rng(seed)
    classes = sorted(frame[label].unique())
    rows = np.sort(rng.choice(len(frame), int(share * len(frame)), replace=False))
    given = frame[label].to_numpy(dtype=object).copy()
    for row in rows:
        given[row] = rng.choice([c for c in classes if c != given[row]])
    return frame.assign(**{label: given}), rows


@pytest.fixture
def five(check_frame, shop, memory):
    """The orders with 5 % wrong labels, which ones, and the result; made once."""
    if not memory:
        frame, rows = flipped(shop, "way", 0.05)
        memory.append((frame, rows, check_frame(ID, frame, label="way")))
    return memory[0]


@pytest.fixture(scope="module")
def memory():
    return []


def flagged(result):
    scores = result.row_scores
    return scores.row_id[scores.flagged]


def test_clean_labels_give_no_warning(check_frame, shop):
    result = check_frame(ID, shop, label="way")
    assert result.row_scores.n_flagged <= 1
    assert all(f.severity is Severity.INFO for f in result.findings)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.2])
def test_planted_errors_are_found(check_frame, shop, share):
    # of 400 rows, 8 wrong labels are too few to tell from honest exceptions

    frame, rows = flipped(shop, "way", share)
    result = check_frame(ID, frame, label="way")
    found = flagged(result)
    assert np.isin(found, rows).mean() >= 0.85
    assert np.isin(rows, found).mean() >= 0.6
    (finding,) = result.findings
    assert finding.severity is (Severity.WARNING if share > 0.02 else Severity.INFO)
    assert finding.affected.n_rows == len(found)
    assert finding.title.endswith(
        f"contradicted by the other rows ({words.share(finding.affected.share)} of rows)"
    )
    right = shop["way"].to_numpy(dtype=object)
    scores = result.row_scores
    hits = [s == right[r] for r, s in zip(scores.row_id, scores.suggested, strict=True)]
    assert np.mean(np.array(hits)[scores.flagged]) >= 0.85


def test_a_public_table_with_planted_errors(check_frame):
    data = load_breast_cancer(as_frame=True).frame.iloc[:, [*range(10), 30]]
    frame, rows = flipped(
        data.assign(target=data["target"].map({0: "bad", 1: "good"})), "target", 0.1
    )
    found = flagged(check_frame(ID, frame, label="target"))
    assert np.isin(found, rows).mean() >= 0.75
    assert np.isin(rows, found).mean() >= 0.55


def test_random_labels_are_not_called_errors(check_frame, shop):
    rng = np.random.default_rng(2)
    frame = shop.assign(way=rng.choice(["no", "yes"], len(shop), p=[0.8, 0.2]))
    result = check_frame(ID, frame, label="way")
    assert result.row_scores.n_flagged == 0
    assert [f.key for f in result.findings] == ["not_assessable"]
    assert result.findings[0].severity is Severity.INFO
    assert "nothing shows that models can learn the label" in result.findings[0].title


def test_models_that_know_nothing_do_not_judge_the_other_rows(check_frame):
    rng = np.random.default_rng(4)
    n = 3_000
    frame = pd.DataFrame({"x": rng.normal(size=n), "y": rng.choice(["no", "yes"], n, p=[0.8, 0.2])})
    result = check_frame(ID, frame, label="y", params={"max_rows": 1_000})
    assert len(result.row_scores.row_id) == result.coverage.rows_seen == 1_000
    assert "Nothing shows that models can learn the label" in result.coverage.note
    (finding,) = result.findings
    assert finding.key == "not_assessable"


def test_a_hard_label_is_information_only(check_frame, shop):
    rng = np.random.default_rng(3)
    signal = shop["depth"] - shop["depth"].median() + rng.normal(0, 9, len(shop))
    result = check_frame(ID, shop.assign(way=np.where(signal > 0, "yes", "no")), label="way")
    assert all(f.severity is Severity.INFO for f in result.findings)


def test_scores_say_what_was_given_suggested_and_why(five):
    frame, _, result = five
    scores = result.row_scores
    assert scores.quality[scores.flagged].max() < 0.5 <= scores.quality[~scores.flagged].min()
    given = frame["way"].to_numpy(dtype=object)
    assert [given[r] for r in scores.row_id] == scores.given.tolist()
    bad = scores.flagged
    assert (scores.given[bad] != scores.suggested[bad]).all()
    assert ((scores.confidence >= 1 / 3) & (scores.confidence <= 1)).all()
    assert all(" is " in reason for reason in scores.reason[bad])
    named = " ".join(scores.reason[bad])
    assert "depth" in named
    assert named.count("depth") > named.count("paid")


def test_similar_rows_are_given_with_distances(five):
    _, _, result = five
    groups = next(e for e in result.evidence if isinstance(e, RowGroups))
    assert groups.relation == "nearest"
    assert {g.anchor for g in groups.groups} == set(flagged(result).tolist())
    for group in groups.groups:
        assert len(group.row_id) == 5
        assert group.anchor not in group.row_id
        assert list(group.distance) == sorted(group.distance)


def test_evidence_compares_the_models_with_the_majority(five):
    frame, _, result = five
    measures = [e for e in result.evidence if isinstance(e, Measure)]
    accuracy, majority, split, sure, surest, floor = measures
    assert accuracy.ci_low < accuracy.value < accuracy.ci_high
    assert majority.value == pytest.approx(frame["way"].value_counts(normalize=True).max())
    assert majority.value < split.value < accuracy.value
    scores = result.row_scores
    assert sure.value == pytest.approx(float(np.mean(scores.confidence >= 0.8)))
    assert surest.n == 100
    assert surest.ci_low < surest.value < surest.ci_high
    assert floor.n == 400
    assert floor.ci_low < 0.05 < floor.ci_high
    matrix = next(e for e in result.evidence if isinstance(e, Matrix))
    assert sum(v or 0 for row in matrix.values for v in row) == len(flagged(result))


def test_a_copy_of_the_label_is_not_read(check_frame, shop):
    frame, rows = flipped(shop, "way", 0.05)
    result = check_frame(ID, frame.assign(code=frame["way"].str.upper()), label="way")
    assert "“code”" in result.coverage.note
    assert np.isin(rows, flagged(result)).mean() >= 0.6


def test_copies_of_a_row_do_not_vouch_for_its_label(check_frame, shop):
    frame, rows = flipped(shop, "way", 0.04)
    frame = pd.concat([frame, frame.iloc[rows], frame.iloc[rows]], ignore_index=True)
    found = flagged(check_frame(ID, frame, label="way"))
    copies = np.concatenate([rows, np.arange(len(shop), len(frame))])
    assert np.isin(copies, found).mean() >= 0.5


def test_rare_classes_and_missing_labels_are_not_judged(check_frame, shop):
    frame = shop.copy()
    frame.loc[:2, "way"] = "drone"
    frame.loc[3:9, "way"] = None
    result = check_frame(ID, frame, label="way")
    assert not set(range(10)) & set(result.row_scores.row_id.tolist())
    assert result.coverage.rows_seen == len(shop) - 10
    assert "“drone”" in result.coverage.note
    assert "7 rows without a label" in result.coverage.note


def test_rows_beyond_the_sample_are_judged_too(check_frame, shop):
    frame, rows = flipped(pd.concat([shop] * 2, ignore_index=True), "way", 0.04)
    frame["depth"] += np.linspace(0, 0.3, len(frame))
    result = check_frame(ID, frame, label="way", params={"max_rows": 400})
    found = flagged(result)
    assert result.row_scores.n_assessed == len(frame)
    assert "400 of 800 rows" in result.coverage.note
    assert np.isin(found, rows).mean() >= 0.7
    assert np.isin(rows, found).mean() >= 0.5


def test_two_classes_with_one_row_each_are_refused(check_frame):
    frame = pd.DataFrame({"x": np.arange(30.0), "y": ["a", "b"] + [None] * 28})
    result = check_frame(ID, frame, label="y")
    assert result.status is Status.SKIPPED
    assert "fewer than two classes" in result.reason


def test_the_order_of_rows_does_not_matter(check_frame, shop):
    frame, _ = flipped(shop.iloc[:200], "way", 0.05)
    order = np.random.default_rng(5).permutation(200)
    first = check_frame(ID, frame, label="way").row_scores
    again = check_frame(ID, frame.iloc[order].reset_index(drop=True), label="way").row_scores
    quality = dict(zip(first.row_id.tolist(), first.quality.tolist(), strict=True))
    assert again.quality.tolist() == pytest.approx([quality[int(order[r])] for r in again.row_id])


def test_it_stops_when_asked(make_table, run_context, shop, monkeypatch):
    from components.checks.labels.label_errors import label_errors

    table = make_table(shop, label="way")
    run = run_context(table)

    def stop(done, _note=""):
        if done > 0.15:
            raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    with pytest.raises(Cancelled):
        label_errors.run(table, run)


def drawn(n=600, seed=0, steep=1.2):
    """A table whose labels are honest draws from p(y given x): nothing is wrong with it."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4))
    odds = steep * (x[:, 0] + x[:, 1] + x[:, 2])
    y = rng.random(n) < 1 / (1 + np.exp(-odds))
    frame = pd.DataFrame(x.round(4), columns=list("abcd"))
    return frame.assign(label=np.where(y, "yes", "no"))


@pytest.mark.parametrize(("seed", "steep"), [(0, 0.8), (1, 1.5), (2, 3.0)])
def test_a_count_of_honest_labels_never_warns(check_frame, seed, steep):
    result = check_frame(ID, drawn(seed=seed, steep=steep), label="label")
    assert result.row_scores.n_flagged >= 5
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert "The count alone does not say that any label is wrong" in finding.caveat


def test_a_class_of_the_world_that_differs_from_its_neighbours_is_no_error(check_frame):
    """One group mostly does what the others do not, and a few of it do not: titanic in small."""
    rng = np.random.default_rng(8)
    n = 900
    sex = rng.choice(["f", "m"], n)
    cabin = rng.choice([1, 2, 3], n)
    odds = np.where(sex == "f", 2.2, -1.8) - 0.7 * (cabin - 2)
    lived = rng.random(n) < 1 / (1 + np.exp(-odds))
    frame = pd.DataFrame({"sex": sex, "cabin": cabin, "age": rng.integers(1, 80, n)})
    frame["lived"] = np.where(lived, "yes", "no")
    result = check_frame(ID, frame, label="lived", sensitive=["sex"])
    assert all(f.severity is Severity.INFO for f in result.findings)


def test_the_rate_of_flags_per_group_stands_beside_their_count(check_frame):
    frame = drawn(n=800, seed=4)
    rng = np.random.default_rng(0)
    frame["sex"] = np.where(rng.random(800) < 0.4, "f", "m")
    result = check_frame(ID, frame, label="label", sensitive=["sex"])
    of_groups = [e for e in result.evidence if isinstance(e, GroupMetrics)]
    (rates,) = [e for e in of_groups if e.metric == "flagged"]
    found = flagged(result)
    for name, value, low, high, n in zip(
        rates.groups, rates.value, rates.ci_low, rates.ci_high, rates.n, strict=True
    ):
        own = np.flatnonzero(frame["sex"] == name)
        assert n == len(own)
        assert value == pytest.approx(np.isin(own, found).mean())
        assert low < value < high
    (finding,) = result.findings
    assert "By “sex”, labels of “" in finding.detail
    assert f"({words.share(max(rates.value))}, 95 % interval" in finding.detail


def test_a_reason_that_rests_on_a_sensitive_column_says_so(check_frame):
    rng = np.random.default_rng(6)
    n = 600
    sex = rng.choice(["f", "m"], n)
    x = rng.normal(size=n)
    score = np.where(sex == "m", 1.5, -1.5) + x
    frame = pd.DataFrame({"sex": sex, "x": x.round(3), "label": np.where(score > 0, "yes", "no")})
    frame, _ = flipped(frame, "label", 0.05)
    told = check_frame(ID, frame, label="label", sensitive=["sex"]).row_scores
    with_sex = [r for r in told.reason[told.flagged] if "sex is " in r]
    assert with_sex
    assert all(r.endswith("; “sex” is sensitive") for r in with_sex)
    plain = check_frame(ID, frame, label="label").row_scores
    assert not any("sensitive" in r for r in plain.reason[plain.flagged])


def test_rows_of_one_person_do_not_vouch_for_each_other(check_frame):
    """Every person has a label of its own; told rows of the same person would give it away."""
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(60), 5)
    x = rng.normal(size=(60, 3))[who] + rng.normal(0, 0.05, (300, 3))
    frame = pd.DataFrame(x.round(4), columns=list("abc"))
    frame["person"] = [f"p{i}" for i in who]
    frame["label"] = np.array(["no", "yes"])[rng.integers(0, 2, 60)][who]
    result = check_frame(ID, frame, label="label", roles={"person": Role.ENTITY})
    assert [f.key for f in result.findings] == ["not_assessable"]
    accuracy = next(e for e in result.evidence if isinstance(e, Measure))
    assert accuracy.value < 0.7


def test_why_a_class_is_not_judged_is_told(check_frame, monkeypatch):
    """All classes beyond the largest hundred were said to have too few rows."""
    monkeypatch.setattr(_prepare, "MAX_CLASSES", 10)  # a hundred take half a minute
    rng = np.random.default_rng(5)
    sizes = [8] * 10 + [6] * 30 + [2] * 3
    label = np.repeat([f"kind {i:03d}" for i in range(len(sizes))], sizes)
    centre = np.repeat(rng.normal(0, 5, (len(sizes), 4)), sizes, axis=0)
    seen = (centre + rng.normal(0, 0.2, centre.shape)).round(3)
    frame = pd.DataFrame(seen, columns=list("abcd")).assign(label=label)
    note = check_frame(ID, frame, label="label", kinds={"label": Kind.CATEGORY}).coverage.note
    assert "Only the 10 largest of 43 classes were judged; 30 more with enough rows hold" in note
    assert "hold 180 rows." in note
    assert (
        "3 classes with too few rows to check, 6 rows: “kind 040”, “kind 041” and “kind 042”."
        in note
    )


def test_a_rare_class_is_in_the_sample_of_a_long_table(check_frame, shop):
    long = pd.concat([shop] * 8, ignore_index=True)
    long["depth"] += np.linspace(0, 0.3, len(long))
    long.loc[::160, ["way", "weight"]] = ["drone", 99.5]
    result = check_frame(ID, long, label="way", params={"max_rows": 1_000})
    assert "too few rows to check" not in result.coverage.note
    drone = np.flatnonzero(long["way"] == "drone")
    assert np.isin(drone, flagged(result)).mean() < 0.2
    scores = result.row_scores
    assert (scores.suggested[np.isin(scores.row_id, drone)] == "drone").mean() > 0.8


def settled(n, seed):
    """A mixed table whose label follows from two of its columns."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "score": rng.normal(50, 12, n).round(1),
            "amount": rng.lognormal(8, 0.6, n).round(2),
            "hours": rng.normal(38, 6, n).round(1),
            "plan": rng.choice(["basic", "plus", "pro"], n),
        }
    )
    size = frame["score"] / 12 + frame["age"] / 18 + (frame["plan"] == "pro")
    return frame.assign(label=np.where(size > size.median(), "yes", "no"))


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_two_of_a_hundred_labels_of_a_settled_table_are_warned_of(check_frame, seed):
    """Twenty of a thousand are about five of the surest quarter, but stand out over all rows."""
    frame, _ = flipped(settled(1_000, seed), "label", 0.02, seed)
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.severity is Severity.WARNING
    assert finding.threshold.param == "min_floor"
    assert 0.003 < finding.measure.ci_low < 0.02 < finding.measure.ci_high < 0.05
    assert "which overlap of the classes does not explain" in finding.caveat


def test_a_part_of_a_rare_class_that_no_column_shows_is_no_warning(check_frame):
    """Half of the frauds look like every other purchase: honest labels, contradicted for sure."""
    rng = np.random.default_rng(12)
    n = 1_500
    frame = pd.DataFrame(rng.normal(size=(n, 4)).round(3), columns=list("abcd"))
    fraud = rng.random(n) < 0.08
    frame["a"] += 5.0 * (fraud & (rng.random(n) < 0.5))
    frame["label"] = np.where(fraud, "fraud", "fair")
    result = check_frame(ID, frame, label="label")
    (finding,) = result.findings
    assert finding.severity is Severity.INFO
    assert finding.measure.ci_low > 0.003
    assert "nearly all of these are in one class" in finding.caveat


def test_what_a_run_asks_of_learnability_holds_here_too(make_table, run_context):
    """With five shufflings and a level that no table reaches, the label counts as unlearnable."""
    from components.checks.labels.label_errors import label_errors

    table = make_table(flipped(settled(300, 0), "label", 0.05)[0], label="label")
    asked = {"labels.learnability": {"level": 0.0, "shufflings": 5}}
    strict = label_errors.run(table, run_context(table, params=asked))
    assert [f.key for f in strict.findings] == ["not_assessable"]
    assert (
        "Whether the label can be learned was asked with shufflings = 5 and level = 0.0."
        in strict.coverage.note
    )
    usual = label_errors.run(table, run_context(table))
    assert [f.key for f in usual.findings] == ["label_errors"]
    assert "was asked with" not in usual.coverage.note


def of_two_chances(n, seed, high, low, by):
    """Honest labels: one chance of a yes on one side of one column, another on the other."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "amount": rng.lognormal(3, 1, n).round(2),
            "years": rng.integers(0, 30, n),
            "plan": rng.choice(["A", "B", "C"], n),
        }
    )
    side = frame["plan"] == "A" if by == "plan" else frame["amount"] > frame["amount"].median()
    yes = rng.random(n) < np.where(side, high, low)
    return frame.assign(label=np.where(yes, "yes", "no"))


@pytest.mark.parametrize(
    ("n", "seed", "high", "low", "by"),
    [
        (500, 1, 0.75, 0.35, "plan"),
        (1_000, 11, 0.75, 0.35, "plan"),
        (1_000, 2, 0.8, 0.3, "amount"),
        (1_000, 3, 0.85, 0.2, "amount"),
    ],
)
def test_honest_labels_of_two_chances_are_no_warning(check_frame, n, seed, high, low, by):
    result = check_frame(ID, of_two_chances(n, seed, high, low, by), label="label")
    assert all(f.severity is Severity.INFO for f in result.findings)
    assert not any("does not explain" in f.caveat for f in result.findings)


def test_without_sure_rows_no_share_is_claimed_however_sure_models_are(check_frame):
    result = check_frame(ID, of_two_chances(1_000, 11, 0.75, 0.35, "plan"), label="label")
    (finding,) = result.findings
    assert finding.threshold.param == "min_sure"
    assert finding.measure.value < finding.threshold.value
    assert "however sure" not in finding.caveat
    assert f"80 % or more in {words.share(finding.measure.value)} of the rows" in finding.caveat


def test_one_of_eight_wrong_labels_is_warned_of_where_several_columns_decide(check_frame):
    """The counterpart: no single split tells this label, so the contradictions are a floor."""
    frame, _ = flipped(settled(1_000, 3), "label", 0.12, 3)
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.severity is Severity.WARNING


def most_often(result):
    """Return the finding, how often each pair of labels is flagged, and whether one leads."""
    scores = result.row_scores
    pairs = zip(scores.given[scores.flagged], scores.suggested[scores.flagged], strict=True)
    counts = pd.Series([f"{given} {suggested}" for given, suggested in pairs]).value_counts()
    leads = counts.iloc[0] > 1 and (counts == counts.iloc[0]).sum() == 1
    return next(f for f in result.findings if f.key == "label_errors"), counts, bool(leads)


def test_most_often_is_said_only_of_what_is_more_frequent_than_all_else(check_frame, shop):
    """It was said of a tie, and of one row."""
    for wrong in (0, 2, 4, 12):
        frame = shop.copy()
        apart = {way: frame.index[frame["way"] == way][5 : 5 + wrong // 2] for way in set(shop.way)}
        frame.loc[apart["letter"], "way"], frame.loc[apart["truck"], "way"] = "truck", "letter"
        result = check_frame(ID, frame, label="way")
        if not result.row_scores.n_flagged:
            continue
        finding, counts, leads = most_often(result)
        assert ("Most often the label is" in finding.detail) == leads, counts
        assert "1 labels" not in finding.caveat


def test_a_tie_and_a_single_row_are_not_most_often():
    def judged(given, suggested):
        n = len(given)
        return Judged(
            row_id=np.arange(n), given=np.array(given), suggested=np.array(suggested),
            confidence=np.ones(n), margin=np.zeros(n), flagged=np.ones(n, dtype=bool),
            likely=np.full(n, None),
        )  # fmt: skip

    assert judged([0, 1], [1, 0]).most_frequent() is None
    assert judged([0], [1]).most_frequent() is None
    assert judged([0, 0, 1], [1, 1, 0]).most_frequent() == (0, 1, 2)


def test_the_most_probable_classes_of_a_flag_are_kept_with_the_given_one(five):
    _, _, result = five
    scores = result.row_scores
    for at, told in enumerate(scores.likely):
        assert (told is None) == (not scores.flagged[at])
        if told is not None:
            names, shares = [name for name, _ in told], [share for _, share in told]
            assert names[0] == scores.suggested[at]
            assert shares == sorted(shares, reverse=True)
            assert shares[0] == pytest.approx(scores.confidence[at], abs=1e-4)
            assert set(names) == {"letter", "parcel", "truck"}, "there are no more"
            assert sum(shares) == pytest.approx(1, abs=1e-3)


def test_a_given_class_is_among_the_few_that_are_kept():
    n, k = 40, 8
    probabilities = np.full((n, k), 0.01)
    probabilities[:, 0] = 0.93
    codes = np.arange(n) % k
    rule = Rule(cut=1.0, typical=np.zeros(k), lead=0.4)
    judged = judge(probabilities, codes, np.arange(n), rule)
    for code, flagged, told in zip(codes, judged.flagged, judged.likely, strict=True):
        assert flagged == (code > 0)
        if flagged:
            assert (len(told), told[0]) == (5, (0, 0.93))
            assert (int(code), 0.01) in told


def test_what_speaks_against_a_suggestion_is_told_and_columns_that_were_read(check_frame):
    rng = np.random.default_rng(5)
    n = 400
    a, b = rng.normal(size=n), rng.normal(size=n)
    kind = np.where(a + b > 0, "up", "down")
    apart = np.flatnonzero((a > 1.5) & (b < -0.4) & (kind == "up"))[:4]
    kind[apart] = "down"
    frame = pd.DataFrame({"a": a, "b": b, "key": [f"k{i}" for i in range(n)], "kind": kind})
    scores = check_frame(ID, frame, label="kind", id="key").row_scores
    assert scores.columns_read == ("a", "b")
    told = [
        (row, scores.reason[at], scores.against[at])
        for at, row in enumerate(scores.row_id)
        if row in apart and scores.flagged[at]
    ]
    assert told
    for row, for_it, against in told:
        assert for_it == f"a is {a[row]:.6g}"
        assert against == f"b is {b[row]:.6g}"
