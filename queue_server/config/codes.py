"""Everything that can be wrong with a profile: a stable code each, and its sentence for the terminal.

Where an administrator edits a part of the profile in the browser, the same codes have Japanese sentences
(`web/profile_words.py`).
"""

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """What is wrong at a place of a profile. The words in braces below are a problem's `values`."""

    # One value by itself.
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    NOT_TABLE = "not_table"
    NOT_LIST = "not_list"
    NOT_TEXT = "not_text"
    NOT_INTEGER = "not_integer"
    NOT_NUMBER = "not_number"
    NOT_SWITCH = "not_switch"
    EMPTY_LIST = "empty_list"
    BAD_TEXT = "bad_text"
    TOO_LONG = "too_long"
    BAD_ID = "bad_id"
    BAD_PHONE = "bad_phone"
    BAD_PREFIX = "bad_prefix"
    BAD_PRINTER = "bad_printer"
    BAD_COLOUR = "bad_colour"
    TOO_SMALL = "too_small"
    NOT_MORE_THAN = "not_more_than"
    TOO_LARGE = "too_large"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_HOURS = "not_hours"
    REVERSED_HOURS = "reversed_hours"
    NOT_TIME = "not_time"
    NOT_RANGE = "not_range"
    REVERSED_RANGE = "reversed_range"
    NOT_MULTIPLE = "not_multiple"
    NOT_DATE = "not_date"
    NOT_MONTH_DAY = "not_month_day"
    NO_SUCH_DAY = "no_such_day"
    # Hours.
    OVERLAPPING_HOURS = "overlapping_hours"
    DAY_ENDS_TOO_EARLY = "day_ends_too_early"
    CLOSES_AFTER_DAY_END = "closes_after_day_end"
    REPEATED_DAY = "repeated_day"
    # Ids, and what refers to them.
    REPEATED_ID = "repeated_id"
    RESERVED_ID = "reserved_id"
    UNKNOWN_CATEGORY = "unknown_category"
    UNUSED_CATEGORY = "unused_category"
    UNKNOWN_SERIES = "unknown_series"
    TAKEN_SERIES = "taken_series"
    UNUSED_SERIES = "unused_series"
    UNKNOWN_SERVICE = "unknown_service"
    REPEATED_SERVICE = "repeated_service"
    UNSERVED_SERVICE = "unserved_service"
    UNKNOWN_COUNTER = "unknown_counter"
    REPEATED_COUNTER = "repeated_counter"
    # Series, stages, what a counter does.
    REVERSED_SERIES = "reversed_series"
    REPEATED_LABEL = "repeated_label"
    REPEATED_STAGE = "repeated_stage"
    UNKNOWN_STAGE = "unknown_stage"
    UNSERVED_STAGE = "unserved_stage"
    SERVICE_NOT_HERE = "service_not_here"
    WEIGHTS_WITHOUT_WEIGHTED = "weights_without_weighted"
    LONGEST_WAIT_WITH_OLDEST = "longest_wait_with_oldest"
    # Numbers that kiosks give out by themselves.
    RESERVE_OUTSIDE = "reserve_outside"
    RESERVE_TAKEN = "reserve_taken"
    RESERVE_WHOLE = "reserve_whole"
    # The voice.
    NOT_STRETCH = "not_stretch"
    OVERLAPPING_STRETCH = "overlapping_stretch"
    REPEATED_LANGUAGE = "repeated_language"
    LANGUAGE_NOT_SPOKEN = "language_not_spoken"
    # Levels.
    NO_LEVELS = "no_levels"
    FALLING_LEVELS = "falling_levels"
    BOUND_ON_LOWEST = "bound_on_lowest"
    BOUND_MISSING = "bound_missing"
    BOUND_NOT_RISING = "bound_not_rising"
    # Who missed a call.
    REINSTATE_AFTER_MISSING = "reinstate_after_missing"
    REINSTATE_AFTER_UNUSED = "reinstate_after_unused"
    # Screens and colours.
    UNKNOWN_AREA = "unknown_area"
    COUNTER_MISSING = "counter_missing"
    COUNTER_UNUSED = "counter_unused"
    AREA_UNUSED = "area_unused"
    SLIDES_MISSING = "slides_missing"
    SLIDES_UNUSED = "slides_unused"
    TOO_PALE = "too_pale"
    # The guide.
    UNKNOWN_SITE = "unknown_site"
    REPEATED_SITE = "repeated_site"
    UNKNOWN_PROCEDURE = "unknown_procedure"
    SEE_ONLY_OTHER = "see_only_other"
    TWO_VISITS_ARE_TWO = "two_visits_are_two"
    NO_SOURCE = "no_source"
    # Events.
    ONE_WAY_OF_DAYS = "one_way_of_days"
    REVERSED_EFFECT = "reversed_effect"
    # The file.
    UNKNOWN_PROFILE = "unknown_profile"
    UNREADABLE = "unreadable"
    NOT_UTF8 = "not_utf8"
    NOT_TOML = "not_toml"


