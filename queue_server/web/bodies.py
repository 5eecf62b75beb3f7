"""What a request may carry: bodies checked by pydantic, unknown fields and wrong types named."""

import json
import re
import uuid
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal, Self, TypeVar

from flask import request
from flask_babel import gettext
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from queue_server.domain.nearness import MOST_MINUTES, Nearness, NearUnit
from queue_server.hall import LONGEST_BREAK_MINUTES
from queue_server.notify.terms import LONGEST_MAIL_ADDRESS, MAIL_ADDRESS
from queue_server.web.errors import BadRequest

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
LONGEST_NAME = 64


FIRST_INSTANT, LAST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""What is taken for a time lies between these, far from the ends of Python's own years, where none can be told in
Japan. A kiosk whose clock begins at 1970 may still hand its numbers over."""


def _instant_text(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError("a time needs its offset, such as +09:00")
    if not FIRST_INSTANT <= moment < LAST_INSTANT:
        raise ValueError("a time of the years 1900 to 2999")
    return text


Sentence = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line that people read."""


class Body(BaseModel):
    """A JSON object; nothing is converted and no unknown field is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Body):
    """No field at all."""


class IssueBody(Body):
    """Which service a number is wanted of."""

    service: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["mynumber"])
    priority: str = Field(default="", max_length=LONGEST_NAME)


class NearBody(Body):
    """From when its holder counts a turn as near."""

    unit: Literal["people", "minutes"] = Field(examples=["people"])
    value: int = Field(ge=1, le=MOST_MINUTES, examples=[3])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        Nearness(NearUnit(self.unit), self.value)
        return self

    @property
    def choice(self) -> Nearness:
        """The choice as the rules know it."""
        return Nearness(NearUnit(self.unit), self.value)


class WishBody(Body):
    """What every wish to be told says."""

    near: NearBody
    language: Literal["ja", "easy", "en", "zh", "ko", "vi", "pt", "fil", "ne"] = "ja"


class PushBody(WishBody):
    """A browser's subscription: where its push service takes messages for it, and the keys to encrypt them."""

    endpoint: str = Field(min_length=10, max_length=1_000, pattern=r"^https?://[!-~]+$")
    p256dh: str = Field(pattern=r"^B[A-Za-z0-9_-]{86}=?$")
    auth: str = Field(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")


class StopPushBody(Body):
    """Which browser shall be told no more."""

    endpoint: str = Field(min_length=10, max_length=1_000)


class MailBody(WishBody):
    """A mail address; it is forgotten when the ticket ends."""

    address: str = Field(min_length=6, max_length=LONGEST_MAIL_ADDRESS, pattern=MAIL_ADDRESS)


class LineBody(WishBody):
    """A wish to be told on LINE; who it is, LINE says when the code is written there."""


class OfflineTicketBody(Body):
    """A number that a kiosk gave out by itself; its id and token stand on the slip already."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$", examples=["0c1f2a3b4c5d6e7f8091a2b3c4d5e6f7"])
    token: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$", examples=["Zk3x0a5vQ0mC2r8TtYw1Xg"])
    service: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["mynumber"])
    number: int = Field(ge=0, le=99_999, examples=[580])
    issued_at: Annotated[str, AfterValidator(_instant_text)] = Field(
        json_schema_extra={"format": "date-time"}, examples=["2026-11-24T10:00:00+09:00"]
    )
    replaces: str | None = Field(default=None, pattern=r"^[!-~]{1,200}$")
    """The Idempotency-Key of the command to which no answer came before the kiosk gave out this number."""

    @property
    def instant(self) -> datetime:
        """When it was given out, aware."""
        return datetime.fromisoformat(self.issued_at)


class KioskReportBody(Body):
    """How a kiosk is: its printer (null for none), numbers not handed over yet, what is left of its reserve, and
    whether its disk takes and gives what it has to.
    """

    printer: Literal["ready", "paper_low", "paper_out", "cover_open", "off", "error"] | None = None
    waiting: int = Field(default=0, ge=0, le=100_000)
    left: dict[Annotated[str, Field(max_length=LONGEST_NAME)], Annotated[int, Field(ge=0, le=100_000)]] | None = (
        Field(default=None, max_length=100)
    )
    recording: bool = True


class OpenBody(Body):
    """Whether a clerk takes over from another one, or comes here from another counter; whether a supervisor
    opens it for somebody else.
    """

    take_over: bool = False
    remote: bool = False


class BreakBody(Body):
    """After how many minutes the clerk will be back."""

    minutes: int = Field(ge=1, le=LONGEST_BREAK_MINUTES, examples=[15])


class ServicesBody(Body):
    """Which services a counter serves today, in its order."""

    services: list[Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]] = Field(
        min_length=1, max_length=100, examples=[["mynumber"]]
    )


class PrioritizeBody(Body):
    """A priority class of the profile, empty for none."""

    priority: str = Field(max_length=LONGEST_NAME, examples=["yusen"])


class PauseBody(Body):
    """Whether no more numbers are issued today, rather than for a while."""

    for_today: bool = False


class CloseReceptionBody(Body):
    """Why no more numbers are issued; everybody reads it."""

    reason: Sentence = ""


class OpenReceptionBody(Body):
    """Until what time of today (JST) numbers are issued."""

    until: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["18:00"])

    @property
    def time(self) -> time:
        """The time of day."""
        return time.fromisoformat(self.until)


class CloseDayBody(Body):
    """Whether the tickets that are still open expire."""

    expire: bool = False


class NoticeBody(Body):
    """A sentence for everybody, and until when it stands; without a time until it is withdrawn."""

    text: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
    until: Annotated[str, AfterValidator(_instant_text)] | None = Field(
        default=None, json_schema_extra={"format": "date-time"}
    )

    @property
    def instant(self) -> datetime | None:
        """The end as an aware instant."""
        return datetime.fromisoformat(self.until) if self.until is not None else None


class StructureBody(Body):
    """A part as it shall be, in the form in which it is read; `revision` is that of the part it was made from."""

    value: Any
    revision: int = Field(ge=0)


class CallNextBody(Body):
    """Whether the ticket now at the counter is completed in the same step; `ticket`: its id, to mean no other."""

    complete: bool = False
    ticket: str | None = Field(default=None, max_length=64)


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
