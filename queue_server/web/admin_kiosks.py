"""Kiosks: how each of a hall is, which numbers are its own, and the PIN of their staff mode."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from queue_server import access
from queue_server.access import guarded_actor, requires
from queue_server.accounts import UnusablePin
from queue_server.accounts.kiosk_pins import LONGEST_PIN, SHORTEST_PIN
from queue_server.config.tables import DOTS_OF_PAPER
from queue_server.context import current_city, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.domain.site import KioskMachine, Site
from queue_server.hall import Hall
from queue_server.languages import offered
from queue_server.snapshot import View
from queue_server.web import kiosk_words
from queue_server.web.account_words import kept_notice
from queue_server.web.admin_answers import Problems, admin, done, show
from queue_server.web.admin_text import gettext


@admin.get("/sites/<site_id>/kiosks")
@requires(Permission.ADMINISTER)
def kiosks(site_id: str) -> Response:
    """The kiosks of a hall, and the form of a new PIN."""
    kept = access.kept_form()
    return _page(hall_or_404(site_id), notice=kept_notice(kept.why))


@admin.post("/sites/<site_id>/kiosks")
@requires(Permission.ADMINISTER, form="admin.kiosks")
def set_kiosk_pin(site_id: str) -> ResponseReturnValue:
    """Give the kiosks of a hall a new PIN."""
    hall = hall_or_404(site_id)
    pin, again = request.form.get("secret_pin", ""), request.form.get("secret_pin_again", "")
    if pin != again:
        return _page(hall, {"secret_pin_again": [gettext("二つの番号が一致しません。")]}, status=422)
    try:
        current_city().accounts.set_kiosk_pin(hall.site.id, pin, actor=guarded_actor().name)
    except UnusablePin:
        sentence = gettext(
            "%(least)s〜%(most)s桁の数字にしてください。すべて同じ数字にはできません。",
            least=SHORTEST_PIN,
            most=LONGEST_PIN,
        )
        return _page(hall, {"secret_pin": [sentence]}, status=422)
    return done(url_for("admin.kiosks", site_id=hall.site.id), gettext("発券機の職員用番号を変えました。"))


def _page(hall: Hall, problems: Problems | None = None, *, notice: str = "", status: int = 200) -> Response:
    views = {view["id"]: view for view in hall.desk_view.data["kiosks"]}
    return show(
        "kiosks",
        status,
        site=hall.site,
        rows=[_row(hall.site, machine, views[machine.id]) for machine in hall.site.kiosks.values()],
        has_pin=current_city().accounts.kiosk_pin_hash(hall.site.id) is not None,
        fields=MultiDict[str, str](),
        problems=problems or {},
        notice=notice,
        least=SHORTEST_PIN,
        most=LONGEST_PIN,
        services=[(each.id, each.name) for each in hall.site.services.values()],
        languages=offered(),
        sample=_sample(hall.site),
    )


def _sample(site: Site) -> dict[str, str]:
    """Which slip the page shows: what the address asks for, where there is such a thing."""
    services, papers = list(site.services), [str(width) for width in DOTS_OF_PAPER]
    return {
        name: wanted if (wanted := request.args.get(name, "")) in known else known[0]
        for name, known in (("service", services), ("language", list(offered())), ("paper", papers[::-1]))
    }


def _row(site: Site, machine: KioskMachine, view: View) -> dict[str, object]:
    """A kiosk in words; the numbers of its own by service."""
    own = [
        (service.name, f"{series.label(own.first)}〜{series.label(own.last)}")
        for service in site.services.values()
        if (own := machine.reserve.get(service.series)) and (series := site.series[service.series])
    ]
    return {
        "id": machine.id,
        "name": machine.name,
        "printer": machine.printer,
        "paper": machine.paper,
        "state": kiosk_words.state_words(view),
        "trouble": bool(kiosk_words.trouble_keys(view)),
        "own": own,
    }
