"""The kiosk computer's own program, as a process and inside a test, and the server that it talks to."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from kiosk.local.app import Languages, create_local_app
from kiosk.local.program import LocalSettings, Program
from kiosk.local.remote import Address
from kiosk.local.setup import PrinterChoice
from queue_server.domain.roles import Role
from queue_server.web.languages import html_lang, select_locale
from tests.support.apps import TEMPLATES, city_of
from tests.support.cable import Cable, Line
from tests.support.server import START_SECONDS, free_port
from tests.support.waiting import wait_until


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[int]:
    """An application on a real socket of this process; yields its port."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@dataclass
class KioskComputer:
    """One `queue-server kiosk` on a folder of its own; it may be killed and started again on the same port."""

    server_url: str
    site: str
    data: Path
    token: str = field(repr=False)
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def launch(self) -> None:
        """Start the process, with everything it says going to the log."""
        command = [sys.executable, "-m", "queue_server.cli", "kiosk", "--server", self.server_url]
        command += ["--site", self.site, "--data", str(self.data), "--port", str(self.port), *self.options]
        environment = {**os.environ, "QUEUE_SERVER_KIOSK_TOKEN": self.token}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)

    def wait_until_up(self) -> None:
        """Wait until it answers, with a board or with the word that it has none yet."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the kiosk ended:\n{self.log.read_text()}")
            try:
                httpx.get(f"{self.url}/api/sites/{self.site}/board", trust_env=False, timeout=2)
            except httpx.HTTPError:
                time.sleep(0.03)
            else:
                return
        raise AssertionError(f"the kiosk did not answer:\n{self.log.read_text()}")

    def wait_until_set_up(self) -> None:
        """Wait until it has heard of its hall; before, its page says that it is not ready, and asks again."""
        wait_until(self._is_set_up, self.log.read_text, START_SECONDS)

    def _is_set_up(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/api/sites/{self.site}/board", trust_env=False, timeout=10)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def start(self) -> None:
        """Start the process and return when it answers."""
        self.launch()
        self.wait_until_up()

    def kill(self) -> None:
        """kill -9 of the whole process group, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=60)

    def client(self) -> httpx.Client:
        """What the browser of this computer is to its program."""
        return httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=30, trust_env=False)


def issue(client: httpx.Client, site: str, service: str, key: str | None = None) -> httpx.Response:
    """Touch the button of a service."""
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(f"/api/sites/{site}/tickets", json={"service": service}, headers=headers)


class Alone:
    """The kiosk's program in this process, without its thread: a test makes each round of its link itself."""

    def __init__(
        self, cable: Cable, site: str, token: str, data: Path, port: int, printer: str | None = None
    ) -> None:
        self.cable = cable
        self.site = site
        self.settings = LocalSettings(Address(cable.url, site, token), data, port, PrinterChoice(printer))
        self._open()

    def _open(self) -> None:
        self.program = Program(self.settings)
        self.app = create_local_app(self.program, Languages(select_locale, html_lang))
        self.app.jinja_env.bytecode_cache = TEMPLATES

    def restart(self) -> None:
        """End the program as a kill does for its memory, and begin again on the same folder."""
        self.program.close()
        self._open()

    def round(self) -> bool:
        """One round of the link; whether the server answers."""
        self.program.link.round()
        return not self.program.hall.away

    def lose_the_server(self) -> None:
        """Pull the cable, and let the link notice."""
        self.cable.set(Line.CUT)
        assert not self.round()

    def find_the_server(self) -> None:
        """Mend the cable, and let the link notice."""
        self.cable.set(Line.THROUGH)
        assert self.round()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.settings.port}"

    def get(self, path: str, **headers: str) -> TestResponse:
        """What the page asks for."""
        return self.app.test_client().get(path, headers={"Host": self.host, **headers})

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """What the page commands."""
        given = {"Host": self.host, "Origin": f"http://{self.host}", **headers}
        # The application's own JSON writes no half characters, which a request can bring.
        return self.app.test_client().post(
            path, data=json.dumps(body), content_type="application/json", headers=given
        )

    def issue(self, service: str = "mynumber", key: str | None = None, **headers: str) -> TestResponse:
        """Touch the button of a service."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), **headers}
        return self.post(f"/api/sites/{self.site}/tickets", {"service": service}, **headers)

    def board(self) -> dict[str, Any]:
        """The board that the page shows."""
        board: dict[str, Any] = self.get(f"/api/sites/{self.site}/board").get_json()
        return board

    def service(self, service: str = "mynumber") -> dict[str, Any]:
        """One service of the board that the page shows."""
        return next(each for part in self.board()["categories"] for each in part["services"] if each["id"] == service)


@contextmanager
def alone_beside(
    app: Flask, site: str, data: Path, name: str = "kiosk-1", printer: str | None = None
) -> Iterator[Alone]:
    """The kiosk's program, with a cable to the server of this application."""
    token = city_of(app).accounts.create_device(name, Role.KIOSK, actor="operator:test")
    with served(app) as port, Cable(port) as cable:
        alone = Alone(cable, site, token, data, 8080, printer)
        try:
            yield alone
        finally:
            alone.program.close()
