"""The staff mode in time: it ends with quiet, and wrong PINs make a pause, also many at once; it is of one site."""

import threading

import pytest

from kiosk.staff import OPEN_SECONDS, TRIES, StaffMode, TooManyTries

PATIENCE_SECONDS = 30.0


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
    assert mode.holds("hall", key)
    time.now += OPEN_SECONDS - 1
    assert mode.holds("hall", key)
    time.now += OPEN_SECONDS
    assert not mode.holds("hall", key)
    assert not mode.holds("hall", None)


def test_it_ends_at_once_when_it_is_left() -> None:
    mode = StaffMode()
    key = mode.enter("hall", lambda: True)
    mode.leave("hall", key)
    mode.leave("hall", None)
    assert not mode.holds("hall", key)


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


def test_of_many_pins_at_once_no_more_are_checked_than_one_after_the_other() -> None:
    mode, checking, checked = StaffMode(), threading.Event(), threading.Semaphore(0)
    opened: list[str | None] = []

    def slowly() -> bool:
        checked.release()
        assert checking.wait(PATIENCE_SECONDS)
        return False

    guessers = [threading.Thread(target=lambda: opened.append(mode.enter("hall", slowly))) for _ in range(TRIES)]
    for guesser in guessers:
        guesser.start()
    for _ in guessers:
        assert checked.acquire(timeout=PATIENCE_SECONDS)
    # None of them has an answer yet, and each has counted.
    with pytest.raises(TooManyTries):
        mode.enter("hall", lambda: True)
    checking.set()
    for guesser in guessers:
        guesser.join(PATIENCE_SECONDS)
    assert opened == [None] * TRIES
    with pytest.raises(TooManyTries):
        mode.enter("hall", lambda: True)


def test_the_key_of_one_site_is_none_at_another() -> None:
    mode = StaffMode()
    key = mode.enter("hall", lambda: True)
    assert not mode.holds("branch", key)
    mode.leave("branch", key)
    assert mode.holds("hall", key)
