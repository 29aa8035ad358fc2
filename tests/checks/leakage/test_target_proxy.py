"""Columns that give the label away."""

import numpy as np
import pandas as pd
import pytest

from components.checks._lib.label_leaks import asked_limits, copies
from components.checks._lib.single_columns import single_columns
from components.core.data.dataset import Kind
from components.core.errors import Cancelled
from components.core.judgement.evidence import Distribution, Ranking
from components.core.judgement.findings import Severity, Status

ID = "leakage.target_proxy"


@pytest.fixture
def loans():
    """Six hundred loans: two honest predictors, no leak."""
    rng = np.random.default_rng(5)
    n = 600
    income = rng.lognormal(10, 0.4, n).round()
    grade = rng.choice(["A", "B", "C"], n)
    risk = -1.5 * (np.log(income) - 10) + np.select([grade == "C", grade == "B"], [1.0, 0.3], -0.6)
    return pd.DataFrame(
        {
            "income": income,
            "grade": grade,
            "age": rng.integers(20, 70, n),
            "default": np.where(risk + rng.logistic(0, 0.5, n) > 0, "yes", "no"),
        }
    )


def found(result):
    return {f.key: f for f in result.findings}


def test_honest_columns_give_no_finding(check_frame, loans):
    result = check_frame(ID, loans, label="default")
    assert result.status is Status.PASSED
    ranking = next(e for e in result.evidence if isinstance(e, Ranking))
    assert set(ranking.items) == {"income", "grade", "age"}
    assert max(ranking.values) < 0.75


@pytest.mark.parametrize("flips", [0, 12])
def test_the_label_under_another_name_is_critical(check_frame, loans, flips):
    status = loans["default"].map({"no": "closed", "yes": "collections"})
    wrong = np.random.default_rng(1).choice(len(loans), flips, replace=False)
    status.iloc[wrong] = np.where(status.iloc[wrong] == "closed", "collections", "closed")
    result = check_frame(ID, loans.assign(status=status), label="default")
    finding = found(result)["column:status"]
    assert len(result.findings) == 1
    assert finding.severity is Severity.CRITICAL
    assert finding.affected.columns == ("status",)
    assert finding.affected.n_rows == len(loans)
    assert finding.measure.ci_low <= finding.measure.value <= finding.measure.ci_high
    (picture,) = finding.evidence
    assert isinstance(picture, Distribution)
    assert set(picture.categories) == {"closed", "collections"}
    assert sum(map(sum, picture.counts.values())) == len(loans)


def test_an_amount_known_after_the_outcome_is_critical(check_frame, loans):
    rng = np.random.default_rng(2)
    paid = np.where(loans["default"] == "yes", rng.uniform(0, 40, 600), rng.uniform(60, 99, 600))
    result = check_frame(ID, loans.assign(repaid=paid), label="default")
    assert found(result)["column:repaid"].severity is Severity.CRITICAL


def test_a_noisy_amount_after_the_outcome_asks_for_review(
    check_frame, make_table, run_context, loans
):
    rng = np.random.default_rng(3)
    fee = np.where(loans["default"] == "yes", 4.0, 0.0) + rng.normal(0, 0.85, len(loans))
    finding = found(check_frame(ID, loans.assign(fee=fee), label="default"))["column:fee"]
    assert 0.90 <= finding.measure.value < 0.98
    assert finding.severity is Severity.WARNING
    table = make_table(loans.assign(fee=fee), label="default")
    usual = run_context(table)
    assert copies(single_columns(table, usual), asked_limits(usual)) == ("fee",)
    lenient = run_context(table, params={ID: {"known": "age, fee"}})
    assert copies(single_columns(table, lenient), asked_limits(lenient)) == (), "as the run asks"


def test_what_a_person_says_is_known_in_time_is_a_note(check_frame, loans):
    late = loans["default"] == "yes"
    data = loans.assign(
        fee=np.where(late, 4.0, 0.0) + np.random.default_rng(3).normal(0, 0.5, len(loans)),
        debt=loans["income"].where(late),
    )
    asked = found(check_frame(ID, data, label="default"))
    assert {f.severity for f in asked.values()} <= {Severity.CRITICAL, Severity.WARNING}
    assert {c for f in asked.values() for c in f.affected.columns} == {"fee", "debt"}
    result = check_frame(ID, data, label="default", params={"known": "debt, fee, tax"})
    (finding,) = result.findings
    assert (finding.key, finding.severity) == ("known", Severity.INFO)
    assert set(finding.affected.columns) == {"fee", "debt"}
    assert "“tax”" in result.coverage.note, "no column is called so"


def test_an_easy_task_is_not_a_leak(check_frame):
    rng = np.random.default_rng(3)
    y = np.resize([0, 1], 400)
    columns = {f"x{i}": rng.normal(size=400) + 8 * y for i in range(5)}
    result = check_frame(ID, pd.DataFrame({**columns, "y": np.where(y, "b", "a")}), label="y")
    assert result.status is Status.PASSED


