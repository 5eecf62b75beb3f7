"""Waiting for what another process or thread does: a look now and then, and an end to it."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 30
"""For a machine that is busy with the other tests; who sees it sooner goes on sooner."""
PAUSE_SECONDS = 0.05


def wait_until(holds: Callable[[], Any], missing: str | Callable[[], str], seconds: float = PATIENCE_SECONDS) -> None:
    """Return once something holds; fail and say what is missing when it does not in so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, missing if isinstance(missing, str) else missing()
        time.sleep(PAUSE_SECONDS)
