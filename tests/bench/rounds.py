"""Rounds of measurements, and their medians."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

UNSLOWED = {"QUEUE_SERVER_LOG_LEVEL": "error", "QUEUE_SERVER_RATE_LIMITS": "0"}
"""A server that is measured, by a client that asks more often than anybody may."""


def medians(rounds: int, measure: Callable[[], Sequence[float]]) -> list[float]:
    """The medians, figure by figure, of so many runs of a measurement that returns several figures."""
    return [median(figures) for figures in zip(*(measure() for _ in range(rounds)), strict=True)]


def cpu_seconds(pid: int) -> float:
    """The seconds that a process and its children have computed for so far."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    ticks = 0
    for each in pids:
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