SENTENCES: Mapping[Code, str] = {
    Code.MISSING: "is missing",
    Code.UNKNOWN_KEY: "unknown key",
    Code.NOT_TABLE: "must be a table with keys",
    Code.NOT_LIST: "must be a list",
    Code.NOT_TEXT: "must be text",
    Code.NOT_INTEGER: "must be a whole number",
    Code.NOT_NUMBER: "must be a number",
    Code.NOT_SWITCH: "must be true or false",
    Code.EMPTY_LIST: "must not be empty",
    Code.BAD_TEXT: "must be text on one line, not empty, with no space at either end",
    Code.TOO_LONG: "must have {limit} characters or fewer",
    Code.BAD_ID: "must be 1 to 32 of a-z, 0-9 and -",
    Code.BAD_PHONE: 'must be a telephone number such as "046-225-2039"',
    Code.BAD_PREFIX: "must be up to 3 letters or digits",
    Code.BAD_PRINTER: (
        'must be "tcp://192.0.2.10:9100", "usb://04b8:0e15", "serial:///dev/ttyS0?baud=38400" or "file:///dev/usb/lp0"'
    ),
    Code.BAD_COLOUR: 'must be a colour such as "#0017c1", in small letters',
    Code.TOO_SMALL: "must be {limit} or more",
    Code.NOT_MORE_THAN: "must be more than {limit}",
    Code.TOO_LARGE: "must be {limit} or less",
    Code.UNKNOWN_CHOICE: "must be {choices}",
    Code.NOT_HOURS: 'must be opening hours such as "08:30-17:15"',
    Code.REVERSED_HOURS: "closes before it opens",
    Code.NOT_TIME: 'must be a time such as "18:00"',
    Code.NOT_RANGE: 'must be a range of numbers such as "580-599"',
    Code.REVERSED_RANGE: "ends before it begins",
    Code.NOT_MULTIPLE: "must be a multiple of {limit}",
    Code.NOT_DATE: 'must be a date such as "2026-11-23"',
    Code.NOT_MONTH_DAY: 'must be a month and a day such as "12-29"',
    Code.NO_SUCH_DAY: "there is no day {day}",
    Code.OVERLAPPING_HOURS: "overlaps the hours before it",
    Code.DAY_ENDS_TOO_EARLY: "the day must not end before the last closing, {time}",
    Code.CLOSES_AFTER_DAY_END: "closes after the end of the day, {time}",
    Code.REPEATED_DAY: "{day} has been given already",
    Code.REPEATED_ID: 'the id "{name}" is taken already',
    Code.RESERVED_ID: 'the id "site" is not for services: it stands for the whole site',
    Code.UNKNOWN_CATEGORY: 'there is no category "{name}"',
    Code.UNUSED_CATEGORY: "no service is in this category",
    Code.UNKNOWN_SERIES: 'there is no series "{name}"',
    Code.TAKEN_SERIES: 'the series "{name}" belongs to the service "{service}" already',
    Code.UNUSED_SERIES: "no service uses this series",
    Code.UNKNOWN_SERVICE: 'there is no service "{name}"',
    Code.REPEATED_SERVICE: 'the service "{name}" stands here twice',
    Code.UNSERVED_SERVICE: "no counter serves this service",
    Code.UNKNOWN_COUNTER: 'there is no counter "{name}"',
    Code.REPEATED_COUNTER: 'the counter "{name}" stands here twice',
    Code.REVERSED_SERIES: "must not be less than first, {first}",
    Code.REPEATED_LABEL: 'the label {label} is also in the series "{series}"',
    Code.REPEATED_STAGE: 'the stage "{name}" stands here twice',
    Code.UNKNOWN_STAGE: 'the service "{service}" has no stage "{name}"',
    Code.UNSERVED_STAGE: 'no counter serves the stage "{stage}"',
    Code.SERVICE_NOT_HERE: 'this counter does not serve "{name}"',
    Code.WEIGHTS_WITHOUT_WEIGHTED: 'means something only with discipline = "weighted"',
    Code.LONGEST_WAIT_WITH_OLDEST: 'means nothing with discipline = "oldest", where the longest wait is always first',
    Code.RESERVE_OUTSIDE: "is not within the numbers of the series, {first} to {last}",
    Code.RESERVE_TAKEN: "another kiosk has the number {number} already",
    Code.RESERVE_WHOLE: "leaves the server no number of this series",
    Code.NOT_STRETCH: 'must be a stretch of the day such as "12:00-13:00"',
    Code.OVERLAPPING_STRETCH: "overlaps the stretch before it",
    Code.REPEATED_LANGUAGE: 'the language "{name}" stands here twice',
    Code.LANGUAGE_NOT_SPOKEN: "the voice does not speak this language: it is not among its languages",
    Code.NO_LEVELS: "has no level, and the site has none either",
    Code.FALLING_LEVELS: "levels must rise: free < moderate < crowded < very_crowded",
    Code.BOUND_ON_LOWEST: "the lowest level begins at nothing and has no bound",
    Code.BOUND_MISSING: "needs people or minutes, where the level begins",
    Code.BOUND_NOT_RISING: "must be more than in the levels before it, {limit}",
    Code.REINSTATE_AFTER_MISSING: 'is missing, and reinstate = "after" needs it',
    Code.REINSTATE_AFTER_UNUSED: 'means something only with reinstate = "after"',
    Code.UNKNOWN_AREA: 'there is no area "{name}"',
    Code.COUNTER_MISSING: 'is missing, and layout = "counter" needs it',
    Code.COUNTER_UNUSED: 'means something only with layout = "counter"',
    Code.AREA_UNUSED: 'means nothing with layout = "counter"',
    Code.SLIDES_MISSING: 'is missing, and layout = "calls_and_slides" needs it',
    Code.SLIDES_UNUSED: 'means something only with layout = "calls_and_slides"',
    Code.TOO_PALE: "is too pale: white on it, and it on white, need a contrast of {least} : 1",
    Code.UNKNOWN_SITE: 'there is no site "{name}"',
    Code.REPEATED_SITE: 'the site "{name}" stands here twice',
    Code.UNKNOWN_PROCEDURE: 'there is no procedure "{name}"',
    Code.SEE_ONLY_OTHER: 'belongs to outcome = "other_procedure", and to no other',
    Code.TWO_VISITS_ARE_TWO: 'outcome = "two_visits" has two visits, and no other has',
    Code.NO_SOURCE: "is missing: say in which document this stands, here or at the procedure",
    Code.ONE_WAY_OF_DAYS: "an event needs either day_of_month or dates",
    Code.REVERSED_EFFECT: "the effect ends before it begins, {first} days after the event",
    Code.UNKNOWN_PROFILE: (
        "no profile of this name comes with the program ({names}); a file is named with its folder: ./{name}"
    ),
    Code.UNREADABLE: "cannot be read: {reason}",
    Code.NOT_UTF8: "not UTF-8; save the file with the encoding UTF-8",
    Code.NOT_TOML: "not TOML: {reason}",
}

