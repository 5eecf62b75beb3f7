"""What a request may carry: bodies checked by pydantic, unknown fields and wrong types named."""

import json
import re
import uuid
from typing import TypeVar

from flask import request
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from queue_server.web.errors import BadRequest

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
LONGEST_NAME = 64


class Body(BaseModel):
    """A JSON object; nothing is converted and no unknown field is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Body):
    """No field at all."""


class IssueBody(Body):
    """Which service a number is wanted of."""

    service: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["mynumber"])


class CallNextBody(Body):
    """Whether the ticket now at the counter is completed in the same step."""

    complete: bool = False


class CallBody(Body):
    """The number to call, as it stands on the slip."""

    label: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["503"])


class TransferBody(Body):
    """Where a ticket goes: to another service, to a named counter, or both."""

    service: str | None = Field(default=None, min_length=1, max_length=LONGEST_NAME)
    counter: str | None = Field(default=None, min_length=1, max_length=LONGEST_NAME)


class HoldBody(Body):
    """Why a ticket is held; for the desks, not for the public board."""

    reason: str = Field(default="", max_length=200)


Model = TypeVar("Model", bound=Body)


def read_body(model: type[Model]) -> Model:
    """The request's JSON as a checked body; an empty body counts as {}.

    Raises BadRequest: 400 for what is no JSON, 422 naming each field that does not fit.
    """
    raw = request.get_data(cache=False)
    try:
        value = json.loads(raw) if raw else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, "malformed_request") from error
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadRequest(422, "invalid_fields", [_problem(item) for item in error.errors()]) from error


def request_id() -> str:
    """The command's Idempotency-Key; a command without one gets its own and cannot be retried safely.

    Raises BadRequest (400) for a key that is not 1 to 200 visible ASCII characters.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return uuid.uuid4().hex
    if not KEY_PATTERN.fullmatch(key):
        raise BadRequest(400, "bad_idempotency_key")
    return key


def _problem(item: object) -> dict[str, str]:
    assert isinstance(item, dict)
    kind = str(item["type"])
    if kind == "missing":
        message = gettext("必要な項目がありません。")
    elif kind == "extra_forbidden":
        message = gettext("知らない項目です。")
    elif kind.endswith("_type"):
        message = gettext("値の種類が違います。")
    else:
        message = gettext("値が正しくありません。")
    return {"field": ".".join(str(part) for part in item["loc"]) or "body", "message": str(message)}
