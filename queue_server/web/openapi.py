"""The API described as an OpenAPI 3.1 document; the request bodies are described by the models that check them."""

from collections.abc import Mapping, Sequence
from typing import Any

from queue_server.web import bodies
from queue_server.web.examples import EXAMPLES
from queue_server.web.messages import SENTENCES
from queue_server.web.schemas import SCHEMAS

Json = dict[str, Any]

SITE, COUNTER, SERVICE = ("site", "honchosha"), ("counter", "5"), ("service", "mynumber")


_ENDS: Json = {
    "410": {
        "description": "The ticket was of a former day",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
}
"""How a token's address answers besides: it expires with the day."""


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
            "schemas": {**SCHEMAS, "Error": _error_schema()},
        },
    }


def _reads() -> Json:
    return {
        "/api/openapi.json": {"get": _operation("openapi", "This document", {"200": _answer("The document", {})})},
        "/api/sites": {
            "get": _operation(
                "sites",
                "The sites and whether they are open",
                {"200": _answer("Sites", _ref("Sites")), "304": {"description": "Still the same"}},
            )
        },
        "/api/sites/{site}/board": {
            "get": _operation(
                "board",
                "The newest public board; send its ETag back as If-None-Match",
                {"200": _answer("The board", _ref("Board")), "304": {"description": "Still the same board"}},
                [SITE],
            )
        },
        "/api/sites/{site}/ngsi": {
            "get": _operation(
                "queueMonitors",
                "The same board as entities of the Smart Data Models' QueueMonitor, key-values, one a service",
                {
                    "200": _answer("The entities; `Link` names their JSON-LD context", _ref("QueueMonitors")),
                    "304": {"description": "Still the same board"},
                },
                [SITE],
            )
        },
        "/api/sites/{site}/services/{service}/forecast": {
            "get": _operation(
                "forecast",
                "How busy each open hour of the coming two weeks will be, and why; made anew each day",
                {
                    "200": _answer("The days, today first", _ref("Forecast")),
                    "304": {"description": "Still the same"},
                },
                [SITE, SERVICE],
            )
        },
        "/api/sites/{site}/desk": {
            "get": _operation(
                "deskView",
                "What the desks see (role desk or admin)",
                {"200": _answer("The view", _ref("DeskView")), "304": {"description": "Still the same view"}},
                [SITE],
                guarded=True,
            )
        },
        "/api/t/{token}": {
            "get": _operation(
                "ticketByToken",
                "The state of the ticket that a token opens",
                {"200": _answer("Its state", _ref("HolderTicket")), **_ENDS},
                [("token", "")],
            )
        },
        "/api/sites/{site}/structure": {
            "get": _operation(
                "structure",
                "The parts of the profile that an administrator changes (role admin)",
                {"200": _answer("The parts", _ref("Structure"))},
                [SITE],
                guarded=True,
            )
        },
    }


def _commands(moves: Sequence[str]) -> Json:
    ticket = {"200": _answer("The ticket as it now is", _ref("TicketAnswer"))}
    return {
        "/api/sites/{site}/tickets": _post(
            "issue",
            "Issue a number (role kiosk or admin)",
            bodies.IssueBody,
            {"201": _answer("The number", _ref("IssuedTicket"))},
            [SITE],
        ),
        **_holder_commands(),
        **_kiosk_commands(),
        **_counter_commands(ticket),
        **_supervisor_commands(),
        "/api/tickets/{ticket}/undo": _post(
            "undoLastMove",
            "Take back the last move of a ticket (role admin)",
            bodies.Nothing,
            {"200": _answer("The ticket as it now is", _ref("TicketsAnswer"))},
            [("ticket", "")],
        ),
        "/api/tickets/{ticket}/reissue": _post(
            "reissue",
            "A new slip with the same number; the old one opens nothing more (role admin)",
            bodies.Nothing,
            {"200": _answer("The ticket and its new token", _ref("ReissuedAnswer"))},
            [("ticket", "")],
        ),
        **{
            f"/api/tickets/{{ticket}}/{move}": _post(
                f"ticket-{move}",
                f"Move a ticket: {move}",
                BODY_OF_MOVE.get(move, bodies.Nothing),
                ticket,
                [("ticket", "")],
            )
            for move in moves
        },
    }


