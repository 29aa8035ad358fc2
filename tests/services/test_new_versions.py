"""A table that is uploaded again: which rows are the same, and what was decided about them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from components.core.data.carry_over import MatchedBy
from components.core.data.dataset import Role
from components.core.judgement.answers import Acceptance
from components.core.judgement.findings import Severity
from components.core.judgement.review import Action
from components.core.progress import silent
from components.reports.former_tables import headline, told
from components.services.data import datasets, remove, versions
from components.services.export.publish import publish_here
from components.services.headless import role_arguments
from components.services.review import review
from components.services.upload import readings
from components.services.upload.incoming import ReceivedFile
from components.services.upload.source_bytes import fingerprint
from components.services.workspace import now
from components.store.review import acceptances

N = 2_000
OTHER = {"cat": "dog", "dog": "cat"}


def written(rows, header="key,colour,weight,kind"):
    return header + "\n" + "".join(",".join(row) + "\n" for row in rows)


def animals(n, seed=1):
    """Rows that differ, with an identifier, and a label that they do not determine."""
    draw = np.random.default_rng(seed)
    colours = draw.choice(["red", "grey", "black"], n)
    weights, keys = draw.normal(20, 5, n), draw.permutation(10 * n)[:n]
    kinds = draw.choice(["cat", "dog"], n)
    rows = zip(keys, colours, weights, kinds, strict=True)
    return [(f"{seed}k{key}", str(c), f"{w:.6f}", str(kind)) for key, c, w, kind in rows]


def with_roles(ws, info, **roles):
    changes = role_arguments.assign(info.version, {r: [name] for name, r in roles.items()})
    return datasets.set_columns(ws, info.version.id, changes, actor="Ann")


def stands(ws, info):
    return {d.cell.row_id: (d.action, d.new) for d in review.standing(ws, info.version.id)}


def met_of(ws, info):
    (found,) = versions.formers(ws, info)
    return found.met


def followed(action, new, given, text):
    """What must hold where the cell holds ``text``; in words of its own, not those of the code."""
    if action in {Action.KEEP, Action.CHANGE} and text == new:
        return (Action.KEEP, text)
    return (action, new) if text == given else None


@pytest.mark.parametrize("known_by", [Role.ID, Role.IGNORE])
def test_two_thousand_decisions_find_their_rows_in_two_more_uploads(
    ws, upload, seed_decisions, known_by
):
    chance = random.Random(11)  # noqa: S311 - the same history in every run
    rows = animals(2 * N)
    first = with_roles(ws, upload(written(rows), name="v1.csv"), key=known_by, kind=Role.LABEL)
    wanted = {}
    for row in chance.sample(range(2 * N), N):
        action = chance.choice(list(Action))
        wanted[row] = (action, OTHER[rows[row][3]] if action is Action.CHANGE else rows[row][3])
    seed_decisions(first, "kind", wanted, {row: rows[row][3] for row in wanted})
    assert len(review.standing(ws, first.version.id)) == N

    table = list(enumerate(rows))
    held, info = wanted, first
    for version in (2, 3):
        chance.shuffle(table)
        gone = [row for row, _ in table[:100]]
        table = table[100:]
        for place in range(50):  # corrected outside
            row, cells = table[place]
            table[place] = (row, (*cells[:3], OTHER[cells[3]]))
        table += [(None, row) for row in animals(300, seed=version)]
        chance.shuffle(table)
        before, former = held, info
        info = upload(written([cells for _, cells in table]), name=f"v{version}.csv")
        here = {row: place for place, (row, _) in enumerate(table) if row is not None}
        given = {row: rows[row][3] for row in before if row is not None}
        expected = {}
        for row, (action, new) in before.items():
            if row in here:
                now_there = followed(action, new, given[row], table[here[row]][1][3])
                if now_there is not None:
                    expected[row] = now_there
        assert stands(ws, info) == {here[row]: said for row, said in expected.items()}
        found = {f.info.version.id: f.met for f in versions.formers(ws, info)}
        met = found[former.version.id]
        assert met.n_decided == len(before)
        assert met.n_decided_found == len(set(before) & set(here))
        assert met.n_decided_carried == len(expected)
        assert met.n_differing == met.n_decided_found - len(expected)
        assert (met.n_decided_several, met.n_decided - met.n_decided_found) == (
            0,
            len(set(before) & set(gone)),
        )
        wanted_way = MatchedBy.IDENTIFIER if known_by is Role.ID else MatchedBy.CONTENT
        assert met.matched_by is wanted_way
        table = [(n, cells) for n, (_, cells) in enumerate(table)]
        rows, held = [cells for _, cells in table], stands(ws, info)


def test_equal_rows_are_matched_in_order(ws, upload, seed_decisions):
    rows = animals(40)
    twin = rows[0]
    first = with_roles(ws, upload(written([*rows, twin, twin])), kind=Role.LABEL, key=Role.IGNORE)
    wanted = {0: (Action.KEEP, twin[3]), 41: (Action.UNSURE, twin[3]), 5: (Action.KEEP, rows[5][3])}
    seed_decisions(first, "kind", wanted, {0: twin[3], 41: twin[3], 5: rows[5][3]})
    second = upload(written([*rows[10:], twin, *rows[1:10], twin]))  # one of the three is gone
    assert stands(ws, second) == {30: (Action.KEEP, twin[3]), 35: (Action.KEEP, rows[5][3])}
    met = met_of(ws, second)
    assert (met.n_rows, met.n_decided_found, met.n_decided_several) == (41, 2, 0)
    third = upload(written([twin, twin, twin, *rows[1:]]))
    assert {row: a for row, (a, _) in stands(ws, third).items()}[2] is Action.UNSURE


def test_a_row_that_could_be_several_stays_open_and_is_counted(ws, upload, seed_decisions):
    rows = animals(40)
    alike = (*rows[0][:3], OTHER[rows[0][3]])
    first = with_roles(ws, upload(written([*rows, alike])), kind=Role.LABEL, key=Role.IGNORE)
    seed_decisions(first, "kind", {0: (Action.KEEP, rows[0][3])}, {0: rows[0][3]})
    fish = (*rows[0][:3], "fish")
    second = upload(written([*rows[1:], fish, fish]))
    met = met_of(ws, second)
    assert stands(ws, second) == {}
    assert (met.n_decided, met.n_decided_found, met.n_decided_several) == (1, 0, 1)
    (line,) = told_of(ws, second)
    assert line.endswith(
        " No decision was carried over, 1 row with decisions could be any of several rows here, "
        "so they stayed behind."
    )


def test_a_cell_corrected_outside_is_the_decision_that_was_meant(ws, upload, seed_decisions):
    rows = animals(40)
    first = with_roles(ws, upload(written(rows)), kind=Role.LABEL, key=Role.IGNORE)
    given = {n: rows[n][3] for n in (3, 4, 5)}
    wanted = {n: (Action.CHANGE, OTHER[given[n]]) for n in (3, 4)} | {5: (Action.KEEP, given[5])}
    seed_decisions(first, "kind", wanted, given)
    changed = [(*r[:3], OTHER[r[3]]) if n in {3, 5} else r for n, r in enumerate(rows)]
    second = upload(written(changed[::-1]))
    assert stands(ws, second) == {
        36: (Action.KEEP, OTHER[given[3]]),  # row 3, as decided
        35: (Action.CHANGE, OTHER[given[4]]),  # row 4, still to be changed
    }  # row 5 was kept as it was, and is something else now
    assert met_of(ws, second).n_differing == 1


def test_accepted_findings_go_along(ws, upload):
    rows = animals(40)
    first = upload(written(rows))
    with ws.db.write() as session:
        acceptances.add(
            session,
            Acceptance(
                dataset_id=first.version.id,
                finding_id="labels.label_errors:x",
                title="x",
                severity=Severity.WARNING,
                reason="known",
                reviewer="Ann",
                at=now(),
            ),
        )
    second = upload(written(rows[::-1]))
    with ws.db.read() as session:
        assert set(acceptances.standing(session, second.version.id)) == {"labels.label_errors:x"}


def few_values(n, seed):
    draw = np.random.default_rng(seed)
    cells = [draw.choice([f"v{k}" for k in range(size)], n) for size in (7, 9, 5, 2)]
    return [tuple(map(str, row)) for row in zip(*cells, strict=True)]


def numbered(rows):
    return [(str(n), *row[1:]) for n, row in enumerate(rows, start=1)]


@pytest.mark.parametrize("known_by", [Role.ID, Role.IGNORE])
@pytest.mark.parametrize(
    "tables",
    [
        (animals(400), animals(400, seed=2)),
        (numbered(animals(400)), numbered(animals(400, seed=2))),
        (numbered(animals(40)), numbered(animals(4_000, seed=2))),
        *(
            (few_values(n, 1), few_values(m, 2))
            for n, m in [(20, 300), (300, 20), (300, 300), (300, 3_000), (3_000, 3_000)]
        ),
    ],
)
def test_other_rows_under_the_same_header_are_no_new_version(
    ws, upload, seed_decisions, tables, known_by
):
    before, after = tables
    first = with_roles(ws, upload(written(before)), kind=Role.LABEL, key=known_by)
    seed_decisions(first, "kind", {0: (Action.KEEP, before[0][3])}, {0: before[0][3]})
    second = upload(written(after))
    assert versions.formers(ws, second) == ()
    assert versions.former(ws, second).met is None
    assert stands(ws, second) == {}


def test_the_same_cases_with_other_labels_are_no_new_version(ws, upload, seed_decisions):
    """Figures of the next month have the same shops and goods."""
    may = [(f"shop{n}", f"good{m}", "1", f"{n * m % 97}") for n in range(20) for m in range(20)]
    june = [(*row[:3], f"{int(row[3]) * 7 % 89 + 100}") for row in may]
    first = with_roles(ws, upload(written(may)), kind=Role.LABEL)
    seed_decisions(first, "kind", {0: (Action.KEEP, may[0][3])}, {0: may[0][3]})
    assert versions.formers(ws, upload(written(june))) == ()


def test_rows_that_were_sorted_and_numbered_anew_are_found_by_what_they_hold(
    ws, upload, seed_decisions
):
    rows = numbered(animals(400))
    first = with_roles(ws, upload(written(rows)), kind=Role.LABEL, key=Role.ID)
    wanted = {n: (Action.KEEP, rows[n][3]) for n in range(50)}
    seed_decisions(first, "kind", wanted, {n: rows[n][3] for n in range(50)})
    order = sorted(range(400), key=lambda n: rows[n][2])
    second = upload(written(numbered([rows[n] for n in order])))
    assert stands(ws, second) == {order.index(n): said for n, said in wanted.items()}
    assert met_of(ws, second).matched_by is MatchedBy.CONTENT


def test_a_removed_table_is_never_a_former_one(ws, upload, seed_decisions):
    rows = animals(40)
    first = with_roles(ws, upload(written(rows)), kind=Role.LABEL)
    seed_decisions(first, "kind", {0: (Action.KEEP, rows[0][3])}, {0: rows[0][3]})
    remove.remove(ws, first.version.id, actor="Ann", is_operator=True)
    second = upload(written(rows[::-1]))
    assert stands(ws, second) == {}
    assert versions.former(ws, second) is None
    third = upload(written([*rows[5:], *rows[:5]]))
    assert met_of(ws, third).former_id == second.version.id
    remove.remove(ws, second.version.id, actor="Ann", is_operator=True)
    assert versions.former(ws, third) is None


def test_a_table_of_another_person_is_met_and_each_keeps_his_own(ws, upload, seed_decisions):
    """Everybody who can open the app sees all tables; who uploaded one owns it."""
    rows = animals(40)
    first = with_roles(ws, upload(written(rows), actor="Ann"), kind=Role.LABEL)
    seed_decisions(first, "kind", {0: (Action.KEEP, rows[0][3])}, {0: rows[0][3]})
    second = upload(written(rows[::-1]), actor="Bob")
    (carried,) = review.standing(ws, second.version.id)
    assert (carried.cell.row_id, carried.reviewer) == (39, "A")
    owners = [datasets.get(ws, i.version.id).version.owner for i in (first, second)]
    assert owners == ["Ann", "Bob"]


def test_decisions_of_two_former_tables_come_together(ws, upload, seed_decisions):
    rows = animals(60)
    may = with_roles(ws, upload(written(rows[:50])), kind=Role.LABEL)
    june = upload(written(rows[10:]))
    seed_decisions(may, "kind", {0: (Action.KEEP, rows[0][3])}, {0: rows[0][3]})
    seed_decisions(june, "kind", {49: (Action.KEEP, rows[59][3])}, {49: rows[59][3]})
    both = upload(written(rows))
    assert set(stands(ws, both)) == {0, 59}


def test_a_former_table_that_cannot_be_read_does_not_stop_an_upload(ws, upload):
    rows = animals(40)
    first = upload(written(rows))
    (first.folder / "text.parquet").write_bytes(b"PAR1 not a table")
    (first.folder / "texts.json").unlink(missing_ok=True)
    second = upload(written(rows[::-1]))
    assert second.version.n_rows == 40
    assert versions.formers(ws, second) == ()


@pytest.mark.both_databases
def test_a_large_former_table_is_read_by_a_worker(
    ws, upload, seed_decisions, tmp_path, monkeypatch
):
    rows = animals(40)
    first = with_roles(ws, upload(written(rows)), kind=Role.LABEL)
    seed_decisions(first, "kind", {0: (Action.KEEP, rows[0][3])}, {0: rows[0][3]})
    monkeypatch.setattr("components.services.upload.former_rows.is_small", lambda _source: False)
    path = tmp_path / "again.csv"
    path.write_text(written(rows[::-1]))
    received = ReceivedFile(
        name="again.csv",
        path=path,
        sha256=fingerprint(path),
        size=path.stat().st_size,
        until=0.0,
    )
    reading = readings.start(ws, received)
    assert not reading.status().is_over, "it was read in this process"
    assert reading.wait(120)
    assert stands(ws, reading.result()) == {39: (Action.KEEP, rows[0][3])}
    reading.drop()


def test_that_there_is_no_label_is_carried_to_a_new_version(ws, upload):
    rows = animals(40)
    first = upload(written(rows))
    kinds = {c.name: (c.kind, Role.FEATURE) for c in first.version.columns if c.name == "kind"}
    datasets.set_columns(ws, first.version.id, kinds, actor="Ann", no_label=True)
    second = upload(written(rows[::-1]))
    assert (second.version.no_label, second.version.label) == (True, None)
    assert not second.confirmed, "nobody has looked at this version yet"
    with_roles(ws, second, kind=Role.LABEL)
    third = upload(written(rows[5:]))
    assert (third.version.no_label, third.version.label.name) == (False, "kind")
    other = upload(written(rows, header="key,colour,weight,sort"))
    assert not other.version.no_label, "a word about another kind of table"


def told_of(ws, info):
    """Return the lines about a table's former versions, as the report says them."""
    tables = versions.worth_telling(ws, info)
    return [f"{headline(t)}. {told(t, info.version.n_rows)}" for t in tables]


