"""Whether a label can be learned."""

import numpy as np
import pandas as pd
import pytest

from components.checks import registry
from components.core.data.dataset import Kind, Role
from components.core.judgement.evidence import Measure
from components.core.judgement.findings import Doubt, Severity, Status
from components.core.judgement.gate import Outcome, verdict

ID = "labels.learnability"


def inputs(rng, n):
    return pd.DataFrame(
        {
            "a": rng.normal(size=n).round(3),
            "b": rng.standard_t(3, n).round(3),
            "c": rng.choice(["x", "y", "z"], n),
            "d": rng.integers(0, 50, n),
        }
    )


def drawn(seed, n, base=0.0):
    """Honest labels that the columns do not settle."""
    rng = np.random.default_rng(seed)
    frame = inputs(rng, n)
    odds = base + 1.6 * frame["a"] + (frame["c"] == "z") - 0.5
    y = rng.random(n) < 1 / (1 + np.exp(-odds))
    return frame.assign(label=np.where(y, "yes", "no"))


def persons(seed, n_persons=80, visits=5, spread=0.02):
    """Near copies of each person, and a coin for each person as the label."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(n_persons), visits)
    x = rng.normal(size=(n_persons, 4))[who] + rng.normal(0, spread, (len(who), 4))
    frame = pd.DataFrame(x.round(4), columns=list("abcd"))
    frame["person"] = [f"p{i}" for i in who]
    return frame.assign(label=np.array(["no", "yes"])[rng.integers(0, 2, n_persons)][who])


def keys(result):
    return [f.key for f in result.findings]


@pytest.mark.parametrize(("n", "base"), [(200, 0.0), (800, 0.0), (800, -4.0)])
def test_a_label_with_something_in_it_is_learnable(check_frame, n, base):
    result = check_frame(ID, drawn(1, n, base), label="label")
    assert result.status is Status.PASSED, result.findings
    told = next(e for e in result.evidence if isinstance(e, Measure))
    assert 0.5 < told.ci_low < told.value < told.ci_high


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [120, 600])
def test_random_labels_never_are(check_frame, seed, n):
    rng = np.random.default_rng(seed)
    shares = [0.5, 0.5] if seed % 2 else [0.7, 0.2, 0.1]
    names = [f"k{i}" for i in range(len(shares))]
    frame = inputs(rng, n).assign(label=rng.choice(names, n, p=shares))
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.key in {"not_learnable", "too_few_rows"}
    assert finding.doubt is Doubt.NOT_LEARNABLE
    assert finding.severity is (
        Severity.WARNING if finding.key == "not_learnable" else Severity.INFO
    )


def test_the_finding_says_what_was_asked_and_what_guessing_gets(check_frame):
    rng = np.random.default_rng(5)
    frame = inputs(rng, 1_200).assign(label=rng.choice(["no", "yes"], 1_200))
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.key == "not_learnable"
    assert finding.title.startswith("“label” cannot be learned from the other columns: models get ")
    assert "say which is which in" in finding.detail
    assert "1,200 rows). Guessing gets 50 %." in finding.detail
    assert "With shuffled labels they get" in finding.detail


@pytest.mark.parametrize(("noise", "expected"), [(1.0, []), (None, ["not_learnable"])])
def test_an_amount_is_asked_for_its_order(check_frame, noise, expected):
    rng = np.random.default_rng(2)
    frame = inputs(rng, 1_200)
    heavy = rng.standard_t(2, 1_200)
    frame["pay"] = heavy if noise is None else np.exp(frame["a"] + noise * heavy)
    result = check_frame(ID, frame, label="pay", kinds={"pay": Kind.NUMBER})
    assert keys(result) == expected
    if expected:
        assert "which has the larger “pay”" in result.findings[0].detail


@pytest.mark.parametrize("named", ["entity", "id", "ignored"])
def test_a_coin_per_person_is_not_learnable_from_near_copies(check_frame, named):
    role = {"entity": Role.ENTITY, "id": Role.ID, "ignored": Role.IGNORE}[named]
    result = check_frame(ID, persons(0), label="label", roles={"person": role})
    (finding,) = result.findings
    assert finding.key == "only_repeats"
    assert finding.doubt is Doubt.NOT_LEARNABLE
    by = "nearly equal rows" if named == "ignored" else "rows with the same “person”"
    assert by in finding.detail


def test_facts_of_a_person_that_repeat_do_not_make_its_coin_learnable(check_frame):
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(100), 5)
    frame = pd.DataFrame(
        {
            "height": rng.normal(170, 10, 100).round(2)[who],
            "weight": rng.normal(70, 10, 100).round(2)[who],
            "visit": rng.normal(size=500).round(3),
            "label": np.array(["no", "yes"])[rng.integers(0, 2, 100)][who],
        }
    )
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.doubt is Doubt.NOT_LEARNABLE


def test_what_persons_have_in_common_is_learnable(check_frame):
    frame = persons(1)
    means = frame.groupby("person")[["a", "b", "c"]].transform("mean")
    frame["label"] = np.where(means.sum(axis=1) > 0, "yes", "no")
    result = check_frame(ID, frame, label="label", roles={"person": Role.ENTITY})
    assert "only_repeats" not in keys(result)
    assert all(f.doubt is None for f in result.findings)


def test_a_separable_table_is_information_only(check_frame):
    rng = np.random.default_rng(0)
    frame = inputs(rng, 500)
    score = frame["a"] + (frame["d"] - 25) / 14
    frame["label"] = np.where(score > 0, "yes", "no")
    easy = frame[np.abs(score) > 0.7].reset_index(drop=True)
    (finding,) = check_frame(ID, easy, label="label").findings
    assert finding.key == "very_easy"
    assert finding.severity is Severity.INFO
    assert finding.doubt is None
    assert "alone explains most" in finding.detail


@pytest.mark.parametrize("n", [2, 3, 12])
def test_a_handful_of_rows_is_too_few_to_tell(check_frame, n):
    frame = pd.DataFrame({"x": np.arange(n, dtype=float), "y": np.resize(["a", "b"], n)})
    result = check_frame(ID, frame, label="y", kinds={"y": Kind.CATEGORY})
    assert [(f.key, f.doubt) for f in result.findings] == [("too_few_rows", Doubt.NOT_LEARNABLE)]


def test_the_answer_does_not_depend_on_the_order_of_rows(check_frame):
    frame = persons(2).drop(columns="person")
    first = check_frame(ID, frame, label="label").evidence[0]
    again = frame.sample(frac=1.0, random_state=1).reset_index(drop=True)
    assert check_frame(ID, again, label="label").evidence[0].value == pytest.approx(first.value)


def test_a_table_of_copies_of_the_label_is_not_known_to_be_ready(check_frame):
    """It was skipped, and without the search for leaks nothing told that nothing was learned."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"label": rng.choice(["no", "yes"], 400)})
    for i in range(5):
        word = np.where(frame["label"] == "yes", "paid", "open")
        frame[f"state{i}"] = np.char.add(word.astype(str), rng.choice(["", "!"], 400))
    result = check_frame(ID, frame, label="label")
    (finding,) = result.findings
    assert (finding.key, finding.severity) == ("nothing_left", Severity.WARNING)
    assert finding.doubt is Doubt.NOT_WITHOUT_LEAKS
    assert finding.title == "No column is left to learn “label” from: all 5 give it away"
    assert "“state0”" in finding.detail
    assert finding.recommended_action.startswith("Add columns that are known before")
    assert sorted(finding.affected.columns[1:]) == [f"state{i}" for i in range(5)]
    assert verdict([result]).outcome is Outcome.UNKNOWN
    assert check_frame("labels.label_errors", frame, label="label").status is Status.SKIPPED


