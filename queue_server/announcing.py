"""The announcements of a city: which clips its halls need, what a screen may play, and how far the making is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog

from queue_server.city import City
from queue_server.domain.site import Site
from queue_server.domain.speech import Clip, counter_clip, labels_of, number_clip
from queue_server.domain.speech_plan import Progress, needed_clips, stage_clips
from queue_server.domain.voice import WITHOUT_VOICE, Voice
from queue_server.hall import Hall
from queue_server.voice import ClipCache, missing_programs
from queue_server.voice.cache import SUFFIX
from queue_server.voice.wanted import write_wanted
from queue_server.voice.worker import Status
from queue_server.worker import run_blocking

log = structlog.get_logger()

LOOK_SECONDS = 2
"""How often the maker looks whether its process has ended or a hall has changed."""
RETRY_SECONDS = 60
"""How long after a run that did not end well the next one begins."""

Languages = dict[str, dict[str, str]]


class VoicePhase(StrEnum):
    """How a site's voice stands."""

    SILENT = "silent"
    """The profile says so."""
    CHIME = "chime"
    """The site has its chime and no language."""
    MISSING = "missing"
    """Programs are not installed."""
    MAKING = "making"
    FAILED = "failed"
    """The disk took no more, or an engine could not speak something."""
    READY = "ready"


@dataclass(frozen=True, slots=True)
class VoiceState:
    """What an administrator is told of a site's voice."""

    phase: VoicePhase
    needed: int = 0
    there: int = 0
    missing: tuple[str, ...] = ()
    """Debian packages."""


class Announcer:
    """The announcements of one city; its clips lie in the data directory."""

    def __init__(self, city: City, data_dir: Path) -> None:
        self._city = city
        self._data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self._made_for: tuple[Site, ...] | None = None
        self._told: set[str] = set()
        self._needed: dict[str, tuple[Site, frozenset[Clip]]] = {}
        self._indexes: dict[str, tuple[tuple[Site, str], dict[str, Any]]] = {}
        self.status: Status | None = None
        self.cache = ClipCache(data_dir)

    def run(self, sleep: Callable[[float], object]) -> None:
        """Have the clips made, for ever; belongs into a background task."""
        while True:
            try:
                self.step()
            except Exception:
                log.exception("voice_failed")
            sleep(LOOK_SECONDS)

    def step(self) -> None:
        """Take note of a process that has ended; start one where a hall needs clips and none is at work."""
        if self._process is not None:
            ended = self._process.poll()
            if ended is None:
                return
            self._process = None
            self._ended(ended)
        sites = tuple(hall.site for hall in self._speaking())
        if sites == self._made_for or time.monotonic() < self._not_before:
            return
        self._tell_missing(sites)
        clips = self.needed()
        if clips:
            write_wanted(self.cache.folder, clips)
            # The process asks whose child it is: without its server it makes nothing.
            command = [sys.executable, "-P", "-m", "queue_server.voice.worker", str(self._data_dir)]
            self._process = subprocess.Popen([*command, str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603
        self._made_for = sites

    def stop(self) -> None:
        """End the process that is at work; what it was making is made at the next start."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process = None

    def needed(self) -> list[Clip]:
        """Every clip that the city needs, each once, in the order in which they are made: hall by hall."""
        plans = [(hall.site, hall.site.voice, line_of(hall)) for hall in self._speaking()]
        return list(dict.fromkeys(run_blocking(_all_needed, plans)))

    def index(self, hall: Hall) -> dict[str, Any]:
        """What a screen of a hall may play: by language, the files of its numbers and counters; its stages' files."""
        key = (hall.site, self.cache.stamp)
        if hall.site.id not in self._indexes or self._indexes[hall.site.id][0] != key:
            self._indexes[hall.site.id] = (key, _index(hall.site, self.cache))
        return self._indexes[hall.site.id][1]

    def state(self, hall: Hall) -> VoiceState:
        """How a hall's voice stands."""
        voice = hall.site.voice
        if voice is None or not (voice.languages or voice.chime):
            return VoiceState(VoicePhase.SILENT)
        if not set(voice.languages) - WITHOUT_VOICE:
            return VoiceState(VoicePhase.CHIME)
        kept, needed = self.cache.kept(), self._needed_by(hall.site, voice)
        there = sum(clip in kept for clip in needed)
        missing = tuple(missing_programs(voice.languages))
        failed = self.status not in (None, Status.DONE, Status.SOMEBODY_ELSE)
        if there == len(needed):
            phase = VoicePhase.READY
        else:
            phase = VoicePhase.MISSING if missing else VoicePhase.FAILED if failed else VoicePhase.MAKING
        return VoiceState(phase, len(needed), there, missing)

    def _speaking(self) -> list[Hall]:
        return [hall for hall in self._city.halls.values() if hall.site.voice and hall.site.voice.languages]

    def _needed_by(self, site: Site, voice: Voice) -> frozenset[Clip]:
        known = self._needed.get(site.id)
        if known is None or known[0] is not site:
            known = self._needed[site.id] = (site, frozenset(needed_clips(site, voice, {})))
        return known[1]

    def _ended(self, returncode: int) -> None:
        self.status = Status(returncode) if returncode in list(Status) else Status.SOME_FAILED
        if returncode == Status.DONE:
            log.info("voice_made", clips=len(self.cache.kept()))
            return
        if returncode == Status.SOME_FAILED:
            # To ask again gives the same answer: the engine cannot read it, or is not as it should be.
            self._tell("voice_incomplete", status=returncode)
            return
        self._made_for, self._not_before = None, time.monotonic() + RETRY_SECONDS
        if returncode != Status.SOMEBODY_ELSE:
            self._tell("voice_not_made", status=returncode)

    def _tell_missing(self, sites: tuple[Site, ...]) -> None:
        missing = missing_programs({language for site in sites if site.voice for language in site.voice.languages})
        if missing:
            self._tell("voice_programs_missing", packages=missing)

    def _tell(self, event: str, **values: object) -> None:
        """Say something once in the life of this server: a line a minute would hide the others."""
        if event not in self._told:
            self._told.add(event)
            log.warning(event, **values)


def line_of(hall: Hall) -> dict[str, Progress]:
    """By service, who waits in a hall and which number was called last."""
    services = (service for category in hall.board.data["categories"] for service in category["services"])
    return {
        service["id"]: Progress(service["waiting"], service["last_call"] and service["last_call"]["label"])
        for service in services
    }


def _all_needed(plans: list[tuple[Site, Voice, Mapping[str, Progress]]]) -> list[Clip]:
    return [clip for site, voice, line in plans for clip in needed_clips(site, voice, line)]


def _index(site: Site, cache: ClipCache) -> dict[str, Any]:
    voice, kept = site.voice, cache.kept()
    numbers: Languages = {}
    counters: Languages = {}
    if voice is None:
        return {"numbers": numbers, "counters": counters, "stages": {}}

    def note(where: dict[str, str], key: str, clip: Clip | None) -> None:
        found = kept.get(clip) if clip else None
        if found:
            where[key] = found.name + SUFFIX

    for language in voice.languages:
        mine = numbers.setdefault(language.value, {})
        for series in site.series.values():
            for label, number in labels_of(series):
                note(mine, label, number_clip(language, series, number, voice.readings))
        here = counters.setdefault(language.value, {})
        for counter in site.counters.values():
            note(here, counter.id, counter_clip(language, counter, voice.readings))
    stages: dict[str, str] = {}
    for stage, clip in stage_clips(site, voice).items():
        note(stages, stage, clip)
    return {"numbers": numbers, "counters": counters, "stages": stages}
