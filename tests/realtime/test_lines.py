"""The way to one websocket that is slow: whole frames one after another, and of each event the newest."""

import socket
import time
from collections.abc import Callable, Iterator

import eventlet
import pytest
from engineio.server import Server as EngineServer
from engineio.socket import Socket
from eventlet.greenio import GreenSocket
from eventlet.websocket import RFC6455WebSocket

from queue_server.realtime import fanout
from queue_server.realtime.fanout import Line
from queue_server.realtime.frames import text_frame
from queue_server.realtime.pings import PING_FRAME

LARGE = text_frame(b"x" * 500_000)
"""Larger than what the kernel takes for a client that reads nothing."""
TURNS = 10_000


def go_on_until(holds: Callable[[], bool], pause: float = 0) -> None:
    """Let everybody else have turns until something holds, or for long enough."""
    for _ in range(TURNS):
        if holds():
            return
        eventlet.sleep(pause)


class Far:
    """The client's end: it reads what it is told to read."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        end.setblocking(False)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """So many bytes, while everybody else goes on."""
        for _ in range(TURNS):
            if len(self._rest) >= size:
                break
            try:
                self._rest += self._end.recv(size - len(self._rest))
            except BlockingIOError:
                eventlet.sleep(0)
        found, self._rest = self._rest[:size], self._rest[size:]
        assert len(found) == size, f"{len(found)} bytes came of {size}"
        return found

    def nothing_more(self) -> bool:
        """Whether nothing else comes, also after everybody had a turn."""
        for _ in range(10):
            eventlet.sleep(0)
        try:
            return not self._end.recv(1)
        except BlockingIOError:
            return True


@pytest.fixture
def cuts() -> list[str]:
    """Why a client was dropped."""
    return []


@pytest.fixture
def ends(cuts: list[str]) -> Iterator[tuple[Line, RFC6455WebSocket, Far]]:
    near, far = socket.socketpair()
    with near, far:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)
        websocket = RFC6455WebSocket(GreenSocket(near), {}, 13)
        line = Line(Socket(EngineServer(async_mode="eventlet"), "id"), websocket, cuts.append)
        line.settled = True
        yield line, websocket, Far(far)


def test_no_frame_is_begun_while_somebody_waits_to_begin_one(ends: tuple[Line, RFC6455WebSocket, Far]) -> None:
    """Whoever waits for the lock gets it a turn after it is released; a frame begun before would be cut in two."""
    line, websocket, far = ends
    line.acquire()
    eventlet.spawn(websocket.send, "2")
    eventlet.sleep(0)
    line.release()
    assert not line.free
    assert not line.at_once(LARGE), "and nothing was written of it"
    eventlet.sleep(0)
    assert line.free
    assert far.read(len(PING_FRAME)) == PING_FRAME
    assert line.at_once(LARGE)
    assert far.read(len(LARGE)) == LARGE
    assert far.nothing_more()


def test_who_gives_up_waiting_for_the_lock_is_in_nobodys_way(ends: tuple[Line, RFC6455WebSocket, Far]) -> None:
    line, websocket, far = ends
    line.acquire()
    waiting = eventlet.spawn(websocket.send, "2")
    eventlet.sleep(0)
    waiting.kill()
    line.release()
    assert line.at_once(PING_FRAME)
    assert far.read(len(PING_FRAME)) == PING_FRAME


def test_a_slow_client_gets_the_newest_of_each_event(ends: tuple[Line, RFC6455WebSocket, Far]) -> None:
    line, _, far = ends
    boards, desks = ([text_frame(f"{event} {n}".encode()) for n in range(3)] for event in ("board", "desk"))
    assert line.at_once(LARGE)
    assert not line.free, "only a part was taken"
    for board, desk in zip(boards, desks, strict=True):
        line.keep("board", board)
        line.keep("desk", desk)
    assert far.read(len(LARGE)) == LARGE
    assert far.read(len(boards[-1] + desks[-1])) == boards[-1] + desks[-1]
    assert far.nothing_more()
    assert line.free


def test_a_ping_that_is_not_taken_now_is_left_to_the_library_and_takes_no_boards_place(
    ends: tuple[Line, RFC6455WebSocket, Far],
) -> None:
    line, _, far = ends
    taken = 0
    while True:
        try:
            taken += line.send(b"x" * 1024)
        except BlockingIOError:
            break
    assert line.free
    assert not line.at_once(PING_FRAME)
    board = text_frame(b"board")
    line.not_taken("board", board, BlockingIOError())
    assert not line.at_once(PING_FRAME)
    assert far.read(taken + len(board))[taken:] == board
    assert far.nothing_more()


def test_a_broken_connection_is_left_to_its_reader(ends: tuple[Line, RFC6455WebSocket, Far]) -> None:
    line, websocket, _ = ends
    websocket.socket.fd.shutdown(socket.SHUT_RDWR)
    assert line.at_once(PING_FRAME), "nobody has to send it"
    line.not_taken("board", LARGE, BrokenPipeError())
    assert line.free


def test_who_reads_on_is_never_dropped_though_something_newer_always_waits(
    ends: tuple[Line, RFC6455WebSocket, Far], cuts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "LONGEST_LAG_SECONDS", 2.0)
    line, _, far = ends
    assert line.at_once(LARGE)
    over = time.monotonic() + 2 * fanout.LONGEST_LAG_SECONDS
    while time.monotonic() < over:
        line.keep("board", LARGE)
        assert far.read(len(LARGE)) == LARGE
        assert not line.free, "the next one is on its way"
    assert far.read(len(LARGE)) == LARGE
    assert far.nothing_more()
    assert cuts == []


def test_who_does_not_take_one_board_in_time_is_dropped_and_counted(
    ends: tuple[Line, RFC6455WebSocket, Far], cuts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "LONGEST_LAG_SECONDS", 0.1)
    line, _, _ = ends
    assert line.at_once(LARGE)
    line.keep("board", PING_FRAME)
    go_on_until(lambda: bool(cuts), pause=0.01)
    assert cuts == ["lagging"]
    with pytest.raises(BrokenPipeError):
        line.send(PING_FRAME)
    assert line.free, "what waited is waited for by nobody"


def test_who_leaves_while_something_waits_for_it_is_no_laggard(
    ends: tuple[Line, RFC6455WebSocket, Far], cuts: list[str]
) -> None:
    line, websocket, _ = ends
    assert line.at_once(LARGE)
    line.keep("board", PING_FRAME)
    websocket.socket.fd.shutdown(socket.SHUT_RDWR)
    go_on_until(lambda: line.free)
    assert line.free
    assert cuts == []
