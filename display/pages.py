"""The public pages: one hall for the phone, one ticket, and what every public page needs. They only read."""

import json

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from display import board_words, prepared, view, words
from display.course_chart import course_chart
from queue_server.access import held_ticket, public, requires_ticket
from queue_server.context import FormerDay, Unknown, current_city, current_offer, hall_or_404
from queue_server.domain.calendar import business_day
from queue_server.domain.site import Site
from queue_server.languages import offered, tag_of_request
from queue_server.validity_words import validity_words
from queue_server.wishing import code_of_page
from queue_server.words import named, noted

display = Blueprint(
    "display", __name__, template_folder="templates", static_folder="static", static_url_path="/display/static"
)


@display.get("/status/<site_id>")
@public
def status(site_id: str) -> Response:
    """One hall for somebody who has not left home yet."""
    hall = hall_or_404(site_id)
    board, lang = hall.board, asked_language()

    def render() -> str:
        today = business_day(current_city().clock.now())
        return page(
            "status",
            site=hall.site,
            board=board.data,
            board_block=view.json_block(board),
            chart=course_chart(hall.site.hours, today, hall.day_course()),
            lang=lang,
        )

    return prepared.public_page(("status", hall.site.id, lang or ""), [board], render)


@display.get("/status/<site_id>/course")
@public
def course_part(site_id: str) -> Response:
    """Today by hour alone, for a page that is open; empty on a day on which the hall is closed."""
    hall, lang = hall_or_404(site_id), asked_language()
    board = hall.board

    def render() -> str:
        chart = course_chart(hall.site.hours, business_day(current_city().clock.now()), hall.day_course())
        address = url_for("display.course_part", site_id=site_id, lang=lang)
        return page("course_part", board=board.data, chart=chart, address=address) if chart else ""

    return prepared.public_page(("course", hall.site.id, lang or ""), [board], render)


@display.get("/t/<token>")
@requires_ticket
def ticket(token: str) -> Response:
    """The ticket that this token opens, and no other."""
    return ticket_page()


def ticket_page(problem: str = "") -> Response:
    """The page of the ticket that the request's token opens; `problem` is what was wrong with a form of it."""
    hall, its_ticket = held_ticket()
    board, lang = hall.board, asked_language()
    ways, code = current_city().wishes.ways(its_ticket.id), code_of_page(its_ticket)

    def render() -> str:
        mine = {**hall.ticket_status(its_ticket), "told_by": ways}
        return page(
            "ticket",
            site=hall.site,
            board=board.data,
            board_block=view.json_block(board),
            ticket=mine,
            ticket_block=view.json_block(mine),
            token=its_ticket.token,
            lang=lang,
            offer=current_offer(),
            code=code,
            problem=problem,
            own_messages_block=view.json_block(words.ticket_messages()),
        )

    if problem:
        return of_one_holder(render())
    choices = json.dumps([lang, list(ways), code], ensure_ascii=False)
    return of_one_holder(prepared.ticket_page(its_ticket.token, board, choices, render))


@display.get("/validity")
@public
def validity() -> Response:
    """A form that works out in the page until when a card or certificate is valid, and when it can be renewed."""
    today = business_day(current_city().clock.now())
    return prepared.shared(make_response(page("validity", today=today, validity_words=validity_words())))


@display.errorhandler(NotFound)
@display.errorhandler(Unknown)
def not_found(_error: NotFound | Unknown) -> tuple[str, int]:
    """A page that helps somebody who followed an old or mistyped address."""
    return page("not_found", sites=[hall.site for hall in current_city().halls.values()]), 404


@display.errorhandler(FormerDay)
def former_day(error: FormerDay) -> tuple[Response, int]:
    """What a slip of another day leads to: whose number it was, and what to do now."""
    sites = [hall.site for hall in current_city().halls.values()]
    services = hall_or_404(error.site).site.services
    service = named(services[error.service]) if error.service in services else error.service
    shown = page("former_day", sites=sites, service=service, day=words.day_text(error.business_day.isoformat()))
    return of_one_holder(shown), 410


def of_one_holder(shown: str | bytes | Response) -> Response:
    """An answer: a page that concerns one ticket: nothing keeps it, finds it or passes its address on."""
    answer = make_response(shown)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked_language() -> str | None:
    """The language that the address of this page names, for the links in it; None where it names none of ours."""
    asked = request.args.get("lang")
    return asked if asked in offered() else None


def page(name: str, **values: object) -> str:
    """Render a page with what every public page needs."""
    site = values.get("site")
    words_of_page = words.messages()
    if isinstance(site, Site):
        words_of_page["names"] = board_words.names_of_page(site)
    return render_template(
        f"display/{name}.html",
        view=view,
        words=words,
        names=_names,
        language=tag_of_request(),
        messages=words_of_page,
        messages_block=view.json_block(words_of_page),
        **values,
    )


def _names(site_id: str) -> view.View:
    """What a hall, its categories and its services are called in the language of the request."""
    site = hall_or_404(site_id).site
    return {
        **board_words.names(site),
        "category": {each.id: named(each) for each in site.categories},
        "note": {each.id: noted(each) for each in site.services.values()},
    }
