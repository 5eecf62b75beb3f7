"""The form of one day's hours: closed all day, or open in one or more intervals."""

from dataclasses import replace
from datetime import date
from typing import Any

from queue_server.domain.calendar import DayPlan, day_plan
from queue_server.domain.site import Site
from queue_server.web.admin_answers import Fields
from queue_server.web.admin_text import gettext
from queue_server.web.admin_typed import Typed
from queue_server.web.admin_values import hours_of

LEAST_ROWS = 3
MOST_ROWS = 20


def ordinary_plan(site: Site, day: date) -> DayPlan:
    """What the calendar says of a date where nothing special is set for it."""
    hours = site.hours
    others = tuple(special for special in hours.special_days if special.day != day)
    return day_plan(replace(hours, special_days=others), day)


def fill_day(site: Site, day: str, value: Any) -> Fields:
    """The form as it stands at first: the day's own setting, else what the calendar says."""
    if value is None:
        plan = ordinary_plan(site, date.fromisoformat(day))
        value = {"open": [f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in plan.intervals], "reason": ""}
    fields = Fields({"mode": "open" if value["open"] else "closed", "reason": value["reason"]})
    for row, hours in enumerate(value["open"]):
        fields[f"open-{row}"] = hours
    return fields


def read_day(_site: Site, _day: str, fields: Fields) -> Typed:
    """What the form says; empty rows say nothing."""
    mode, rows = fields.get("mode", ""), []
    if mode == "open":
        rows = [(name, hours_of(fields[name])) for name in row_names(fields) if fields.get(name, "").strip()]
    problems = {}
    if mode not in ("open", "closed"):
        problems["mode"] = gettext("どちらかを選んでください。")
    elif mode == "open" and not rows:
        problems["open-0"] = gettext("開ける時間を一つ以上入力してください。")
    places = {"open": "open-0"} | {f"open.{index}": name for index, (name, _) in enumerate(rows)}
    places["reason"] = "reason"
    return Typed({"open": [hours for _, hours in rows], "reason": fields.get("reason", "").strip()}, places, problems)


def row_names(fields: Fields) -> list[str]:
    """The rows of hours that the form has: what is filled in, and room for more."""
    filled = [row for row in range(MOST_ROWS) if fields.get(f"open-{row}", "").strip()]
    count = max(LEAST_ROWS, filled[-1] + 2 if filled else 0)
    return [f"open-{row}" for row in range(min(count, MOST_ROWS))]