def test_a_table_with_nothing_but_a_label_is_not_known_to_be_ready(check_frame):
    frame = pd.DataFrame({"label": np.resize(["no", "yes"], 60), "code": ["k"] * 60})
    result = check_frame(ID, frame, label="label", kinds={"code": Kind.CONSTANT})
    (finding,) = result.findings
    assert finding.title == "No column is left to learn “label” from"
    assert finding.doubt is Doubt.NOT_LEARNABLE
    assert finding.recommended_action.startswith("Look at the kinds and the roles")


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (["yes", None] * 60, "Only one class of “label” has 5 rows or more"),
        (["yes"] * 117 + ["no"] * 3, "Only one class of “label” has 5 rows or more"),
        ([2.5, None] * 60, "All amounts of “label” are equal"),
    ],
)
def test_one_class_is_not_told_as_too_few_rows(check_frame, label, told):
    frame = pd.DataFrame({"x": np.arange(120) % 17, "label": label})
    kind = Kind.NUMBER if label[0] == 2.5 else Kind.CATEGORY
    (finding,) = check_frame(ID, frame, label="label", kinds={"label": kind}).findings
    assert finding.title == f"{told}: there is nothing to tell apart"
    assert finding.doubt is Doubt.NOT_LEARNABLE


def coarse(seed, n=1_500):
    """A table of eight different rows: two groups of four classes, as of passengers of a ship."""
    rng = np.random.default_rng(seed)
    return rng, pd.DataFrame(
        {
            "sex": rng.choice(["m", "f"], n, p=[0.7, 0.3]),
            "deck": rng.choice(["1st", "2nd", "3rd", "crew"], n, p=[0.15, 0.13, 0.32, 0.4]),
        }
    )