def test_a_table_uploaded_again_after_its_correction_is_told_of_once(ws, upload, seed_decisions):
    """A second line said that values were open again which the first had carried over."""
    rows = animals(60)
    given = {row: rows[row][3] for row in range(4)}
    first = with_roles(ws, upload(written(rows), name="a.csv"), kind=Role.LABEL)
    wanted = {row: (Action.CHANGE, OTHER[given[row]]) for row in (0, 1)}
    wanted |= {2: (Action.KEEP, given[2]), 3: (Action.EXCLUDE, given[3])}
    seed_decisions(first, "kind", wanted, given)
    corrected = publish_here(ws, first.version.id, "", silent)
    (line,) = told_of(ws, corrected)
    assert line.startswith("The corrected version of a.csv. 1 of 60 rows was left out by decisions")
    assert line.endswith(
        " Decisions about 3 rows were carried over, 1 row with decisions is not in this file."
    )
    for n in range(5):
        more = animals(n, 9) if n > 1 else []
        again = upload(written([*rows[10 * n + 5 :], *rows[: 10 * n + 5], *more]), name=f"{n}.csv")
        assert len(stands(ws, again)) == 4
        (line,) = told_of(ws, again)
        assert line.endswith(" Decisions about 4 rows were carried over.")
        assert all(m.met.n_differing == 0 for m in versions.formers(ws, again))


def test_former_tables_that_each_add_decisions_are_each_told_of(ws, upload, seed_decisions):
    rows = animals(60)
    may = with_roles(ws, upload(written(rows[:50]), name="may.csv"), kind=Role.LABEL)
    june = upload(written(rows[9:]), name="june.csv")
    changed = (Action.CHANGE, OTHER[rows[1][3]])
    given = {n: rows[n][3] for n in range(60)}
    seed_decisions(may, "kind", {0: (Action.KEEP, given[0]), 1: changed}, given)
    seed_decisions(june, "kind", {50: (Action.KEEP, given[59])}, {50: given[59]})
    here = [*rows[:1], (*rows[1][:3], "fish"), *rows[2:]]
    both = upload(written(here))
    assert set(stands(ws, both)) == {0, 59}
    lines = told_of(ws, both)
    assert [line.partition(".csv")[0] for line in lines] == [
        "A new version of june",
        "A new version of may",
    ]
    assert lines[0].endswith("; 9 rows are new. What was decided about 1 row was carried over.")
    assert lines[1].endswith(
        " 1 further decision was carried over, 1 decided value differs here, so that decision "
        "stayed behind."
    )
