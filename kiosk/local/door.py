"""Who may use the kiosk computer's pages: the browser of this computer, on pages that this program gave it.

The program listens on loopback alone. What is left is a page of another host in the same browser: it may neither
send commands here (Origin) nor read anything under a name that it points to this address (Host).
"""

from flask import Flask, request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Foreign(Exception):  # noqa: N818 - an answer, not a failure
    """The request does not come from a page of this program."""


def install(app: Flask, port: int) -> None:
    """Put the door before every view."""
    hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
    origins = frozenset(f"http://{host}" for host in hosts)

    def enforce() -> None:
        if request.headers.get("Host") not in hosts:
            raise Foreign
        if request.method in SAFE_METHODS:
            return
        if request.headers.get("Origin") not in origins:
            raise Foreign
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Foreign

    app.before_request(enforce)
