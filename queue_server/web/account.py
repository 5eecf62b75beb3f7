"""Signing in and out, and each person's own account."""

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from queue_server import access
from queue_server.access import TooManyAttempts, public, requires_person
from queue_server.accounts import SHORTEST_PASSWORD, UnusablePassword, check_new_password
from queue_server.context import current_city, current_settings
from queue_server.domain.roles import Permission
from queue_server.web import account_words as words
from queue_server.web.errors import BadRequest

account = Blueprint("account", __name__)

LOCAL_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path of this server in visible ASCII: no host, and none of the signs that browsers read as one."""


@account.get("/desk/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form to sign in with; who is signed in already goes on."""
    actor = access.current_actor(Permission.CALL)
    if actor is not None and actor.may(Permission.CALL):
        return redirect(destination())
    return _sign_in_form(problems=_provider_problem(), notice=_farewell())


@account.post("/desk/sign-in")
@public
def sign_in_with_password() -> ResponseReturnValue:
    """Sign in and go on to where the person was; the form again with what is wrong, 429 after too many guesses."""
    if not access.csrf_holds():
        return _sign_in_form(400, {"form": gettext("画面の有効期限が切れました。もう一度入力してください。")})
    name, password = request.form.get("name", ""), request.form.get("password", "")
    problems = {}
    if not name.strip():
        problems["name"] = gettext("名前を入力してください。")
    if not password:
        problems["password"] = gettext("パスワードを入力してください。")
    if problems:
        return _sign_in_form(401, problems)
    try:
        if not access.sign_in(name, password):
            return _sign_in_form(401, {"credentials": gettext("名前またはパスワードが違います。")})
    except TooManyAttempts as refused:
        return _with_wait(_sign_in_form(429, {"form": words.too_many(refused.seconds)}), refused)
    return redirect(destination(), 303)


@account.post("/desk/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    if not access.csrf_holds():
        raise BadRequest(400, "csrf_failed")
    access.end_session()
    return redirect(url_for("account.sign_in"), 303)


@account.get("/account")
@requires_person()
def page() -> ResponseReturnValue:
    """The person's own account: password, and signing out everywhere."""
    changed = "changed" in request.args
    done = gettext("パスワードを変えました。ほかの端末ではサインアウトしました。") if changed else ""
    return _account_page(notice=words.kept_notice(access.kept_form().why), done=done)


@account.post("/account/password")
@requires_person(form="account.page")
def change_password() -> ResponseReturnValue:
    """Change the person's own password and end their other sessions; the form again with what is wrong."""
    person = access.guarded_actor()
    assert person.account_id is not None, "the guard asks for a person"
    fields = ("current_password", "new_password", "new_password_again")
    current, new, again = (request.form.get(name, "") for name in fields)
    problems = _new_password_problems(person.display_name, current, new, again)
    if problems:
        return _account_page(422, problems)
    try:
        account = access.check_password(person.display_name, current)
        if account is None:
            return _account_page(422, {"current_password": gettext("現在のパスワードが違います。")})
    except TooManyAttempts as refused:
        return _with_wait(_account_page(429, {"current_password": words.too_many(refused.seconds)}), refused)
    current_city().accounts.set_password(person.account_id, new, actor=person.name)
    # This browser goes on in the epoch that has just begun.
    access.begin_session(replace(account, epoch=account.epoch + 1))
    return redirect(url_for("account.page", changed=1), 303)


@account.post("/account/sign-out-everywhere")
@requires_person(form="account.page")
def sign_out_everywhere() -> ResponseReturnValue:
    """End the person's sessions in every browser, this one too."""
    person = access.guarded_actor()
    assert person.account_id is not None, "the guard asks for a person"
    current_city().accounts.sign_out_everywhere(person.account_id, actor=person.name)
    access.end_session()
    return redirect(url_for("account.sign_in", everywhere=1), 303)


def destination() -> str:
    """Where to go after signing in: the page that asked for it, if it is one of ours."""
    wanted = request.values.get("next", "")
    return wanted if LOCAL_PATH.fullmatch(wanted) else url_for("desk.choose_site")


def _sign_in_form(status: int = 200, problems: dict[str, str] | None = None, notice: str = "") -> Response:
    """The form, with the name that was typed and the way back; never with the password."""
    settings = current_settings()
    provider = settings.oidc_issuer and (settings.oidc_label or gettext("市の認証でサインイン"))
    name = request.form.get("name", "").strip()
    return _page(
        "desk/sign_in",
        status,
        problems=problems or {},
        notice=notice,
        name=name,
        next=destination(),
        lead=words.lead(destination()),
        provider=provider,
    )


def _account_page(
    status: int = 200, problems: dict[str, str] | None = None, notice: str = "", done: str = ""
) -> Response:
    person = access.guarded_actor()
    assert person.role is not None, "the guard asks for a person"
    record = current_city().accounts.staff_named(person.display_name)
    return _page(
        "account/page",
        status,
        actor=person,
        role=words.role_word(person.role),
        by_password=record.by_password,
        shortest=SHORTEST_PASSWORD,
        problems=problems or {},
        notice=notice,
        done=done,
    )


def _page(template: str, status: int, **values: Any) -> Response:
    """A page that no cache keeps."""
    response = make_response(render_template(f"{template}.html", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _new_password_problems(name: str, current: str, new: str, again: str) -> dict[str, str]:
    """What is wrong with the fields, before anybody asks whether the present password is right."""
    problems = {}
    if not current:
        problems["current_password"] = gettext("現在のパスワードを入力してください。")
    try:
        check_new_password(name, new)
    except UnusablePassword as refused:
        problems["new_password"] = {
            "too_short": gettext("%(count)s文字以上にしてください。", count=SHORTEST_PASSWORD),
            "is_name": gettext("名前と同じにはできません。"),
            "not_text": gettext("文字で入力してください。"),
        }[refused.code]
    if "new_password" not in problems and new == current:
        problems["new_password"] = gettext("現在のパスワードと違うものにしてください。")
    if "new_password" not in problems and again != new:
        problems["new_password_again"] = gettext("上と同じものを入力してください。")
    return problems


def _farewell() -> str:
    """Why this browser is not signed in any more; empty where it simply is not."""
    if "everywhere" in request.args:
        return words.ending("everywhere")
    staff, city = access.read_session(), current_city()
    ending = staff and staff.ending(city, city.accounts.staff_by_id(staff.staff_id))
    return words.ending(ending) if ending else ""


def _provider_problem() -> dict[str, str]:
    """What signing in through the identity provider (web/oidc.py) came to."""
    sentence = words.provider_problem(request.args.get("provider", ""))
    return {"form": sentence} if sentence else {}


def _with_wait(response: Response, refused: TooManyAttempts) -> Response:
    response.headers["Retry-After"] = str(refused.seconds)
    return response
