"""Greenlets of a real event loop: whoever presses in one turn shares a transaction, and everybody gets an answer."""

import gc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from queue_server import worker
from queue_server.app import keep_for_ever
from queue_server.domain.ticket import Refused
from queue_server.hall.together import Together
from tests.support.halls import Town

Run = Callable[[list[Callable[[], Any]]], None]


def under_eventlet(works: list[Callable[[], Any]]) -> None:
    import eventlet

    for greenlet in [eventlet.spawn(work) for work in works]:
        greenlet.wait()


def under_gevent(works: list[Callable[[], Any]]) -> None:
    import gevent

    gevent.joinall([gevent.spawn(work) for work in works], raise_error=True)


@pytest.fixture(params=["eventlet", "gevent"])
def loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[worker.Turns, Run]]:
    """The turns of a coroutine library, and how its greenlets run. Nothing is patched: greenlets are enough."""
    monkeypatch.setattr(worker, "async_mode", lambda: request.param)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated", Warning)
        turns = worker.turns()
        assert turns is not None
        yield turns, under_eventlet if request.param == "eventlet" else under_gevent


def test_greenlets_of_one_turn_share_a_transaction(town: Town, loop: tuple[worker.Turns, Run]) -> None:
    turns, run = loop
    town.open("1")
    town.hall._together = Together(town.store, town.clock, turns)
    begun: list[str] = []
    town.store.database.conn.set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
    answers: list[Any] = []

    def press() -> None:
        answers.append(town.issue("y")["label"])

    def press_wrongly() -> None:
        with pytest.raises(Refused):
            town.hall.call_next(town.caller(), "2")
        answers.append("refused")

    run([press, press_wrongly, press, press])
    assert answers == ["500", "refused", "501", "502"]
    assert begun == ["BEGIN IMMEDIATE"]
    run([press])
    assert len(begun) == 2
    town.verify()


def test_where_threads_run_there_are_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "async_mode", lambda: "threading")
    assert worker.turns() is None


def test_what_a_start_has_made_is_not_looked_through_again() -> None:
    keep_for_ever()
    try:
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
