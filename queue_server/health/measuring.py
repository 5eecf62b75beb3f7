"""What is counted as it happens, and the registry that all metrics of one server stand in."""

import platform
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import metadata

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from queue_server.log_lines import ERRORS

# When each series began says nothing that process_start_time_seconds does not, and would be half of all lines.
disable_created_metrics()  # type: ignore[no-untyped-call]

COMMAND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
LATE_BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""The rest, which anybody can make up, is counted as one."""
COMMANDS = (
    "adopt",
    "assign_services",
    "call",
    "call_next",
    "change_structure",
    "close_counter",
    "close_day",
    "close_reception",
    "issue",
    "move",
    "open_counter",
    "open_reception",
    "post_notice",
    "reissue",
    "reprint",
    "reset_reception",
    "start_break",
    "switch_service",
    "undo",
    "undo_last_move",
    "withdraw_notice",
)
"""What a hall calls its commands (queue_server/hall/)."""


class CutReason(StrEnum):
    """Why a socket was cut."""

    UNEXPECTED_MESSAGE = "unexpected_message"
    TOO_MUCH = "too_much"
    UNREADABLE = "unreadable"
    LAGGING = "lagging"


class LoggedErrors(Collector):
    """What this process had to log as an error: one series without labels, there before the first of them."""

    def collect(self) -> Iterator[Metric]:
        """The one counter."""
        yield CounterMetricFamily(
            "queue_errors", "What was logged at the level of error or above, or would have been.", value=ERRORS.count
        )


class Metrics:
    """One server's metrics in a registry of their own: two applications in one process do not meet.

    The errors alone are the process's, as its log is. A counter whose labels are known begins at 0: of one that
    begins at 1, Prometheus's increase() and rate() do not see the first.
    """

    def __init__(self, worker: str) -> None:
        """`worker` is the kind of coroutines that this server runs on."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(LoggedErrors())
        build = Gauge(
            "queue_build_info", "1, with what is running.", ["version", "python", "worker"], registry=self.registry
        )
        build.labels(metadata.version("queue-server"), platform.python_version(), worker).set(1)
        self._commands = Histogram(
            "queue_command_seconds",
            "From a command's call to its commit: the wait for the lock, the rules, the disk.",
            ["command"],
            buckets=COMMAND_BUCKETS,
            registry=self.registry,
        )
        self._refused = Counter(
            "queue_refused_total",
            "Commands that were not taken, by the code of the answer.",
            ["code"],
            registry=self.registry,
        )
        self._requests = Counter(
            "queue_http_requests_total",
            "Answers, by the view that made them; endpoint none: no view.",
            ["endpoint", "method", "status"],
            registry=self.registry,
        )
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._request_seconds = Histogram(
            "queue_http_request_seconds",
            "From a request's arrival to its answer: command, read, page or static.",
            ["kind"],
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._late = Histogram(
            "queue_loop_late_seconds",
            "How much later than asked the event loop woke up its clock; something computed meanwhile.",
            buckets=LATE_BUCKETS,
            registry=self.registry,
        )
        self._cut = Counter(
            "queue_sockets_cut_total", "Sockets that were cut, by why.", ["reason"], registry=self.registry
        )
        for command in COMMANDS:
            self._commands.labels(command)
        for reason in CutReason:
            self._cut.labels(reason)

    def begin_at_zero(self, views: Iterable[tuple[str, str]], refusals: Iterable[str]) -> None:
        """Have series for a mistake (500) of each view, by endpoint and method, and for each code of a refusal."""
        for endpoint, method in views:
            self._requests.labels(endpoint, method, "500")
        for code in refusals:
            self._refused.labels(code)

    def add(self, collector: Collector) -> None:
        """Have what is read only when somebody asks stand in the registry as well."""
        self.registry.register(collector)

    def note_command(self, command: str, seconds: float) -> None:
        """A command of a hall was carried out or refused."""
        self._commands.labels(command).observe(seconds)

    def note_refusal(self, code: str) -> None:
        """A command was not taken; `code` is one of the program's own."""
        self._refused.labels(code).inc()

    def note_request(self, endpoint: str | None, method: str, status: int, kind: str, seconds: float) -> None:
        """A request was answered."""
        key = (endpoint or "none", method if method in METHODS else "other", status)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = self._requests.labels(key[0], key[1], str(status))
        counter.inc()
        self._request_seconds.labels(kind).observe(seconds)

    def note_late(self, seconds: float) -> None:
        """The event loop woke up so much later than asked."""
        self._late.observe(max(seconds, 0.0))

    def note_cut(self, reason: CutReason) -> None:
        """A socket was cut."""
        self._cut.labels(reason).inc()

    def text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self.registry)
