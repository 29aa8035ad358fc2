"""What a run is told besides the table and the checks: parameters, policy, reference."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from components.checks import registry
from components.core.data.dataset import DatasetVersion
from components.core.errors import NotFound, UnusableInput
from components.core.judgement.checks import AnyCheck
from components.core.judgement.parameters import ParamValues, find, names_of
from components.core.judgement.policy import Policy
from components.core.judgement.runs import RunSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What a person, a form or a command line set.

    Attributes
    ----------
    params
        Check id -> name of a parameter -> value; what is not named has its default.
    reference_id
        The dataset to compare with; "" for none.
    """

    params: ParamValues = field(default_factory=dict)
    policy: Policy | None = None
    reference_id: str = ""


DEFAULTS = RunSettings()


def of_spec(spec: RunSpec) -> RunSettings:
    """Return the settings of a run, to run it again."""
    return RunSettings(
        params=spec.params,
        policy=spec.policy,
        reference_id="" if spec.reference is None else spec.reference.dataset.id,
    )


def parse_params(texts: Sequence[str]) -> ParamValues:
    """Read settings such as ``labels.label_errors.folds=3``.

    Raises
    ------
    UnusableInput
        When there is no such check or parameter, one is set twice, or the value is not in its
        range.
    """
    found: ParamValues = {}
    for text in texts:
        name, sign, value = text.partition("=")
        check_id, dot, parameter = name.strip().rpartition(".")
        if not sign or not dot:
            raise UnusableInput(
                f"“{text}” sets no parameter.",
                "Write CHECK.NAME=VALUE, such as labels.label_errors.folds=3.",
            )
        check = _known(check_id)
        declared = find(check.params, parameter, check.id)
        values = found.setdefault(check.id, {})
        if parameter in values:
            raise UnusableInput(f"{check.id}.{parameter} is set twice.", "Set it once.")
        values[parameter] = declared.parse(value)
    return found


def only_changed(params: ParamValues, chosen: Sequence[AnyCheck]) -> ParamValues:
    """Return the values that differ from the defaults of the checks that will run.

    Raises
    ------
    UnusableInput
        When a value cannot be used, or belongs to a check that is left out.
    """
    ids = {check.id for check in chosen}
    changed: ParamValues = {}
    for check_id, values in params.items():
        check = _known(check_id)
        if values and check_id not in ids:
            raise UnusableInput(
                f"A parameter of {check_id} is set, and this check is left out.",
                "Run it, or leave the parameter out.",
            )
        check.set_params(values)
        defaults = {p.name: p.default for p in check.parameters}
        differ = {name: value for name, value in values.items() if value != defaults[name]}
        if differ:
            changed[check_id] = differ
    return changed


def refuse_absent_columns(params: ParamValues, version: DatasetVersion) -> None:
    """Refuse parameters that name a column which the table does not have.

    Raises
    ------
    UnusableInput
        With the name, and with those that look like it.
    """
    names = {column.name for column in version.columns}
    for check_id, values in params.items():
        for declared in _known(check_id).parameters:
            if not declared.is_of_columns:
                continue
            for name in names_of(str(values.get(declared.name, ""))):
                if name not in names:
                    raise _absent(name, f"{check_id}.{declared.name}", version)


def _absent(name: str, where: str, version: DatasetVersion) -> UnusableInput:
    names = [column.name for column in version.columns]
    close = difflib.get_close_matches(name, names, n=1)
    meant = f"Did you mean “{close[0]}”? " if close else ""
    return UnusableInput(
        f"There is no column “{name}” in {version.name}, and {where} names it.",
        f"{meant}Give names of columns, with commas between and a name with a comma in quotes.",
    )


def _known(check_id: str) -> AnyCheck:
    try:
        return registry.get(check_id)
    except NotFound as error:
        ids = sorted(check.id for check in registry.all_checks())
        close = difflib.get_close_matches(check_id, ids, n=1, cutoff=0.4)
        meant = f"Did you mean “{close[0]}”? " if close else ""
        todo = f"{meant}“preflight checks” lists all of them with their parameters."
        raise UnusableInput(f"There is no check “{check_id}”.", todo) from error
