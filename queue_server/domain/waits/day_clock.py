"""The minutes of a day in which a hall works: its breaks are taken out, and put back into what people are told."""

from dataclasses import dataclass
from datetime import date, datetime

from queue_server.domain.calendar import breaks_of, closing_of, day_begins_at
from queue_server.domain.site import Hours
from queue_server.domain.switches import ReceptionSwitch


@dataclass(frozen=True, slots=True)
class DayClock:
    """Minutes after midnight of one day; the hall's breaks, if it has any, take no time on it.

    So an hour at noon in which nobody works neither looks like a standstill nor makes a pace.
    """

    begins: datetime
    breaks: tuple[tuple[float, float], ...]
    """From and to, in minutes after midnight on the wall's clock."""
    closes: float | None
    """When the day's last reception ends, on the wall's clock; None where it does not, or nobody can say."""

    def on_the_wall(self, at: datetime) -> float:
        """Minutes from midnight to an aware instant."""
        return (at - self.begins).total_seconds() / 60.0

    def worked(self, wall: float) -> float:
        """A minute of the wall's clock on this one."""
        return wall - sum(max(0.0, min(wall, end) - start) for start, end in self.breaks)

    def told(self, wall: float, minutes: float) -> float:
        """So many minutes of work, from a minute of the wall's clock on, as the minutes that really go by."""
        end = wall
        for start, back in self.breaks:
            if end + minutes <= start:
                break
            if end < back:
                minutes -= max(0.0, start - end)
                end = back
        return end + minutes - wall


def day_clock(hours: Hours, day: date, reception: ReceptionSwitch | None) -> DayClock:
    """The clock of a hall on one business day, as its reception is switched now."""
    begins = day_begins_at(day)

    def minute(at: datetime) -> float:
        return (at - begins).total_seconds() / 60.0

    closes = closing_of(hours, day, reception)
    breaks = tuple((minute(start), minute(end)) for start, end in breaks_of(hours, day, reception))
    return DayClock(begins, breaks, None if closes is None else minute(closes))
