"""Other tools, as far as their files go: each annotates exactly in its own format."""

from __future__ import annotations

import json
from copy import deepcopy


class LabelStudio:
    """Takes tasks and gives its export “JSON”, as `guide/task_format` of its documentation."""

    def __init__(self):
        self.users = {"ann": 3, "bob": 4}

    def annotate(self, tasks, answers, *, when="2026-01-02T10:00:00.000000Z", note="", spent=4.25):
        """Answer tasks by row id: a class, or (user, class) pairs; None is skipped."""
        out = deepcopy(tasks)
        for n, task in enumerate(out, start=1):
            said = answers.get(task["data"]["row_id"], ())
            pairs = [("ann", said)] if isinstance(said, str) or said is None else said
            task.update(id=n, project=83, created_at=when, updated_at=when)
            task.setdefault("predictions", [])
            task["annotations"] = [
                self._annotation(100 * n + k, n, who, label, when, note, spent)
                for k, (who, label) in enumerate(pairs)
            ]
        return json.dumps(out).encode()

    def _annotation(self, number, task, who, label, when, note, spent):
        choice = {
            "value": {"choices": [label]},
            "id": "Dx_aB91ISN",
            "from_name": "label",
            "to_name": "row",
            "type": "choices",
            "origin": "manual",
        }
        text = {
            "value": {"text": [note]},
            "id": "yT3",
            "from_name": "note",
            "to_name": "row",
            "type": "textarea",
            "origin": "manual",
        }
        return {
            "id": number,
            "completed_by": self.users.get(who, who),
            "result": [] if label is None else [choice, *([text] if note else [])],
            "was_cancelled": label is None,
            "ground_truth": False,
            "created_at": when,
            "updated_at": when,
            "draft_created_at": None,
            "lead_time": spent,
            "prediction": {},
            "result_count": 1,
            "unique_id": f"c187c09c-c9f1-4a4a-8f0c-{number:012}",
            "task": task,
            "project": 83,
            "updated_by": 1,
            "parent_prediction": None,
            "parent_annotation": None,
            "last_created_by": None,
        }


class Argilla:
    """Takes records and gives what its `records.to_json` writes."""

    def __init__(self):
        self.users = {
            "ann": "7d4c9c7a-6e9c-4a55-9a7e-3f1a6f0f4c11",
            "bob": "0b0c6f0e-2f66-4a0b-8a53-52f8f2a0d7aa",
        }

    def annotate(self, records, answers, *, note="", status=None):
        out = deepcopy(records)
        for record in out:
            record["_server_id"] = "f6a2f9bb-29a8-4d6a-9f1f-0a5b5c7f1a10"
            said = answers.get(record["metadata"]["row_id"], ())
            pairs = [("ann", said)] if isinstance(said, str) else said
            for who, label in pairs:
                response = {"value": label, "user_id": self.users[who]}
                if status:
                    response["status"] = status
                record["responses"].setdefault("label", []).append(response)
                if note:
                    text = {"value": note, "user_id": self.users[who]}
                    record["responses"].setdefault("note", []).append(text)
        return json.dumps(out).encode()
