"""The page of labels: three numbers, whom doubts are about, and the way to the review."""

import re
import shutil

import numpy as np
import pytest

from components.charts.style.text import by_unit
from components.checks.labels._cleaning.benefit import BalancedAccuracy, CleaningBenefit
from components.core.judgement.evidence import GroupMetrics, Matrix
from components.core.judgement.review import Action
from components.core.people.random_share import FEWEST_DRAWN, STRATA
from components.core.settings import Settings
from components.reports.label_numbers import NOISE_FLOOR
from components.services.export import exports
from components.services.review import review
from components.services.runs import runs
from components.services.team import plans
from components.services.workspace import open_workspace
from components.views.detect.labels import cleaning_gain
from components.views.navigation import PAGE_OF_CONCERN, Pages

CHECK = "labels.label_errors"
PAGE = PAGE_OF_CONCERN["labels"]


def noisy(n=400, seed=8):
    """Loans by income and age, more of them refused to women; an eighth of the labels is wrong."""
    draw = np.random.default_rng(seed)
    lines = ["amount,age,sex,granted"]
    for _ in range(n):
        income, age, sex = draw.normal(50, 15), draw.integers(20, 70), draw.choice(["f", "m"])
        right = income + age / 2 + 8 * (sex == "m") > 76
        said = "yes" if right != (draw.random() < 0.12) else "no"
        lines.append(f"{income:.1f},{age},{sex},{said}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def _loans(make_finished, tmp_path_factory):
    home = tmp_path_factory.mktemp("loans")
    return make_finished(home, noisy(), "loans.csv", -1, ["sex"])


@pytest.fixture
def loans(_loans, tmp_path, monkeypatch):
    """A copy of its own, so that decisions of one test do not show in another."""
    shutil.copytree(_loans.home, tmp_path / "home")
    monkeypatch.setenv("PREFLIGHT_HOME", str(tmp_path / "home"))
    return _loans


@pytest.fixture
def ws(loans):
    """The workspace of the loans."""
    assert loans.run_id
    found = open_workspace(Settings.from_environment())
    yield found
    found.close()


def problems(at):
    return [e.value for e in at.exception] + [e.value for e in at.error]


def result_of(ws, loans):
    return runs.result(ws, loans.run_id, CHECK)


def judge_drawn(ws, loans, n, wrong):
    """Answer the first ``n`` randomly drawn flags; the first ``wrong`` of them are wrong."""
    queue = review.queue(ws, loans.run_id, CHECK)
    drawn = queue.order.mixed.in_turn(*STRATA[:-1])
    for turn, place in enumerate(drawn[:n].tolist()):
        item = review.items(ws, queue, place, 1)[0]
        action = Action.CHANGE if turn < wrong else Action.KEEP
        new = item.suggestion.suggested if action is Action.CHANGE else None
        review.decide(ws, queue, item.cell, action, new=new, reviewer="Ann")


def test_the_head_tells_contradicted_floor_and_that_wrong_is_not_known(app, ws, loans):
    at = app.open(PAGE, data=loans.dataset_id)
    assert problems(at) == []
    text, result = app.text(), result_of(ws, loans)
    scores = result.row_scores
    assert scores.n_flagged >= FEWEST_DRAWN
    assert re.search(rf"### {scores.n_flagged}\b", text)
    assert f"of {scores.n_assessed} labels judged" in text
    assert "That does not say that these labels are wrong." in text
    floor = next(e for e in result.evidence if e.name == NOISE_FLOOR)
    assert f"### {by_unit(floor.value, floor.unit)}" in text
    assert "Contradicted however sure the models are." in text
    assert "not known yet" in text
    assert f"0 of {FEWEST_DRAWN} randomly drawn flags reviewed" in text
    assert "Draw flags at random" in {b.label for b in at.button}


def test_the_share_of_wrong_flags_is_told_from_twenty_drawn_ones_on(app, another, ws, loans):
    plans.set_shares(ws, loans.dataset_id, random=1.0, reviewer="Ann")
    judge_drawn(ws, loans, FEWEST_DRAWN - 1, wrong=12)
    at = app.open(PAGE, data=loans.dataset_id)
    assert f"{FEWEST_DRAWN - 1} of {FEWEST_DRAWN} randomly drawn flags reviewed" in app.text()
    assert "Go on with the review" in {b.label for b in at.button}
    judge_drawn(ws, loans, FEWEST_DRAWN, wrong=12)
    at = another.open(PAGE, data=loans.dataset_id)
    assert problems(at) == []
    text = another.text()
    assert "about 60 % of the flags" in text
    assert f"12 of {FEWEST_DRAWN} drawn at random were wrong: 95 % interval 39 % to 78 %" in text
    told = re.findall(r"third: (\d+) of (\d+) wrong", text)
    assert len(told) == 3
    assert [sum(int(x) for x in column) for column in zip(*told, strict=True)] <= [12, 20]


def test_the_report_tells_the_same_three_numbers(ws, loans, tmp_path):
    before = exports.report_html(ws, loans.run_id, out=tmp_path / "before.html")
    text = before.path.read_text(encoding="utf-8")
    assert "That does not say that these labels are wrong." in text
    assert f"not known yet: 0 of {FEWEST_DRAWN} randomly drawn flags reviewed" in text
    plans.set_shares(ws, loans.dataset_id, random=1.0, reviewer="Ann")
    judge_drawn(ws, loans, FEWEST_DRAWN, wrong=12)
    after = exports.report_html(ws, loans.run_id, out=tmp_path / "after.html")
    assert "about 60 % of the flags: 12 of 20 drawn at random were wrong" in (
        after.path.read_text(encoding="utf-8")
    )


def test_groups_of_people_stand_with_rates_and_what_accepting_all_would_do(app, ws, loans):
    at = app.open(PAGE, data=loans.dataset_id)
    text, result = app.text(), result_of(ws, loans)
    assert "Labels flagged, by sex" in text
    assert "If every suggestion were accepted: share of “yes”" in text
    metrics = {e.metric: e for e in result.evidence if isinstance(e, GroupMetrics)}
    table = next(t.value for t in at.table if "Ratio now" in t.value.columns)
    then = metrics["ratio_if_accepted:yes"]
    own = table[table["Group"] == then.groups[0]].iloc[0]
    assert own["Ratio then"] == f"**{then.value[0]:.3f}**"
    assert own["Ratio now"] == f"**{metrics['ratio:yes'].value[0]:.3f}**"
    flagged = metrics["flagged"]
    assert list(flagged.value) == sorted(flagged.value, reverse=True), "the worst group first"


def test_a_pair_of_the_list_leads_to_its_items_in_the_review(app, ws, loans):
    at = app.open(PAGE, data=loans.dataset_id)
    shape = next(e for e in result_of(ws, loans).evidence if isinstance(e, Matrix))
    given, suggested = ("yes", "no")
    n = int(shape.values[shape.rows.index(given)][shape.columns.index(suggested)])
    pairs = next(s for s in at.selectbox if s.label == "In the file, and expected")
    option = next(o for o in pairs.options if o.startswith(f"{given} to {suggested}:"))
    assert option == f"{given} to {suggested}: {n} labels"
    pairs.select_index(pairs.options.index(option)).run()
    next(b for b in at.button if b.label == "Review these").click().run()
    assert problems(at) == []
    assert at.query_params["given"] == given
    assert at.query_params["suggested"] == suggested


def test_the_share_of_random_flags_is_set_one_press_away(app, loans):
    at = app.open(PAGE, data=loans.dataset_id)
    next(b for b in at.button if b.label == "Draw flags at random").click().run()
    assert problems(at) == []
    assert at.query_params["panel"] == "people"


def test_what_the_corrections_bring_is_measured_when_asked(app, another, ws, loans):
    app.open(PAGE, data=loans.dataset_id)
    assert "Measured from 10 labels on" in app.text()
    assert "so far 0." in app.text()
    queue = review.queue(ws, loans.run_id, CHECK)
    *items, last = review.items(ws, queue, 0, 21)
    for item in items:
        new = item.suggestion.suggested
        review.decide(ws, queue, item.cell, Action.CHANGE, new=new, reviewer="Ann")
    at = app.open(PAGE, data=loans.dataset_id)
    next(b for b in at.button if b.label == "Measure it for 20 labels").click().run(timeout=300)
    assert problems(at) == []
    table = next(t.value for t in at.table if "Difference" in t.value.columns)
    assert list(table["Models trained with"]) == [
        "Labels as they are in the file",
        "20 labels corrected",
        "Without these 20 rows",
    ]
    assert re.fullmatch(r"[+−].+ points \(95 % interval .+ to .+\)", table["Difference"].iloc[1])
    assert "the 380 rows whose label nobody has changed" in app.text()
    assert not [b for b in at.button if b.label.startswith("Measure")]
    review.decide(ws, queue, last.cell, Action.EXCLUDE, reviewer="Ann")
    at.run()
    assert "Labels were decided since then." in app.text()
    assert "Measure again" in {b.label for b in at.button}
    for item in review.items(ws, queue, 21):
        review.decide(ws, queue, item.cell, Action.KEEP, reviewer="Ann")
    at = another.open(Pages.REVIEW.value, data=loans.dataset_id)
    at.text_input[0].input("Ann")
    next(b for b in at.button if b.label == "Start the review").click().run()
    assert problems(at) == []
    assert "What the corrections bring to models is measured on the page “Labels”" in another.text()


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (
            (0.021, 0.004, 0.038),
            "Corrected labels helped: +2.1 points (95 % interval +0.4 to +3.8).",
        ),
        ((0.004, -0.01, 0.02), "No gain can be shown: +0.4 points (95 % interval −1.0 to +2.0)."),
        ((-0.02, -0.03, -0.01), "Corrected labels made models worse: −2.0 points"),
    ],
)
def test_a_gain_is_told_only_where_the_interval_shows_one(gain, said):
    measured = BalancedAccuracy(value=gain[0], low=gain[1], high=gain[2])
    found = CleaningBenefit(
        n_rows=400,
        n_changed=20,
        n_left_out=0,
        n_scored=380,
        **dict.fromkeys(("as_is", "corrected", "without", "without_gain"), measured),
        corrected_gain=measured,
    )
    assert cleaning_gain.gain_sentence(found).startswith(said)


def test_a_value_where_one_class_stands_for_another_leads_to_its_flags(
    app, make_finished, tmp_path, monkeypatch
):
    draw = np.random.default_rng(5)
    lines = ["amount,age,by,granted"]
    for n in range(1_000):
        amount, age, by = draw.normal(50, 15), draw.integers(20, 70), "ABCD"[n % 4]
        right = amount + age / 2 > 72
        wrong = right and by == "C" and draw.random() < 0.2
        lines.append(f"{amount:.1f},{age},{by},{'yes' if right and not wrong else 'no'}")
    done = make_finished(tmp_path / "home", "\n".join(lines) + "\n", "loans.csv", -1, [])
    monkeypatch.setenv("PREFLIGHT_HOME", str(done.home))
    at = app.open(PAGE, data=done.dataset_id)
    assert problems(at) == []
    assert "look like “yes” where “by” is “C”" in app.text()
    button = next(b for b in at.button if b.label == "Review the flags where by is C")
    button.click().run()
    assert problems(at) == []
    assert (at.query_params["column"], at.query_params["value"]) == ("by", "C")
