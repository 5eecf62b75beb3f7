"""Hostile sockets for some seconds (FUZZ_SECONDS=300 for minutes): no 5xx, no traceback, no leak, no stall."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.bystander import STALL_SECONDS, Bystander, metric, open_files, resident_kb, worker_of
from tests.fuzz.frames import WEBSOCKET_ATTACKS
from tests.support.server import Server

SECONDS = float(os.environ.get("FUZZ_SECONDS", "5"))
PATIENCE_SECONDS = 60
LARGEST_GROWTH_KB = 12 * 1024
"""Between the first part of the attack, in which everything is used for the first time, and its end."""


def attack(server: Server, seconds: float, seed: int) -> dict[str, int]:
    """What hostile clients saw."""
    done = subprocess.run(
        ["nice", sys.executable, "-m", "tests.fuzz.attack", str(server.port), str(seconds), str(seed)],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, int] = json.loads(done.stdout)
    return seen


def test_hostile_sockets_break_nothing_and_hold_nobody_up(tmp_path: Path) -> None:
    with Server(tmp_path / "data", {"QUEUE_SERVER_LOG_LEVEL": "warning"}) as server:
        worker = worker_of(server)
        files = open_files(worker)
        with Bystander(server) as bystander:
            seen = attack(server, SECONDS * 0.4, seed=1)
            memory = resident_kb(worker)
            for what, count in attack(server, SECONDS * 0.6, seed=2).items():
                seen[what] = seen.get(what, 0) + count
            growth = resident_kb(worker) - memory
        print(
            json.dumps({"seen": seen, "longest": bystander.longest, "numbers": bystander.numbers, "growth": growth})
        )

        assert bystander.errors == []
        assert bystander.numbers > 0
        assert max(bystander.longest.values()) < STALL_SECONDS
        assert {attack.__name__ for attack in WEBSOCKET_ATTACKS} <= seen.keys()
        assert seen["status 101"] > len(WEBSOCKET_ATTACKS)
        assert [what for what in seen if what.startswith(("status 5", "500"))] == []
        assert "Traceback" not in server.log.read_text()
        assert not [line for line in server.log.read_text().splitlines() if '"error"' in line or "[ERROR]" in line]
        assert growth < LARGEST_GROWTH_KB
        assert metric(server, "queue_errors_total") == {"": 0}
        assert metric(server, "queue_sockets_cut_total")['{reason="unexpected_message"}'] > 0
        assert metric(server, "queue_sockets_cut_total")['{reason="too_much"}'] > 0

        deadline = time.monotonic() + PATIENCE_SECONDS
        left = dict.fromkeys(("desk", "public", "opening"), -1.0)
        while any(left.values()) and time.monotonic() < deadline:
            left = {kind: metric(server, "queue_sockets")[f'{{kind="{kind}"}}'] for kind in left}
            if SECONDS < 60:
                # Sessions that poll are forgotten after half a minute; a short run does not wait for them.
                left["opening"] = 0
            time.sleep(0.1)
        assert not any(left.values()), left
        if SECONDS >= 60:
            assert open_files(worker) <= files + 5
