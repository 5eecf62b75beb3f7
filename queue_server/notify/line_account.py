"""The city's LINE official account, as its Messaging API knows it.

Facts from developers.line.biz (Messaging API reference, "Verify webhook signature", "Retry failed API requests",
"LINE URL scheme"): a webhook is signed with HMAC-SHA256 over its raw body, in base64; a push carries a UUID, and
the same one again is answered 409 instead of being sent twice; a reply token is for one answer.
"""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

TIMEOUT_SECONDS = 10
CHAT = "https://line.me/R/oaMessage/{account}/?{text}"
"""Opens the talk with the account, a sentence typed already; who has not added it is asked to first."""


@dataclass(frozen=True, slots=True)
class LineAccount:
    """How to reach the account, and what proves that its messages are LINE's."""

    basic_id: str
    """What people find it by, such as @123abcde."""
    secret: str = field(repr=False)
    token: str = field(repr=False)
    api_base: str
    """Where the Messaging API is, without a slash at its end."""

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether `signature` (x-line-signature) is LINE's over these bytes; takes as long for a wrong one."""
        expected = base64.b64encode(hmac.digest(self.secret.encode(), body, hashlib.sha256))
        return hmac.compare_digest(expected, signature.encode("utf-8", "surrogateescape"))

    def chat_link(self, text: str) -> str:
        """The address that opens the talk with the account and types this text."""
        return CHAT.format(account=quote(self.basic_id, safe=""), text=quote(text, safe=""))

    def push(self, user: str, text: str, key: str) -> requests.Response:
        """Send a message; the same key again is the same message. Raises requests.RequestException."""
        message = {"to": user, "messages": [{"type": "text", "text": text}]}
        return self._post("push", message, {"X-Line-Retry-Key": str(uuid.UUID(key))})

    def reply(self, reply_token: str, text: str) -> requests.Response:
        """Answer the message that a reply token came with. Raises requests.RequestException."""
        return self._post("reply", {"replyToken": reply_token, "messages": [{"type": "text", "text": text}]})

    def _post(self, way: str, message: dict[str, Any], headers: dict[str, str] | None = None) -> requests.Response:
        return requests.post(
            f"{self.api_base}/v2/bot/message/{way}",
            json=message,
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
