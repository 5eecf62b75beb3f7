"""What is counted as it happens, and the registry that all metrics of one server stand in."""

import platform
from importlib import metadata

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.registry import Collector

COMMAND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
LATE_BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""The rest, which anybody can make up, is counted as one."""


class Metrics:
    """One server's metrics in a registry of their own: two applications in one process do not meet."""

    def __init__(self, worker: str) -> None:
        """`worker` is the kind of coroutines that this server runs on."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
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

    def note_cut(self, reason: str) -> None:
        """A socket was cut; `reason` is a word of the program's own."""
        self._cut.labels(reason).inc()

    def text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self.registry)
