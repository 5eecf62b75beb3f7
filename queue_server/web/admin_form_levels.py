"""The form of the levels of congestion, of a site or of one service: a row each; an empty row is no level."""

from typing import Any

from queue_server.domain.site import LevelKey, Site
from queue_server.web.admin_answers import Fields
from queue_server.web.admin_text import gettext
from queue_server.web.admin_typed import Typed
from queue_server.web.admin_values import number_of, text_of

BOUNDS = ("people", "minutes")
OWN, AS_SITE = "own", "site"


def fill_levels(site: Site, part_id: str, value: Any) -> Fields:
    """The form as it stands at first; of a service without levels of its own, the site's are proposed."""
    fields = Fields({"mode": AS_SITE if value is None else OWN})
    if value is None:
        value = [
            {"key": each.key.value, "label": each.label, "people": each.people, "minutes": each.minutes}
            for each in site.services[part_id].thresholds
        ]
    for level in value:
        for name in ("label", *BOUNDS):
            fields[f"{name}-{level['key']}"] = text_of(level.get(name))
    return fields


def read_levels(site: Site, part_id: str, fields: Fields) -> Typed:
    """What the form says: the levels that have a word or a bound, lowest first."""
    if part_id in site.services and fields.get("mode") != OWN:
        chosen = fields.get("mode") == AS_SITE
        return Typed(None, {}, {} if chosen else {"mode": gettext("どちらかを選んでください。")})
    levels: list[dict[str, Any]] = []
    places: dict[str, str] = {}
    for key in LevelKey:
        typed = {name: fields.get(f"{name}-{key}", "").strip() for name in ("label", *BOUNDS)}
        if not any(typed.values()):
            continue
        index = len(levels)
        places |= {f"{index}.{name}": f"{name}-{key}" for name in typed} | {f"{index}": f"people-{key}"}
        bounds = {name: number for name in BOUNDS if (number := number_of(typed[name])) is not None}
        levels.append({"key": key.value, "label": typed["label"], **bounds})
    none = {} if levels or part_id not in site.services else {"label-free": gettext("一つ以上入力してください。")}
    return Typed(levels, places, none)
