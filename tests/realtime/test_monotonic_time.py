"""How long a client may be silent is not counted by a clock that somebody sets."""

import ast
import inspect
import re
import time
from pathlib import Path

import engineio.base_socket
import engineio.socket
import pytest

from queue_server import realtime

FOLDER = Path(realtime.__file__).parent
MODULES = (engineio.socket, engineio.base_socket)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_library_still_asks_for_the_time_where_it_is_answered(module: object) -> None:
    """An upgrade that asks for more than `time.time()` has to be looked at."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
    }
    assert asked == {"time"}


def test_a_step_of_the_clock_is_not_seen_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in MODULES:
        monkeypatch.setattr(module, "time", time)
    realtime.live_by_monotonic_time()
    stepped = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: stepped)
    for module in MODULES:
        assert abs(module.time.time() - time.monotonic()) < 60
        assert module.time.time() <= module.time.time() < stepped


def test_this_side_of_the_seam_counts_by_the_same_clock() -> None:
    """What stands in for the library's pings must not mix two clocks."""
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    assert re.findall(r"[\w.]*\btime\.time\(\)", text.replace("`time.time()`", "")) == []
