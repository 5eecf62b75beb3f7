"""The public board as entities of FIWARE's QueueMonitor, for the data platforms of cities (都市OS).

The model: Smart Data Models, dataModel.QueueManagement, QueueMonitor 0.0.1
(github.com/smart-data-models/dataModel.QueueManagement, QueueMonitor/doc/spec.md). Only `id` and `type` are required
there. What a board does not say (the number given out last, a location, a schedule) is left out.
"""

from typing import Any

from queue_server.domain.site import CityProfile, Service, Site

Json = dict[str, Any]

ENTITY_TYPE = "QueueMonitor"
CONTEXT = "https://smart-data-models.github.io/data-models/context.jsonld"
"""The JSON-LD context that the model's own example names."""
CONTEXT_LINK = f'<{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
"""How NGSI-LD (ETSI GS CIM 009, 6.3.5) names the context of an answer in plain JSON."""


def queue_monitors(profile: CityProfile, site: Site, board: Json, source: str) -> list[Json]:
    """One entity a service of a board, as key-values (NGSIv2 and NGSI-LD); `source` is the board's own address."""
    return [
        _entity(profile, site, site.services[service["id"]], board, service, source)
        for category in board["categories"]
        for service in category["services"]
    ]


def _entity(profile: CityProfile, site: Site, known: Service, board: Json, service: Json, source: str) -> Json:
    entity: Json = {
        "id": f"urn:ngsi-ld:{ENTITY_TYPE}:{profile.id}:{site.id}:{known.id}",
        "type": ENTITY_TYPE,
        "dateModified": board["as_of"],
        "source": source,
        "dataProvider": profile.name,
        "name": f"{site.name} {known.name}",
        "areaServed": profile.name,
        "officeName": site.name,
        "serviceId": known.id,
        "serviceName": known.name,
        "serviceStatus": _status(board, service),
        "serviceStatusNote": _note(board, service),
        "queueLine": service["series_label"],
        "ticketsToServe": service["waiting_count"],
    }
    if site.address:
        entity["address"] = {
            "addressCountry": "JP",
            "addressLocality": profile.name,
            "streetAddress": site.address,
        }
    if call := service["last_call"]:
        series = site.series[known.series]
        entity["ticketServedLabel"] = call["label"]
        number = call["label"].removeprefix(series.prefix)
        if number.isdecimal():
            # A ticket that was transferred here keeps the number of another series.
            entity["ticketServed"] = int(number)
    return entity


def _status(board: Json, service: Json) -> str:
    """Open, Closed or Suspended: suspended is what comes back today."""
    if board["status"]["open"]:
        return "Open" if service["accepting"] else "Closed" if service["ended_today"] else "Suspended"
    return "Suspended" if board["status"]["phase"] == "break" else "Closed"


def _note(board: Json, service: Json) -> str:
    """The level of congestion while the hall is open, else why it is not: in the city's own words."""
    if board["status"]["open"] and not service["paused"]:
        return str(service["level"]["label"])
    return str(board["status"]["reason"] or board["status"]["label"]) if not board["status"]["open"] else ""
