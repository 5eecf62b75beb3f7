"""Identity providers: a certified one in a process of its own, and one that does what no provider should."""

import base64
import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CALLBACK = "http://localhost/desk/sign-in/provider/callback"
CLIENT, SECRET, PUBLIC_CLIENT = "hall", "hall-secret-of-the-tests", "hall-public"
SCRIPT = Path(__file__).with_name("oidc_provider.mjs")


class Provider:
    """A running provider, and what a person does at it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def sign_in(self, address: str, login: str) -> str:
        """Follow the address that the hall sent the browser to, sign in there, and say where the browser is sent."""
        with _browser() as browser:
            page = self._follow(browser, browser.get(address))
            form = {"prompt": "login", "login": login, "password": "any"}
            action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
            assert action, page.text
            return self._end(browser, browser.post(urljoin(str(page.url), action[1]), data=form))

    def give_up(self, address: str) -> str:
        """Follow the address, press the provider's own way out, and say where the browser is sent."""
        with _browser() as browser:
            page = self._follow(browser, browser.get(address))
            abort = re.search(r'href="([^"]+/abort)"', page.text)
            assert abort, page.text
            return self._end(browser, browser.get(urljoin(str(page.url), abort[1])))

    def _follow(self, browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            answer = browser.get(urljoin(str(answer.url), answer.headers["Location"]))
        assert answer.status_code == 200, answer.text
        return answer

    def _end(self, browser: httpx.Client, answer: httpx.Response) -> str:
        """Follow the redirects until one leaves the provider."""
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["Location"])
            if not address.startswith(self.issuer):
                return address
            answer = browser.get(address)
        raise AssertionError(f"the provider kept the browser: {answer.text}")


@contextmanager
def running_provider(*callbacks: str) -> Iterator[Provider]:
    """The certified provider, on loopback; `callbacks` are the addresses that it may send a browser back to."""
    process = subprocess.Popen(
        ["node", str(SCRIPT), *callbacks], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer, "the provider did not start; `make setup` brings it"
        yield Provider(issuer)
    finally:
        process.terminate()
        process.communicate(timeout=10)


class CrookedProvider:
    """A provider over HTTP whose every answer a test may spoil: `metadata`, `claims`, `token`, `answers`."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.do_right()

    def do_right(self) -> None:
        """Spoil nothing, until a test says so."""
        self.key = self._key
        self.signing_key: RSAKey | OctKey = self.key
        self.algorithm, self.kid = "RS256", "one"
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.token: dict[str, Any] = {"access_token": "access", "token_type": "Bearer"}
        self.userinfo: dict[str, Any] = {"sub": "employee-1"}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.silent_at = ""
        self.go_on = threading.Event()

    def callback(self, address: str) -> str:
        """Where a browser is sent back to when it comes with the address that the hall gave it."""
        query = parse_qs(urlsplit(address).query)
        self.nonce = query["nonce"][0]
        return f"{CALLBACK}?code=code&state={query['state'][0]}"

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if path == self.silent_at:
            self.go_on.wait(timeout=30)
        if path in self.answers:
            return self.answers[path]
        found: Any = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": KeySet([self.key]).as_dict(private=False),
            "/me": self.userinfo,
        }.get(path)
        return 200, json.dumps(found if found is not None else {**self._id_token(), **self.token}).encode()

    def _id_token(self) -> dict[str, str]:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "employee-1",
            "preferred_username": "sato",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": self.kid}
        if self.algorithm == "none":
            parts = (
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
            )
            return {"id_token": ".".join(parts) + "."}
        return {"id_token": jwt.encode(header, claims, self.signing_key, algorithms=[self.algorithm])}


@contextmanager
def crooked_provider() -> Iterator[CrookedProvider]:
    """A provider that a test may spoil, on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = provider.answer(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asked was tired of waiting."""

    with Server(("127.0.0.1", 0), Handler) as server:
        provider = CrookedProvider(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            provider.go_on.set()
            server.shutdown()
            thread.join()


def _browser() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=10)
