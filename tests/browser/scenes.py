"""What a day brings to a hall: each scene is played over the API, on a clock that only the test moves."""

from collections.abc import Callable
from datetime import timedelta

from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock

Scene = Callable[[Api, ManualClock], None]

LONG_NOTICE = "ただいま市民課の窓口は大変混み合っております。証明書はコンビニエンスストアでもお取りいただけます。" * 4
"""As long as a notice may be, when it is cut to 200 signs."""


def run_the_day(api: Api, command: str, **body: object) -> None:
    """A command of those who run the day; it must succeed."""
    assert api.post(f"/api/sites/{SITE}/{command}", body).status_code in (200, 201)


def busy(api: Api, _clock: ManualClock) -> None:
    """Five wait, others are called, served, absent, held; one service rests."""
    api.move(api.called("6", "mynumber")["id"], "no-show")
    api.move(api.called("5", "mynumber")["id"], "hold")
    api.move(api.called("4", "todoke")["id"], "start")
    api.called("1", "shomei")
    api.called("3", "koseki")
    for _ in range(12):
        api.issue()
    run_the_day(api, "services/inkan/pause")


def lunch(api: Api, clock: ManualClock) -> None:
    """Two clerks are away, one of them for too long; a service has ended; there is much to say."""
    busy(api, clock)
    run_the_day(api, "counters/5/break", minutes=60)
    run_the_day(api, "counters/4/break", minutes=5)
    run_the_day(api, "services/mynumber/pause", for_today=True)
    for number in range(3):
        run_the_day(api, "notices", text=f"{number}<b>{LONG_NOTICE}"[:200], until=None)
    clock.advance(timedelta(minutes=6))


def ended_early(api: Api, clock: ManualClock) -> None:
    """Staff ended the reception while people hold numbers; one clerk is away."""
    busy(api, clock)
    run_the_day(api, "counters/5/break", minutes=15)
    run_the_day(api, "reception/close", reason="混雑のため")


def extended(api: Api, clock: ManualClock) -> None:
    """A quarter past five has gone by, and numbers are still issued."""
    clock.advance(timedelta(hours=8))
    run_the_day(api, "reception/open", until="18:00")
    clock.advance(timedelta(minutes=5))


def closed_with_people(api: Api, clock: ManualClock) -> None:
    """After closing, somebody is called and somebody waits."""
    api.called()
    api.issue()
    clock.advance(timedelta(hours=8, minutes=5))


def closed_and_empty(_api: Api, clock: ManualClock) -> None:
    """After closing, everybody has gone."""
    clock.advance(timedelta(hours=8, minutes=5))


def before_opening(_api: Api, clock: ManualClock) -> None:
    """Early the next morning."""
    clock.advance(timedelta(hours=23))


def new_year(_api: Api, clock: ManualClock) -> None:
    """A closed day with a reason."""
    clock.advance(timedelta(days=36))
