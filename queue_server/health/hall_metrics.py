"""What is read off the halls when somebody asks: lines, waits, levels, screens, kiosks, the journal, the disk."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from queue_server.city import City
from queue_server.copies.folder import BACKUP_MARK, JOURNAL_COPY_MARK
from queue_server.domain.kiosks import PrinterState
from queue_server.health.readiness import Readiness

log = structlog.get_logger()

NO_PRINTER_STATE = "unknown"
Services = Iterator[tuple[list[str], Mapping[str, Any]]]


class HallMetrics(Collector):
    """Gauges of the present; they cost the drawing of two pictures a site, where nobody has asked for them since."""

    def __init__(
        self, city: City, directory: Path, readiness: Readiness, sockets: Callable[[], Mapping[str, int]]
    ) -> None:
        """`sockets` counts the open sockets by kind."""
        self._city = city
        self._directory = directory
        self._readiness = readiness
        self._sockets = sockets

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering draws no picture."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The families, each with one sample a label.

        What cannot be read is absent, and takes nothing else away: whoever looks for what is wrong looks here.
        """
        yield from self._server()
        boards, views = self._pictures()
        yield from _lines(boards, views)
        yield from _machines(views)
        yield _family("queue_open", "1 while a site is open.", ["site"], _each(boards, lambda b: b["status"]["open"]))
        yield _family(
            "queue_counters_open",
            "Counters that are open.",
            ["site"],
            _each(boards, lambda b: sum(counter["open"] for counter in b["counters"])),
        )
        yield _family(
            "queue_alerts",
            "Limits of the city that are reached now.",
            ["site"],
            _each(views, lambda v: len(v["alerts"])),
        )
        yield _family(
            "queue_journal_seq", "The last journal entry of a site.", ["site"], _each(boards, lambda b: b["seq"])
        )

    def _pictures(self) -> tuple[dict[str, Any], dict[str, Any]]:
        boards, views = {}, {}
        for site_id, hall in self._city.halls.items():
            try:
                board, view = hall.board.data, hall.desk_view.data
            except Exception:
                log.exception("picture_failed", site=site_id)
            else:
                boards[site_id], views[site_id] = board, view
        return boards, views

    def _server(self) -> Iterator[Metric]:
        problems = self._readiness.problems()
        yield _family("queue_ready", "1 while /readyz says so.", [], [([], not problems)])
        yield _family(
            "queue_verification_failed",
            "1 while the newest verification came to what a start refuses.",
            [],
            [([], "verification_failed" in self._readiness.warnings())],
        )
        yield _family(
            "queue_sockets", "Open sockets.", ["kind"], [([kind], count) for kind, count in self._sockets().items()]
        )
        room = _room(self._directory)
        if room:
            yield _family("queue_disk_free_bytes", "Room for this server on the disk of its data.", [], room)
        for name, text, mark in (
            ("queue_backup_age_seconds", "Since the last backup that verified.", BACKUP_MARK),
            ("queue_journal_copy_age_seconds", "Since the journal copy last had everything.", JOURNAL_COPY_MARK),
        ):
            ages = _age(self._directory / mark)
            if ages:
                yield _family(name, text, [], ages)


def _room(directory: Path) -> list[tuple[list[str], float]]:
    """Free bytes; nothing where the disk does not even tell that."""
    try:
        room = os.statvfs(directory)
    except OSError:
        return []
    return [([], room.f_bavail * room.f_frsize)]


def _age(mark: Path) -> list[tuple[list[str], float]]:
    """Seconds since a mark was left; nothing where none is, or where it cannot be read."""
    try:
        return [([], max(time.time() - mark.stat().st_mtime, 0.0))]
    except OSError:
        return []


def _lines(boards: Mapping[str, Any], views: Mapping[str, Any]) -> Iterator[Metric]:
    labels = ["site", "service"]
    board, staff = list(_services_of_boards(boards)), list(_services_of_views(views))
    yield _family("queue_waiting", "People who wait.", labels, [(key, each["waiting_count"]) for key, each in board])
    yield _family(
        "queue_accepting", "1 while numbers are given out.", labels, [(k, each["accepting"]) for k, each in board]
    )
    yield _family(
        "queue_longest_wait_seconds",
        "How long whoever waits the longest has waited; in whole minutes.",
        labels,
        [(key, 60 * (each["longest_wait_minutes"] or 0)) for key, each in staff],
    )
    yield _family(
        "queue_estimate_seconds",
        "The estimated wait as it is shown; absent while none is.",
        [*labels, "end"],
        [
            ([*key, end], 60 * each["estimate"][end])
            for key, each in board
            if each["estimate"]
            for end in ("low", "high")
        ],
    )
    yield _family(
        "queue_level",
        "1 for the level that is shown.",
        [*labels, "level"],
        [([*key, each["level"]["key"]], 1) for key, each in board if each["level"]],
    )


def _machines(views: Mapping[str, Any]) -> Iterator[Metric]:
    screens = [([site, each["id"]], each) for site, view in views.items() for each in view["screens"]]
    kiosks = [([site, each["id"]], each) for site, view in views.items() for each in view["kiosks"]]
    yield _family(
        "queue_screen_alive",
        "1 for a screen of the profile that was heard of within a minute.",
        ["site", "screen"],
        [(key, _alive(each)) for key, each in screens],
    )
    yield _family(
        "queue_kiosk_alive",
        "1 for a kiosk of the profile that was heard of within a minute.",
        ["site", "kiosk"],
        [(key, _alive(each)) for key, each in kiosks],
    )
    yield _family(
        "queue_printer_state",
        "1 for the state that a kiosk last told of its printer; unknown before the first time.",
        ["site", "kiosk", "state"],
        [
            ([*key, state], state == (each["printer"] or NO_PRINTER_STATE))
            for key, each in kiosks
            for state in (*PrinterState, NO_PRINTER_STATE)
        ],
    )


def _alive(machine: Mapping[str, Any]) -> bool:
    return machine["heard"] and not machine["silent"]


def _services_of_boards(boards: Mapping[str, Any]) -> Services:
    for site, board in boards.items():
        for category in board["categories"]:
            for service in category["services"]:
                yield [site, service["id"]], service


def _services_of_views(views: Mapping[str, Any]) -> Services:
    for site, view in views.items():
        for service in view["services"]:
            yield [site, service["id"]], service


def _each(pictures: Mapping[str, Any], value: Callable[[Any], float]) -> list[tuple[list[str], float]]:
    return [([site], value(picture)) for site, picture in pictures.items()]


def _family(name: str, text: str, labels: list[str], samples: list[tuple[list[str], Any]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in samples:
        family.add_metric(values, float(value))
    return family
