"""The API described as an OpenAPI 3.1 document; the request bodies are described by the models that check them."""

from collections.abc import Mapping, Sequence

from queue_server.web import bodies
from queue_server.web.openapi_holder import ENDS, holder_commands
from queue_server.web.openapi_parts import Json, answer, command, error_schema, operation, post, ref
from queue_server.web.schemas import SCHEMAS

SITE, COUNTER, SERVICE = ("site", "honchosha"), ("counter", "5"), ("service", "mynumber")


def describe(moves: Sequence[str]) -> Json:
    """The document; `moves` are the names that `/api/tickets/{ticket}/{move}` takes."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "queue-server",
            "version": "1",
            "summary": "番号発券・呼出・混雑状況表示",
            "description": (
                "Queue tickets, calling and congestion of city halls. Public reads need nothing. Commands carry a "
                "device's bearer token, or the session and CSRF token of a browser, and an Idempotency-Key: the same "
                "key gives the same answer. What is described here stays as it is; fields may be added. The public "
                "reads may be called from pages of any host (CORS); ask with the ETag of the last answer, once a "
                "second at most."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {**_reads(), **_commands(moves)},
        "components": {
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "queue_session"},
            },
            "schemas": {**SCHEMAS, "Error": error_schema()},
        },
    }


def _reads() -> Json:
    return {
        "/api/openapi.json": {"get": operation("openapi", "This document", {"200": answer("The document", {})})},
        "/api/sites": {
            "get": operation(
                "sites",
                "The sites and whether they are open",
                {"200": answer("Sites", ref("Sites")), "304": {"description": "Still the same"}},
            )
        },
        "/api/sites/{site}/board": {
            "get": operation(
                "board",
                "The newest public board; send its ETag back as If-None-Match",
                {"200": answer("The board", ref("Board")), "304": {"description": "Still the same board"}},
                [SITE],
            )
        },
        "/api/sites/{site}/names": {
            "get": operation(
                "names",
                "What the site, its categories, services and counters are called in other languages",
                {
                    "200": answer("Names by id and language", ref("SiteNames")),
                    "304": {"description": "Still the same"},
                },
                [SITE],
            )
        },
        "/api/sites/{site}/ngsi": {
            "get": operation(
                "queueMonitors",
                "The same board as entities of the Smart Data Models' QueueMonitor, key-values, one a service",
                {
                    "200": answer("The entities; `Link` names their JSON-LD context", ref("QueueMonitors")),
                    "304": {"description": "Still the same board"},
                },
                [SITE],
            )
        },
        "/api/sites/{site}/services/{service}/forecast": {
            "get": operation(
                "forecast",
                "How busy each open hour of the coming two weeks will be, and why; made anew each day",
                {
                    "200": answer("The days, today first", ref("Forecast")),
                    "304": {"description": "Still the same"},
                },
                [SITE, SERVICE],
            )
        },
        "/api/sites/{site}/desk": {
            "get": operation(
                "deskView",
                "What the desks see (role desk or admin)",
                {"200": answer("The view", ref("DeskView")), "304": {"description": "Still the same view"}},
                [SITE],
                guarded=True,
            )
        },
        "/api/t/{token}": {
            "get": operation(
                "ticketByToken",
                "The state of the ticket that a token opens",
                {"200": answer("Its state", ref("HolderTicket")), **ENDS},
                [("token", "")],
            )
        },
        "/api/sites/{site}/structure": {
            "get": operation(
                "structure",
                "The parts of the profile that an administrator changes (role admin)",
                {"200": answer("The parts", ref("Structure"))},
                [SITE],
                guarded=True,
            )
        },
    }


def _commands(moves: Sequence[str]) -> Json:
    ticket = {"200": answer("The ticket as it now is", ref("TicketAnswer"))}
    return {
        "/api/sites/{site}/tickets": post(
            "issue",
            "Issue a number (role kiosk or admin)",
            bodies.IssueBody,
            {"201": answer("The number", ref("IssuedTicket"))},
            [SITE],
        ),
        **holder_commands(),
        **_kiosk_commands(),
        **_counter_commands(ticket),
        **_supervisor_commands(),
        "/api/tickets/{ticket}/undo": post(
            "undoLastMove",
            "Take back the last move of a ticket (role admin)",
            bodies.Nothing,
            {"200": answer("The ticket as it now is", ref("TicketsAnswer"))},
            [("ticket", "")],
        ),
        "/api/tickets/{ticket}/reissue": post(
            "reissue",
            "A new slip with the same number; the old one opens nothing more (role admin)",
            bodies.Nothing,
            {"200": answer("The ticket and its new token", ref("ReissuedAnswer"))},
            [("ticket", "")],
        ),
        **{
            f"/api/tickets/{{ticket}}/{move}": post(
                f"ticket-{move}",
                f"Move a ticket: {move}",
                BODY_OF_MOVE.get(move, bodies.Nothing),
                ticket,
                [("ticket", "")],
            )
            for move in moves
        },
    }


def _kiosk_commands() -> Json:
    site = "/api/sites/{site}"
    return {
        f"{site}/kiosk": {
            "get": operation(
                "kioskSetup",
                "What a kiosk needs in order to go on by itself (role kiosk or admin)",
                {
                    "200": answer(
                        "The profile, its changes, what is this kiosk's, and what was given out alone today",
                        ref("KioskSetup"),
                    )
                },
                [SITE],
                guarded=True,
            ),
            **post(
                "reportKiosk",
                "How the kiosk is that carries this token",
                bodies.KioskReportBody,
                {"200": answer("It was heard", {"type": "object"})},
                [SITE],
            ),
        },
        f"{site}/tickets/offline": post(
            "adopt",
            "Hand over a number that a kiosk gave out while this server was away; the same one twice is one ticket",
            bodies.OfflineTicketBody,
            {"201": answer("The number, in its place by its true time", ref("AdoptedTicket"))},
            [SITE],
        ),
        "/api/tickets/{ticket}/reprint": post(
            "reprint",
            "Record that the slip is printed once more (role kiosk or admin)",
            bodies.Nothing,
            {"200": answer("The ticket and what its slip carries", ref("ReissuedAnswer"))},
            [("ticket", "")],
        ),
    }


def _counter_commands(ticket: Json) -> Json:
    path = "/api/sites/{site}/counters/{counter}"
    names = [SITE, COUNTER]
    called = {
        "200": answer("The ticket called, and the one completed", ref("CallNextAnswer")),
        "204": {"description": "Nobody waits for this counter"},
    }
    switched = {"200": answer("The counter as it now is", ref("CounterAnswer"))}
    undone = {"200": answer("The tickets as they now are", ref("TicketsAnswer"))}
    return {
        f"{path}/open": post("openCounter", "Open a counter, work there", bodies.OpenBody, switched, names),
        f"{path}/close": post("closeCounter", "Close a counter", bodies.Nothing, switched, names),
        f"{path}/break": post("startBreak", "Take a break; open ends it", bodies.BreakBody, switched, names),
        f"{path}/services": post(
            "assignServices", "What a counter serves today", bodies.ServicesBody, switched, names
        ),
        f"{path}/call-next": post("callNext", "Call the next number", bodies.CallNextBody, called, names),
        f"{path}/call": post("call", "Call any number", bodies.CallBody, ticket, names),
        f"{path}/undo": post("undo", "Take back the caller's own last press", bodies.Nothing, undone, names),
    }


def _supervisor_commands() -> Json:
    site, service = "/api/sites/{site}", "/api/sites/{site}/services/{service}"
    paused = {"200": answer("The service as it now is", ref("ServiceAnswer"))}
    status = {"200": answer("Whether the hall is open now", ref("StatusAnswer"))}
    notice = answer("The notice", ref("NoticeAnswer"))
    part = {"200": answer("The part as it now is", ref("PartAnswer"))}
    return {
        f"{service}/pause": post("pauseService", "Stop issuing", bodies.PauseBody, paused, [SITE, SERVICE]),
        f"{service}/resume": post("resumeService", "Issue again", bodies.Nothing, paused, [SITE, SERVICE]),
        f"{site}/reception/close": post(
            "closeReception", "No more numbers today", bodies.CloseReceptionBody, status, [SITE]
        ),
        f"{site}/reception/open": post(
            "openReception", "Numbers until a time, whatever the hours say", bodies.OpenReceptionBody, status, [SITE]
        ),
        f"{site}/reception/reset": post("resetReception", "The hours decide again", bodies.Nothing, status, [SITE]),
        f"{site}/close-day": post(
            "closeDay",
            "End the day; 409 with the labels while tickets are open, unless they shall expire",
            bodies.CloseDayBody,
            {"200": answer("The labels that expired", ref("ClosedDay"))},
            [SITE],
        ),
        f"{site}/notices": post("postNotice", "Post a notice", bodies.NoticeBody, {"201": notice}, [SITE]),
        f"{site}/notices/{{notice}}/withdraw": post(
            "withdrawNotice", "Withdraw a notice", bodies.Nothing, {"200": notice}, [SITE, ("notice", "")]
        ),
        f"{site}/structure/{{part}}/{{part_id}}": {
            "put": command(
                "changeStructure",
                "Change a part of the profile (role admin); 409 when somebody else changed it since",
                bodies.StructureBody,
                part,
                [SITE, ("part", "alerts"), ("part_id", "site")],
            )
        },
    }


BODY_OF_MOVE: Mapping[str, type[bodies.Body]] = {
    "transfer": bodies.TransferBody,
    "hold": bodies.HoldBody,
    "prioritize": bodies.PrioritizeBody,
}
