"""Mail (RFC 5322) over the city's own mail server. The address is known to the wish alone: never logged."""

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import structlog

from queue_server.clock import Clock
from queue_server.notify.terms import Message, Notice, Outcome, Words
from queue_server.storage.subscriptions import Subscription

log = structlog.get_logger()

TIMEOUT_SECONDS = 15
NOBODY_THERE = (550, 551, 553)
"""Replies to a recipient that will not change by asking again."""


@dataclass(frozen=True, slots=True)
class Mail:
    """How to reach the mail server."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailSender:
    """Sends notices by mail."""

    def __init__(self, mail: Mail, clock: Clock, words: Words) -> None:
        self._mail = mail
        self._clock = clock
        self._words = words

    def send(self, wish: Subscription, notice: Notice) -> Outcome:
        """Hand one mail to the mail server; its sockets let other greenlets run."""
        key = f"{notice.ticket} {notice.kind.value} {notice.call_seq} {wish.address}"
        return self.mail([wish.address], self._words(notice, wish.language), key)

    def mail(self, to: Sequence[str], words: Message, key: str) -> Outcome:
        """Send one mail to all of these addresses; `key` is the same for what shall count as the same mail.

        It is sent as soon as the server has answered 250 for it (RFC 5321, 4.2.5), however the goodbye ends.
        """
        message = self._message(to, words, key)
        try:
            server = self._connected()
            try:
                server.send_message(message)
            finally:
                _part(server)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            log.warning("mail_refused", codes=codes)
            return Outcome.GONE if set(codes) <= set(NOBODY_THERE) else Outcome.AGAIN
        except (smtplib.SMTPException, OSError) as error:
            # The server's own words may repeat the address.
            log.warning("mail_failed", error=type(error).__name__)
            return Outcome.AGAIN
        return Outcome.SENT

    def _connected(self) -> smtplib.SMTP:
        mail = self._mail
        server: smtplib.SMTP
        if mail.security == "tls":
            context = ssl.create_default_context()
            server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_SECONDS)
        try:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user is not None:
                server.login(mail.user, mail.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, to: Sequence[str], words: Message, key: str) -> EmailMessage:
        """A mail whose Message-ID is that of its notice: should it ever be sent twice, it is still one mail."""
        message = EmailMessage()
        name, sender = parseaddr(self._mail.sender)
        user, _, domain = sender.rpartition("@")
        message["From"] = Address(name, user, domain)
        message["To"] = ", ".join(to)
        message["Subject"] = words.title
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words.body)
        return message


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye and close; a server that answers it with an error, such as 421 for being busy, is left as well."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError) as error:
        log.debug("mail_goodbye_failed", error=type(error).__name__)
    finally:
        server.close()