def test_columns_filled_in_for_one_class_make_one_finding(check_frame, loans):
    late = loans["default"] == "yes"
    data = loans.assign(
        court_date=pd.Series(pd.Timestamp("2024-03-01"), index=loans.index).where(late),
        court=pd.Series(np.resize(["north", "south"], 600)).where(late, None),
        debt=loans["income"].where(late),
    )
    result = check_frame(ID, data, label="default")
    assert len(result.findings) == 1
    (finding,) = result.findings
    assert finding.severity is Severity.CRITICAL
    assert set(finding.affected.columns) == {"court_date", "court", "debt"}
    assert finding.affected.n_rows in {int(late.sum()), int((~late).sum())}


def test_rows_touched_by_columns_filled_for_one_class_are_those_of_any(check_frame, loans):
    late = (loans["default"] == "yes").to_numpy()
    fewer = late & (np.arange(600) % 50 != 0)
    more = late & (np.arange(600) % 50 != 1)
    data = loans.assign(
        court=pd.Series(np.resize(["north", "south"], 600)).where(fewer, None),
        judge=pd.Series(np.resize(["a", "b"], 600)).where(more, None),
    )
    findings = check_frame(ID, data, label="default").findings
    finding = next(f for f in findings if f.key.startswith("missing:"))
    touched = (more | fewer) if ":filled:" in finding.key else ~(more & fewer)
    assert set(finding.affected.columns) == {"court", "judge"}
    assert finding.affected.n_rows == int(touched.sum())


def test_a_value_that_only_one_class_has_is_a_warning(check_frame, loans):
    some = (loans["default"] == "yes") & (np.arange(600) % 3 == 0)
    data = loans.assign(lawyer=pd.Series(np.resize(["x", "y"], 600)).where(some, None))
    (finding,) = check_frame(ID, data, label="default").findings
    assert finding.severity is Severity.WARNING
    assert finding.measure.value == 1.0
    assert finding.affected.n_rows == int(some.sum())


def test_values_missing_at_random_say_nothing(check_frame, loans):
    gone = np.random.default_rng(4).random(600) < 0.3
    data = loans.assign(age=loans["age"].astype("float").where(~gone))
    assert check_frame(ID, data, label="default").status is Status.PASSED


def test_a_numeric_label_in_another_unit_is_critical(check_frame, loans):
    data = loans.assign(net=loans["income"] * 0.62 - 100)
    result = check_frame(ID, data, label="income", kinds={"income": Kind.NUMBER})
    assert found(result)["column:net"].severity is Severity.CRITICAL
    assert len(result.findings) == 1


def test_ignored_and_id_columns_are_not_tested(check_frame, loans):
    copy = loans["default"].str.upper()
    data = loans.assign(a=copy, b=copy)
    result = check_frame(ID, data, label="default", ignore=["a"], id="b")
    assert result.status is Status.PASSED


def test_a_hostile_name_stays_on_one_line(check_frame, loans):
    data = loans.assign(**{"<b>a\nb</b>\u202e": loans["default"]})
    (finding,) = check_frame(ID, data, label="default").findings
    assert "\n" not in finding.title + finding.detail + finding.recommended_action
    assert "\u202e" not in finding.title + finding.detail + finding.recommended_action


def test_no_input_columns_is_said(check_frame, loans):
    result = check_frame(ID, loans[["default"]].assign(k=range(600)), label="default", id="k")
    assert result.status is Status.SKIPPED
    assert "input column" in result.reason


def test_it_stops_between_columns(make_table, run_context, loans, monkeypatch):
    from components.checks.leakage.target_proxy import target_proxy

    table = make_table(loans, label="default")
    run = run_context(table)

    def stop(_done, _note=""):
        raise Cancelled

    monkeypatch.setattr(run, "progress", stop)
    with pytest.raises(Cancelled):
        target_proxy.run(table, run)


def test_a_trend_over_time_is_at_most_worth_knowing(check_frame):
    rng = np.random.default_rng(8)
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.arange(400), "D")
    for walk in (np.arange(400.0), np.cumsum(rng.normal(size=400)) * 10):
        data = pd.DataFrame({"day": days, "x": rng.normal(size=400)})
        data["sales"] = walk + rng.normal(0, 5, 400)
        result = check_frame(ID, data, label="sales", kinds={"sales": Kind.NUMBER})
        assert [f.severity for f in result.findings if f.severity > Severity.INFO] == []


def over_time(rng, n, *, walk):
    """Return something that changes over time and has nothing to do with anything else."""
    if walk:
        return np.cumsum(rng.normal(size=n)) + np.linspace(0, 3 * np.sqrt(n), n)
    return np.linspace(0, 100, n) + rng.normal(0, 1.5, n)


def days_of(n):
    return pd.Timestamp("2021-01-01") + pd.to_timedelta(np.arange(n), "D")


