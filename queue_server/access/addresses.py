"""Where a request comes from, seen through the proxies that the settings trust, and no others."""

import ipaddress
from functools import lru_cache

from flask import request

from queue_server.context import current_settings
from queue_server.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
"""Each says that a proxy is in between; one of them is always there behind nginx as deploy/ has it."""


def client_address() -> str:
    """The peer, or whom a trusted proxy names: the last address in X-Forwarded-For that is not such a proxy itself.

    Of IPv6 the network of a household alone (/64), since one device has as many addresses as it likes.
    """
    environ = request.environ
    return _named(
        environ.get("REMOTE_ADDR"), environ.get("HTTP_X_FORWARDED_FOR", ""), current_settings().proxy_networks
    )


def from_trusted_proxy() -> bool:
    """Whether the peer is a proxy whose headers are believed."""
    return _is_proxy(request.environ.get("REMOTE_ADDR"), current_settings().proxy_networks)


def from_this_machine() -> bool:
    """Whether a program on this machine asks by itself, with no proxy in between."""
    peer = _parse(request.remote_addr)
    return peer is not None and peer.is_loopback and not any(name in request.headers for name in FORWARDED)


@lru_cache(maxsize=4_096)
def _named(peer_text: str | None, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """Asked with every request, mostly of the same phones."""
    peer = _parse(peer_text)
    if peer is None or _trusted(peer, proxies):
        for address in reversed([_parse(each) for each in forwarded.split(",")]):
            if address is None:
                # What stands before a word that is no address was written by nobody we know.
                break
            peer = address
            if not _trusted(address, proxies):
                break
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, 64), strict=False))
    return str(peer)


@lru_cache(maxsize=4_096)
def _is_proxy(peer_text: str | None, proxies: tuple[Network, ...]) -> bool:
    peer = _parse(peer_text)
    return peer is None or _trusted(peer, proxies)


def _trusted(address: Address, proxies: tuple[Network, ...]) -> bool:
    return any(address in network for network in proxies)


def _parse(text: str | None) -> Address | None:
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None
    # What a socket that takes both says of IPv4.
    return getattr(address, "ipv4_mapped", None) or address
