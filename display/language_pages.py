"""The choice of a language on a phone: links that need no script, a cookie that keeps it, an address that shows it.

A cache stands before the public pages and keeps none that sets a cookie. So these links lead past it, to addresses
of their own, and from there back to the page (303); what is kept of a page is the same for everybody in one language.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Response, has_request_context, request, url_for
from werkzeug.exceptions import NotFound

from display.pages import asked_language, display, of_one_holder
from queue_server.access import held_ticket, public, requires_ticket
from queue_server.context import hall_or_404
from queue_server.languages import lang_of, offered, tag_of_request

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600

PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"city": ("procedure",), "status": (), "calendar": ("service",), "validity": ()}
)
"""The pages that everybody may read, and what of their address besides the hall is kept when the language changes."""
OF_A_HALL = frozenset({"status", "calendar"})
"""Those of them whose address names a hall."""

IN_ONE_LANGUAGE = frozenset(
    f"display.{name}"
    for name in (*PAGES, "embed", "course_part", "ticket", "wish", "leave_question", "leave", "manifest")
)
"""The addresses in whose links a language that was asked for goes on."""


@display.get("/language/<tag>")
@public
def choose_language(tag: str) -> Response:
    """Keep a language, and lead back to the public page that `page` names.

    Raises NotFound for another page or language, Unknown("site").
    """
    name = request.args.get("page", "")
    if name not in PAGES:
        raise NotFound
    values: dict[str, Any] = {key: request.args[key] for key in PAGES[name] if request.args.get(key)}
    if name in OF_A_HALL:
        values["site_id"] = hall_or_404(request.args.get("site_id", "")).site.id
    answer = _chosen(tag, url_for(f"display.{name}", **values, lang=tag))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@display.get("/t/<token>/language/<tag>")
@requires_ticket
def choose_language_of_ticket(token: str, tag: str) -> Response:
    """Keep a language, and lead back to a ticket's page; its token stands in no address that is logged."""
    held_ticket()
    return of_one_holder(_chosen(tag, url_for("display.ticket", token=token, lang=tag)))


@display.after_request
def keep_the_kiosks_language(answer: Response) -> Response:
    """Keep the language of a slip's code; no cache keeps a ticket's page, so that may set the cookie itself."""
    asked = asked_language()
    if (
        request.endpoint == "display.ticket"
        and answer.status_code == 200
        and asked
        and request.cookies.get(COOKIE) != asked
    ):
        _keep(answer, asked)
    return answer


@display.url_defaults
def go_on_in_the_language_asked_for(endpoint: str, values: dict[str, Any]) -> None:
    """No link of a public page forgets the language that the page's address names."""
    if endpoint in IN_ONE_LANGUAGE and has_request_context() and request.blueprint == display.name:
        values.setdefault("lang", asked_language())


@display.context_processor
def choosing() -> dict[str, object]:
    """What the pages make their choice of languages from."""
    return {"languages_of_page": languages_of_page}


def languages_of_page() -> list[dict[str, object]]:
    """Every language: its own name, its value for `lang`, the address that chooses it, whether the page is in it."""
    return [
        {"name": name, "lang": lang_of(tag), "address": _address(tag), "current": tag == tag_of_request()}
        for tag, name in offered().items()
    ]


def _address(tag: str) -> str:
    name = (request.endpoint or "").removeprefix("display.")
    seen = request.view_args or {}
    if name == "embed":
        # In a frame of another host no cookie is kept: the address alone says it.
        return url_for("display.embed", **seen, service=request.args.get("service"), lang=tag)
    if "token" in seen:
        return url_for("display.choose_language_of_ticket", token=seen["token"], tag=tag)
    values: dict[str, Any] = {key: request.args[key] for key in PAGES[name] if request.args.get(key)}
    return url_for("display.choose_language", tag=tag, page=name, **seen, **values)


def _chosen(tag: str, address: str) -> Response:
    if tag not in offered():
        raise NotFound
    answer = Response(status=303, headers={"Location": address})
    _keep(answer, tag)
    return answer


def _keep(answer: Response, tag: str) -> None:
    """A year; it says nothing of whose phone it is, and no script needs it."""
    answer.set_cookie(COOKIE, tag, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
