"""How an operation, an answer and an error are written down in an OpenAPI document."""

from collections.abc import Sequence
from typing import Any

from queue_server.web import bodies
from queue_server.web.examples import EXAMPLES
from queue_server.web.messages import SENTENCES

Json = dict[str, Any]


def post(
    name: str, summary: str, body: type[bodies.Body], answers: Json, parameters: Sequence[tuple[str, str]]
) -> Json:
    """A POST that is a command."""
    return {"post": command(name, summary, body, answers, parameters)}


def command(
    name: str, summary: str, body: type[bodies.Body], answers: Json, parameters: Sequence[tuple[str, str]]
) -> Json:
    """A command: what it takes, what it answers, and how it is refused."""
    refusals = {
        "400": "The request cannot be read, or its CSRF token is wrong",
        "401": "No actor is known",
        "403": "The actor's role does not permit this",
        "409": "The rules do not allow it now; `state` is the ticket's present state",
        "413": "The body is too large",
        "422": "A field does not fit, or the Idempotency-Key belongs to another command",
        "503": "Nothing can be recorded now; nothing was changed",
    }
    described = operation(name, summary, answers, parameters, guarded=True)
    described["responses"].update({status: answer(text, ref("Error")) for status, text in refusals.items()})
    described["parameters"].append(
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A random id of this press; send the same one again when the answer was lost",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        }
    )
    schema = body.model_json_schema()
    described["requestBody"] = {
        "required": bool(schema.get("required")),
        "content": {"application/json": {"schema": schema}},
    }
    return described


def operation(
    name: str, summary: str, answers: Json, parameters: Sequence[tuple[str, str]] = (), *, guarded: bool = False
) -> Json:
    """An operation on a path; `parameters` are the names in it, each with an example."""
    responses = dict(answers)
    responses.setdefault("429", answer("Asked too often; wait for the seconds in Retry-After", ref("Error")))
    if parameters:
        responses["404"] = answer("Something named in the path does not exist", ref("Error"))
    if guarded:
        for status, text in (("401", "No actor is known"), ("403", "The actor's role does not permit this")):
            responses.setdefault(status, answer(text, ref("Error")))
    described: Json = {
        "operationId": name,
        "summary": summary,
        "parameters": [_path_parameter(parameter, example) for parameter, example in parameters],
        "responses": responses,
    }
    if guarded:
        described["security"] = [{"device": []}, {"session": []}]
    return described


def _path_parameter(name: str, example: str) -> Json:
    parameter: Json = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if example:
        parameter["example"] = example
    return parameter


def answer(description: str, schema: Json) -> Json:
    """An answer with its body; the public reads have an example of theirs."""
    content = {"schema": schema}
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in EXAMPLES:
        content["example"] = EXAMPLES[name]
    return {"description": description, "content": {"application/json": content}}


def ref(name: str) -> Json:
    """A reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def error_schema() -> Json:
    """The one shape of every error."""
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
            "state": ref("TicketState"),
            "errors": {"type": "array", "items": problem},
        },
    }
