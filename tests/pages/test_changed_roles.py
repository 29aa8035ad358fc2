"""Roles changed after a check: kept elsewhere, and said where results are older."""

from components.core.data.dataset import Role
from components.core.settings import Settings
from components.services.data import datasets
from components.services.workspace import open_workspace
from components.views.navigation import Pages


def buttons(at):
    return {b.key: b for b in at.button if b.key and b.key.startswith("roles-")}


def leave_with_another_role(app, finished):
    """Choose a group on Upload, and go to the overview without checking."""
    at = app.open(Pages.UPLOAD.value, data=finished.dataset_id)
    (groups,) = [m for m in at.multiselect if m.label.startswith("Which columns describe groups")]
    groups.set_value([*groups.value, groups.options.index("town")]).run()
    at.switch_page(Pages.OVERVIEW.value.path).run()
    assert not at.exception
    return at


def test_results_of_the_same_roles_say_nothing(app, finished):
    at = app.open(Pages.OVERVIEW.value, data=finished.dataset_id)
    assert not buttons(at)
    assert "from before" not in app.text()


def test_choices_that_were_left_are_kept_and_asked_about(app, finished):
    at = leave_with_another_role(app, finished)
    assert "You changed what `town` means and have not checked with it." in app.text()
    assert set(buttons(at)) == {"roles-check", "roles-open", "roles-forget"}
    buttons(at)["roles-forget"].click().run()
    assert not at.exception
    assert not buttons(at)


def test_results_say_that_they_are_older_than_the_roles(app, finished):
    ws = open_workspace(Settings.from_environment())
    town = datasets.get(ws, finished.dataset_id).version.column("town")
    changed = {"town": (town.kind, Role.SENSITIVE)}
    datasets.set_columns(ws, finished.dataset_id, changed, actor="Ben")
    ws.close()
    for page in (Pages.OVERVIEW, Pages.ROWS):
        at = app.open(page.value, data=finished.dataset_id)
        assert not at.exception
        assert "These results are from before the change of what `town` means." in app.text()
        assert "roles-again" in buttons(at)
