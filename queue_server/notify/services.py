"""Which push services this server talks to. The address comes from a holder's browser, so it is not trusted."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


class UnknownPushService(Exception):  # noqa: N818 - an answer, not a failure
    """The endpoint does not belong to a push service that this server talks to."""


@dataclass(frozen=True, slots=True)
class PushServices:
    """The hosts of the services, each with all below it."""

    hosts: Sequence[str] = ()

    def require(self, endpoint: str) -> None:
        """Raise UnknownPushService for an endpoint elsewhere, or one that is not on https and its own port.

        An address of this machine may do without; it too has to be named in the settings.
        """
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise UnknownPushService from error
        named = any(host == known or host.endswith(f".{known}") for known in self.hosts)
        safe = parts.scheme == "https" and port in (None, 443)
        if not named or "@" in parts.netloc or not (safe or (parts.scheme == "http" and _is_this_machine(host))):
            raise UnknownPushService


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
