"""The staff mode in time: it ends with quiet, and wrong PINs make a pause."""

import pytest

from kiosk.staff import OPEN_SECONDS, StaffMode, TooManyTries


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_stays_open_while_somebody_touches_it() -> None:
    time = Time()
    mode = StaffMode(time)
    key = mode.enter("hall", lambda: True)
    time.now += OPEN_SECONDS - 1
    assert mode.holds(key)
    time.now += OPEN_SECONDS - 1
    assert mode.holds(key)
    time.now += OPEN_SECONDS
    assert not mode.holds(key)
    assert not mode.holds(None)


def test_it_ends_at_once_when_it_is_left() -> None:
    mode = StaffMode()
    key = mode.enter("hall", lambda: True)
    mode.leave(key)
    mode.leave(None)
    assert not mode.holds(key)


@pytest.mark.parametrize("answer", [False, None])
def test_wrong_pins_make_a_pause_at_that_site_alone(answer: bool | None) -> None:
    time = Time()
    mode = StaffMode(time)
    for _ in range(5):
        assert mode.enter("hall", lambda: answer) is None
    with pytest.raises(TooManyTries) as slow:
        mode.enter("hall", lambda: True)
    assert 0 < slow.value.seconds <= 61
    assert mode.enter("branch", lambda: True)
    time.now += 60
    assert mode.enter("hall", lambda: True)
    assert mode.enter("hall", lambda: False) is None, "and the count begins anew"
