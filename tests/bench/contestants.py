"""The three servers of the fan-out's bench, and the clients they all get: the same bytes to the same readers."""

import re
import shutil
import struct
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from queue_server.domain.roles import Role
from queue_server.realtime.frames import News
from tests.bench.rounds import UNSLOWED
from tests.support.server import SITE, Server, free_port

HERE = Path(__file__).parent
PATIENCE_SECONDS = 60.0
SEQ = re.compile(rb'"seq":\d+')


class Contestant(Protocol):
    """A server with a board that can be changed."""

    port: int
    path: str
    socketio: bool
    pid: int

    def change(self) -> int:
        """Begin one change; returns the `seq` that its board will have."""


def compile_c(name: str, directory: Path) -> Path:
    """A program of this folder, compiled by the machine's own compiler."""
    compiler = shutil.which("cc")
    assert compiler, "a C compiler is missing: apt-get install gcc libc6-dev"
    program = directory / name
    if not program.exists():
        source = str(HERE / f"{name}.c")
        subprocess.run([compiler, "-O2", "-D_GNU_SOURCE", "-o", str(program), source], check=True)
    return program


@contextmanager
def running(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that serves until its standard input ends; it is in place when it has said one line."""
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"listening\n", words
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=PATIENCE_SECONDS)
        process.stdout.close()


class Clients:
    """COUNT websocket clients of one C process (clients.c); a context manager that begins when all are in."""

    def __init__(self, program: Path, port: int, count: int, path: str, *, socketio: bool) -> None:
        words = [str(program), str(port), str(count), path, "1" if socketio else "0"]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._lines = self._process.stdout
        self.closed = 0
        """How many the server has closed."""
        line = self._lines.readline()
        assert line == b"ready\n", f"the clients did not get in: {line!r}"

    def __enter__(self) -> "Clients":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self._lines.close()

    def arrivals(self) -> Iterator[tuple[int, int, int]]:
        """An entry's `seq` and when the first and the last client had a board with it in it, in order; then the next.

        Times are nanoseconds of CLOCK_MONOTONIC. Ends when the clients end.
        """
        for line in self._lines:
            if line == b"closed\n":
                self.closed += 1
            else:
                seq, first, last = map(int, line.split())
                yield seq, first, last

    def wait_for(self, seq: int) -> tuple[int, int]:
        """When the first and the last client had a board with that entry in it."""
        for found, first, last in self.arrivals():
            assert self.closed == 0, "a client was dropped"
            if found >= seq:
                return first, last
        raise AssertionError("the clients ended")

    def end(self) -> None:
        """Let the clients go."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(timeout=PATIENCE_SECONDS)


class Broadcaster:
    """The bare C server."""

    path, socketio = "/", False

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, body: bytes) -> None:
        self.port, self.pid, self._process, self._body, self._seq = port, process.pid, process, body, 10**6

    def change(self) -> int:
        """The board's own frame with another number in it."""
        self._seq += 1
        frame = News("board", SEQ.sub(b'"seq":%d' % self._seq, self._body, count=1)).frame
        return _say(self._process, struct.pack("!I", len(frame)) + frame, self._seq)


class Node:
    """Node's Socket.IO."""

    path, socketio = "/socket.io/?EIO=4&transport=websocket", True

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, body: bytes) -> None:
        self.port, self.pid, self._process, self._body, self._seq = port, process.pid, process, body, 10**6

    def change(self) -> int:
        """The board's own JSON with another number in it."""
        self._seq += 1
        return _say(self._process, SEQ.sub(b'"seq":%d' % self._seq, self._body, count=1) + b"\n", self._seq)


class Hall:
    """This project's server, whole: each change is a command over HTTP, made durable, drawn and framed."""

    path, socketio = f"/socket.io/?EIO=4&transport=websocket&site={SITE}", True

    def __init__(self, server: Server) -> None:
        assert server.process is not None
        self.port, self.pid = server.port, server.process.pid
        self._admin = server.client(Role.ADMIN)
        self._admin.post(f"/api/sites/{SITE}/counters/6/open")
        self._admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"})
        called = self._admin.post(f"/api/sites/{SITE}/counters/6/call-next", json={}).raise_for_status()
        self._ticket = called.json()["ticket"]["id"]
        self._seq = int(self._admin.get(f"/api/sites/{SITE}/board").json()["seq"])

    @property
    def body(self) -> bytes:
        return self._admin.get(f"/api/sites/{SITE}/board").content

    def change(self) -> int:
        """A number is called again."""
        self._seq += 1
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        self._admin.post(f"/api/tickets/{self._ticket}/recall", json={}, headers=headers).raise_for_status()
        return self._seq

    def close(self) -> None:
        self._admin.close()


@contextmanager
def contestants(directory: Path) -> Iterator[dict[str, Contestant]]:
    """All three at once, each idle while another one is measured."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(directory / "fanout", UNSLOWED))
        hall = Hall(server)
        stack.callback(hall.close)
        found: dict[str, Contestant] = {"this server": hall}
        body, port = hall.body, free_port()
        program = str(compile_c("broadcaster", directory))
        process = stack.enter_context(running(program, str(port)))
        found["bare C epoll"] = Broadcaster(process, port, body)
        port, node = free_port(), shutil.which("node")
        assert node, "Node.js is missing: apt-get install nodejs"
        process = stack.enter_context(running(node, str(HERE / "socketio_server.mjs"), str(port)))
        found["Node socket.io"] = Node(process, port, body)
        yield found


def cpu_seconds(pid: int) -> float:
    """What a process, its threads and its children have computed so far; dead children are not in it."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9 + sum(map(cpu_seconds, children(pid)))


def resident_kilobytes(pid: int) -> int:
    """The resident memory of a process and its children."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return own + sum(map(resident_kilobytes, children(pid)))


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _say(process: "subprocess.Popen[bytes]", data: bytes, seq: int) -> int:
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.flush()
    return seq
