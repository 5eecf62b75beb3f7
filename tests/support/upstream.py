"""A small HTTP server behind a proxy: it counts what reaches it and answers as a test says."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FRESH = {"Cache-Control": "public, max-age=1, stale-while-revalidate=1, stale-if-error=15"}


@dataclass
class Upstream:
    """What was asked for, and what is answered: `headers` to every question, once the `gate` is open."""

    port: int = 0
    asked: "Counter[str]" = field(default_factory=Counter)
    seen: "list[dict[str, str]]" = field(default_factory=list)
    """The headers of each question."""
    headers: dict[str, str] = field(default_factory=lambda: dict(FRESH))
    gate: threading.Event = field(default_factory=threading.Event)
    status: int = 200


@contextmanager
def upstream() -> Iterator[Upstream]:
    """A server that answers each question with how often the path was asked for."""
    state = Upstream()
    state.gate.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked[self.path] += 1
            state.seen.append({name.lower(): value for name, value in self.headers.items()})
            state.gate.wait(timeout=20)
            body = f"{self.path} {state.asked[self.path]}".encode()
            self.send_response(state.status)
            for name, value in (state.headers if state.status == 200 else {"Cache-Control": "no-store"}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Listener(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

    server = Listener(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
