"""The form of the limits at which the supervisor is alerted; an empty field never alerts."""

from typing import Any

from queue_server.domain.site import Site
from queue_server.web.admin_answers import Fields
from queue_server.web.admin_typed import Typed
from queue_server.web.admin_values import number_of, text_of

LIMITS = ("people", "wait_minutes", "without_call_minutes")


def fill_alerts(_site: Site, _part_id: str, value: Any) -> Fields:
    """The form as it stands at first."""
    return Fields({name: text_of(value.get(name)) for name in LIMITS})


def read_alerts(_site: Site, _part_id: str, fields: Fields) -> Typed:
    """What the form says."""
    value = {name: number_of(fields.get(name, "")) for name in LIMITS}
    return Typed(value, {name: name for name in LIMITS})