def _holder_commands() -> Json:
    """Commands that the token in the path permits; there is nobody to sign in."""
    kept = {"200": _answer("It is so", {"type": "object"})}
    left = {"200": _answer("Its state, which is cancelled", _ref("HolderTicket"))}
    return {
        "/api/t/{token}/leave": _of_holder("leave", "Give a number up while it waits", bodies.Nothing, left),
        "/api/t/{token}/push": _of_holder("wishPush", "Tell this browser (Web Push)", bodies.PushBody, kept),
        "/api/t/{token}/push/stop": _of_holder("stopPush", "Tell it no more", bodies.StopPushBody, kept),
        "/api/t/{token}/mail": _of_holder("wishMail", "Send a mail", bodies.MailBody, kept),
        "/api/t/{token}/mail/stop": _of_holder("stopMail", "Forget the address", bodies.Nothing, kept),
    }


def _of_holder(name: str, summary: str, body: type[bodies.Body], answers: Json) -> Json:
    described = _post(name, summary, body, {**answers, **_ENDS}, [("token", "")])
    operation = described["post"]
    del operation["security"], operation["responses"]["401"]
    operation["responses"]["403"] = _answer("A page of another host sent it", _ref("Error"))
    return described


def _kiosk_commands() -> Json:
    site = "/api/sites/{site}"
    return {
        f"{site}/kiosk": {
            "get": _operation(
                "kioskSetup",
                "What a kiosk needs in order to go on by itself (role kiosk or admin)",
                {"200": _answer("The profile, its changes, and what belongs to this kiosk", _ref("KioskSetup"))},
                [SITE],
                guarded=True,
            ),
            **_post(
                "reportKiosk",
                "How the kiosk is that carries this token",
                bodies.KioskReportBody,
                {"200": _answer("It was heard", {"type": "object"})},
                [SITE],
            ),
        },
        f"{site}/tickets/offline": _post(
            "adopt",
            "Hand over a number that a kiosk gave out while this server was away; the same one twice is one ticket",
            bodies.OfflineTicketBody,
            {"201": _answer("The number, in its place by its true time", _ref("AdoptedTicket"))},
            [SITE],
        ),
        "/api/tickets/{ticket}/reprint": _post(
            "reprint",
            "Record that the slip is printed once more (role kiosk or admin)",
            bodies.Nothing,
            {"200": _answer("The ticket and what its slip carries", _ref("ReissuedAnswer"))},
            [("ticket", "")],
        ),
    }


def _counter_commands(ticket: Json) -> Json:
    path = "/api/sites/{site}/counters/{counter}"
    names = [SITE, COUNTER]
    called = {
        "200": _answer("The ticket called, and the one completed", _ref("CallNextAnswer")),
        "204": {"description": "Nobody waits for this counter"},
    }
    switched = {"200": _answer("The counter as it now is", _ref("CounterAnswer"))}
    undone = {"200": _answer("The tickets as they now are", _ref("TicketsAnswer"))}
    return {
        f"{path}/open": _post("openCounter", "Open a counter, work there", bodies.OpenBody, switched, names),
        f"{path}/close": _post("closeCounter", "Close a counter", bodies.Nothing, switched, names),
        f"{path}/break": _post("startBreak", "Take a break; open ends it", bodies.BreakBody, switched, names),
        f"{path}/services": _post(
            "assignServices", "What a counter serves today", bodies.ServicesBody, switched, names
        ),
        f"{path}/call-next": _post("callNext", "Call the next number", bodies.CallNextBody, called, names),
        f"{path}/call": _post("call", "Call any number", bodies.CallBody, ticket, names),
        f"{path}/undo": _post("undo", "Take back the caller's own last press", bodies.Nothing, undone, names),
    }


