"""File: is it put together well? What intake saw, and the checks of the file's structure."""

from __future__ import annotations

from components.services.data.datasets import DatasetInfo
from components.views.current import Run
from components.views.parts import reading
from components.views.parts.findings import concern


def show() -> None:
    """Draw the page."""
    concern.show("validity", extra=_reading)


def _reading(info: DatasetInfo, _run: Run) -> None:
    reading.understood(info)
