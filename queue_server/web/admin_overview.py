"""The administrator's first page, what each hall has that differs from its profile, and the profile to take away."""

from datetime import datetime
from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import requires
from queue_server.config.structure import Part, export_text
from queue_server.context import current_announcer, current_city, hall_or_404
from queue_server.domain.calendar import business_day, day_plan
from queue_server.domain.roles import Permission
from queue_server.hall import Hall
from queue_server.snapshot import View
from queue_server.web.admin_answers import admin, show
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import minute_words, part_lines, part_title, plan_words
from queue_server.web.voice_words import voice_words
from queue_server.words import opening_words
from queue_server.worker import run_blocking


@admin.get("")
@requires(Permission.ADMINISTER)
def overview() -> ResponseReturnValue:
    """The halls of the city and what is common to them; where there is one hall, its page at once."""
    halls = list(current_city().halls.values())
    if len(halls) == 1:
        return redirect(url_for("admin.site", site_id=halls[0].site.id))
    return show("overview", halls=[(hall.board.data, _headline(hall), len(changes_of(hall))) for hall in halls])


@admin.get("/sites/<site_id>")
@requires(Permission.ADMINISTER)
def site(site_id: str) -> Response:
    """How a hall stands today, and every part that an administrator changed."""
    hall = hall_or_404(site_id)
    today = business_day(current_city().clock.now())
    return show(
        "site",
        site=hall.site,
        status=200,
        board=hall.board.data,
        headline=_headline(hall),
        early=_early(hall),
        today=today.isoformat(),
        plan=plan_words(day_plan(hall.site.hours, today)),
        changes=changes_of(hall),
        voice=voice_words(current_announcer().state(hall)),
    )


@admin.get("/profile.toml")
@requires(Permission.ADMINISTER)
def export() -> Response:
    """The profile file with every change put in: for review, and for the next start."""
    city = current_city()
    changes = {hall.site.id: hall.structure_changes() for hall in city.halls.values()}
    response = Response(run_blocking(export_text, city.profile.text, changes), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{city.profile.id}.toml"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _headline(hall: Hall) -> str:
    """Whether a hall is open, in the words of its own screens."""
    return opening_words()[hall.board.data["status"]["phase"]]


def _early(hall: Hall) -> list[str]:
    """That staff ended today's reception before its time, and why; empty where they did not."""
    status = hall.board.data["status"]
    if not status["ended_early"]:
        return []
    reason = [gettext("理由: {reason}").format(reason=status["reason"])] if status["reason"] else []
    return [gettext("受付時間より早く終了しました。"), *reason]


def changes_of(hall: Hall) -> list[dict[str, Any]]:
    """The parts that say something else than the profile, with the lines in which they do."""
    return [_change(hall, part) for part in hall.structure()["parts"] if part["value"] != part["profile"]]


def _change(hall: Hall, part: View) -> dict[str, Any]:
    kind = Part(part["part"])
    now, before = (part_lines(hall.site, kind, part[name]) for name in ("value", "profile"))
    return {
        "part": part["part"],
        "id": part["id"],
        "title": part_title(hall.site, kind, part["id"]),
        "now": [line for line in now if line not in before],
        "before": [line for line in before if line not in now],
        "by": part["changed_by"],
        "at": minute_words(datetime.fromisoformat(part["changed_at"])),
    }
