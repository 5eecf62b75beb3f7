"""The course of the day that runs, by hour."""

from datetime import date

from queue_server.domain.course import COUNTED_KINDS, DayCourse, HourCount
from queue_server.hall.parts import Parts
from queue_server.storage import journal


class Courses(Parts):
    """How the day has gone so far; each look reads no more of the journal than what came since the last one."""

    _course: tuple[date, DayCourse] | None = None

    def day_course(self) -> tuple[HourCount, ...]:
        """The counts of this business day by service and hour."""
        with self._store.looking_up() as db:
            day = self._day.business_day
            if self._course is None or self._course[0] != day:
                self._course = (day, DayCourse())
            course = self._course[1]
            for entry in journal.read_kinds(db, self.site.id, day, COUNTED_KINDS, course.seq):
                course.take(entry)
            return course.hours()
