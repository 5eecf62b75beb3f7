"""A printer of slips as a real TCP peer: reads ESC/POS by length, draws what it would print, answers for its paper.

It runs as a process of its own (`python -m tests.support.printer`): its first line says the port. What it is told on
its standard input, one word a line, is how it is from then on; `slips` answers how many came out, `save PATH` writes
the last one.
"""

import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from PIL import Image

ESC, GS, DLE, LF = 0x1B, 0x1D, 0x10, 0x0A
ANSWERS = {
    "ready": (0x12, 0x12, 0x12, 0x00),
    "paper_low": (0x12, 0x12, 0x1E, 0x03),
    "paper_out": (0x1A, 0x32, 0x72, 0x0C),
    "cover_open": (0x1A, 0x16, 0x12, 0x00),
    "error": (0x1A, 0x52, 0x12, 0x00),
}
"""By state: what DLE EOT 1, 2 and 4 answer, and GS r 1."""


class NotEscpos(Exception):  # noqa: N818 - what the bytes are
    """Bytes that no slip printer understands."""


@dataclass
class Peer:
    """How the printer is, and what it printed; shared by its connections."""

    state: str = "ready"
    after: str = ""
    """The state that begins with the next slip, when that is cut."""
    cut_at: int = 0
    """The line is dropped after so many bytes of a raster; 0 for never."""
    deaf: bool = False
    slips: list[Image.Image] = field(default_factory=list)
    asked_inside: int = 0
    """Status questions that came in the middle of a slip."""


class Connection(threading.Thread):
    """One connection: a job, or a question."""

    def __init__(self, peer: Peer, line: socket.socket) -> None:
        super().__init__(daemon=True)
        self._peer, self._line, self._strips = peer, line, list[Image.Image]()

    def run(self) -> None:
        try:
            while True:
                self._command(self._byte())
        except (EOFError, OSError):
            self._line.close()

    def _command(self, first: int) -> None:
        if first == DLE:
            self._expect(0x04)
            return self._status(self._byte())
        if first == LF:
            return None
        second = self._byte()
        if (first, second) == (ESC, 0x40):
            self._strips = []
        elif (first, second) == (GS, 0x76):
            self._raster()
        elif (first, second) == (GS, 0x56):
            self._byte()
            self._cut()
        elif (first, second) == (GS, 0x72):
            self._byte()
            self._answer(ANSWERS[self._peer.state][3])
        elif (first, second) in ((ESC, 0x33), (ESC, 0x61), (ESC, 0x4A)):
            self._byte()
        elif (first, second) != (ESC, 0x32):
            raise NotEscpos(f"{first:02x} {second:02x}")
        return None

    def _status(self, which: int) -> None:
        self._peer.asked_inside += bool(self._strips)
        place = {1: 0, 2: 1, 4: 2}[which]
        self._answer(ANSWERS[self._peer.state][place])

    def _raster(self) -> None:
        self._expect(0x30)
        _mode, low, high, rows_low, rows_high = self._read(5)
        width, rows = low + 256 * high, rows_low + 256 * rows_high
        data = self._read(width * rows)
        ink = bytes(byte ^ 0xFF for byte in data)
        self._strips.append(Image.frombytes("1", (width * 8, rows), ink))

    def _cut(self) -> None:
        slip = Image.new("1", (self._strips[0].width, sum(strip.height for strip in self._strips)), 1)
        top = 0
        for strip in self._strips:
            slip.paste(strip, (0, top))
            top += strip.height
        self._strips = []
        self._peer.slips.append(slip)
        if self._peer.after:
            self._peer.state, self._peer.after = self._peer.after, ""

    def _answer(self, byte: int) -> None:
        if not self._peer.deaf:
            self._line.sendall(bytes([byte]))

    def _expect(self, byte: int) -> None:
        if (found := self._byte()) != byte:
            raise NotEscpos(f"{found:02x} in the place of {byte:02x}")

    def _byte(self) -> int:
        return self._read(1)[0]

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._line.recv(min(count - len(data), 65_536))
            if not more:
                raise EOFError
            data += more
            if self._peer.cut_at and count > self._peer.cut_at and len(data) >= self._peer.cut_at:
                self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                raise EOFError
        return data


def listen(peer: Peer) -> socket.socket:
    """Take connections on loopback, at a port of the system's choice."""
    door = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            line, _ = door.accept()
            Connection(peer, line).start()

    threading.Thread(target=accept, daemon=True).start()
    return door


def control(peer: Peer, words: str) -> str:
    """Do what a line of the control says; the answer is one line."""
    verb, _, rest = words.partition(" ")
    if verb == "slips":
        return str(len(peer.slips))
    if verb == "inside":
        return str(peer.asked_inside)
    if verb == "save":
        peer.slips[-1].save(rest)
        return "saved"
    if verb == "after":
        peer.after = rest
    elif verb == "cut":
        peer.cut_at = int(rest)
    elif verb == "deaf":
        peer.deaf = rest == "yes"
    else:
        peer.state = verb
    return "done"


def main() -> None:
    peer = Peer()
    door = listen(peer)
    print(door.getsockname()[1], flush=True)
    for line in sys.stdin:
        print(control(peer, line.strip()), flush=True)


class FakePrinter:
    """The printer's process, and its control."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.printer"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    @property
    def address(self) -> str:
        """As a profile writes it."""
        return f"tcp://127.0.0.1:{self.port}"

    def tell(self, words: str) -> str:
        """Say one line, and wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        return self._line()

    @property
    def slips(self) -> int:
        """How many slips came out whole."""
        return int(self.tell("slips"))

    def last(self, folder: Path) -> Image.Image:
        """The slip that came out last."""
        self.tell(f"save {folder / 'slip.png'}")
        return Image.open(folder / "slip.png")

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        """Switch it off."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.end()


if __name__ == "__main__":
    main()
