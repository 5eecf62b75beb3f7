"""Board reads a second, with and without the ETag that the reader has already."""

import http.client
import time

from tests.support.server import SITE, Server

SECONDS = 2.0


def board_reads(server: Server) -> tuple[float, float]:
    """Reads a second over one kept connection: plain, and answered 304."""
    path = f"/api/sites/{SITE}/board"
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    plain = _reads(connection, path, {})
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    etag = response.headers["ETag"]
    unchanged = _reads(connection, path, {"If-None-Match": etag})
    connection.close()
    return plain, unchanged


def _reads(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
        count += 1
    return count / SECONDS
