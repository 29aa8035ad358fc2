from __future__ import annotations

import pytest

from tests.other_tools import Argilla, LabelStudio


@pytest.fixture
def label_studio():
    return LabelStudio()


@pytest.fixture
def argilla():
    return Argilla()
