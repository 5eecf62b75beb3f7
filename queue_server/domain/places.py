"""Which of a city's sites to go to for one service: who takes it now, with or without a booking, which is emptier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.domain.guide import Booking
from queue_server.domain.site import LevelKey

_RANKS = {key: rank for rank, key in enumerate(LevelKey)}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one service stands at one site now."""

    site: str
    takes_numbers: bool
    """The hall is open and gives out numbers of the service."""
    booking: Booking
    level: LevelKey
    people: int
    """Who waits."""
    minutes: int | None
    """The end of a newcomer's estimated range; None when nobody can say."""

    @property
    def walk_in(self) -> bool:
        """Whether somebody without a booking may come now."""
        return self.takes_numbers and self.booking is Booking.NONE


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """Where one may simply go first, the emptier before the fuller; then with a booking, then what is closed now.

    Equals stay in the order in which they come.
    """
    found = list(standings)
    by_minutes = _by_minutes([each for each in found if each.walk_in])
    return sorted(found, key=lambda each: (_group(each), *_fullness(each, by_minutes and each.walk_in)))


def emptiest(standings: Sequence[Standing]) -> frozenset[str]:
    """The sites where the line is shortest among those where one may simply go; none where all are alike.

    The city's level decides first, then the estimated minutes, then the people. Minutes are compared only where every
    site has them: without an open counter nobody can say, which is not a short wait.
    """
    walk_in = [each for each in standings if each.walk_in]
    by_minutes = _by_minutes(walk_in)
    keys = {each.site: _fullness(each, by_minutes) for each in walk_in}
    least = min(keys.values(), default=None)
    found = frozenset(site for site, key in keys.items() if key == least)
    return found if len(found) < len(keys) else frozenset()


def _by_minutes(standings: Sequence[Standing]) -> bool:
    return all(each.minutes is not None for each in standings)


def _group(standing: Standing) -> int:
    return 0 if standing.walk_in else 1 if standing.takes_numbers else 2


def _fullness(standing: Standing, by_minutes: bool) -> tuple[int, int, int]:
    return _RANKS[standing.level], (standing.minutes or 0) if by_minutes else 0, standing.people
