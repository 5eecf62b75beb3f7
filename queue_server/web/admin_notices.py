"""Notices: sentences for everybody, on the boards and the phone pages."""

from datetime import datetime

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from queue_server import access
from queue_server.access import requires
from queue_server.context import Unknown, hall_or_404
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Permission
from queue_server.domain.ticket import Refused
from queue_server.hall import Hall
from queue_server.web.account_words import kept_notice
from queue_server.web.admin_answers import Fields, Problems, admin, done, once, show
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import minute_words
from queue_server.web.profile_words import line_problem

LONGEST_NOTICE = 200


@admin.get("/sites/<site_id>/notices")
@requires(Permission.ADMINISTER)
def notices(site_id: str) -> Response:
    """The notices that stand, and the form of a new one."""
    kept = access.kept_form()
    return _page(hall_or_404(site_id), kept.fields, notice=kept_notice(kept.why))


@admin.post("/sites/<site_id>/notices")
@requires(Permission.ADMINISTER, form="admin.notices")
def post_notice(site_id: str) -> ResponseReturnValue:
    """Show a sentence to everybody from now on."""
    hall, fields = hall_or_404(site_id), request.form
    text, until = " ".join(fields.get("text", "").split()), _until(fields)
    problems: Problems = {}
    problem = line_problem(text, LONGEST_NOTICE, gettext("お知らせの文を入力してください。"))
    if problem:
        problems["text"] = [problem]
    if isinstance(until, str):
        problems["until"] = [until]
    if problems or isinstance(until, str):
        return _page(hall, fields, problems, status=422)
    try:
        once(lambda caller: hall.post_notice(caller, text, until))
    except Refused as refused:
        if refused.code != "time_is_past":
            raise
        return _page(hall, fields, {"until": [gettext("その日時は過ぎています。")]}, status=422)
    return done(_address(hall), gettext("お知らせを出しました。"))


@admin.post("/sites/<site_id>/notices/withdraw")
@requires(Permission.ADMINISTER, form="admin.notices")
def withdraw_notice(site_id: str) -> ResponseReturnValue:
    """Take a notice away; one that is gone already stays so."""
    hall = hall_or_404(site_id)
    try:
        once(lambda caller: hall.withdraw_notice(caller, request.form.get("notice", "")))
    except Unknown:
        return done(_address(hall), gettext("そのお知らせは、もう取り下げられています。"))
    return done(_address(hall), gettext("お知らせを取り下げました。"))


def _until(fields: Fields) -> datetime | str | None:
    """Until when a notice stands, None for always, or a sentence about what is wrong."""
    how, typed = fields.get("how", ""), fields.get("until", "").strip()
    if how == "stays":
        return None
    if how != "until" and not typed:
        return gettext("どちらかを選んでください。")
    try:
        return local_minute(typed)
    except ValueError:
        return gettext("日時を入力してください。")


def _page(
    hall: Hall, fields: Fields, problems: Problems | None = None, *, notice: str = "", status: int = 200
) -> Response:
    standing = [
        {**each, "until": minute_words(datetime.fromisoformat(each["until"])) if each["until"] else ""}
        for each in hall.desk_view.data["notices"]
    ]
    return show(
        "notices",
        status,
        site=hall.site,
        standing=standing,
        fields=fields,
        problems=problems or {},
        notice=notice,
        longest=LONGEST_NOTICE,
    )


def _address(hall: Hall) -> str:
    return url_for("admin.notices", site_id=hall.site.id)
