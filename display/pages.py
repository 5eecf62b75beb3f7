"""The public pages: the city, one hall for the phone, one ticket. They only read."""

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import NotFound

from display import view, words
from queue_server.access import held_ticket, public, requires_ticket
from queue_server.context import FormerDay, Unknown, current_city, current_offer, current_settings, hall_or_404
from queue_server.domain.calendar import business_day
from queue_server.languages import tag_of_request
from queue_server.notify import Channel
from queue_server.validity_words import validity_words

display = Blueprint(
    "display", __name__, template_folder="templates", static_folder="static", static_url_path="/display/static"
)


@display.get("/")
@public
def city() -> str:
    """Every hall of the city: open or not, and how crowded each service is."""
    found = current_city()
    boards = [hall.board.data for hall in found.halls.values()]
    return _page("city", city=found.profile, boards=boards, demo=current_settings().open_kiosk)


@display.get("/status/<site_id>")
@public
def status(site_id: str) -> str:
    """One hall for somebody who has not left home yet."""
    hall = hall_or_404(site_id)
    return _page("status", site=hall.site, board=hall.board.data, board_block=view.json_block(hall.board))


@display.get("/t/<token>")
@requires_ticket
def ticket(token: str) -> Response:
    """The ticket that this token opens, and no other."""
    hall, its_ticket = held_ticket()
    mine = hall.ticket_status(its_ticket)
    page = _page(
        "ticket",
        site=hall.site,
        board=hall.board.data,
        board_block=view.json_block(hall.board),
        ticket=mine,
        ticket_block=view.json_block(mine),
        offer=current_offer(),
        mail_on=current_city().wishes.has(its_ticket.id, Channel.MAIL),
        own_messages_block=view.json_block(words.ticket_messages()),
    )
    return _of_one_holder(page)


@display.get("/t/worker.js")
@public
def push_worker() -> Response:
    """What shows notices while no page is open; a browser lets it speak for the addresses below its own alone."""
    answer = display.send_static_file("js/push-worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@display.get("/validity")
@public
def validity() -> str:
    """A form that works out in the page until when a card or certificate is valid, and when it can be renewed."""
    today = business_day(current_city().clock.now())
    return _page("validity", today=today, validity_words=validity_words())


@display.errorhandler(NotFound)
@display.errorhandler(Unknown)
def not_found(_error: NotFound | Unknown) -> tuple[str, int]:
    """A page that helps somebody who followed an old or mistyped address."""
    return _page("not_found", sites=[hall.site for hall in current_city().halls.values()]), 404


@display.errorhandler(FormerDay)
def former_day(error: FormerDay) -> tuple[Response, int]:
    """What a slip of another day leads to: whose number it was, and what to do now."""
    sites = [hall.site for hall in current_city().halls.values()]
    page = _page(
        "former_day", sites=sites, service=error.service_name, day=words.day_text(error.business_day.isoformat())
    )
    return _of_one_holder(page), 410


def _of_one_holder(page: str) -> Response:
    """A page that concerns one ticket: nothing keeps it, finds it or passes its address on."""
    answer = make_response(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(name: str, **values: object) -> str:
    """Render a page with what every public page needs."""
    words_of_page = words.messages()
    return render_template(
        f"display/{name}.html",
        view=view,
        words=words,
        language=tag_of_request(),
        messages=words_of_page,
        messages_block=view.json_block(words_of_page),
        **values,
    )
