"""What stands around the form of a part: what else one wants to see while changing it."""

from datetime import date
from typing import Any

from queue_server.context import current_city
from queue_server.domain.calendar import business_day
from queue_server.domain.site import LevelKey
from queue_server.hall import Hall
from queue_server.snapshot import View
from queue_server.web.admin_form_day import ordinary_plan, row_names
from queue_server.web.admin_words import discipline_words, joined, level_word, plan_words


def nothing_around(_hall: Hall, _part_id: str) -> dict[str, Any]:
    """A form that needs nothing else."""
    return {}


def around_day(hall: Hall, part_id: str) -> dict[str, Any]:
    """What the calendar says of the day by itself, and for today how the reception stands."""
    day, today = date.fromisoformat(part_id), business_day(current_city().clock.now())
    view = hall.desk_view.data
    return {
        "ordinary": plan_words(ordinary_plan(hall.site, day)),
        "today": day == today,
        "reception": view["reception"] if day == today else None,
        "day_end": f"{hall.site.hours.day_end:%H:%M}",
        "row_names": row_names,
    }


def around_levels(hall: Hall, part_id: str) -> dict[str, Any]:
    """Each level's ordinary word, and how the service stands now."""
    service = services_now(hall).get(part_id)
    return {"keys": [(key.value, level_word(key)) for key in LevelKey], "service": service}


def around_counter(hall: Hall, part_id: str) -> dict[str, Any]:
    """The services there are, the orders of calling, and what the counter serves today if that is something else."""
    view = next(each for each in hall.desk_view.data["counters"] if each["id"] == part_id)
    today = [hall.site.services[service].name for service in view["services"]]
    return {
        "services": list(hall.site.services.values()),
        "disciplines": discipline_words(),
        "serves_today": joined(today) if view["services"] != view["default_services"] else "",
    }


def services_now(hall: Hall) -> dict[str, View]:
    """The services of the present board, by id: people waiting, level, estimate."""
    return {each["id"]: each for category in hall.board.data["categories"] for each in category["services"]}
