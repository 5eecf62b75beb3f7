"""The form of a counter: its name, its services in their order, and how it chooses whom to call."""

from collections import Counter as Tally
from typing import Any

from queue_server.domain.site import Discipline, Site
from queue_server.web.admin_answers import Fields
from queue_server.web.admin_text import gettext
from queue_server.web.admin_typed import Typed
from queue_server.web.admin_values import number_of, text_of, weight_of


def fill_counter(site: Site, _counter: str, value: Any) -> Fields:
    """The form as it stands at first."""
    fields = Fields(
        {
            "name": value["name"],
            "discipline": value.get("discipline", Discipline.OLDEST.value),
            "longest_wait": text_of(value.get("longest_wait")),
        }
    )
    for place, service in enumerate(value["services"], start=1):
        fields[f"place-{service}"] = str(place)
    for service, weight in value.get("weights", {}).items():
        fields[f"weight-{service}"] = text_of(weight)
    for service in site.services.values():
        fields.setlist(f"stage-{service.id}", list(value.get("stages", {}).get(service.id, service.stages)))
    return fields


def read_counter(site: Site, counter: str, fields: Fields) -> Typed:
    """What the form says. A service has a place in the order, or is not served here."""
    order, problems = _order(site, fields)
    typed = {service: weight_of(fields.get(f"weight-{service}", "")) for service in site.services}
    weights = {service: weight for service, weight in typed.items() if weight is not None}
    value = {
        "name": fields.get("name", "").strip(),
        "services": order,
        "discipline": fields.get("discipline", ""),
        "weights": weights,
        "stages": _stages(site, order, fields),
        "longest_wait": number_of(fields.get("longest_wait", "")),
        "names": _names(site, counter, fields.get("name", "").strip()),
    }
    places = {"name": "name", "discipline": "discipline", "services": "services", "stages": "services"}
    for service in site.services:
        places |= {f"weights.{service}": f"weight-{service}", f"stages.{service}": f"stage-{service}"}
    places |= {"weights": f"weight-{next(iter(weights), '')}", "longest_wait": "longest_wait"}
    return Typed(value, places, problems)


def _order(site: Site, fields: Fields) -> tuple[list[str], dict[str, str]]:
    """The services by the numbers typed beside them, and what is wrong with the numbers."""
    typed = {service: number_of(fields.get(f"place-{service}", "")) for service in site.services}
    places = {service: place for service, place in typed.items() if isinstance(place, int)}
    taken = Tally(places.values())
    problems = {
        f"place-{service}": gettext("順番は整数で入力してください。")
        for service, place in typed.items()
        if isinstance(place, str)
    }
    problems |= {
        f"place-{service}": gettext("同じ順番がほかの業務にもあります。")
        for service, place in places.items()
        if taken[place] > 1
    }
    return sorted(places, key=lambda service: places[service]), problems


def _stages(site: Site, order: list[str], fields: Fields) -> dict[str, list[str]]:
    """Of the services that are served here, the stages that are, where these are not all."""
    stages = {}
    for service in order:
        known = site.services[service].stages
        ticked = [stage for stage in known if len(known) == 1 or stage in fields.getlist(f"stage-{service}")]
        if len(ticked) < len(known):
            stages[service] = ticked
    return stages


def _names(site: Site, counter: str, name: str) -> dict[str, str] | None:
    """The names in other languages: they stay with the Japanese one that they translate."""
    known = site.counters[counter]
    return dict(known.names) or None if name == known.name else None
