"""The form that sets what a check declares: one check at a time, each value with its range."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

import streamlit as st

from components.core.errors import UnusableInput
from components.core.judgement.parameters import Parameter, ParamValues, Value
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.services.runs.catalogue import CheckInfo
from components.services.runs.former_settings import former_settings
from components.services.runs.settings import RunSettings
from components.views import session, words
from components.views.session import ParamDraft
from components.views.text import code, md

FINEST = 2
"""A step of the arrows is this many digits below the first digit of the default."""


def settings(info: DatasetInfo) -> RunSettings:
    """Return how a table is checked next: as the last time, with the values of the form."""
    former = former_settings(session.workspace(), info)
    return RunSettings(
        params=_draft(info).params,
        policy=former.policy,
        reference_id=former.reference_id,
    )


def show(info: DatasetInfo, *, place: str) -> None:
    """Draw the form.

    Parameters
    ----------
    place
        Sets two forms of one page apart.
    """
    draft = _draft(info)
    checks = [check for check in runs.catalogue() if check.parameters]
    position = st.selectbox(
        "Check",
        range(len(checks)),
        format_func=partial(_title, checks),
        key=f"settings-check-{place}",
        persist_state="session",
    )
    check = checks[position or 0]
    with st.grid(2, min_column_width=230):
        for parameter in check.parameters:
            with st.container(gap=None):
                _input(parameter, check.id, draft, place)
    _changes(draft)


def _title(checks: list[CheckInfo], position: int) -> str:
    check = checks[position]
    return f"{words.concern(check.concern)}: {check.title}"


def _input(parameter: Parameter, check_id: str, draft: ParamDraft, place: str) -> None:
    key = f"param-{place}-{draft.revision}-{check_id}.{parameter.name}"
    unit = f", {parameter.unit}" if parameter.unit else ""
    value = _widget(
        parameter,
        f"{parameter.name.replace('_', ' ')}{unit}",
        draft.params.get(check_id, {}).get(parameter.name, parameter.default),
        key,
        # before the script: a button above the form must see what was typed right before its click
        partial(_edited, draft, check_id, parameter, key),
    )
    try:
        parameter.checked(value)
    except UnusableInput as error:
        st.error(md(error))
    st.caption(f"{md(parameter.help)} :gray[{md(_bounds(parameter))}]")


def _widget(
    parameter: Parameter, label: str, now: Value, key: str, edited: Callable[[], None]
) -> Value:
    if isinstance(now, bool):
        return st.checkbox(label, value=now, key=key, on_change=edited)
    if isinstance(now, str):
        return st.text_input(label, value=now, key=key, on_change=edited)
    low, high = parameter.low, parameter.high
    if isinstance(now, int):
        return st.number_input(
            label,
            value=now,
            min_value=None if low is None else math.ceil(low),
            max_value=None if high is None else math.floor(high),
            step=1,
            key=key,
            on_change=edited,
        )
    return st.number_input(
        label,
        value=now,
        min_value=None if low is None else float(low),
        max_value=None if high is None else float(high),
        step=_step(float(parameter.default)),
        format="%g",
        key=key,
        on_change=edited,
    )


def _edited(draft: ParamDraft, check_id: str, parameter: Parameter, key: str) -> None:
    """Note a value that lies in the range; of another one the form says why it does not count."""
    value = session.remembered(key)
    if not isinstance(value, str | int | float):
        return
    with suppress(UnusableInput):
        _keep(draft.params, check_id, parameter, parameter.checked(value))


def _step(default: float) -> float:
    """Return a step that moves the second digit of the default: 0.01 for 0.4, 0.0001 for 0.005."""
    digits = math.floor(math.log10(abs(default))) if default else 0
    return float(10.0 ** (digits + 1 - FINEST))


def _bounds(parameter: Parameter) -> str:
    """Return range, default and source, such as ``0 to 1; default 0.05 (deepchecks)``."""
    default = f"default {parameter.default!r}" if parameter.default != "" else "empty by default"
    source = f" ({parameter.source})" if parameter.source else " (our own choice)"
    return f"{parameter.range and f'{parameter.range}; '}{default}{source}."


def _keep(params: ParamValues, check_id: str, parameter: Parameter, value: Value) -> None:
    """Note a value where it differs from the default, and nothing else."""
    values = params.setdefault(check_id, {})
    if value == parameter.default:
        values.pop(parameter.name, None)
    else:
        values[parameter.name] = value
    if not values:
        params.pop(check_id)


def _changes(draft: ParamDraft) -> None:
    said = sentence(draft.params)
    if not said:
        st.caption("All checks have their defaults.")
        return
    st.markdown(f":small[**Set by you** &nbsp; {said}]")
    st.button(
        "Back to the defaults",
        type="tertiary",
        icon=":material/undo:",
        on_click=draft.reset,
        key="settings-reset",
    )


def sentence(params: Mapping[str, Mapping[str, Value]]) -> str:
    """Return values by their names; texts that a person wrote are escaped."""
    return ", ".join(
        f"{code(f'{check_id}.{name}')} = {md(str(value))}"
        for check_id, values in params.items()
        for name, value in values.items()
    )


def value(info: DatasetInfo, check_id: str, parameter: Parameter) -> Value:
    """Return what a parameter is set to for the next run of a table."""
    return _draft(info).params.get(check_id, {}).get(parameter.name, parameter.default)


def set_value(info: DatasetInfo, check_id: str, parameter: Parameter, to: Value) -> None:
    """Set a parameter for the next run of a table.

    Raises
    ------
    UnusableInput
        When the value is outside of the range of the parameter.
    """
    draft = _draft(info)
    _keep(draft.params, check_id, parameter, parameter.checked(to))
    draft.revision += 1


def _draft(info: DatasetInfo) -> ParamDraft:
    """Return the values of the visitor for a table, which begin with those of its last run."""
    kept = session.session().params
    if kept is None or kept.dataset_id != info.version.id:
        former = former_settings(session.workspace(), info).params
        kept = ParamDraft(info.version.id, {c: dict(values) for c, values in former.items()})
        session.session().params = kept
    return kept