FILE_CODES: frozenset[Code] = frozenset(
    {
        Code.NOT_SWITCH,
        Code.BAD_ID,
        Code.BAD_PHONE,
        Code.BAD_PREFIX,
        Code.BAD_PRINTER,
        Code.BAD_COLOUR,
        Code.UNKNOWN_AREA,
        Code.COUNTER_MISSING,
        Code.COUNTER_UNUSED,
        Code.AREA_UNUSED,
        Code.SLIDES_MISSING,
        Code.SLIDES_UNUSED,
        Code.REPEATED_LANGUAGE,
        Code.TOO_PALE,
        Code.NOT_RANGE,
        Code.REVERSED_RANGE,
        Code.NOT_MULTIPLE,
        Code.RESERVE_OUTSIDE,
        Code.RESERVE_TAKEN,
        Code.RESERVE_WHOLE,
        Code.NOT_STRETCH,
        Code.OVERLAPPING_STRETCH,
        Code.LANGUAGE_NOT_SPOKEN,
        Code.UNKNOWN_SITE,
        Code.REPEATED_SITE,
        Code.UNKNOWN_PROCEDURE,
        Code.SEE_ONLY_OTHER,
        Code.TWO_VISITS_ARE_TWO,
        Code.NO_SOURCE,
        Code.ONE_WAY_OF_DAYS,
        Code.REVERSED_EFFECT,
        Code.NOT_TIME,
        Code.NOT_DATE,
        Code.NOT_MONTH_DAY,
        Code.NO_SUCH_DAY,
        Code.DAY_ENDS_TOO_EARLY,
        Code.REPEATED_DAY,
        Code.REPEATED_ID,
        Code.RESERVED_ID,
        Code.UNKNOWN_CATEGORY,
        Code.UNUSED_CATEGORY,
        Code.UNKNOWN_SERIES,
        Code.TAKEN_SERIES,
        Code.UNUSED_SERIES,
        Code.UNKNOWN_COUNTER,
        Code.REPEATED_COUNTER,
        Code.REVERSED_SERIES,
        Code.REPEATED_LABEL,
        Code.REINSTATE_AFTER_MISSING,
        Code.REINSTATE_AFTER_UNUSED,
        Code.UNKNOWN_PROFILE,
        Code.UNREADABLE,
        Code.NOT_UTF8,
        Code.NOT_TOML,
    }
)
"""What only a file can get wrong: no administrator edits these parts in the browser."""

PROBLEM_CODES: tuple[Code, ...] = tuple(code for code in Code if code not in FILE_CODES)
"""What a part that an administrator edits can get wrong; each needs its sentence in the forms."""
