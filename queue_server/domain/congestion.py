"""How crowded a service is, by the city's own thresholds."""

from collections.abc import Sequence

from queue_server.domain.site import Threshold


def level_of(thresholds: Sequence[Threshold], people: int, minutes: float | None) -> Threshold:
    """The highest level that `people` waiting or `minutes` of estimated wait reaches.

    A level begins at its bound itself: "five or more" is reached by five (厚木市's rule for its 500 series:
    docs/guide.md, source 003). Unknown minutes (None) reach nothing. `thresholds` come lowest first
    and the first one, which has no bound, holds when nothing else does.
    """
    reached = thresholds[0]
    for threshold in thresholds[1:]:
        by_people = threshold.people is not None and people >= threshold.people
        by_minutes = threshold.minutes is not None and minutes is not None and minutes >= threshold.minutes
        if by_people or by_minutes:
            reached = threshold
    return reached
