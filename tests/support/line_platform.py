"""LINE as far as a server meets it, a process of its own: the Messaging API that checks what it is sent, and the
signed webhook of what people write.

What it answers next is told it by `answer`; 0 means that it takes a request and never answers.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import httpx

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "a-long-lived-channel-access-token/of=the+city"
BASIC_ID = "@123abcde"
HANAKO = "U" + "a1" * 16
TARO = "U" + "b2" * 16


class LinePlatform:
    """The process, what is asked of it, and what its people do."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.line_platform"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a server whose account this is."""
        return {
            "QUEUE_SERVER_LINE_CHANNEL_SECRET": SECRET,
            "QUEUE_SERVER_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "QUEUE_SERVER_LINE_BASIC_ID": BASIC_ID,
            "QUEUE_SERVER_LINE_API_BASE": self.url,
        }

    def answer(self, *statuses: int) -> None:
        """How the next requests are answered; after them everything is right again."""
        httpx.post(f"{self.url}/answer", json=statuses, trust_env=False).raise_for_status()

    def received(self, way: str) -> list[dict[str, Any]]:
        """The requests so far: `push` or `reply`, each with the status it was answered."""
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/received", trust_env=False).json()
        return [each for each in found if each["way"] == way]

    def told(self, way: str = "push") -> list[tuple[str, str]]:
        """What people read: (to whom, or the reply token; the text)."""
        taken = [each["body"] for each in self.received(way) if each["status"] == 200]
        return [(each.get("to") or each["replyToken"], each["messages"][0]["text"]) for each in taken]


def signature(body: bytes, secret: str = SECRET) -> str:
    """What LINE writes into x-line-signature."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def webhook(*events: dict[str, Any]) -> bytes:
    """The body of a webhook with these events."""
    return json.dumps({"destination": "U" + "00" * 16, "events": list(events)}, ensure_ascii=False).encode()


def event(kind: str, user: str = HANAKO, **more: Any) -> dict[str, Any]:
    """An event with everything that LINE says beside it."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1_795_478_400_000,
        "source": {"type": "user", "userId": user},
        "webhookEventId": "01H0000000000000000000000A",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def message(text: str, user: str = HANAKO, reply_token: str = "reply-1") -> dict[str, Any]:
    """Somebody writes to the account."""
    said = {"id": "444573844083572737", "type": "text", "quoteToken": "q3Plxr4AgKd", "text": text}
    return event("message", user, replyToken=reply_token, message=said)


def problem_of(way: str, headers: Any, body: Any) -> str | None:
    """What the Messaging API would not take."""
    if headers["Authorization"] != f"Bearer {TOKEN}":
        return "Authentication failed"
    if headers["Content-Type"] != "application/json":
        return "not JSON"
    expected = {"to", "messages"} if way == "push" else {"replyToken", "messages"}
    if set(body) != expected or not all(set(each) == {"type", "text"} for each in body["messages"]):
        return "unknown fields"
    if way == "push" and str(uuid.UUID(headers["X-Line-Retry-Key"])) != headers["X-Line-Retry-Key"]:
        return "no retry key"
    if way == "reply" and "X-Line-Retry-Key" in headers:
        return "a reply has no retry key"
    return None


def main() -> None:
    received: list[dict[str, Any]] = []
    planned: list[int] = []
    taken: set[str] = set()
    never = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/answer":
                planned[:] = body
                self.answer(200, {})
                return
            way = self.path.removeprefix("/v2/bot/message/")
            problem = problem_of(way, self.headers, body) if way in ("push", "reply") else "no such address"
            key = self.headers.get("X-Line-Retry-Key", "")
            status = 400 if problem else planned.pop(0) if planned else 409 if key in taken else 200
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.append({"way": way, "status": status, "body": body, "headers": headers, "problem": problem})
            if status in (0, 200) and way == "push":
                # Without an answer it was taken all the same: that is what the key is for.
                taken.add(key)
            if status == 0:
                never.wait(30)
                return
            self.answer(status, {"message": problem} if problem else {})

        def do_GET(self) -> None:
            self.answer(200, received)

        def answer(self, status: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
