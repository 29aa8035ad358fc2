"""Times on an axis of seconds, and back."""

from datetime import datetime

import pytest

from components.core.data.instants import instant_at, seconds_of

FIRST = datetime.fromisoformat("0001-01-01")
LAST = datetime.fromisoformat("9999-12-31T23:59:59.999999")


@pytest.mark.parametrize("text", ["0001-01-02", "1066-10-14", "1970-01-01", "9999-12-30 12:00:00"])
def test_a_time_comes_back_from_its_seconds(text):
    at = datetime.fromisoformat(text)
    assert instant_at(seconds_of(at)) == at


@pytest.mark.parametrize("beyond", [1.0, 1e6, 1e300])
def test_beyond_the_calendar_stands_its_first_or_last_moment(beyond):
    assert instant_at(seconds_of(FIRST) - beyond) == FIRST
    assert instant_at(seconds_of(LAST) + beyond) == LAST
