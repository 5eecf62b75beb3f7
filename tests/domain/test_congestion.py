import pytest

from queue_server.config import load_profile
from queue_server.domain.congestion import level_of
from queue_server.domain.site import LevelKey, Threshold

FREE = Threshold(LevelKey.FREE, "空いています")
MODERATE = Threshold(LevelKey.MODERATE, "やや混雑", people=5, minutes=15)
CROWDED = Threshold(LevelKey.CROWDED, "混雑", people=10)
VERY_CROWDED = Threshold(LevelKey.VERY_CROWDED, "大変混雑", minutes=60)
LEVELS = (FREE, MODERATE, CROWDED, VERY_CROWDED)


@pytest.mark.parametrize(
    ("people", "minutes", "expected"),
    [
        (0, None, FREE),
        (4, None, FREE),
        (5, None, MODERATE),
        (9, 14.9, MODERATE),
        (10, None, CROWDED),
        (99, None, CROWDED),
        (0, 14.9, FREE),
        (0, 15, MODERATE),
        (0, 59.9, MODERATE),
        (0, 60, VERY_CROWDED),
        (10, 59.9, CROWDED),
        (10, 60, VERY_CROWDED),
    ],
)
def test_the_highest_level_that_people_or_minutes_reach_holds(
    people: int, minutes: float | None, expected: Threshold
) -> None:
    assert level_of(LEVELS, people, minutes) == expected


@pytest.mark.parametrize(
    ("people", "label"), [(0, "混雑していません"), (4, "混雑していません"), (5, "混雑中"), (60, "混雑中")]
)
def test_atsugi_is_crowded_at_exactly_five_waiting_500_numbers(people: int, label: str) -> None:
    service = load_profile("atsugi").sites["honchosha"].services["mynumber"]
    assert level_of(service.thresholds, people, 240.0).label == label
