"""What an administrator may get wrong in each part of the good profile (`mistakes.GOOD`)."""

from typing import Any

from queue_server.config import Code
from queue_server.config.structure import Part

LONG = "長" * 81
FREE = {"key": "free", "label": "空き"}
COUNTER = {"name": "1番", "services": ["x", "y"]}
WEIGHTED = {**COUNTER, "discipline": "weighted"}
DAY = {"open": ["09:00-12:00"], "reason": "臨時"}

# Each misfit: the part, its id, the value, the field that must be named, and the code.
MISFITS: dict[str, tuple[Part, str, Any, str, Code]] = {
    "day without hours": (Part.SPECIAL_DAY, "2026-12-28", {"reason": "臨時"}, "open", Code.MISSING),
    "day without reason": (Part.SPECIAL_DAY, "2026-12-28", {"open": []}, "reason", Code.MISSING),
    "day with an empty reason": (Part.SPECIAL_DAY, "2026-12-28", {**DAY, "reason": ""}, "reason", Code.BAD_TEXT),
    "day with another date": (Part.SPECIAL_DAY, "2026-12-28", {**DAY, "day": "2026-12-29"}, "day", Code.UNKNOWN_KEY),
    "day as text": (Part.SPECIAL_DAY, "2026-12-28", "closed", "", Code.NOT_TABLE),
    "present day as text": (Part.SPECIAL_DAY, "2026-11-23", "closed", "", Code.NOT_TABLE),
    "hours as text": (Part.SPECIAL_DAY, "2026-12-28", {**DAY, "open": "09:00-12:00"}, "open", Code.NOT_LIST),
    "not hours": (Part.SPECIAL_DAY, "2026-12-28", {**DAY, "open": ["9-12"]}, "open.0", Code.NOT_HOURS),
    "nothing for hours": (Part.SPECIAL_DAY, "2026-12-28", {**DAY, "open": [None]}, "open.0", Code.NOT_HOURS),
    "reversed hours": (
        Part.SPECIAL_DAY,
        "2026-12-28",
        {**DAY, "open": ["12:00-09:00"]},
        "open.0",
        Code.REVERSED_HOURS,
    ),
    "overlapping hours": (
        Part.SPECIAL_DAY,
        "2026-11-23",
        {**DAY, "open": ["09:00-12:00", "11:00-16:00"]},
        "open.1",
        Code.OVERLAPPING_HOURS,
    ),
    "hours into the night": (
        Part.SPECIAL_DAY,
        "2026-12-28",
        {**DAY, "open": ["09:00-17:01"]},
        "open.0",
        Code.CLOSES_AFTER_DAY_END,
    ),
    "site without levels": (Part.LEVELS, "site", [], "", Code.NO_LEVELS),
    "site's levels taken away": (Part.LEVELS, "site", None, "", Code.NOT_LIST),
    "levels as text": (Part.LEVELS, "y", "free", "", Code.NOT_LIST),
    "level as text": (Part.LEVELS, "y", ["free"], "0", Code.NOT_TABLE),
    "level without key": (Part.LEVELS, "y", [{"label": "空き"}], "0.key", Code.MISSING),
    "level without label": (Part.LEVELS, "y", [{"key": "free"}], "0.label", Code.MISSING),
    "unknown level": (Part.LEVELS, "y", [{"key": "full", "label": "満員"}], "0.key", Code.UNKNOWN_CHOICE),
    "label as number": (Part.LEVELS, "y", [{"key": "free", "label": 1}], "0.label", Code.NOT_TEXT),
    "half a character": (Part.LEVELS, "y", [{"key": "free", "label": "\ud800"}], "0.label", Code.NOT_TEXT),
    "long label": (Part.LEVELS, "y", [{"key": "free", "label": LONG}], "0.label", Code.TOO_LONG),
    "bound on the lowest": (Part.LEVELS, "site", [{**FREE, "minutes": 1}], "0.minutes", Code.BOUND_ON_LOWEST),
    "level without bound": (Part.LEVELS, "site", [FREE, {"key": "crowded", "label": "混"}], "1", Code.BOUND_MISSING),
    "bound that is null": (
        Part.LEVELS,
        "site",
        [FREE, {"key": "crowded", "label": "混", "people": None}],
        "1",
        Code.BOUND_MISSING,
    ),
    "level twice": (Part.LEVELS, "x", [FREE, {**FREE, "people": 3}], "1.key", Code.FALLING_LEVELS),
    "bounds that fall": (
        Part.LEVELS,
        "x",
        [FREE, {"key": "moderate", "label": "中", "people": 5}, {"key": "crowded", "label": "混", "people": 4}],
        "2.people",
        Code.BOUND_NOT_RISING,
    ),
    "half a person": (
        Part.LEVELS,
        "x",
        [FREE, {"key": "crowded", "label": "混", "people": 2.5}],
        "1.people",
        Code.NOT_INTEGER,
    ),
    "counter taken away": (Part.COUNTER, "1", None, "", Code.NOT_TABLE),
    "counter without services": (Part.COUNTER, "2", {**COUNTER, "services": []}, "services", Code.EMPTY_LIST),
    "counter with another id": (Part.COUNTER, "1", {**COUNTER, "id": "9"}, "id", Code.UNKNOWN_KEY),
    "counter with a colour": (Part.COUNTER, "1", {**COUNTER, "colour": "red"}, "colour", Code.UNKNOWN_KEY),
    "name with a space": (Part.COUNTER, "1", {**COUNTER, "name": " 1番"}, "name", Code.BAD_TEXT),
    "unknown service": (
        Part.COUNTER,
        "1",
        {**COUNTER, "services": ["x", "y", "z"]},
        "services.2",
        Code.UNKNOWN_SERVICE,
    ),
    "service twice": (
        Part.COUNTER,
        "1",
        {**COUNTER, "services": ["x", "y", "x"]},
        "services.2",
        Code.REPEATED_SERVICE,
    ),
    "service that nobody serves": (
        Part.COUNTER,
        "1",
        {**COUNTER, "services": ["x"]},
        "services",
        Code.UNSERVED_SERVICE,
    ),
    "stage that nobody serves": (
        Part.COUNTER,
        "1",
        {**COUNTER, "stages": {"x": ["交付"]}},
        "stages",
        Code.UNSERVED_STAGE,
    ),
    "unknown stage": (Part.COUNTER, "2", {**COUNTER, "stages": {"x": ["審査"]}}, "stages.x.0", Code.UNKNOWN_STAGE),
    "stage twice": (
        Part.COUNTER,
        "2",
        {**COUNTER, "stages": {"x": ["交付", "交付"]}},
        "stages.x.1",
        Code.REPEATED_STAGE,
    ),
    "no stages": (Part.COUNTER, "2", {**COUNTER, "stages": {"x": []}}, "stages.x", Code.EMPTY_LIST),
    "stages of another service": (
        Part.COUNTER,
        "2",
        {"name": "2番", "services": ["x"], "stages": {"y": ["受付"]}},
        "stages.y",
        Code.SERVICE_NOT_HERE,
    ),
    "unknown discipline": (Part.COUNTER, "1", {**COUNTER, "discipline": "fair"}, "discipline", Code.UNKNOWN_CHOICE),
    "weights in order": (
        Part.COUNTER,
        "1",
        {**COUNTER, "discipline": "order", "weights": {"x": 2}},
        "weights",
        Code.WEIGHTS_WITHOUT_WEIGHTED,
    ),
    "no weight": (Part.COUNTER, "1", {**WEIGHTED, "weights": {"x": 0}}, "weights.x", Code.NOT_MORE_THAN),
    "heavy weight": (Part.COUNTER, "1", {**WEIGHTED, "weights": {"x": 101}}, "weights.x", Code.TOO_LARGE),
    "weight as text": (Part.COUNTER, "1", {**WEIGHTED, "weights": {"x": "2"}}, "weights.x", Code.NOT_NUMBER),
    "endless weight": (Part.COUNTER, "1", {**WEIGHTED, "weights": {"x": float("inf")}}, "weights.x", Code.NOT_NUMBER),
    "weight of another service": (
        Part.COUNTER,
        "1",
        {**WEIGHTED, "weights": {"z": 1}},
        "weights.z",
        Code.SERVICE_NOT_HERE,
    ),
    "longest wait with oldest": (
        Part.COUNTER,
        "1",
        {**COUNTER, "discipline": "oldest", "longest_wait": 30},
        "longest_wait",
        Code.LONGEST_WAIT_WITH_OLDEST,
    ),
    "longest wait of a day": (Part.COUNTER, "1", {**WEIGHTED, "longest_wait": 1440}, "longest_wait", Code.TOO_LARGE),
    "alert at nobody": (Part.ALERTS, "site", {"people": 0}, "people", Code.TOO_SMALL),
    "alert as text": (Part.ALERTS, "site", {"people": "15"}, "people", Code.NOT_INTEGER),
    "alerts taken away": (Part.ALERTS, "site", None, "", Code.NOT_TABLE),
}
