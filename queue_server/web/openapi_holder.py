"""The part of the OpenAPI document that belongs to a ticket's holder: what a token permits, and LINE's webhook."""

from queue_server.web import bodies
from queue_server.web.openapi_parts import Json, answer, operation, post, ref

ENDS: Json = {"410": answer("The ticket was of a former day", ref("Error"))}
"""How a token's address answers besides: it expires with the day."""


def holder_commands() -> Json:
    """Commands that the token in the path permits; there is nobody to sign in."""
    kept = {"200": answer("It is so", {"type": "object"})}
    code = {"200": answer("The code, for half an hour", ref("LinkingCode"))}
    left = {"200": answer("Its state, which is cancelled", ref("HolderTicket"))}
    return {
        "/api/t/{token}/leave": _of_holder("leave", "Give a number up while it waits", bodies.Nothing, left),
        "/api/t/{token}/push": _of_holder("wishPush", "Tell this browser (Web Push)", bodies.PushBody, kept),
        "/api/t/{token}/push/stop": _of_holder("stopPush", "Tell it no more", bodies.StopPushBody, kept),
        "/api/t/{token}/mail": _of_holder("wishMail", "Send a mail", bodies.MailBody, kept),
        "/api/t/{token}/mail/stop": _of_holder("stopMail", "Forget the address", bodies.Nothing, kept),
        "/api/t/{token}/line": _of_holder(
            "wishLine", "A code to write to the city's LINE account", bodies.LineBody, code
        ),
        "/api/t/{token}/line/stop": _of_holder("stopLine", "Write to nobody on LINE any more", bodies.Nothing, kept),
        "/api/line/webhook": {"post": _webhook()},
    }


def _webhook() -> Json:
    signed = operation(
        "lineWebhook",
        "What happened in the talk with the city's LINE account; signed by LINE",
        {"200": answer("It was heard", {"type": "object"})},
    )
    refusals = {
        "400": "It is no webhook",
        "401": "x-line-signature is not LINE's over this body",
        "404": "LINE is off here",
        "413": "The body is too large",
        "503": "Nothing can be recorded now; LINE may send it again",
    }
    signed["responses"].update({status: answer(text, ref("Error")) for status, text in refusals.items()})
    signed["parameters"] = [
        {
            "name": "X-Line-Signature",
            "in": "header",
            "description": "HMAC-SHA256 of the body with the channel secret, in base64",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"},
        }
    ]
    events = {"type": "object", "properties": {"events": {"type": "array", "items": {"type": "object"}}}}
    signed["requestBody"] = {"content": {"application/json": {"schema": events}}}
    return signed


def _of_holder(name: str, summary: str, body: type[bodies.Body], answers: Json) -> Json:
    described = post(name, summary, body, {**answers, **ENDS}, [("token", "")])
    holders = described["post"]
    del holders["security"], holders["responses"]["401"]
    holders["responses"]["403"] = answer("A page of another host sent it", ref("Error"))
    return described
