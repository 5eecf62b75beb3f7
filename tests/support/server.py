"""A real server: gunicorn with the coroutine worker, started by the project's own command, on loopback."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from click.testing import CliRunner

from queue_server.cli import main
from queue_server.cli.serving import gunicorn_configuration
from queue_server.domain.roles import Role

START_SECONDS = 60
SITE = "honchosha"
OPEN_HOUR = "2026-11-24T09:15"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """One server process on a data directory; it may be killed and started again on the same port."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    @property
    def command(self) -> list[str]:
        return ["-m", "queue_server.cli", "serve"]

    @property
    def worker(self) -> int:
        """The process that serves, under gunicorn's own."""
        assert self.process is not None
        return _children(self.process.pid)[0]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and return when it answers."""
        self.launch()
        self.wait_until_up()

    def launch(self) -> None:
        """Start the process, with everything it says going to the log."""
        defaults = {
            "QUEUE_SERVER_DATA": str(self.data),
            "QUEUE_SERVER_PROFILE": "atsugi",
            "QUEUE_SERVER_PORT": str(self.port),
            "QUEUE_SERVER_CLOCK": OPEN_HOUR,
            "QUEUE_SERVER_LOG_LEVEL": "info",
            # Speech is computed in the tests of the voice alone.
            "QUEUE_SERVER_MAKE_VOICE": "0",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env={**os.environ, **defaults, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_up(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended:\n{self.log.read_text()}")
            try:
                httpx.get(f"{self.url}/api/sites", trust_env=False, timeout=2).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"the server did not answer:\n{self.log.read_text()}")

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """kill -9 of the whole process group, as a power cut would: nobody gets to say goodbye."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)

    def token(self, role: Role, name: str = "test") -> str:
        """A device token made by the command line's own code."""
        return printed("token", "--role", role.value, "--name", name, "--data", str(self.data)).split()[-1]

    def add_user(self, name: str, role: Role = Role.CLERK) -> str:
        """A person's password, made by the command line's own code."""
        options = ["--name", name, "--role", role.value, "--generate", "--data", str(self.data)]
        return printed("user", "add", *options).split()[-1]

    def client(self, role: Role | None = None) -> httpx.Client:
        """An HTTP client, with a device token of that role."""
        headers = {"Authorization": f"Bearer {self.token(role)}"} if role else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)


class OddServer(Server):
    """A server under the circumstances of tests/support/odd_app.py."""

    @property
    def command(self) -> list[str]:
        return ["-m", "gunicorn", "--config", str(gunicorn_configuration()), "tests.support.odd_app:serve()"]


def printed(*arguments: str) -> str:
    """What a command prints, run in this process: a test that needs a token need not wait for another Python."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def run_cli(*arguments: str, status: int = 0) -> str:
    """What queue-server prints; fails unless it ends with that status."""
    done = subprocess.run(
        [sys.executable, "-m", "queue_server.cli", *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def limit_file_size(process: "subprocess.Popen[bytes]", size: int) -> None:
    """Let no file of the server grow beyond `size` bytes: SQLite meets what a full disk gives it."""
    for pid in [process.pid, *_children(process.pid)]:
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
