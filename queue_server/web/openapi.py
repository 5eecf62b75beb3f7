"""The API described as an OpenAPI 3.1 document; the request bodies are described by the models that check them."""

from collections.abc import Mapping, Sequence
from typing import Any

from queue_server.web import bodies
from queue_server.web.messages import SENTENCES
from queue_server.web.schemas import SCHEMAS

Json = dict[str, Any]

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
                "key gives the same answer. What is described here stays as it is; fields may be added."
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
                "sites", "The sites and whether they are open", {"200": _answer("Sites", _ref("Sites"))}
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
                {"200": _answer("Its state", _ref("HolderTicket"))},
                [("token", "")],
            )
        },
    }


def _commands(moves: Sequence[str]) -> Json:
    counter = "/api/sites/{site}/counters/{counter}"
    service = "/api/sites/{site}/services/{service}"
    ticket = {"200": _answer("The ticket as it now is", _ref("TicketAnswer"))}
    called = {
        "200": _answer("The ticket called, and the one completed", _ref("CallNextAnswer")),
        "204": {"description": "Nobody waits for this counter"},
    }
    switched = {"200": _answer("The counter as it now is", _ref("CounterAnswer"))}
    paused = {"200": _answer("The service as it now is", _ref("ServiceAnswer"))}
    return {
        "/api/sites/{site}/tickets": {
            "post": _command("issue", "Issue a number (role kiosk or admin)", bodies.IssueBody,
                             {"201": _answer("The number", _ref("IssuedTicket"))}, [SITE])
        },
        f"{counter}/open": {
            "post": _command("openCounter", "Open a counter", bodies.Nothing, switched, [SITE, COUNTER])
        },
        f"{counter}/close": {
            "post": _command("closeCounter", "Close a counter", bodies.Nothing, switched, [SITE, COUNTER])
        },
        f"{counter}/call-next": {
            "post": _command("callNext", "Call the next number", bodies.CallNextBody, called, [SITE, COUNTER])
        },
        f"{counter}/call": {"post": _command("call", "Call any number", bodies.CallBody, ticket, [SITE, COUNTER])},
        f"{service}/pause": {
            "post": _command("pauseService", "Stop issuing (role admin)", bodies.Nothing, paused, [SITE, SERVICE])
        },
        f"{service}/resume": {
            "post": _command("resumeService", "Issue again (role admin)", bodies.Nothing, paused, [SITE, SERVICE])
        },
        **{
            f"/api/tickets/{{ticket}}/{move}": {
                "post": _command(
                    f"ticket-{move}", f"Move a ticket: {move}", BODY_OF_MOVE.get(move, bodies.Nothing), ticket,
                    [("ticket", "")],
                )
            }
            for move in moves
        },
    }  # fmt: skip


BODY_OF_MOVE: Mapping[str, type[bodies.Body]] = {"transfer": bodies.TransferBody, "hold": bodies.HoldBody}


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
    return {"description": description, "content": {"application/json": {"schema": schema}}}


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
