"""Changing a part of a hall, by a form that says what is wrong beside the field and overwrites nobody else's change.

Each form carries the revision of the part that it shows. Where somebody changed the part since, the page shows both,
what it is now and what was typed, and asks to decide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from queue_server import access
from queue_server.access import requires
from queue_server.config import Problem
from queue_server.config.structure import ChangesRefused, Part, field_problems, tidied
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.calendar import business_day
from queue_server.domain.roles import Permission
from queue_server.domain.site import Site
from queue_server.domain.ticket import Refused
from queue_server.hall import Hall, StorageUnavailable
from queue_server.snapshot import View
from queue_server.web.account_words import kept_notice
from queue_server.web.admin_answers import Fields, Problems, admin, done, once, show
from queue_server.web.admin_around import around_counter, around_day, around_levels, nothing_around
from queue_server.web.admin_form_alerts import fill_alerts, read_alerts
from queue_server.web.admin_form_counter import fill_counter, read_counter
from queue_server.web.admin_form_day import fill_day, read_day
from queue_server.web.admin_form_levels import fill_levels, read_levels
from queue_server.web.admin_text import gettext
from queue_server.web.admin_typed import Typed
from queue_server.web.admin_words import part_lines, part_summary, part_title

PART = "/sites/<site_id>/<any(special_day, levels, counter, alerts):part>/<part_id>"
FURTHEST = timedelta(days=731)
"""How far ahead a day may be set: two years; what is typed beyond is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class PartForm:
    """How one kind of part is edited."""

    template: str
    overview: str | None
    """The endpoint of the page that lists the parts of this kind; None where there is one part."""
    fill: Callable[[Site, str, Any], Fields]
    read: Callable[[Site, str, Fields], Typed]
    around: Callable[[Hall, str], dict[str, Any]]
    """What the page shows besides the form."""


