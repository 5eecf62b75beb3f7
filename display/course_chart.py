"""Today's course as a small drawing: by hour, how long those who took a number then waited for their call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from queue_server.domain.calendar import day_plan, open_hours
from queue_server.domain.course import HourCount, by_hour
from queue_server.domain.site import Hours

WIDTH, HEIGHT = 320, 132
"""Drawing units: one is about one CSS pixel on a phone of 360 px."""
TOP, FLOOR = 20, 108
"""Where the longest bar ends and where all begin; numbers stand above, hours below."""
LEAST_SCALE = 15
"""So many minutes are a full bar at least: a day without waits does not look like a crowded one."""
GAP = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: its bar in drawing units, and what it says."""

    hour: int
    x: int
    middle: int
    y: int
    width: int
    height: int
    minutes: int | None
    """The mean wait of those who were called, rounded; None when nobody was."""
    issued: int
    called: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a day, earliest hour first."""

    bars: tuple[Bar, ...]

    @property
    def spoken(self) -> list[Bar]:
        """The hours in which somebody took a number."""
        return [bar for bar in self.bars if bar.issued]

    @property
    def longest(self) -> Bar | None:
        """The hour with the longest mean wait; None before the first call."""
        return max((bar for bar in self.bars if bar.minutes is not None), key=_minutes, default=None)


def course_chart(hours: Hours, day: date, counts: Sequence[HourCount]) -> Chart | None:
    """The drawing of a day: every open hour has its place; None for a day on which the hall is closed."""
    found = by_hour(counts)
    shown = sorted(open_hours(day_plan(hours, day)).keys() | found.keys())
    if not shown:
        return None
    minutes = {hour: round(each.wait_seconds / each.called / 60) for hour, each in found.items() if each.called}
    scale = (FLOOR - TOP) / max([LEAST_SCALE, *minutes.values()])
    step = WIDTH // len(shown)
    bars = []
    for index, hour in enumerate(shown):
        height = max(2, round(minutes[hour] * scale)) if hour in minutes else 0
        count = found.get(hour, HourCount("", hour, 0, 0, 0))
        bars.append(
            Bar(
                hour=hour,
                x=index * step + GAP // 2,
                middle=index * step + step // 2,
                y=FLOOR - height,
                width=step - GAP,
                height=height,
                minutes=minutes.get(hour),
                issued=count.issued,
                called=count.called,
            )
        )
    return Chart(tuple(bars))


def _minutes(bar: Bar) -> int:
    return bar.minutes or 0