def _supervisor_commands() -> Json:
    site, service = "/api/sites/{site}", "/api/sites/{site}/services/{service}"
    paused = {"200": _answer("The service as it now is", _ref("ServiceAnswer"))}
    status = {"200": _answer("Whether the hall is open now", _ref("StatusAnswer"))}
    notice = _answer("The notice", _ref("NoticeAnswer"))
    part = {"200": _answer("The part as it now is", _ref("PartAnswer"))}
    return {
        f"{service}/pause": _post("pauseService", "Stop issuing", bodies.PauseBody, paused, [SITE, SERVICE]),
        f"{service}/resume": _post("resumeService", "Issue again", bodies.Nothing, paused, [SITE, SERVICE]),
        f"{site}/reception/close": _post(
            "closeReception", "No more numbers today", bodies.CloseReceptionBody, status, [SITE]
        ),
        f"{site}/reception/open": _post(
            "openReception", "Numbers until a time, whatever the hours say", bodies.OpenReceptionBody, status, [SITE]
        ),
        f"{site}/reception/reset": _post("resetReception", "The hours decide again", bodies.Nothing, status, [SITE]),
        f"{site}/close-day": _post(
            "closeDay",
            "End the day; 409 with the labels while tickets are open, unless they shall expire",
            bodies.CloseDayBody,
            {"200": _answer("The labels that expired", _ref("ClosedDay"))},
            [SITE],
        ),
        f"{site}/notices": _post("postNotice", "Post a notice", bodies.NoticeBody, {"201": notice}, [SITE]),
        f"{site}/notices/{{notice}}/withdraw": _post(
            "withdrawNotice", "Withdraw a notice", bodies.Nothing, {"200": notice}, [SITE, ("notice", "")]
        ),
        f"{site}/structure/{{part}}/{{part_id}}": {
            "put": _command(
                "changeStructure",
                "Change a part of the profile (role admin); 409 when somebody else changed it since",
                bodies.StructureBody,
                part,
                [SITE, ("part", "alerts"), ("part_id", "site")],
            )
        },
    }


def _post(
    name: str, summary: str, body: type[bodies.Body], answers: Json, parameters: Sequence[tuple[str, str]]
) -> Json:
    return {"post": _command(name, summary, body, answers, parameters)}


BODY_OF_MOVE: Mapping[str, type[bodies.Body]] = {
    "transfer": bodies.TransferBody,
    "hold": bodies.HoldBody,
    "prioritize": bodies.PrioritizeBody,
}


def _command(
    name: str, summary: str, body: type[bodies.Body], answers: Json, parameters: Sequence[tuple[str, str]]
) -> Json:
    refusals = {
        "400": "The request cannot be read, or its CSRF token is wrong",
        "401": "No actor is known",
        "403": "The actor's role does not permit this",
        "409": "The rules do not allow it now; `state` is the ticket's present state",
        "413": "The body is too large",
        "422": "A field does not fit, or the Idempotency-Key belongs to another command",
        "503": "Nothing can be recorded now; nothing was changed",
    }
    operation = _operation(name, summary, answers, parameters, guarded=True)
    operation["responses"].update({status: _answer(text, _ref("Error")) for status, text in refusals.items()})
    operation["parameters"].append(
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A random id of this press; send the same one again when the answer was lost",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        }
    )
    schema = body.model_json_schema()
    operation["requestBody"] = {
        "required": bool(schema.get("required")),
        "content": {"application/json": {"schema": schema}},
    }
    return operation


def _operation(
    name: str, summary: str, answers: Json, parameters: Sequence[tuple[str, str]] = (), *, guarded: bool = False
) -> Json:
    responses = dict(answers)
    responses.setdefault("429", _answer("Asked too often; wait for the seconds in Retry-After", _ref("Error")))
    if parameters:
        responses["404"] = _answer("Something named in the path does not exist", _ref("Error"))
    if guarded:
        for status, text in (("401", "No actor is known"), ("403", "The actor's role does not permit this")):
            responses.setdefault(status, _answer(text, _ref("Error")))
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "parameters": [_path_parameter(parameter, example) for parameter, example in parameters],
        "responses": responses,
    }
    if guarded:
        operation["security"] = [{"device": []}, {"session": []}]
    return operation


def _path_parameter(name: str, example: str) -> Json:
    parameter: Json = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if example:
        parameter["example"] = example
    return parameter


def _answer(description: str, schema: Json) -> Json:
    """An answer with its body; the public reads have an example of theirs."""
    content = {"schema": schema}
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in EXAMPLES:
        content["example"] = EXAMPLES[name]
    return {"description": description, "content": {"application/json": content}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _error_schema() -> Json:
    problem = {
        "type": "object",
        "required": ["field", "message"],
        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "enum": sorted(SENTENCES), "description": "Stable; for programs"},
            "message": {"type": "string", "description": "A sentence; for people"},
            "state": _ref("TicketState"),
            "errors": {"type": "array", "items": problem},
        },
    }
