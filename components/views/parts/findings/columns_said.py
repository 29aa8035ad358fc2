"""What a person can say about the columns of a finding, such as that they are known in time."""

from __future__ import annotations

import streamlit as st

from components.core.errors import UnusableInput
from components.core.judgement.findings import Finding
from components.core.judgement.parameters import Parameter, names_of, text_of_names
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import session
from components.views.current import Run
from components.views.parts import check_settings, empty_state
from components.views.parts.findings import finding_card
from components.views.text import md


def show(info: DatasetInfo, run: Run, finding: Finding) -> None:
    """Draw a button for each thing that can be said; it checks the table again with that word."""
    check = next((c for c in runs.catalogue() if c.id == finding.check_id), None)
    if check is None or not run.status.state.is_over or not finding.affected.columns:
        return
    for parameter in check.parameters:
        if parameter.offer:
            _button(info, finding, parameter)


def _button(info: DatasetInfo, finding: Finding, parameter: Parameter) -> None:
    columns = finding.affected.columns
    set_now = check_settings.value(info, finding.check_id, parameter)
    said = names_of(str(set_now))
    is_said = set(columns) <= set(said)
    left = [name for name in said if name not in columns]
    text = text_of_names(left if is_said else [*said, *columns])
    pressed = st.button(
        "Take that back, and check again" if is_said else f"{parameter.offer}: check again",
        key=f"say-{parameter.name}-{finding_card.key(finding)}",
        icon=":material/undo:" if is_said else ":material/schedule:",
        type="tertiary",
        help=md(parameter.help),
    )
    if not pressed:
        return
    try:
        check_settings.set_value(info, finding.check_id, parameter, text)
        empty_state.start_again(info)
    except UnusableInput as error:
        st.warning(md(error), icon=":material/error:")
        return
    session.close_finding()
    st.rerun()
