"""The form that sets what a check declares, and the runs that are started with it."""

import time

import pytest

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.runs import runs
from components.services.runs.settings import RunSettings
from components.services.workspace import open_workspace
from components.views import words
from components.views.navigation import Pages
from components.views.text import md

CHECK = "duplicates.exact_rows"


@pytest.fixture
def ws(finished, tmp_path):
    assert finished.home != tmp_path / "home", "each test has a copy"
    opened = open_workspace(Settings(home=tmp_path / "home"))
    yield opened
    for status in runs.active(opened):
        runs.cancel(opened, status.run_id)
        while not runs.status(opened, status.run_id).state.is_over:
            time.sleep(0.02)
    opened.close()


def labelled(elements, start):
    return next(e for e in elements if e.label.startswith(start))


def choose(at, check_title):
    box = labelled(at.selectbox, "Check")
    option = next(o for o in box.options if o.endswith(check_title))
    box.select_index(box.options.index(option)).run()


def problems(at):
    return [e.value for e in at.exception] + [e.value for e in at.error]


def test_every_parameter_is_offered_with_unit_range_and_source(app, finished):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    for check in filter(lambda check: check.parameters, runs.catalogue()):
        choose(at, check.title)
        shown = [e.label for e in (*at.number_input, *at.text_input, *at.checkbox)]
        for parameter in check.parameters:
            unit = f", {parameter.unit}" if parameter.unit else ""
            assert f"{parameter.name.replace('_', ' ')}{unit}" in shown
            said = f"{md(parameter.help)} :gray[{md(parameter.range)}"
            caption = next(c.value for c in at.caption if c.value.startswith(said))
            assert md(parameter.source or "our own choice") in caption
    assert problems(at) == []
    assert "All checks have their defaults." in app.text()


def test_a_value_starts_another_run_that_says_what_it_was_told(app, finished, ws):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    choose(at, "Repeated rows")
    labelled(at.number_input, "warn share").set_value(0.9).run()
    assert "duplicates.exact_rows.warn_share` = 0\\.9" in app.text()
    labelled(at.button, "Check again with these").click().run()
    assert problems(at) == []
    run_id = runs.latest(ws, finished.dataset_id)
    assert run_id != finished.run_id
    assert runs.spec(ws, run_id).params == {CHECK: {"warn_share": 0.9}}


def test_a_value_outside_of_the_range_is_told_and_does_not_count(app, finished):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    choose(at, "Missing values")
    labelled(at.number_input, "nearly empty").set_value(0.0).run()
    assert "more than 0 and at most 1" in at.error[0].value
    assert "All checks have their defaults." in app.text()


def test_the_defaults_come_back_with_one_click(app, finished):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    choose(at, "Repeated rows")
    labelled(at.number_input, "warn share").set_value(0.9).run()
    labelled(at.button, "Back to the defaults").click().run()
    assert labelled(at.number_input, "warn share").value == 0.05
    assert "All checks have their defaults." in app.text()


def test_the_form_and_the_next_run_begin_with_the_values_of_the_last_one(app, finished, ws):
    told = RunSettings(params={CHECK: {"warn_share": 0.9}})
    runs.execute(ws, finished.dataset_id, settings=told, only=["duplicates"])
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert "duplicates.exact_rows.warn_share` = 0\\.9" in app.text()
    listed = "".join(table.value.to_csv() for table in at.table)
    assert md("Set for this run: warn_share = 0.9.") in listed
    labelled(at.button, "Check again with these").click().run()
    spec = runs.spec(ws, runs.latest(ws, finished.dataset_id))
    assert spec.params == {CHECK: {"warn_share": 0.9}}


def test_the_drawer_says_which_values_were_set(app, finished, ws):
    told = RunSettings(params={CHECK: {"warn_share": 0.9}})
    run_id = runs.execute(ws, finished.dataset_id, settings=told, only=[CHECK])
    finding = runs.results(ws, run_id)[0].findings[0]
    app.open(Pages.OVERVIEW.value, data=finished.dataset_id, finding=finding.id)
    assert "**Set for this run** &nbsp; `duplicates.exact_rows.warn_share` = 0\\.9" in app.text()


def test_the_upload_page_starts_the_first_run_with_the_form(app, finished, ws):
    at = app.open(Pages.UPLOAD.value, data=finished.dataset_id)
    choose(at, "Repeated rows")
    labelled(at.number_input, "warn share").set_value(0.5).run()
    labelled(at.selectbox, "What should a model predict?").select_index(0).run()
    labelled(at.button, "Check this data").click().run()
    assert problems(at) == []
    spec = runs.spec(ws, runs.latest(ws, finished.dataset_id))
    assert spec.params == {CHECK: {"warn_share": 0.5}}
    assert spec.dataset.no_label is True
    assert spec.dataset.label is None


def test_the_table_of_columns_offers_every_role():
    assert {words.ROLE[Role.ENTITY], words.ROLE[Role.SPLIT]} == {"Person or device", "Split"}
