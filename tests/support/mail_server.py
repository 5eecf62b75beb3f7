"""A real mail server (SMTP) on this machine, which keeps what it is given."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.server import free_port


class MailServer:
    """Takes mail until it is told to refuse; `user` and `password` make it ask for both."""

    def __init__(self, user: str | None = None, password: str | None = None, port: int | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuse: str | None = None
        self.goodbye = "221 Bye"
        self.port = port or free_port()
        options: dict[str, Any] = {}
        if user is not None:
            expected = (user.encode(), (password or "").encode())
            options = {
                # Not "handled": the server itself then says to the sender that it does not know him.
                "authenticator": lambda *found: AuthResult(
                    success=(found[-1].login, found[-1].password) == expected, handled=False
                ),
                "auth_require_tls": False,
            }
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a server that sends its mail here."""
        return {
            "QUEUE_SERVER_SMTP_HOST": "127.0.0.1",
            "QUEUE_SERVER_SMTP_PORT": str(self.port),
            "QUEUE_SERVER_SMTP_SECURITY": "none",
            "QUEUE_SERVER_MAIL_FROM": "queue@city.example.jp",
        }

    def __enter__(self) -> Self:
        self._controller.start()
        self._running = True
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Be away from now on."""
        if self._running:
            self._running = False
            self._controller.stop(no_assert=True)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take or refuse one recipient."""
        if self.refuse is not None:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one mail."""
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        """Answer a client that goes."""
        return self.goodbye
