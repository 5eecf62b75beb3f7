"""The schemas of what the API answers, in the terms of JSON Schema 2020-12. Fields may be added, none taken away."""

from typing import Any

from queue_server.domain.alerts import AlertKind
from queue_server.domain.calendar import Phase
from queue_server.domain.forecast import Busy, ReasonKind
from queue_server.domain.kiosks import PrinterState
from queue_server.domain.site import LevelKey
from queue_server.domain.ticket import TicketState
from queue_server.notify import Channel

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
FLAG: Json = {"type": "boolean"}
TIME: Json = {"type": "string", "format": "date-time", "description": "JST"}
MAYBE_TIME: Json = {"type": ["string", "null"], "format": "date-time", "description": "JST"}


def ref(name: str) -> Json:
    """A reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Json) -> Json:
    """That schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(items: Json) -> Json:
    """An array of these."""
    return {"type": "array", "items": items}


def record(**properties: Json) -> Json:
    """An object in which all these properties stand; others may be added in time."""
    return {"type": "object", "required": list(properties), "properties": properties}


_NAMES: Json = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": "By language tag: easy, en, zh, ko, vi, pt, fil, ne; the Japanese ones stand in the board",
}
_NAMES_BY_ID: Json = {"type": "object", "additionalProperties": _NAMES}
_BUSY: Json = {
    "type": "string",
    "enum": [busy.value for busy in Busy],
    "description": "Against an ordinary hour of the service",
}
_TICKET = {
    "id": TEXT,
    "label": TEXT,
    "service": TEXT,
    "service_name": TEXT,
    "stage": MAYBE_TEXT,
    "state": ref("TicketState"),
    "counter": MAYBE_TEXT,
    "counter_name": MAYBE_TEXT,
    "reserved_counter": MAYBE_TEXT,
    "issued_at": TIME,
    "called_at": MAYBE_TIME,
    "reason": TEXT,
    "priority": TEXT,
    "offline": {**FLAG, "description": "A kiosk gave it out by itself while the server was away"},
}
_STAFF_TICKET = {
    **_TICKET,
    "waiting_since": {**TIME, "description": "JST; the entry into the present line"},
    "priority_name": TEXT,
    "moves": array(TEXT),
}
_COUNTER = {
    "id": TEXT,
    "name": TEXT,
    "open": FLAG,
    "services": array(TEXT),
    "clerk": {**MAYBE_TEXT, "description": "Who works there"},
    "break_until": MAYBE_TIME,
}
_HEADING = {
    "version": {**COUNT, "description": "Rises strictly with every board made, over restarts too"},
    "seq": {**COUNT, "description": "The last journal entry in it"},
    "as_of": TIME,
    "simulated": {**FLAG, "description": "The clock is a simulated one"},
    "site": record(id=TEXT, name=TEXT),
    "storage": record(writable=FLAG),
    "status": ref("Status"),
}

_ISSUED = {
    "id": TEXT,
    "label": TEXT,
    "token": {**TEXT, "description": "128 random bits that open this ticket alone"},
    "service": TEXT,
    "ahead": {**COUNT, "description": "People before this one; who is being called or served counts"},
    "estimate": maybe(ref("Estimate")),
    "board_seq": COUNT,
    "issued_at": TIME,
    "ticket_url": TEXT,
}

