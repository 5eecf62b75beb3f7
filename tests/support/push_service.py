"""A push service and the browser behind it, a process of its own: takes messages, checks the sender, decrypts them.

The path says what it answers: /push/410/... is gone, /push/503-once/... fails the first time.
"""

import base64
import json
import subprocess
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

AUTH = b"sixteen bytes ok"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class PushService:
    """The process, and what is asked of it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.push_service"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self.port: int = said["port"]
        self.keys: dict[str, str] = said["keys"]
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)

    def endpoint(self, name: str, answer: str = "201") -> str:
        return f"http://127.0.0.1:{self.port}/push/{answer}/{name}"

    def wish(self, name: str = "phone", answer: str = "201", **more: Any) -> dict[str, Any]:
        """What a page sends to be told here."""
        near = {"unit": "people", "value": 3}
        return {"endpoint": self.endpoint(name, answer), **self.keys, "near": near, **more}

    def received(self) -> list[dict[str, Any]]:
        """Every message so far, decrypted, oldest first."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/received", trust_env=False)
        found: list[dict[str, Any]] = answer.json()
        return found

    def told(self) -> list[tuple[str, str]]:
        """What was delivered: (name of the phone, kind)."""
        return [(each["name"], each["content"]["kind"]) for each in self.received() if each["status"] == 201]


def main() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    received: list[dict[str, Any]] = []
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            _, wanted, name = urlsplit(self.path).path.strip("/").split("/")
            asked[self.path] += 1
            once = wanted.endswith("-once")
            status = 201 if once and asked[self.path] > 1 else int(wanted.removesuffix("-once"))
            plain = http_ece.decrypt(body, private_key=private, auth_secret=AUTH, version="aes128gcm")
            claims = json.loads(_payload_of(self.headers["Authorization"]))
            received.append(
                {
                    "name": name,
                    "status": status,
                    "content": json.loads(plain),
                    "claims": claims,
                    "proven": Vapid02.verify(self.headers["Authorization"]),
                    "key": self.headers["Authorization"].rpartition("k=")[2],
                    "headers": {each.lower(): value for each, value in self.headers.items()},
                }
            )
            self.answer(status, b"", {"Location": self.path.replace(wanted, "201")} if status == 307 else {})

        def do_GET(self) -> None:
            self.answer(200, json.dumps(received).encode(), {})

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    keys = {"p256dh": base64url(point), "auth": base64url(AUTH)}
    print(json.dumps({"port": server.server_port, "keys": keys}), flush=True)
    server.serve_forever()


def _payload_of(authorization: str) -> bytes:
    token = authorization.partition("t=")[2].partition(",")[0]
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


if __name__ == "__main__":
    main()