@pytest.mark.parametrize("walk", [True, False])
@pytest.mark.parametrize("classes", [True, False])
def test_two_columns_that_merely_change_over_time_are_no_leak(check_frame, walk, classes):
    """Rows at random explain one another: 18 of these 32 tables had a blocker or a review."""
    asked = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        data = pd.DataFrame({"day": days_of(400), "z": rng.normal(size=400)})
        data["prices"] = over_time(rng, 400, walk=walk)
        sales = over_time(rng, 400, walk=walk)
        data["sales"] = np.where(sales > np.median(sales), "many", "few") if classes else sales
        kinds = {} if classes else {"sales": Kind.NUMBER}
        result = check_frame(ID, data.sample(frac=1, random_state=seed), label="sales", kinds=kinds)
        asked += any(f.severity > Severity.INFO for f in result.findings)
        for finding in result.findings:
            if finding.key == "trend:prices":
                assert "change together over time" in finding.title
                assert finding.measure.value < finding.threshold.value == 0.5
    assert asked == 0


@pytest.mark.parametrize("walk", [True, False])
@pytest.mark.parametrize("classes", [True, False])
def test_a_leak_is_told_although_the_label_changes_over_time(check_frame, walk, classes):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        data = pd.DataFrame({"day": days_of(600), "z": rng.normal(size=600)})
        sales = over_time(rng, 600, walk=walk)
        tax = 0.19 * sales + rng.normal(0, 0.01, 600)
        if classes:
            sales = np.where(sales + rng.normal(0, 15, 600) > np.median(sales), 1, 0)
            tax = 3.0 * sales + rng.normal(0, 0.3, 600)
        data["tax"] = tax
        data["sales"] = np.where(sales > 0, "many", "few") if classes else sales
        kinds = {} if classes else {"sales": Kind.NUMBER}
        result = check_frame(ID, data.sample(frac=1, random_state=seed), label="sales", kinds=kinds)
        assert found(result)["column:tax"].severity is Severity.CRITICAL


def test_a_class_that_changes_once_over_time_is_told(check_frame):
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"day": days_of(300), "z": rng.normal(size=300)})
    old = np.arange(300) < 130
    data["meter"] = np.arange(300) + rng.normal(0, 0.2, 300)
    data["code"] = np.where(old, 3.0, 7.0) + rng.normal(0, 0.3, 300)
    data["tariff"] = np.where(old, "old", "new")
    findings = found(check_frame(ID, data.drop(columns="code"), label="tariff"))
    assert set(findings) == {"trend:meter"}
    assert "only 2 rows stand beside one of another class" in findings["trend:meter"].detail
    finding = found(check_frame(ID, data.drop(columns="meter"), label="tariff"))["column:code"]
    assert finding.severity is Severity.CRITICAL
    assert "In the order of “day”, “tariff” changes 1 time only: a column that" in finding.detail


@pytest.mark.parametrize("as_number", [True, False])
def test_rows_of_one_person_are_told_as_such(check_frame, as_number):
    rng = np.random.default_rng(9)
    person = np.repeat(rng.permutation(200), 5)
    names = person if as_number else np.array([f"P{i}" for i in person])
    ill = rng.random(200) < 0.5
    data = pd.DataFrame({"person": names, "x": rng.normal(size=1000)})
    data["label"] = np.where(ill, "ill", "well")[person]
    kinds = {} if as_number else {"person": Kind.CATEGORY}
    result = check_frame(ID, data, label="label", kinds=kinds)
    assert {f.key for f in result.findings} <= {"entity:person"}
    if not as_number:
        (finding,) = result.findings
        assert finding.severity is Severity.WARNING
        assert "split by “person”" in finding.title


def test_an_amount_with_repeated_values_that_decides_is_still_a_leak(check_frame):
    rng = np.random.default_rng(10)
    paid = rng.integers(0, 300, 1000)
    data = pd.DataFrame({"paid": paid, "x": rng.normal(size=1000), "z": rng.normal(size=1000)})
    data["label"] = np.where(paid > 150, "yes", "no")
    assert "column:paid" in found(check_frame(ID, data, label="label"))


def test_all_right_is_not_surely_always_right(check_frame):
    rng = np.random.default_rng(11)
    label = np.resize(["no", "yes"], 40)
    data = pd.DataFrame({"copy": label, "x": rng.normal(size=40), "label": label})
    (finding,) = check_frame(ID, data, label="label").findings
    assert finding.measure.value == finding.measure.ci_high == 1.0
    assert 0.7 < finding.measure.ci_low < 0.95
    assert finding.title == (
        "“copy” reveals the answer: alone it predicts “label” in 100 % of cases, "
        "each class counted alike"
    )
    ranking = [e for e in check_frame(ID, data, label="label").evidence if isinstance(e, Ranking)]
    assert finding.threshold.value == ranking[-1].threshold == 0.9


def test_a_copy_of_the_label_is_critical_where_few_rows_differ(check_frame):
    rng = np.random.default_rng(2)
    label = rng.choice(["yes", "no"], 400)
    frame = pd.DataFrame({"code": np.where(label == "yes", "Q7", "Q2"), "label": label})
    (finding,) = check_frame(ID, frame, label="label").findings
    assert finding.severity is Severity.CRITICAL
    assert finding.affected.columns == ("code",)