SCHEMAS: Json = {
    "TicketState": {"type": "string", "enum": [state.value for state in TicketState]},
    "Status": record(
        open=FLAG,
        label=TEXT,
        phase={"type": "string", "enum": [phase.value for phase in Phase]},
        reason=MAYBE_TEXT,
        opens=MAYBE_TIME,
        closes=MAYBE_TIME,
        next_open=MAYBE_TIME,
        ended_early=FLAG,
    ),
    "Estimate": record(low=COUNT, high=COUNT),
    "Quality": {
        **record(called=COUNT, within=COUNT, share={"type": "number", "minimum": 0, "maximum": 1}),
        "description": "Of the last visitors who were told a range with their number, how many were called within it",
    },
    "Level": record(key={"type": "string", "enum": [key.value for key in LevelKey]}, label=TEXT),
    "Call": record(
        label=TEXT, counter=MAYBE_TEXT, counter_name=MAYBE_TEXT, at=TIME, call_seq=COUNT, stage=MAYBE_TEXT
    ),
    "Service": record(
        id=TEXT,
        name=TEXT,
        reading=TEXT,
        series=TEXT,
        series_label=TEXT,
        accepting=FLAG,
        full={**FLAG, "description": "Every number of the series is live"},
        paused=FLAG,
        paused_since=MAYBE_TIME,
        ended_today=FLAG,
        waiting=array(TEXT),
        waiting_count=COUNT,
        calling=array(ref("Call")),
        last_call=maybe(ref("Call")),
        serving=array(TEXT),
        held=array(TEXT),
        no_show=array(TEXT),
        level=ref("Level"),
        estimate=maybe(ref("Estimate")),
        note=TEXT,
    ),
    "Board": record(
        **_HEADING,
        categories=array(record(id=TEXT, name=TEXT, reading=TEXT, services=array(ref("Service")))),
        counters=array(
            record(id=TEXT, name=TEXT, open=FLAG, label=MAYBE_TEXT, services=array(TEXT), break_until=MAYBE_TIME)
        ),
        calls=array(
            {"allOf": [ref("Call"), record(service=TEXT, state=maybe(ref("TicketState")))]},
        ),
        notices=array(ref("Notice")),
        quality=maybe(ref("Quality")),
    ),
    "QueueMonitor": {
        **record(
            id={**TEXT, "description": "urn:ngsi-ld:QueueMonitor:city:site:service"},
            type={"const": "QueueMonitor"},
            dateModified=TIME,
            source={**TEXT, "description": "The board it is made from"},
            dataProvider=TEXT,
            name=TEXT,
            areaServed=TEXT,
            officeName={**TEXT, "description": "The site"},
            serviceId=TEXT,
            serviceName=TEXT,
            serviceStatus={"type": "string", "enum": ["Open", "Closed", "Suspended"]},
            serviceStatusNote={**TEXT, "description": "The level of congestion, or why it is closed"},
            queueLine={**TEXT, "description": "The series of its numbers"},
            ticketsToServe={**COUNT, "description": "People who wait"},
        ),
        "description": "Smart Data Models, dataModel.QueueManagement, QueueMonitor 0.0.1",
    },
    "Forecast": record(
        site=TEXT,
        service=TEXT,
        learned_from_days={**COUNT, "description": "0 while only what is known of halls in general speaks"},
        days=array(
            record(
                day={"type": "string", "format": "date"},
                open=FLAG,
                closed_reason=MAYBE_TEXT,
                busy=maybe(_BUSY),
                reasons=array(
                    record(
                        kind={"type": "string", "enum": [kind.value for kind in ReasonKind]},
                        value={**TEXT, "description": "The event, the weekday (0 is Monday), the month, ..."},
                        name={**MAYBE_TEXT, "description": "Of an event"},
                    )
                ),
                hours=array(record(hour={**COUNT, "description": "From its full hour on, JST"}, busy=_BUSY)),
            )
        ),
    ),
    "QueueMonitors": array(ref("QueueMonitor")),
    "Notice": record(id=TEXT, text=TEXT, until=MAYBE_TIME),
    "DeskView": record(
        **_HEADING,
        tickets=array(record(**_STAFF_TICKET)),
        ended=array(record(**_STAFF_TICKET, ended_at=MAYBE_TIME, undoable=FLAG)),
        counters=array(
            record(
                **_COUNTER,
                default_services=array(TEXT),
                ticket=MAYBE_TEXT,
                since=MAYBE_TIME,
                waiting=array(TEXT),
                waiting_count=COUNT,
                next=MAYBE_TEXT,
                last_call_at=MAYBE_TIME,
            )
        ),
        services=array(
            record(
                id=TEXT,
                name=TEXT,
                paused=FLAG,
                ended_today=FLAG,
                waiting_count=COUNT,
                longest_wait_minutes={"type": ["integer", "null"], "minimum": 0},
                last_call_at=MAYBE_TIME,
                counters_open=COUNT,
                stages=array(TEXT),
            )
        ),
        undo=array(
            record(
                actor=TEXT,
                counter=MAYBE_TEXT,
                label=TEXT,
                move=TEXT,
                moves=array(record(label=TEXT, move=TEXT)),
                seq=COUNT,
                taken_by={**MAYBE_TEXT, "description": "Who else works there: only who supervises takes it back"},
            )
        ),
        kiosks=array(
            record(
                id=TEXT,
                name=TEXT,
                printer={"type": ["string", "null"], "enum": [None, *(state.value for state in PrinterState)]},
                since=MAYBE_TIME,
                heard=FLAG,
                silent=FLAG,
                waiting=COUNT,
                left={"type": ["object", "null"], "additionalProperties": COUNT},
                recording={**FLAG, "description": "Its own disk takes and gives what it has to"},
            )
        ),
        screens=array(
            record(
                id=TEXT,
                name=TEXT,
                heard=FLAG,
                silent={**FLAG, "description": "Not heard of for a minute: off, or cut off"},
                since={**MAYBE_TIME, "description": "Alive since then without a break"},
                heard_at=MAYBE_TIME,
                pages={**COUNT, "description": "How many pages show it now"},
            )
        ),
        alerts=array(
            record(
                service=TEXT,
                service_name=TEXT,
                kind={"type": "string", "enum": [kind.value for kind in AlertKind]},
                value=COUNT,
                limit=COUNT,
            )
        ),
        priorities=array(record(id=TEXT, name=TEXT, head_start=COUNT)),
        notices=array(ref("Notice")),
        reception=record(by_hand={"enum": ["open", "closed", None]}, until=MAYBE_TIME, reason=TEXT),
    ),
    "Part": record(
        part=TEXT,
        id=TEXT,
        value={"description": "As it is"},
        profile={"description": "As the profile has it"},
        revision={**COUNT, "description": "The journal entry that changed it, 0 for none"},
        changed_by=MAYBE_TEXT,
        changed_at=MAYBE_TIME,
    ),
    "Structure": record(parts=array(ref("Part"))),
    "PartAnswer": record(part=ref("Part")),
    "Sites": record(sites=array(record(id=TEXT, name=TEXT, status=ref("Status")))),
    "Ticket": record(**_TICKET),
    "TicketAnswer": record(ticket=ref("Ticket")),
    "CallNextAnswer": record(ticket=maybe(ref("Ticket")), completed=maybe(ref("Ticket"))),
    "TicketsAnswer": record(tickets=array(ref("Ticket"))),
    "ReissuedAnswer": record(ticket=ref("Ticket"), token=TEXT, ticket_url=TEXT),
    "CounterAnswer": record(counter=record(**_COUNTER)),
    "ServiceAnswer": record(service=record(id=TEXT, name=TEXT, paused=FLAG, ended_today=FLAG)),
    "StatusAnswer": record(status=ref("Status")),
    "ClosedDay": record(expired=array(TEXT)),
    "NoticeAnswer": record(notice=ref("Notice")),
    "IssuedTicket": record(**_ISSUED),
    "AdoptedTicket": record(**_ISSUED, offline=FLAG),
    "KioskSetup": record(
        kiosk=MAYBE_TEXT,
        profile=TEXT,
        changes=array(record(part=TEXT, id=TEXT, value={})),
        pin=MAYBE_TEXT,
        public_url=TEXT,
        now=TIME,
        simulated=FLAG,
        given_alone=record(
            business_day={**TEXT, "format": "date"},
            numbers={
                "type": "object",
                "description": "By series, what kiosks gave out by themselves that day, to be given out no more",
                "additionalProperties": array(COUNT),
            },
        ),
    ),
    "SiteNames": record(
        site=_NAMES,
        categories=_NAMES_BY_ID,
        services=_NAMES_BY_ID,
        counters=_NAMES_BY_ID,
        notes=_NAMES_BY_ID,
    ),
    "LinkingCode": record(
        code={**TEXT, "description": "As people write it"},
        link={**TEXT, "format": "uri", "description": "Opens the talk with the account, the code typed already"},
        expires_at=TIME,
    ),
    "HolderTicket": record(
        label=TEXT,
        service=TEXT,
        service_name=TEXT,
        stage=MAYBE_TEXT,
        state=ref("TicketState"),
        counter=MAYBE_TEXT,
        counter_name=MAYBE_TEXT,
        issued_at=TIME,
        called_at=MAYBE_TIME,
        site=TEXT,
        business_day={"type": "string", "format": "date"},
        ahead=COUNT,
        estimate=maybe(ref("Estimate")),
        board_seq=COUNT,
        given_up={**FLAG, "description": "Whether its holder took it out of the line"},
        told_by={
            **array({"type": "string", "enum": [each.value for each in Channel]}),
            "description": "Ways wished for",
        },
    ),
}
