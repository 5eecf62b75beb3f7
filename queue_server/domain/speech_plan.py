"""Which clips a site needs, and in which order they are made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from queue_server.domain.site import Series, Site
from queue_server.domain.speech import Clip, counter_clip, labels_of, number_clip, stage_clip
from queue_server.domain.voice import Voice

MOST_NUMBERS = 2_000
"""Of how many numbers a site's clips are made in advance; of a site with more, those that come next."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the line of a service stands: who waits, and the number that was given out or called last."""

    waiting: Sequence[str] = ()
    last: str | None = None


def needed_clips(site: Site, voice: Voice, line: Mapping[str, Progress]) -> list[Clip]:
    """Every clip of a site, each once, in the order in which they are needed.

    First what every call says (counters, stages), then the numbers that wait, then those that come next, the
    series by turns. The order of the profile's languages is kept within each. `line` is by service.
    """
    counters = [
        counter_clip(language, counter, voice.readings)
        for language in voice.languages
        for counter in site.counters.values()
    ]
    numbers = [
        number_clip(language, series, number, voice.readings)
        for series, number in next_numbers(site, line)[:MOST_NUMBERS]
        for language in voice.languages
    ]
    return list(dict.fromkeys(clip for clip in [*counters, *stage_clips(site, voice).values(), *numbers] if clip))


def stage_clips(site: Site, voice: Voice) -> dict[str, Clip]:
    """By name, the clips of the stages that an announcement names; empty where it names none."""
    if not voice.stages:
        return {}
    stages = (stage for each in site.services.values() if len(each.stages) > 1 for stage in each.stages)
    return {stage: stage_clip(stage, voice.readings) for stage in dict.fromkeys(stages)}


def next_numbers(site: Site, line: Mapping[str, Progress]) -> list[tuple[Series, int]]:
    """Every number of a site, each with its series, the one that is called soonest first."""
    numbers = {label: (series, number) for series in site.series.values() for label, number in labels_of(series)}
    waiting = [label for service in site.services for label in line.get(service, Progress()).waiting]
    soon = [numbers[label] for label in waiting if label in numbers]
    series_lines = []
    for service in site.services.values():
        series = site.series[service.series]
        progress = line.get(service.id, Progress())
        given = [label for label in (progress.last, *progress.waiting) if label in numbers]
        series_lines.append(_from(series, max((numbers[label][1] for label in given), default=series.first - 1)))
    return list(dict.fromkeys([*soon, *_by_turns(series_lines)]))


def _from(series: Series, last: int) -> list[tuple[Series, int]]:
    """The numbers of a series from the one behind `last`; behind its end it begins anew."""
    return [(series, (last + 1 - series.first + step) % series.size + series.first) for step in range(series.size)]


def _by_turns(lines: Iterable[list[tuple[Series, int]]]) -> Iterator[tuple[Series, int]]:
    rest = [list(reversed(line)) for line in lines]
    while rest := [line for line in rest if line]:
        for line in rest:
            yield line.pop()
