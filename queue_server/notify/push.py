"""Web Push (RFC 8030, 8291, 8292): a notice encrypted for one browser, handed to the service of its maker.

The address comes from the holder's browser, so it is not trusted: only the push services that the settings name are
ever asked, over https, and no redirection is followed. The service cannot read what it delivers.
"""

import hashlib
import json
import logging
import time
from urllib.parse import urlsplit

import requests
import structlog
from pywebpush import WebPusher, WebPushException

from queue_server.domain.nearness import NoticeKind
from queue_server.notify.services import PushServices, UnknownPushService
from queue_server.notify.terms import Notice, Outcome, Words
from queue_server.notify.vapid import VapidKeys
from queue_server.storage.subscriptions import Subscription
from queue_server.worker import run_blocking

log = structlog.get_logger()
# Its warnings name addresses, which are those of a phone.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

TIMEOUT_SECONDS = (5, 10)
SECONDS_TO_LIVE = {NoticeKind.NEAR: 900, NoticeKind.CALLED: 300}
"""How long a service keeps a notice for a phone that is off; an older one would only mislead."""
CLAIM_SECONDS = 12 * 3600
"""How long a signature holds. Services refuse more than a day."""
GONE = (404, 410)


class PushSender:
    """Sends notices to browsers."""

    def __init__(self, keys: VapidKeys, contact: str, services: PushServices, words: Words) -> None:
        """`contact` (mailto: or https:) tells a service whom to ask about this server."""
        self._keys = keys
        self._contact = contact
        self._services = services
        self._words = words

    def send(self, wish: Subscription, notice: Notice) -> Outcome:
        """Encrypt, sign, hand over. Encrypting computes, so it runs beside the event loop; waiting does not."""
        host = urlsplit(wish.address).hostname
        try:
            self._services.require(wish.address)
            body, headers = run_blocking(self._sealed, wish, notice)
            answer = requests.post(
                wish.address, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except (UnknownPushService, WebPushException, ValueError):
            # Not a service of the settings any more, or keys that nobody has.
            return Outcome.GONE
        except requests.RequestException as error:
            # Its message would name the endpoint.
            log.warning("push_failed", service=host, error=type(error).__name__)
            return Outcome.AGAIN
        if 200 <= answer.status_code < 300:
            return Outcome.SENT
        if answer.status_code in GONE:
            return Outcome.GONE
        log.warning("push_refused", service=host, status=answer.status_code)
        return Outcome.AGAIN

    def _sealed(self, wish: Subscription, notice: Notice) -> tuple[bytes, dict[str, str]]:
        info = {"endpoint": wish.address, "keys": {"p256dh": wish.p256dh, "auth": wish.auth}}
        body: bytes = WebPusher(info).encode(self._payload(wish, notice))["body"]
        parts = urlsplit(wish.address)
        claims: dict[str, object] = {
            "sub": self._contact,
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + CLAIM_SECONDS,
        }
        return body, {
            **self._keys.sign(claims),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(SECONDS_TO_LIVE[notice.kind]),
            "Urgency": "high",
            # A call takes the place of what the service could not deliver yet.
            "Topic": hashlib.sha256(notice.ticket.encode()).hexdigest()[:32],
        }

    def _payload(self, wish: Subscription, notice: Notice) -> bytes:
        message = self._words(notice, wish.language)
        content = {
            "kind": notice.kind.value,
            "title": message.title,
            "body": message.body,
            "lang": wish.language,
            "url": f"/t/{notice.token}",
        }
        return json.dumps(content, ensure_ascii=False).encode()
