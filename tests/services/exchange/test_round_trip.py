"""Out to another tool, answered there, and in again: each answer once, and about the same row."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from xml.etree import ElementTree as ET

import pytest

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Cell
from components.core.people.several_people import ReviewPlan
from components.services.data import audit_trail
from components.services.exchange import answer_files, coming_in
from components.services.exchange.fates import AnswerFate
from components.services.export import decision_files
from components.services.export.publish import publish
from components.services.review import review
from components.services.review.selection import Stage
from components.store.review import plans

TABLE = "x,kind\n" + "".join(f"{n},{'cat' if n % 3 else 'dog'}\n" for n in range(60))
FLAGGED = ((3, "cat"), (4, "dog"), (5, "dog"), (7, "dog"))


LABEL_STUDIO, ARGILLA = (
    partial(decision_files.tool_questions, form=form) for form in ("label-studio", "argilla")
)


@pytest.fixture
def asked(labelled):
    _, run_id = labelled(TABLE, flagged=FLAGGED)
    return run_id


def read(made, ws, maker, run_id, **options):
    return json.loads(made(maker, ws, run_id, **options).content)


def tasks(made, ws, run_id, **options):
    return read(made, ws, LABEL_STUDIO, run_id, **options)


def standing(ws, run_id):
    dataset_id = review.queue(ws, run_id).dataset_id
    return {d.cell.row_id: d for d in review.standing(ws, dataset_id)}


def test_tasks_of_label_studio_hold_the_row_and_the_suggestion(ws, asked, made):
    first, *others = tasks(made, ws, asked)
    assert len(others) == len(FLAGGED) - 1
    assert first["data"].items() >= {
        "row": "x: 3",
        "row_number": 4,
        "given": "dog",
        "suggested": "cat",
        "row_id": 3,
        "column": "kind",
        "seen": "",
    }.items()  # fmt: skip
    (prediction,) = first["predictions"]
    assert prediction["score"] == pytest.approx(0.8)
    assert prediction["model_version"] == "labels.label_errors"
    (result,) = prediction["result"]
    assert (result["type"], result["value"]) == ("choices", {"choices": ["cat"]})
    config = made(decision_files.label_studio_config, ws, asked).content.decode()
    tree = ET.fromstring(config)  # noqa: S314 - our own
    choices = tree.find("Choices")
    assert [c.get("value") for c in choices] == ["cat", "dog"]
    assert result["from_name"] == choices.get("name")
    assert result["to_name"] == tree.find("Text").get("name")
    assert tree.find("Text").get("value") == "$row"


def test_records_of_argilla_hold_fields_and_a_suggestion(ws, asked, made):
    first, *_ = read(made, ws, ARGILLA, asked)
    assert {"id", "fields", "metadata", "suggestions", "responses", "vectors"} == first.keys()
    assert first["fields"] == {"row": "x: 3", "given": "Row 4, kind: dog"}
    assert first["suggestions"]["label"] == {
        "value": "cat",
        "score": pytest.approx(0.8),
        "agent": "labels.label_errors",
    }
    assert first["metadata"]["row_id"] == 3


@pytest.mark.parametrize("maker", [LABEL_STUDIO, ARGILLA])
def test_blind_questions_tell_nothing_of_the_suggestion(ws, asked, made, maker):
    content = made(maker, ws, asked, blind=True).content.decode()
    assert "cat" not in json.dumps(json.loads(content)[0])
    assert "cat" in made(maker, ws, asked).content.decode()


def test_open_items_go_out_and_all_where_asked(ws, asked, made):
    review.decide(ws, review.queue(ws, asked), Cell(3, "kind"), Action.KEEP, reviewer="Cleo")
    assert [t["data"]["row_id"] for t in tasks(made, ws, asked)] == [4, 5, 7]
    every = tasks(made, ws, asked, stage=Stage.ALL)
    assert [t["data"]["row_id"] for t in every] == [3, 4, 5, 7]
    assert every[0]["data"]["seen"].startswith("#")


@pytest.mark.both_databases
def test_answers_of_label_studio_become_decisions(ws, asked, made, label_studio):
    content = label_studio.annotate(
        tasks(made, ws, asked), {3: "cat", 4: "cat", 5: None}, note="two\nlines"
    )
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.KEPT: 2, AnswerFate.SKIPPED: 1}
    kept = standing(ws, asked)
    assert kept.keys() == {3, 4}
    assert (kept[3].action, kept[3].new) == (Action.CHANGE, "cat")
    assert kept[4].action is Action.KEEP
    assert {d.reviewer for d in kept.values()} == {"Label Studio user 3"}
    assert {d.source for d in kept.values()} == {"Label Studio"}
    assert {d.said_at for d in kept.values()} == {datetime(2026, 1, 2, 10, tzinfo=UTC)}
    assert {(d.note, d.seconds) for d in kept.values()} == {("two\nlines", 4.25)}
    assert not audit_trail.verify(ws).problem


@pytest.mark.both_databases
def test_answers_of_argilla_become_decisions(ws, asked, made, argilla):
    records = read(made, ws, ARGILLA, asked)
    content = argilla.annotate(records, {3: "cat", 4: [("bob", "cat")]}, note="sure")
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert (report.tool, report.n) == ("Argilla", {AnswerFate.KEPT: 2})
    kept = standing(ws, asked)
    assert (kept[3].action, kept[3].new, kept[3].note) == (Action.CHANGE, "cat", "sure")
    assert kept[4].reviewer == f"Argilla user {argilla.users['bob']}"
    assert (kept[3].source, kept[3].said_at, kept[3].seconds) == ("Argilla", None, None)
    drafts = argilla.annotate(records, {5: "cat"}, status="draft")
    report = coming_in.take_in(ws, review.queue(ws, asked), drafts)
    assert report.n == {AnswerFate.SKIPPED: 1}


@pytest.mark.parametrize("tool", ["label_studio", "argilla"])
def test_the_same_file_twice_changes_nothing(ws, asked, made, request, tool):
    maker = {"label_studio": LABEL_STUDIO, "argilla": ARGILLA}[tool]
    out = read(made, ws, maker, asked)
    content = request.getfixturevalue(tool).annotate(out, {3: "cat", 4: "cat"})
    coming_in.take_in(ws, review.queue(ws, asked), content)
    before = review.decisions(ws, review.queue(ws, asked).dataset_id)
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.BEFORE: 2}
    assert review.decisions(ws, review.queue(ws, asked).dataset_id) == before


def test_an_answer_that_was_taken_back_here_does_not_come_in_again(ws, asked, made, label_studio):
    content = label_studio.annotate(tasks(made, ws, asked), {3: "cat"})
    coming_in.take_in(ws, review.queue(ws, asked), content)
    review.undo(ws, review.queue(ws, asked), reviewer="Label Studio user 3")
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.BEFORE: 1}
    assert standing(ws, asked) == {}


def test_a_person_may_change_their_answer_in_the_tool(ws, asked, made, label_studio):
    out = tasks(made, ws, asked)
    for label, when in (("cat", "2026-01-02T10:00:00Z"), ("dog", "2026-01-03T10:00:00Z")):
        content = label_studio.annotate(out, {3: label}, when=when)
        report = coming_in.take_in(ws, review.queue(ws, asked), content)
        assert report.n == {AnswerFate.KEPT: 1}
    assert standing(ws, asked)[3].action is Action.KEEP
    earlier = label_studio.annotate(out, {3: "cat"}, when="2026-01-02T12:00:00Z")
    report = coming_in.take_in(ws, review.queue(ws, asked), earlier)
    assert report.n == {AnswerFate.DECIDED: 1}, "an older answer does not overrule a newer one"


def test_what_was_decided_here_meanwhile_stands(ws, asked, made, label_studio):
    content = label_studio.annotate(tasks(made, ws, asked), {3: "cat", 4: "cat"})
    review.decide(ws, review.queue(ws, asked), Cell(3, "kind"), Action.KEEP, reviewer="Cleo")
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.KEPT: 1, AnswerFate.DECIDED: 1}
    assert report.told == ["Record 1: row 4 was kept as “dog” by Cleo meanwhile."]
    assert standing(ws, asked)[3].reviewer == "Cleo"


def test_people_who_disagree_are_told_and_nothing_is_decided(ws, asked, made, label_studio):
    both = {3: [("ann", "cat"), ("bob", "dog")], 4: [("ann", "dog"), ("bob", "dog")]}
    content = label_studio.annotate(tasks(made, ws, asked), both)
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.KEPT: 1, AnswerFate.DISAGREED: 1}
    assert "“cat” by Label Studio user 3, “dog” by Label Studio user 4" in report.told[0]
    assert standing(ws, asked).keys() == {4}


def test_names_of_people_are_taken_where_the_export_holds_them(ws, asked, made, label_studio):
    people = {
        3: [({"id": 5, "email": "eve@example.org", "first_name": "Eve"}, "cat")],
        4: [({"id": 5, "first_name": "Eve", "last_name": "Doe"}, "cat")],
        5: [(None, "cat")],
    }
    label_studio.users = type("AsIs", (dict,), {"get": lambda _self, who, _other: who})()
    coming_in.take_in(
        ws, review.queue(ws, asked), label_studio.annotate(tasks(made, ws, asked), people)
    )
    who = {row: d.reviewer for row, d in standing(ws, asked).items()}
    assert who == {3: "eve@example.org", 4: "Eve Doe", 5: "somebody in Label Studio"}


def test_an_unknown_class_is_refused_and_told(ws, asked, made, label_studio):
    content = label_studio.annotate(tasks(made, ws, asked), {3: "horse", 4: "cat"})
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.KEPT: 1, AnswerFate.UNKNOWN: 1}
    assert report.told == ["Record 1: “horse” is not a value of “kind”."]


def test_an_answer_about_a_row_that_is_another_one_now_is_refused(
    ws, labelled, plant_labels, made, label_studio
):
    """Row 5 of the next version is another row: the number alone would decide about it."""
    info, run_id = labelled(TABLE, flagged=FLAGGED)
    content = label_studio.annotate(tasks(made, ws, run_id), {5: "dog", 7: "dog"})
    review.decide(ws, review.queue(ws, run_id), Cell(3, "kind"), Action.EXCLUDE, reviewer="Cleo")
    published = publish(ws, info.version.id, actor="Cleo").version.id
    from components.services.runs import runs

    later = runs.execute(ws, published, only=["completeness.missing_values"])
    plant_labels(later, FLAGGED)
    report = coming_in.take_in(ws, review.queue(ws, later), content)
    assert report.n == {AnswerFate.STALE: 2}
    assert "it may be one of another table" in report.told[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b'[{"data": {}, "annotations": [', "no JSON"),
        (b"\xff\xfe[]", "no JSON"),
        (b"[" * 200_000, "no JSON"),
        (b"{}", "no list"),
        (b"[]", "neither"),
        (b'[{"id": 1, "row": "x: 3", "label": "cat"}]', "neither"),
        (b"[1, 2]", "neither"),
    ],
)
def test_a_file_of_neither_tool_is_refused_as_a_whole(ws, asked, content, words):
    with pytest.raises(UnusableInput, match=words):
        coming_in.take_in(ws, review.queue(ws, asked), content)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(ws, asked, monkeypatch):
    monkeypatch.setattr(answer_files, "MOST_BYTES", 1_000)
    with pytest.raises(UnusableInput, match="more than 0 MB"):
        coming_in.take_in(ws, review.queue(ws, asked), b" " * 1_001)
    monkeypatch.undo()
    monkeypatch.setattr(answer_files, "MOST_RECORDS", 2)
    with pytest.raises(UnusableInput, match="3 records; 2 are taken"):
        coming_in.take_in(ws, review.queue(ws, asked), b"[{}, {}, {}]")


def spoilt(task):
    """Ways in which a task comes back broken."""
    data = task["data"]
    return [
        {**task, "data": {k: v for k, v in data.items() if k != "row_id"}},
        {**task, "data": {**data, "row_id": "3"}},
        {**task, "data": {**data, "row_id": -1}},
        {**task, "data": {**data, "fingerprint": None}},
        {**task, "data": {**data, "column": "x"}},
        {**task, "annotations": [7]},
        {**task, "annotations": None},
        {"fields": {}, "responses": {}},
        None,
    ]


def test_broken_records_are_told_and_the_others_are_kept(ws, asked, made, label_studio):
    whole = json.loads(label_studio.annotate(tasks(made, ws, asked), {3: "cat", 4: "cat"}))
    broken = spoilt(whole[0])
    content = json.dumps([whole[1], *broken]).encode()
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n[AnswerFate.KEPT] == 1
    assert report.n_refused == len(broken) - 1, "nobody has answered one of them"
    assert all(line.startswith("Record ") for line in report.told)


def test_two_values_at_once_are_no_answer(ws, asked, made, label_studio):
    whole = json.loads(label_studio.annotate(tasks(made, ws, asked), {3: "cat"}))
    whole[0]["annotations"][0]["result"][0]["value"]["choices"] = ["cat", "dog"]
    report = coming_in.take_in(ws, review.queue(ws, asked), json.dumps(whole).encode())
    assert report.told == ["Record 1: 2 values were chosen."]


def test_a_queue_without_classes_asks_nobody_elsewhere(ws, labelled, plant_cells, made):
    _, run_id = labelled()
    check_id = plant_cells(run_id, {(3, "weight"): "", (4, "weight"): ""})
    with pytest.raises(Conflict, match="does not ask for one of several classes"):
        made(ARGILLA, ws, run_id, check_id)
    with pytest.raises(Conflict, match="does not ask for one of several classes"):
        coming_in.take_in(ws, review.queue(ws, run_id, check_id), b"[]")


def test_hostile_classes_and_cells_go_through(ws, labelled, made, label_studio):
    names = ['<b>"x"&\'</b>', "$given", "=1+1", "שלום"]
    rows = "".join(
        f'"{n} </Text>","{names[n % 4].replace(chr(34), chr(34) * 2)}"\n' for n in range(40)
    )
    _, run_id = labelled("x,kind\n" + rows, flagged=((0, names[1]), (1, names[0])))
    config = made(decision_files.label_studio_config, ws, run_id).content.decode()
    tree = ET.fromstring(config)  # noqa: S314 - our own
    found = [c.get("alias") or c.get("value") for c in tree.find("Choices")]
    assert sorted(found) == sorted(names)
    assert not [c.get("value") for c in tree.find("Choices") if c.get("value")[0] == "$"]
    content = label_studio.annotate(
        tasks(made, ws, run_id), {0: names[1], 1: names[3]}, note="half \ud800"
    )
    assert coming_in.take_in(ws, review.queue(ws, run_id), content).n == {AnswerFate.KEPT: 2}
    assert {d.new for d in standing(ws, run_id).values()} == {names[1], names[3]}


def test_of_an_item_that_two_people_judge_each_answer_is_kept(ws, asked, made, label_studio):
    dataset_id = review.queue(ws, asked).dataset_id
    with ws.db.write() as session:
        plans.save(session, dataset_id, ReviewPlan(double_share=1.0, seed=1))
    both = {3: [("ann", "cat"), ("bob", "dog")], 4: [("ann", "cat"), ("bob", "cat")]}
    content = label_studio.annotate(tasks(made, ws, asked), both)
    report = coming_in.take_in(ws, review.queue(ws, asked), content)
    assert report.n == {AnswerFate.KEPT: 4}
    assert standing(ws, asked).keys() == {4}, "about the other one a third person decides"
    third = label_studio.annotate(tasks(made, ws, asked, stage=Stage.ALL), {3: [("Eve", "cat")]})
    report = coming_in.take_in(ws, review.queue(ws, asked), third)
    assert report.n == {AnswerFate.DECIDED: 1}, "who did not see both answers decides nothing"
    assert coming_in.take_in(ws, review.queue(ws, asked), content).n == {AnswerFate.BEFORE: 4}
    assert not audit_trail.verify(ws).problem
