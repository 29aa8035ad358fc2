from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from components.core.data.dataset import Role
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.jobs import job
from components.services.headless import role_arguments
from components.services.worker_calls import _settings, as_seen_from
from components.services.workspace import open_workspace

ROOT = Path(__file__).parents[2]


def test_services_do_not_load_what_only_workers_need():
    code = (
        "import sys\n"
        "from components.services.data import datasets, rows\n"
        "from components.services.export import exports\n"
        "from components.services.headless import temporary_workspace\n"
        "from components.services.review import review\n"
        "from components.services.runs import runs\n"
        "runs.catalogue()\n"
        "print({m.partition('.')[0] for m in sys.modules}\n"
        "      & {'sklearn', 'cleanlab', 'pyod', 'streamlit', 'scipy', 'statsmodels'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_a_folder_that_cannot_be_used_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableInput, match="cannot be used"):
        open_workspace(Settings(home=tmp_path / "file" / "home"))


def test_what_killed_uploads_left_is_swept_after_a_day(tmp_path):
    ws = open_workspace(Settings(home=tmp_path))
    old, new = ws.files.datasets / ".new-old", ws.files.datasets / ".new-new"
    old.mkdir()
    new.mkdir()
    yesterday = time.time() - 90_000
    os.utime(old, (yesterday, yesterday))
    ws.close()
    open_workspace(Settings(home=tmp_path)).close()
    assert (old.exists(), new.exists()) == (False, True)


def test_roles_that_are_given_replace_the_guesses(upload):
    version = upload().version
    changes = role_arguments.assign(version, {Role.LABEL: ["legs"], Role.SENSITIVE: ["name"]})
    assert changes["legs"][1] is Role.LABEL
    assert changes["name"][1] is Role.SENSITIVE
    changed = {name: role for name, (_, role) in changes.items()}
    after = {c.name: changed.get(c.name, c.role) for c in version.columns}
    assert [name for name, role in after.items() if role is Role.LABEL] == ["legs"]


def test_a_column_that_is_not_there_is_told_with_a_hint(upload):
    version = upload().version
    with pytest.raises(UnusableInput, match="Did you mean “weight”"):
        role_arguments.assign(version, {Role.LABEL: ["wieght"]})
    with pytest.raises(UnusableInput, match="Its columns are: name, weight"):
        role_arguments.assign(version, {Role.LABEL: ["zzz"]})
    with pytest.raises(UnusableInput, match="two roles: label and sensitive"):
        role_arguments.assign(version, {Role.LABEL: ["kind"], Role.SENSITIVE: ["kind"]})


def test_names_with_commas_can_be_given(upload):
    version = upload('"a,b",c,d\n1,2,3\n4,5,6\n').version
    assert role_arguments.split_names(version, ["a,b", "c, d"]) == ["a,b", "c", "d"]


def test_the_request_of_a_job_holds_no_password(tmp_path, monkeypatch):
    address = "postgresql://ann:s3cret-word@host/name"
    monkeypatch.setenv("PREFLIGHT_DATABASE_URL", address)
    ws = open_workspace(Settings(home=tmp_path))  # its own database is a file
    on_server = replace(ws, settings=replace(ws.settings, database_url=address))
    for asking, url in ((ws, ""), (on_server, address)):
        request = as_seen_from(asking, job.new(ws.files.jobs))
        assert "s3cret-word" not in json.dumps(request)
        assert _settings(request["settings"]) == replace(ws.settings, database_url=url)
    ws.close()
