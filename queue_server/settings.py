"""How one server runs: where its data is, which profile, which address. Read from the environment."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from queue_server.domain.calendar import local_minute

PREFIX = "QUEUE_SERVER_"
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")


class WorkerKind(StrEnum):
    """The coroutine library that carries the sockets."""

    EVENTLET = "eventlet"
    GEVENT = "gevent"


class MailSecurity(StrEnum):
    """How the line to the mail server is kept from being read."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PUSH_SERVICES = "fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com"
"""The push services of the browsers that there are: Chrome, Firefox, Safari, Edge."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NO_PROXY = "none"

SECRETS = tuple(
    PREFIX + name
    for name in ("SMTP_PASSWORD", "OIDC_CLIENT_SECRET", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")
)
"""The variables that may come from a file, such as a credential of systemd."""
FILE = "_FILE"
LINE_API_BASE = "https://api.line.me"

DEFAULT_WORKER = WorkerKind.EVENTLET
"""The one place where the worker is chosen."""


class SettingsError(Exception):
    """Settings that cannot be used; `problems` names every variable that is wrong and what it needs."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two servers of the same program, apart from the city's profile."""

    data_dir: Path
    profile: str
    host: str = "127.0.0.1"
    port: int = 8000
    clock: str | None = None
    """A local minute (JST) from which a simulated clock runs on; None for the real time."""
    worker: WorkerKind = DEFAULT_WORKER
    open_kiosk: bool = False
    """For the demo: any browser may act as a kiosk."""
    secure_cookies: bool = False
    trusted_proxies: str = "127.0.0.1,::1"
    """The proxies whose word on address and scheme is taken; addresses and networks separated by commas, or none."""
    rate_limits: bool = True
    """Whether who asks too often is slowed down; off where a measurement must not be held up."""
    log_level: str = "info"
    session_hours: int = 12
    idle_minutes: int = 90
    """A person who did nothing for this long is signed out; a clerk may serve one person for an hour."""
    make_voice: bool = True
    """Whether the clips of announcements are made beside this server."""
    public_url: str | None = None
    """What phones open, without a slash at its end; None for the address that the kiosk itself uses."""

    push_contact: str | None = None
    """Whom a push service may ask about this server; None: no Web Push."""
    push_services: str = PUSH_SERVICES
    """The hosts, with all below them, to which notices may be handed; separated by commas."""

    smtp_host: str | None = None
    """The mail server; None: no mail. With it comes `mail_from`."""
    smtp_port: int = 587
    smtp_security: MailSecurity = MailSecurity.STARTTLS
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    alert_mail: str | None = None
    """Whom to mail when a limit of the city is newly reached; addresses separated by commas."""

    line_channel_secret: str | None = field(default=None, repr=False)
    """What LINE signs its webhook with; None: no LINE. With it come the next two."""
    line_channel_access_token: str | None = field(default=None, repr=False)
    """The long-lived token that the Messaging API asks for."""
    line_basic_id: str | None = None
    """What people find the city's official account by, such as @123abcde."""
    line_api_base: str = LINE_API_BASE
    """Where the Messaging API is; something else for a proxy of the city's own, or a test."""

    oidc_issuer: str | None = None
    """The city's identity provider; None for none. With it comes `oidc_client_id`."""
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    """None for a public client."""
    oidc_claim: str = "preferred_username"
    """The claim that is the person's name here."""
    oidc_label: str | None = None
    """What stands on the button; None for the ordinary words."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings in the QUEUE_SERVER_* variables; an empty variable counts as not set.

        A secret may stand in a file instead, which the variable with _FILE at its end names; of one that ends with a
        line break, the break does not count. Raises SettingsError with every unusable, missing and unknown variable.
        """
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX) and text}
        problems = _read_secrets(given)
        unknown = sorted(given.keys() - _VARIABLES.keys())
        problems += [f"{name}: unknown variable; there are {', '.join(_VARIABLES)}" for name in unknown]
        values: dict[str, Any] = {}
        for name, variable in _VARIABLES.items():
            if name in given:
                try:
                    values[variable.field] = variable.parse(given[name])
                except ValueError:
                    found = "what is there" if variable.secret else repr(given[name])
                    problems.append(f"{name}: needs {variable.needs}, not {found}")
            elif variable.required:
                problems.append(f"{name}: is not set; needs {variable.needs}")
        problems += _missing_partners(given)
        if problems:
            raise SettingsError(tuple(problems))
        return cls(**values)

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        """`trusted_proxies` as networks."""
        return _networks(self.trusted_proxies)

    def to_environment(self) -> dict[str, str]:
        """The variables from which `from_environment` makes these settings again."""
        variables = {}
        for name, variable in _VARIABLES.items():
            value = getattr(self, variable.field)
            if value is not None and self._of_use(variable.field):
                variables[name] = str(int(value)) if isinstance(value, bool) else str(value)
        return variables

    def _of_use(self, name: str) -> bool:
        """Whether a field means anything beside the one that switches its group on."""
        switches = {"oidc": self.oidc_issuer, "push": self.push_contact, "line": self.line_channel_secret}
        switches |= dict.fromkeys(("smtp", "mail", "alert"), self.smtp_host)
        prefix = name.partition("_")[0]
        return prefix not in switches or switches[prefix] is not None


