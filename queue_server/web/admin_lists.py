"""The lists that lead to the forms: special days, levels, counters."""

from datetime import date
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import requires
from queue_server.config.structure import Part
from queue_server.context import current_city, hall_or_404
from queue_server.domain.calendar import business_day, day_plan
from queue_server.domain.roles import Permission
from queue_server.hall import Hall
from queue_server.snapshot import View
from queue_server.web.admin_answers import admin, show
from queue_server.web.admin_around import services_now
from queue_server.web.admin_form_day import ordinary_plan
from queue_server.web.admin_parts import FURTHEST, is_settable
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import day_words, hours_words, part_lines, plan_words


@admin.get("/sites/<site_id>/days")
@requires(Permission.ADMINISTER)
def days(site_id: str) -> ResponseReturnValue:
    """The special days to come, and the way to the hours of any day (`?day=2026-12-28`)."""
    hall = hall_or_404(site_id)
    typed = request.args.get("day")
    if typed is None:
        return _days(hall)
    if is_settable(typed):
        return redirect(url_for("admin.edit_part", site_id=site_id, part=Part.SPECIAL_DAY.value, part_id=typed))
    return _days(hall, typed, 422)


@admin.get("/sites/<site_id>/levels")
@requires(Permission.ADMINISTER)
def levels(site_id: str) -> Response:
    """The levels of the hall and of each service, and how each service stands now."""
    hall = hall_or_404(site_id)
    now = services_now(hall)
    rows = [
        {
            **_row(hall, part),
            "name": hall.site.services[part["id"]].name if part["id"] in now else gettext("庁舎全体"),
            "service": now.get(part["id"]),
        }
        for part in _parts(hall, Part.LEVELS)
    ]
    return show("levels_list", site=hall.site, rows=rows)


@admin.get("/sites/<site_id>/counters")
@requires(Permission.ADMINISTER)
def counters(site_id: str) -> Response:
    """The counters with their services and order of calling."""
    hall = hall_or_404(site_id)
    rows = [{**_row(hall, part), "name": part["value"]["name"]} for part in _parts(hall, Part.COUNTER)]
    return show("counters_list", site=hall.site, rows=rows)


def _days(hall: Hall, typed: str = "", status: int = 200) -> Response:
    today = business_day(current_city().clock.now())
    coming = [part for part in _parts(hall, Part.SPECIAL_DAY) if date.fromisoformat(part["id"]) >= today]
    problem = gettext("きょうから%(day)sまでの日付を入力してください。", day=day_words(today + FURTHEST))
    return show(
        "days",
        status,
        site=hall.site,
        today=today.isoformat(),
        furthest=(today + FURTHEST).isoformat(),
        plan=plan_words(day_plan(hall.site.hours, today)),
        typed=typed,
        problem=problem if status != 200 else "",
        rows=[_day_row(hall, part) for part in sorted(coming, key=lambda part: str(part["id"]))],
    )


def _day_row(hall: Hall, part: View) -> dict[str, Any]:
    day, value = date.fromisoformat(part["id"]), part["value"]
    ordinary = plan_words(ordinary_plan(hall.site, day))
    return {
        **_row(hall, part),
        "name": day_words(day),
        "hours": hours_words(value["open"])
        if value
        else gettext("特別な設定を消しました（%(plan)s）", plan=ordinary),
        "reason": value["reason"] if value else "",
        "ordinary": ordinary,
    }


def _row(hall: Hall, part: View) -> dict[str, Any]:
    kind = Part(part["part"])
    return {
        "part": part["part"],
        "id": part["id"],
        "lines": part_lines(hall.site, kind, part["value"]),
        "changed": part["value"] != part["profile"],
        "by": part["changed_by"],
    }


def _parts(hall: Hall, kind: Part) -> list[View]:
    return [part for part in hall.structure()["parts"] if part["part"] == kind.value]
