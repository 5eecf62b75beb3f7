"""Many clients in one loop over raw sockets, so that the measuring costs little beside the measured.

Each client sends its next request when it has read its last answer whole: status, headers, body to its stated length.
"""

import json
import selectors
import socket
import time
from dataclasses import dataclass
from typing import Any

PATIENCE_SECONDS = 20.0
END_OF_HEAD = b"\r\n\r\n"


@dataclass(slots=True)
class Timed:
    """One answer: what it was asked for, how long it took, and what it said."""

    seconds: float
    status: int
    body: bytes

    def json(self) -> Any:
        """The body, which has to be JSON."""
        return json.loads(self.body)


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._began = 0.0

    def send(self, request: bytes) -> None:
        """Begin to ask."""
        self._began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Timed | None:
        """What has arrived; None while the answer is not whole."""
        arrived = self.socket.recv(65_536)
        if not arrived:
            raise AssertionError("the server closed a connection that is kept")
        self._buffer += arrived
        head, found, body = self._buffer.partition(END_OF_HEAD)
        if not found:
            return None
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        length = 0 if status in (204, 304) else int(headers["content-length"])
        if len(body) < length:
            return None
        assert len(body) == length, "an answer longer than it says"
        self._buffer = b""
        return Timed(time.perf_counter() - self._began, status, body)


class Clients:
    """So many connections to one server."""

    def __init__(self, port: int, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._clients = [Client(port) for _ in range(count)]
        for client in self._clients:
            self._selector.register(client.socket, selectors.EVENT_READ, client)

    def ask(self, requests: list[bytes]) -> tuple[float, list[Timed]]:
        """Have every request answered, whoever is free asking the next one: the seconds it took, and the answers."""
        waiting = list(reversed(requests))
        answers: list[Timed] = []
        began = time.perf_counter()
        for client in self._clients[: len(waiting)]:
            client.send(waiting.pop())
        while len(answers) < len(requests):
            ready = self._selector.select(PATIENCE_SECONDS)
            assert ready, "the server does not answer"
            for key, _ in ready:
                free: Client = key.data
                answer = free.receive()
                if answer is None:
                    continue
                answers.append(answer)
                if waiting:
                    free.send(waiting.pop())
        return time.perf_counter() - began, answers

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for client in self._clients:
            client.socket.close()


def post(path: str, token: str, body: dict[str, Any], key: str) -> bytes:
    """A command as it travels."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
