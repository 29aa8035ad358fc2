"""Who visits: typed, logged in, or told by a proxy."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.errors import StreamlitAuthError

from components.core.errors import PreflightError, UnusableInput
from components.core.people.person import Identity, Person
from components.core.settings import Settings
from components.views.navigation import Pages
from components.views.visitors import visitor


class Secrets(dict):
    """Streamlit's secrets, with a file or without one."""

    def load_if_toml_exists(self):
        return bool(self)


@pytest.fixture
def asked(monkeypatch):
    """Return a function that says what Streamlit tells about a visitor."""

    def tell(*, secrets=None, user=None, headers=()):
        found = SimpleNamespace(
            secrets=Secrets(secrets or {}),
            user=SimpleNamespace(to_dict=lambda: user or {}),
            context=SimpleNamespace(
                headers=SimpleNamespace(
                    get_all=lambda name: [v for n, v in headers if n.lower() == name.lower()]
                )
            ),
        )
        monkeypatch.setattr(visitor, "st", found)
        return visitor.proven()

    return tell


AUTH = {"auth": {"client_id": "x"}}


def test_without_login_and_header_names_are_typed(asked):
    assert asked() is None
    assert asked(secrets={"other": 1}) is None
    assert asked(headers=[("X-Forwarded-Email", "eve@here.test")]) is None, "no header is believed"


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({}, ""),
        ({"is_logged_in": False, "email": "a@b.test"}, ""),
        ({"is_logged_in": True, "email": "a@b.test", "sub": "7"}, "a@b.test"),
        ({"is_logged_in": True, "email": "a@b.test", "email_verified": True}, "a@b.test"),
        ({"is_logged_in": True, "email": "a@b.test", "email_verified": False, "sub": "7"}, "7"),
        ({"is_logged_in": True, "sub": "7"}, "7"),
        ({"is_logged_in": True}, ""),
    ],
)
def test_a_login_says_who_somebody_is(asked, user, name):
    assert asked(secrets=AUTH, user=user) == Person(name, Identity.LOGIN)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ([], ""),
        ([("x-user", " A\u0308nn   Lee ")], "Änn Lee"),
        ([("X-User", "Ann"), ("X-User", "Eve")], ""),
        ([("X-User", "x" * 500)], ""),
    ],
)
def test_a_header_counts_where_it_was_named_and_once(asked, monkeypatch, headers, name):
    monkeypatch.setenv("PREFLIGHT_USER_HEADER", "X-User")
    assert asked(headers=headers, secrets=AUTH) == Person(name, Identity.HEADER)


def test_what_names_no_header_is_refused(monkeypatch):
    for wrong in ("X User", "X:User", "x\nY"):
        monkeypatch.setenv("PREFLIGHT_USER_HEADER", wrong)
        with pytest.raises(UnusableInput, match="names no header"):
            Settings.from_environment()


def test_a_login_that_is_not_set_up_is_told(monkeypatch):
    def refuse():
        raise StreamlitAuthError("no Authlib")

    monkeypatch.setattr(visitor, "st", SimpleNamespace(login=refuse))
    with pytest.raises(PreflightError, match="cannot log anybody in"):
        visitor.log_in()


def test_who_is_not_logged_in_sees_no_table(app, finished, monkeypatch):
    monkeypatch.setattr(visitor, "known_by", lambda: Identity.LOGIN)
    monkeypatch.setattr(visitor, "proven", lambda: Person("", Identity.LOGIN))
    query = {"data": finished.dataset_id, "run": finished.run_id}
    at = app.open(Pages.OVERVIEW.value, **query)
    assert [b.label for b in at.button] == ["Log in"]
    assert "people.csv" not in app.text()
    monkeypatch.setattr(visitor, "proven", lambda: Person("ann@here.test", Identity.LOGIN))
    at.run()
    assert "Log in" not in [b.label for b in at.button]
    assert not at.exception


def test_a_finding_is_accepted_in_the_name_of_the_login(app, finished, monkeypatch):
    monkeypatch.setattr(visitor, "proven", lambda: Person("ann@here.test", Identity.LOGIN))
    query = {"data": finished.dataset_id, "run": finished.run_id}
    at = app.open(Pages.OVERVIEW.value, **query)
    assert not [t for t in at.text_input if t.label == "Your name"]
    assert not at.exception