FORMS: Mapping[Part, PartForm] = MappingProxyType(
    {
        Part.SPECIAL_DAY: PartForm("day", "admin.days", fill_day, read_day, around_day),
        Part.LEVELS: PartForm("levels", "admin.levels", fill_levels, read_levels, around_levels),
        Part.COUNTER: PartForm("counter", "admin.counters", fill_counter, read_counter, around_counter),
        Part.ALERTS: PartForm("alerts", None, fill_alerts, read_alerts, nothing_around),
    }
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else made of a part meanwhile, beside what was typed; both as people read them."""

    present: list[tuple[str, str]]
    typed: list[tuple[str, str]]


@admin.get(PART)
@requires(Permission.ADMINISTER)
def edit_part(site_id: str, part: str, part_id: str) -> Response:
    """The form of a part; with what was typed before a session ended, if there is something."""
    hall, kind = hall_or_404(site_id), Part(part)
    present, kept = present_part(hall, kind, part_id), access.kept_form()
    notice = kept_notice(kept.why)
    if "typed" in kept.fields:
        return _form(hall, kind, present, kept.fields, _number(kept.fields.get("revision")), notice=notice)
    fields = FORMS[kind].fill(hall.site, part_id, present["value"])
    return _form(hall, kind, present, fields, present["revision"], notice=notice)


@admin.post(PART)
@requires(Permission.ADMINISTER, form="admin.edit_part")
def save_part(site_id: str, part: str, part_id: str) -> ResponseReturnValue:
    """Put what was typed in the place of the part."""
    hall, kind = hall_or_404(site_id), Part(part)
    present = present_part(hall, kind, part_id)
    typed = FORMS[kind].read(hall.site, part_id, request.form)
    if typed.problems:
        problems = typed.together(_value_problems(hall, kind, part_id, typed))
        return _form(hall, kind, present, request.form, _number(request.form.get("revision")), problems, status=422)
    return _change(hall, kind, present, typed)


@admin.post(f"{PART}/profile")
@requires(Permission.ADMINISTER, form="admin.edit_part")
def restore_part(site_id: str, part: str, part_id: str) -> ResponseReturnValue:
    """Put the profile's own value in the place of the part."""
    hall, kind = hall_or_404(site_id), Part(part)
    present = present_part(hall, kind, part_id)
    return _change(hall, kind, present, Typed(present["profile"], {}))


@admin.post("/sites/<site_id>/<any(special_day):part>/<part_id>/remove")
@requires(Permission.ADMINISTER, form="admin.edit_part")
def remove_day(site_id: str, part: str, part_id: str) -> ResponseReturnValue:
    """Let a day be as any other."""
    hall, kind = hall_or_404(site_id), Part(part)
    return _change(hall, kind, present_part(hall, kind, part_id), Typed(None, {}))


def present_part(hall: Hall, part: Part, part_id: str) -> View:
    """A part as it is now, also a day for which nothing is set; Unknown("part") also for a past day."""
    if part is Part.SPECIAL_DAY and not is_settable(part_id):
        raise Unknown("part")
    for each in hall.structure()["parts"]:
        if (each["part"], each["id"]) == (part.value, part_id):
            view: View = each
            return view
    if part is not Part.SPECIAL_DAY:
        raise Unknown("part")
    nothing = dict.fromkeys(("value", "profile", "changed_by", "changed_at"))
    return {"part": part.value, "id": part_id, "revision": 0, **nothing}


def is_settable(text: str) -> bool:
    """Whether a text is a date (2026-12-28) that is not past and not beyond FURTHEST."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    today = business_day(current_city().clock.now())
    return day.isoformat() == text and today <= day <= today + FURTHEST


def _change(hall: Hall, kind: Part, present: View, typed: Typed) -> ResponseReturnValue:
    """Change the part, or show the form again with what keeps it from being changed."""
    part_id, value = present["id"], tidied(kind, present["id"], typed.value)
    revision = _number(request.form.get("revision"))
    if revision == present["revision"] and value == present["value"]:
        return done(_way_on(hall, kind, part_id), gettext("変わったところはありません。"))
    try:
        view = once(lambda caller: hall.change_structure(caller, kind.value, part_id, value, revision))
    except ChangesRefused as refused:
        problems = typed.placed(field_problems(refused, hall.site.id, kind, part_id))
        return _form(hall, kind, present, _typed_fields(hall, kind, present, value), revision, problems, status=422)
    except StorageUnavailable:
        unwritten = {"": [gettext("ただいま記録できません。サーバーの担当者に知らせ、あとで保存し直してください。")]}
        return _form(hall, kind, present, _typed_fields(hall, kind, present, value), revision, unwritten, status=503)
    except Refused as refused:
        now = refused.details["part"]
        if now["value"] == value:
            return done(_way_on(hall, kind, part_id), gettext("ほかの管理者が、先に同じ内容にしていました。"))
        conflict = Conflict(part_lines(hall.site, kind, now["value"]), part_lines(hall.site, kind, value))
        fields = _typed_fields(hall, kind, now, value)
        return _form(hall, kind, now, fields, now["revision"], conflict=conflict, status=409)
    return done(_way_on(hall, kind, part_id), _done_words(hall, kind, view["part"]))


def _value_problems(hall: Hall, kind: Part, part_id: str, typed: Typed) -> list[tuple[str, Problem]]:
    """What the rules of the profile say of a value that the form could not say whole; nothing is changed."""
    try:
        hall.check_structure(kind.value, part_id, tidied(kind, part_id, typed.value))
    except ChangesRefused as refused:
        return field_problems(refused, hall.site.id, kind, part_id)
    return []


def _typed_fields(hall: Hall, kind: Part, now: View, value: Any) -> Fields:
    """What the form shows again: what was typed, else the value that a button stands for."""
    if "typed" in request.form:
        return request.form
    shown = now["value"] if kind is Part.SPECIAL_DAY and value is None else value
    return FORMS[kind].fill(hall.site, now["id"], shown)


def _form(
    hall: Hall,
    kind: Part,
    present: View,
    fields: Fields,
    revision: int,
    problems: Problems | None = None,
    *,
    conflict: Conflict | None = None,
    notice: str = "",
    status: int = 200,
) -> Response:
    changed_at = present["changed_at"]
    return show(
        FORMS[kind].template,
        status,
        site=hall.site,
        part=present,
        title=part_title(hall.site, kind, present["id"]),
        overview=_overview(hall, kind),
        fields=fields,
        revision=revision,
        problems=problems or {},
        conflict=conflict,
        notice=notice,
        changed_at=datetime.fromisoformat(changed_at) if changed_at else None,
        differs=present["value"] != present["profile"],
        profile=part_lines(hall.site, kind, present["profile"]),
        **FORMS[kind].around(hall, present["id"]),
    )


def _done_words(hall: Hall, kind: Part, view: View) -> str:
    title = part_title(hall.site, kind, view["id"])
    if view["value"] == view["profile"]:
        return gettext("%(title)s を、プロファイルの内容に戻しました。", title=title)
    text = part_summary(hall.site, kind, view["value"])
    return gettext("%(title)s を変えました（%(text)s）。", title=title, text=text)


def _overview(hall: Hall, kind: Part) -> str | None:
    endpoint = FORMS[kind].overview
    return url_for(endpoint, site_id=hall.site.id) if endpoint else None


def _way_on(hall: Hall, kind: Part, part_id: str) -> str:
    """Where one goes after a change: to the list, or back to the only form there is."""
    return _overview(hall, kind) or url_for("admin.edit_part", site_id=hall.site.id, part=kind.value, part_id=part_id)


def _number(text: str | None) -> int:
    """The revision that a form carries; one that is none never fits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else -1
