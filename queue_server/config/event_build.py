"""From the table of an event to the object of the domain."""

from types import MappingProxyType

from queue_server.config.event_schema import EventTable
from queue_server.domain.events import Event


def event_of(table: EventTable) -> Event:
    """The event that a checked table describes."""
    names: dict[str, str] = {tag: name for tag, name in table.names.items()}  # noqa: C416 - plain texts for keys
    return Event(
        id=table.id,
        name=table.name,
        factor=table.factor,
        services=frozenset(table.services),
        day_of_month=table.day_of_month or 0,
        dates=tuple(table.dates or ()),
        first=table.first,
        last=table.last,
        names=MappingProxyType(names),
    )