def child_environment(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment of a server with these settings; a secret that stands in a file stays there."""
    variables = {**environ, **settings.to_environment()}
    for secret in SECRETS:
        if variables.get(secret + FILE):
            del variables[secret]
    return variables


def _read_secrets(given: dict[str, str]) -> list[str]:
    """Put what files hold in the place of the variables that name them; returns what is wrong with those."""
    problems = []
    for secret in SECRETS:
        path = given.pop(secret + FILE, None)
        if path is None:
            continue
        if secret in given:
            problems.append(f"{secret} and {secret}{FILE}: only one of them can be meant")
            continue
        try:
            # systemd's credentials and most editors end a file with a line break that nobody typed as a password.
            text = Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{secret}{FILE}: {path!r} cannot be read: {getattr(error, 'strerror', 'it is no text')}")
            text = ""
        else:
            if not text:
                problems.append(f"{secret}{FILE}: {path!r} is empty")
        given[secret] = text or "-"
    return problems


@dataclass(frozen=True, slots=True)
class _Variable:
    field: str
    parse: Callable[[str], Any]
    needs: str
    required: bool = False
    secret: bool = False
    """Whether a wrong value may not be repeated: it may be a right one somewhere else."""


_GROUPS = {
    "OIDC_ISSUER": (("OIDC_",), ("OIDC_CLIENT_ID",)),
    "PUSH_CONTACT": (("PUSH_",), ()),
    "LINE_CHANNEL_SECRET": (("LINE_",), ("LINE_CHANNEL_ACCESS_TOKEN", "LINE_BASIC_ID")),
    "SMTP_HOST": (("SMTP_", "MAIL_", "ALERT_"), ("MAIL_FROM",)),
}
"""The variable that switches a group on: how the others of the group begin, and which of them it needs."""


def _missing_partners(given: Mapping[str, str]) -> list[str]:
    """What else the variables of a group need to be of use."""
    problems = []
    for name, (beginnings, needed) in _GROUPS.items():
        first = PREFIX + name
        if first in given:
            missing = [PREFIX + other for other in needed if PREFIX + other not in given]
            problems += [f"{other}: is not set; {first} needs it" for other in missing]
        else:
            begin = tuple(PREFIX + beginning for beginning in beginnings)
            others = [other for other in _VARIABLES if other in given and other.startswith(begin)]
            problems += [f"{other}: is of no use without {first}" for other in others]
    user, password = PREFIX + "SMTP_USER", PREFIX + "SMTP_PASSWORD"
    if (user in given) != (password in given):
        problems.append(f"{user} and {password}: are of use only together")
    return problems


def _switch(text: str) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise ValueError
    return text.lower() in _TRUE


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return parse


def _local_minute(text: str) -> str:
    local_minute(text)
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _issuer(text: str) -> str:
    """An address over https; without only on this machine, where nothing can be overheard."""
    parts = urlsplit(text)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not (parts.scheme == "https" or here) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text


def _api_base(text: str) -> str:
    return _issuer(text).rstrip("/")


def _visible(text: str) -> str:
    """A key as it is handed out: no blanks, no line breaks, which often come along when it is copied."""
    if not re.fullmatch(r"[!-~]{16,}", text):
        raise ValueError
    return text


def _basic_id(text: str) -> str:
    if not re.fullmatch(r"@[A-Za-z0-9._-]{3,30}", text):
        raise ValueError
    return text


def _contact(text: str) -> str:
    """What RFC 8292 allows as the contact: a mail address, or a page over https."""
    if not re.fullmatch(r"mailto:[^\s@]+@[\w-]+(\.[\w-]+)+|https://[\w-]+(\.[\w-]+)+", text):
        raise ValueError
    return text


def _hosts(text: str) -> str:
    hosts = [host.strip().lower() for host in text.split(",")]
    if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", host) for host in hosts):
        raise ValueError
    return ",".join(hosts)


def _sender(text: str) -> str:
    if not re.fullmatch(r"([^<>\x00-\x1f]*<)?[^\s<>@]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*>?", text):
        raise ValueError
    if ("<" in text) != text.endswith(">"):
        raise ValueError
    return text


def _addresses(text: str) -> str:
    addresses = [address.strip() for address in text.split(",")]
    if not all(re.fullmatch(r"[^\s<>@,]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", address) for address in addresses):
        raise ValueError
    return ",".join(addresses)


@lru_cache(maxsize=8)
def _networks(text: str) -> tuple[Network, ...]:
    if text == NO_PROXY:
        return ()
    return tuple(ipaddress.ip_network(each.strip()) for each in text.split(","))


def _proxies(text: str) -> str:
    _networks(text)
    return text


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError
    return text.lower()


_SWITCH = "1 or 0"
_VARIABLES = {
    PREFIX + "DATA": _Variable("data_dir", Path, "the folder for the data", required=True),
    PREFIX + "PROFILE": _Variable("profile", str, "the name or the file of a city profile", required=True),
    PREFIX + "HOST": _Variable("host", str, "an address to listen on"),
    PREFIX + "PORT": _Variable("port", _between(0, 65_535), "a port from 0 to 65535"),
    PREFIX + "CLOCK": _Variable("clock", _local_minute, "a local minute (JST) such as 2026-11-24T09:00"),
    PREFIX + "WORKER": _Variable("worker", WorkerKind, " or ".join(WorkerKind)),
    PREFIX + "OPEN_KIOSK": _Variable("open_kiosk", _switch, _SWITCH),
    PREFIX + "SECURE_COOKIES": _Variable("secure_cookies", _switch, _SWITCH),
    PREFIX + "TRUSTED_PROXIES": _Variable(
        "trusted_proxies", _proxies, f"addresses or networks separated by commas, or {NO_PROXY}"
    ),
    PREFIX + "RATE_LIMITS": _Variable("rate_limits", _switch, _SWITCH),
    PREFIX + "LOG_LEVEL": _Variable("log_level", _log_level, "one of " + ", ".join(LOG_LEVELS)),
    PREFIX + "MAKE_VOICE": _Variable("make_voice", _switch, _SWITCH),
    PREFIX + "PUBLIC_URL": _Variable("public_url", _public_url, "an address such as https://queue.example.jp"),
    PREFIX + "SESSION_HOURS": _Variable("session_hours", _between(1, 168), "hours from 1 to 168"),
    PREFIX + "IDLE_MINUTES": _Variable("idle_minutes", _between(5, 1_440), "minutes from 5 to 1440"),
    PREFIX + "PUSH_CONTACT": _Variable(
        "push_contact", _contact, "mailto: and an address, or https:// and a host; it switches Web Push on"
    ),
    PREFIX + "PUSH_SERVICES": _Variable("push_services", _hosts, "names of hosts, separated by commas"),
    PREFIX + "SMTP_HOST": _Variable("smtp_host", str, "the name of the mail server; it switches mail on"),
    PREFIX + "SMTP_PORT": _Variable("smtp_port", _between(1, 65_535), "a port from 1 to 65535"),
    PREFIX + "SMTP_SECURITY": _Variable("smtp_security", MailSecurity, " or ".join(MailSecurity)),
    PREFIX + "SMTP_USER": _Variable("smtp_user", str, "the name that the mail server knows"),
    PREFIX + "SMTP_PASSWORD": _Variable("smtp_password", str, "what proves that name"),
    PREFIX + "MAIL_FROM": _Variable("mail_from", _sender, "an address such as 市民課 <queue@city.example.jp>"),
    PREFIX + "ALERT_MAIL": _Variable("alert_mail", _addresses, "mail addresses, separated by commas"),
    PREFIX + "LINE_CHANNEL_SECRET": _Variable(
        "line_channel_secret", _visible, "the channel secret of a Messaging API channel", secret=True
    ),
    PREFIX + "LINE_CHANNEL_ACCESS_TOKEN": _Variable(
        "line_channel_access_token", _visible, "a channel access token of that channel", secret=True
    ),
    PREFIX + "LINE_BASIC_ID": _Variable("line_basic_id", _basic_id, "the account's basic id, such as @123abcde"),
    PREFIX + "LINE_API_BASE": _Variable("line_api_base", _api_base, "an https address"),
    PREFIX + "OIDC_ISSUER": _Variable(
        "oidc_issuer", _issuer, "an https address, the issuer of the identity provider"
    ),
    PREFIX + "OIDC_CLIENT_ID": _Variable("oidc_client_id", str, "the name of this server at the identity provider"),
    PREFIX + "OIDC_CLIENT_SECRET": _Variable("oidc_client_secret", str, "what proves the name"),
    PREFIX + "OIDC_CLAIM": _Variable("oidc_claim", str, "a claim such as preferred_username"),
    PREFIX + "OIDC_LABEL": _Variable("oidc_label", str, "the words on the button"),
}
