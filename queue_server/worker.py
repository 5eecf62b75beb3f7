"""What differs between the coroutine workers, in one place: nothing else knows whether eventlet or gevent runs.

gunicorn patches the process before it imports the application, so the kind of worker can be read off here.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


def async_mode() -> str:
    """How Flask-SocketIO has to run in this process: "eventlet", "gevent", or "threading" in tests and tools."""
    if "eventlet" in sys.modules:
        from eventlet import patcher

        if patcher.is_monkey_patched("socket"):
            return "eventlet"
    if "gevent" in sys.modules:
        from gevent import monkey

        if monkey.is_module_patched("socket"):
            return "gevent"
    return "threading"


def run_blocking(function: Callable[..., T], *arguments: object) -> T:
    """Run a function that computes for long (a password hash) without holding up the event loop.

    It must not touch the hall's connection to the database, which stays in its thread; one of its own it may open.
    """
    match async_mode():
        case "eventlet":
            from eventlet import tpool

            result: T = tpool.execute(function, *arguments)
            return result
        case "gevent":
            import gevent

            return gevent.get_hub().threadpool.apply(function, arguments)  # type: ignore[no-any-return]
        case _:
            return function(*arguments)


def patience(seconds: float) -> AbstractContextManager[Any]:
    """A block that ends with TimeoutError after so many seconds, whatever it waits for; in threads it waits on."""
    match async_mode():
        case "eventlet":
            import eventlet

            timeout: AbstractContextManager[Any] = eventlet.Timeout(seconds, TimeoutError())
            return timeout
        case "gevent":
            import gevent

            return gevent.Timeout(seconds, TimeoutError())  # type: ignore[no-any-return]
        case _:
            return nullcontext()


def give_way() -> None:
    """Let every other coroutine that can go on do so first."""
    match async_mode():
        case "eventlet":
            import eventlet

            eventlet.sleep(0)
        case "gevent":
            import gevent

            gevent.sleep(0)


class Signal(Protocol):
    """What one greenlet waits for until another one sets it, once."""

    def wait(self) -> object: ...
    def set(self) -> object: ...


class Turns(Protocol):
    """The turns of the event loop: whoever is ready has one before anybody has a second."""

    def soon(self, function: Callable[[], None]) -> object:
        """Run a function in a greenlet of its own, when everybody who is ready now has had a turn."""

    def signal(self) -> Signal:
        """A new signal."""


def turns() -> Turns | None:
    """The turns of the event loop that runs this process; None where there is none and threads do as they like."""
    match async_mode():
        case "eventlet":
            return _EventletTurns()
        case "gevent":
            return _GeventTurns()
        case _:
            return None


class _EventletTurns:
    """Under eventlet."""

    def soon(self, function: Callable[[], None]) -> object:
        import eventlet

        return eventlet.spawn_n(function)

    def signal(self) -> Signal:
        return _EventletSignal()


class _EventletSignal:
    """eventlet's event, which carries a value that is not wanted here."""

    def __init__(self) -> None:
        from eventlet.event import Event

        self._event = Event()

    def wait(self) -> object:
        return self._event.wait()

    def set(self) -> object:
        return self._event.send(None)


class _GeventTurns:
    """Under gevent."""

    def soon(self, function: Callable[[], None]) -> object:
        import gevent

        return gevent.spawn(function)

    def signal(self) -> Signal:
        from gevent.event import Event

        event: Signal = Event()
        return event
