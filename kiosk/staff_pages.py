"""The staff mode of a kiosk: counts, a number cancelled or printed again, a service paused."""

import uuid
from typing import Any, cast

import flask_babel
from flask import current_app, request
from flask.typing import ResponseReturnValue

from kiosk.answers import answer, json_body, problem, source_of
from kiosk.pages import kiosk
from kiosk.paper import print_ticket
from kiosk.source import Source
from kiosk.staff import StaffMode, TooManyTries
from queue_server.access import requires
from queue_server.accounts import may_be_pin
from queue_server.context import Unknown
from queue_server.domain.roles import Permission
from queue_server.domain.ticket import Refused


def gettext(sentence: str, /, **values: object) -> str:
    """A sentence in the language of the request, with its %(places)s filled in."""
    return str(flask_babel.gettext(sentence, **values))


STAFF_MODE = "kiosk.staff"
KEY = "X-Kiosk-Staff"
"""The header that carries the key of an open staff mode."""


@kiosk.post("/kiosk/<site_id>/staff")
@requires(Permission.ISSUE)
def enter(site_id: str) -> ResponseReturnValue:
    """Open the staff mode with the PIN; 403 for a wrong one, 429 after too many."""
    source, pin = source_of(site_id), json_body().get("pin")
    typed = pin if isinstance(pin, str) and may_be_pin(pin) else ""
    try:
        key = _mode().enter(source.site.id, lambda: source.check_pin(typed))
    except TooManyTries as slow:
        sentence = gettext(
            "番号が違いました。%(seconds)s秒たってから、もう一度入力してください。", seconds=slow.seconds
        )
        return problem(429, "too_many_tries", sentence)
    if key is None:
        return problem(403, "wrong_pin", gettext("番号が違います。"))
    return answer({"key": key, "services": source.counts()})


@kiosk.post("/kiosk/<site_id>/staff/<deed>")
@requires(Permission.ISSUE)
def act(site_id: str, deed: str) -> ResponseReturnValue:
    """One deed of the staff: "leave", "counts", "find", "cancel", "reprint", "pause", "resume"."""
    source, given = source_of(site_id), request.headers.get(KEY)
    site = source.site.id
    if not _mode().holds(site, given):
        return problem(
            403, "staff_mode_ended", gettext("職員用の画面は終わっています。もう一度番号を入力してください。")
        )
    if deed == "leave":
        _mode().leave(site, given)
        return answer({})
    try:
        if deed == "find":
            return answer({"ticket": source.find(_label(json_body()))})
        done = _do(source, deed, json_body())
    except Unknown:
        return problem(404, "unknown_ticket", gettext("その番号は見つかりません。"))
    except Refused:
        return problem(409, "illegal_move", gettext("この番号は、いまの状態ではその操作ができません。"))
    return answer({"done": done, "services": source.counts()})


def _do(source: Source, deed: str, body: dict[str, Any]) -> str:
    key = request.headers.get("Idempotency-Key") or uuid.uuid4().hex
    label, service = _label(body), str(body.get("service", ""))
    match deed:
        case "counts":
            return ""
        case "cancel":
            source.cancel(source.find(label), key)
            return gettext("%(label)s番を取り消しました。", label=label)
        case "reprint":
            return _reprint(source, source.find(label), key)
        case "pause" | "resume" if service in source.site.services:
            source.switch(service, key, paused=deed == "pause")
            name = source.site.services[service].name
            if deed == "pause":
                return gettext("「%(service)s」の受付を休止しました。", service=name)
            return gettext("「%(service)s」の受付を再開しました。", service=name)
    raise Unknown("move")


def _label(body: dict[str, Any]) -> str:
    """The label that was typed; raises Unknown("ticket") for half a character, which is in none."""
    label = str(body.get("label", ""))
    if any("\ud800" <= character <= "\udfff" for character in label):
        raise Unknown("ticket")
    return label


def _reprint(source: Source, ticket: dict[str, Any], key: str) -> str:
    source.reprint(ticket["id"], key)
    shown = source.ticket(ticket["token"])
    result = print_ticket(source, {**(shown or ticket), "token": ticket["token"]}, f"reprint {key}", copy=True)
    if result.printed:
        return gettext("%(label)s番の番号札をもう一度印刷しました。", label=ticket["label"])
    return gettext("%(label)s番の番号札を印刷できませんでした。", label=ticket["label"])


def _mode() -> StaffMode:
    return cast(StaffMode, current_app.extensions.setdefault(STAFF_MODE, StaffMode()))