def test_a_coarse_table_whose_cells_have_rates_of_their_own_can_be_learned(check_frame):
    rng, frame = coarse(1)
    rate = 0.2 + 0.5 * (frame["sex"] == "f")
    frame["label"] = np.where(rng.random(len(frame)) < rate, "yes", "no")
    result = check_frame(ID, frame, label="label")
    assert result.status is Status.PASSED, result.findings


@pytest.mark.parametrize("seed", range(6))
def test_a_random_label_on_a_coarse_table_is_never_learnable(check_frame, seed):
    rng, frame = coarse(seed)
    frame["label"] = rng.choice(["yes", "no"], len(frame))
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.doubt is Doubt.NOT_LEARNABLE
    assert finding.measure.value > 0.4, "never 0 %, as where no cell was seen in training"


def survey(seed, n=1_200):
    """Answers to three questions of four: 64 different rows, none of them frequent."""
    rng = np.random.default_rng(seed)
    return rng, pd.DataFrame({f"q{k}": rng.choice(list("abcd"), n) for k in range(3)})


def test_a_survey_whose_answers_tell_together_can_be_learned(check_frame):
    """Equal rows were held out together: only answers that there are not were asked for."""
    rng, frame = survey(1)
    rate = 0.1 + 0.2 * sum((frame[f"q{k}"] < "c").astype(int) for k in range(3))
    frame["label"] = np.where(rng.random(len(frame)) < rate, "yes", "no")
    result = check_frame(ID, frame, label="label")
    assert result.status is Status.PASSED, result.findings


@pytest.mark.parametrize(("n_questions", "answers"), [(3, "abcd"), (4, "abc"), (5, "ab")])
@pytest.mark.parametrize("seed", range(3))
def test_a_coin_per_person_of_a_survey_is_not_learnable(check_frame, seed, n_questions, answers):
    """Facts of a person that many share name nobody, and the rows of each are equal."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(200), 5)
    facts = {f"q{k}": rng.choice(list(answers), 200)[who] for k in range(n_questions)}
    coin = np.array(["no", "yes"])[rng.integers(0, 2, 200)][who]
    result = check_frame(ID, pd.DataFrame({**facts, "label": coin}), label="label")
    (finding,) = result.findings
    assert finding.doubt is Doubt.NOT_LEARNABLE


@pytest.mark.parametrize("seed", range(4))
def test_a_random_label_on_a_survey_is_never_learnable(check_frame, seed):
    rng, frame = survey(seed)
    frame["label"] = rng.choice(["yes", "no"], len(frame))
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.doubt is Doubt.NOT_LEARNABLE


def test_an_amount_that_one_column_nearly_gives_is_asked_without_it_and_says_so(check_frame):
    rng = np.random.default_rng(1)
    x, y, z = rng.normal(size=(3, 1_000))
    frame = pd.DataFrame({"x1": x.round(3), "x2": y.round(3)})
    frame["price"] = (100 + 30 * x + 3 * y + z).round(2)
    result = check_frame(ID, frame, label="price", kinds={"price": Kind.NUMBER})
    for finding in result.findings:
        assert "cannot be learned" not in finding.title
        assert "“x1”, which gives it away or nearly so" in finding.title
        assert finding.doubt is Doubt.NOT_WITHOUT_LEAKS
        assert finding.severity is Severity.INFO
        assert "whether “x1” is known when the model is used" in finding.recommended_action
    assert len(result.findings) == 1
    assert verdict([result]).outcome is Outcome.UNKNOWN


def test_a_column_that_a_person_says_is_known_in_time_is_read_as_the_finding_advises(
    make_table, run_context
):
    from components.checks.labels.learnability import learnability

    rng = np.random.default_rng(1)
    x, y, z = rng.normal(size=(3, 600))
    frame = pd.DataFrame({"x1": x.round(3), "x2": y.round(3)})
    frame["price"] = (100 + 30 * x + 3 * y + z).round(2)
    table = make_table(frame, label="price", kinds={"price": Kind.NUMBER})
    asked = {"leakage.target_proxy": {"known": "x1"}}
    result = learnability.run(table, run_context(table, params=asked))
    assert all(f.doubt is None for f in result.findings)


def test_few_rows_of_a_rare_class_are_named_not_the_whole_table(check_frame):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.normal(size=600), "b": rng.normal(size=600)}).round(3)
    frame = frame.assign(c=rng.choice(list("xyz"), 600), label="no")
    frame.loc[:4, "label"] = "yes"
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.key == "too_few_rows"
    assert finding.title == (
        "5 rows of “yes”, among 600, are too few to tell whether “label” can be learned"
    )
    assert finding.recommended_action.startswith("Collect more rows of “yes”, or add columns")


def of_few(seed, n=900):
    """Honest labels that eight columns tell a little; nothing gives them away yet."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 8)).round(3), columns=list("abcdefgh"))
    y = rng.random(n) < 1 / (1 + np.exp(-1.2 * frame["a"] - frame["b"]))
    return frame.assign(label=np.where(y, "yes", "no")), y.to_numpy(), rng


