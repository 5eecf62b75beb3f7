"""From a change to the last of many websocket clients: this server beside a bare C one and Node's Socket.IO.

python -m tests.bench.fanout
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.contestants import (
    Clients,
    Contestant,
    compile_c,
    contestants,
    cpu_seconds,
    resident_kilobytes,
)

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 1 if QUICK else 3
COUNTS = (200, 1000) if QUICK else (200, 1000, 3000)
MESSAGES = 10_000 if QUICK else 30_000
"""Roughly so many boards are delivered in one round, in at least a dozen changes."""
WARM_UP = 12
"""So many changes come before those that count: while the kernel makes room for new connections, a message costs any
server up to a third more."""
ALONE = 20
"""So many changes tell what one costs before anybody listens."""
YARDSTICK = "bare C epoll"


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds from a change to the first and the last client, microseconds a message, KB a connection.

    `cpu` is all that the server computed; of it `sending` is what a change costs beyond one that nobody listens to.
    """

    first: float
    last: float
    cpu: float
    sending: float
    memory: float


def measure(server: Contestant, program: Path, count: int) -> Figures:
    """One round with `count` clients: medians over its changes; CPU over all of them together."""
    changes = max(12, MESSAGES // count)
    alone = _alone(server)
    empty = resident_kilobytes(server.pid)
    with Clients(program, server.port, count, server.path, socketio=server.socketio) as clients:
        for _ in range(WARM_UP):
            clients.wait_for(server.change())
        memory = (resident_kilobytes(server.pid) - empty) / count
        first, last, began_cpu = [], [], cpu_seconds(server.pid)
        for _ in range(changes):
            began = time.monotonic_ns()
            arrivals = clients.wait_for(server.change())
            first.append((arrivals[0] - began) / 1e6)
            last.append((arrivals[1] - began) / 1e6)
        cpu = (cpu_seconds(server.pid) - began_cpu) / changes
    return Figures(median(first), median(last), cpu / count * 1e6, (cpu - alone) / count * 1e6, memory)


def _alone(server: Contestant) -> float:
    """Seconds of computing that a change costs while nobody listens."""
    began = cpu_seconds(server.pid)
    for _ in range(ALONE):
        server.change()
    time.sleep(0.2)  # for the one who only reads its standard input
    return (cpu_seconds(server.pid) - began) / ALONE


def compare(count: int, rounds: int = ROUNDS) -> dict[str, Figures]:
    """Each server fresh, one after another within each round, so that all meet the same minute; medians of rounds."""
    found: dict[str, list[Figures]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="queue-fanout-") as directory:
            program = compile_c("clients", Path(directory))
            with contestants(Path(directory)) as servers:
                for name, server in servers.items():
                    found.setdefault(name, []).append(measure(server, program, count))
    return {name: _median(figures) for name, figures in found.items()}


def rows(rounds: int = ROUNDS, counts: tuple[int, ...] = COUNTS) -> list[tuple[str, str, str]]:
    """The table's lines: what, its figure, and beside what it stands."""
    lines = []
    for count in counts:
        found = compare(count, rounds)
        bare = found[YARDSTICK]
        for name, figures in found.items():
            figure = f"{figures.last:.1f} ms, {figures.cpu:.1f} us, {figures.memory:.1f} KB"
            last, cpu, sending = figures.last / bare.last, figures.cpu / bare.cpu, figures.sending / bare.sending
            beside = f"last {last:.2f}, CPU {cpu:.2f} of C, sending alone {sending:.2f}; first {figures.first:.1f} ms"
            lines.append((f"change -> last of {count:,}, CPU a message, memory a client: {name}", figure, beside))
    return lines


def _median(figures: list[Figures]) -> Figures:
    return Figures(
        *(median(getattr(each, name) for each in figures) for name in ("first", "last", "cpu", "sending", "memory"))
    )


if __name__ == "__main__":
    counts = tuple(map(int, sys.argv[1:])) or COUNTS
    for name, figure, beside in rows(counts=counts):
        print(f"  {name:<75}  {figure:<32} {beside}")
