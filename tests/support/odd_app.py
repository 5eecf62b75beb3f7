"""The application under circumstances that a test controls: the machine's clock stepped, patience shortened.

    gunicorn --config deploy/gunicorn.conf.py "tests.support.odd_app:serve()"

ODD_STEP names a file with the seconds by which the clock is off: the whole process then lives by that clock, as it
does after NTP has stepped it. ODD_PING and ODD_LAG (seconds) stand in for the server's own patience with its clients.
ODD_HASHING names a folder: each password takes as long to be compared as it has no file `enough`.
"""

import ctypes
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

_STEP = os.environ.get("ODD_STEP")
_real_time = time.time


def _step() -> float:
    return float(Path(_STEP).read_text() or "0") if _STEP else 0.0


def _stepped_time() -> float:
    return _real_time() + _step()


class SteppedClock:
    """The clock of the settings, off by what the file says."""

    simulated = True

    def __init__(self, setting: str) -> None:
        from queue_server.clock import clock_from

        self._clock = clock_from(setting)

    def now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=_step())


def _hash_slowly(folder: Path) -> None:
    """Have argon2 compute until it is enough, a minute at most: nothing else in its thread runs meanwhile."""
    from argon2 import PasswordHasher

    from queue_server.accounts import passwords

    class SlowHasher(PasswordHasher):
        def verify(self, *arguments: str | bytes) -> bool:  # type: ignore[override]
            (folder / "begun").touch()
            wait = ctypes.CDLL(None).usleep  # neither eventlet nor gevent knows of it
            for _ in range(6_000):
                if (folder / "enough").exists():
                    break
                wait(10_000)
            return super().verify(*arguments)

    passwords._hasher = SlowHasher()


def serve() -> "Flask":
    from queue_server import app, realtime
    from queue_server.realtime import fanout

    if hashing := os.environ.get("ODD_HASHING"):
        _hash_slowly(Path(hashing))

    if _STEP:
        time.time = _stepped_time
        app.clock_from = SteppedClock  # type: ignore[assignment, attr-defined]
    if ping := os.environ.get("ODD_PING"):
        realtime.PING_SECONDS = float(ping)  # type: ignore[assignment]
    if lag := os.environ.get("ODD_LAG"):
        fanout.LONGEST_LAG_SECONDS = float(lag)
    return app.serve_app()