def leaks(seed):
    """The same with columns of which each says something, and all together the answer."""
    frame, y, rng = of_few(seed)
    n = len(y)
    first = rng.random(n) < 0.5
    frame["closed_on"] = np.where(first, 10.0 * y, 5.0) + rng.normal(size=n).round(3)
    frame["fee"] = np.where(first, 3.0, 6.0 * y) + rng.normal(size=n).round(3)
    return frame


def only_both(seed):
    """The same with two columns of which none says anything alone."""
    frame, y, rng = of_few(seed)
    middle, apart = rng.normal(0, 4, len(y)), np.where(y, 1.0, -1.0)
    frame["from"] = (middle - apart + rng.normal(0, 0.2, len(y))).round(3)
    frame["until"] = (middle + apart + rng.normal(0, 0.2, len(y))).round(3)
    return frame


@pytest.mark.parametrize(
    ("made", "leaking"), [(leaks, {"closed_on", "fee"}), (only_both, {"from", "until"})]
)
@pytest.mark.parametrize("seed", range(3))
def test_of_columns_that_tell_the_label_together_some_are_named_and_no_other(
    check_frame, made, leaking, seed
):
    frame = made(seed)
    (finding,) = check_frame(ID, frame, label="label").findings
    assert (finding.key, finding.severity) == ("suspicious", Severity.INFO)
    named = set(finding.affected.columns)
    assert named
    assert named <= leaking, "the others are innocent"
    (doubted,) = check_frame("labels.label_errors", frame, label="label").findings
    assert (doubted.key, doubted.severity) == ("suspicious", Severity.INFO)
    assert "None of 900 labels" in doubted.title
    rest = frame.drop(columns=list(named))
    assert check_frame(ID, rest, label="label").findings == ()


def test_a_column_that_is_known_to_be_right_is_not_suspected(make_table, run_context):
    known = {"leakage.target_proxy": {"known": "from,until"}}
    table = make_table(only_both(0), label="label")
    result = registry.get(ID).run(table, run_context(table, params=known))
    assert keys(result) == ["very_easy"]


def test_many_columns_that_each_tell_the_label_are_easy_not_suspicious(check_frame):
    rng = np.random.default_rng(0)
    y = rng.random(600) < 0.4
    frame = pd.DataFrame((2.5 * y[:, None] + rng.normal(size=(600, 9))).round(3)).add_prefix("x")
    frame["label"] = np.where(y, "yes", "no")
    assert keys(check_frame(ID, frame, label="label")) == ["very_easy"]


def measured(seed, gap):
    """Three kinds of animals that any three of four measures tell, missing in the same rows."""
    rng = np.random.default_rng(seed)
    kind = np.repeat(["a", "b", "c"], [130, 70, 100])
    centre = {"a": (0, 0, 0, 0), "b": (6, 1, 5, 1), "c": (6, 6, 1, 6)}
    measures = np.array([centre[k] for k in kind]) + rng.normal(0, 0.7, (300, 4))
    frame = pd.DataFrame(measures.round(2), columns=["length", "depth", "wing", "mass"])
    frame.iloc[rng.choice(300, gap, replace=False)] = np.nan
    frame["island"] = rng.choice(["north", "south"], 300)
    frame["sex"] = rng.choice(["f", "m"], 300)
    return frame.assign(label=kind)


def test_measures_that_are_missing_in_the_same_few_rows_are_not_left_out_at_once(check_frame):
    """All four are needed to make the label ordinary; two empty rows do not make them one."""
    assert keys(check_frame(ID, measured(0, 2), label="label")) == ["very_easy"]


def test_of_a_small_table_more_than_a_third_of_the_columns_are_not_few(check_frame):
    """Missing in 6 % of the rows, they are left out at once, and are four of six columns."""
    assert keys(check_frame(ID, measured(0, 18), label="label")) in ([], ["very_easy"])
