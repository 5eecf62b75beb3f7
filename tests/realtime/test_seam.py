"""The libraries are still where the fan-out takes hold of them.

An upgrade that moves one of these has to be looked at: queue_server/realtime/seam.py says what is taken for granted.
"""

import inspect
import re
import socket

import pytest
from engineio.packet import MESSAGE, Packet
from engineio.server import Server as EngineServer
from engineio.socket import Socket
from eventlet.greenio import GreenSocket
from eventlet.queue import Queue
from eventlet.websocket import RFC6455WebSocket, WebSocketWSGI
from socketio import Server as SocketServer

from queue_server.realtime.seam import NewsPacket, Wire, send_newest, take_over_pings, watch_websockets


def text_of(function: object) -> str:
    """The source of a library's function without its spaces."""
    return re.sub(r"\s", "", inspect.getsource(function))  # type: ignore[arg-type]


def test_a_websocket_is_made_by_what_the_server_names_and_given_the_sockets_own_handler() -> None:
    assert "self.server._async['websocket'](self._websocket_handler,self.server)" in text_of(
        Socket._upgrade_websocket
    )


def test_the_writer_takes_packets_by_poll_and_nobody_else_does_once_it_runs() -> None:
    handler = text_of(Socket._websocket_handler)
    assert handler.count("self.poll()") == 1
    assert "writer_task=self.server.start_background_task(writer)" in handler
    assert handler.index("self.upgraded=True") < handler.index("self.server.start_background_task(writer)")
    assert "ifself.upgradingorself.upgraded:" in text_of(Socket.handle_get_request)


def test_poll_gives_the_packets_that_wait_and_nothing_at_the_end() -> None:
    """What the replacement has to do like the original, which differs by its end after a time alone."""
    poll = text_of(Socket.poll)
    assert "timeout=self.server.ping_interval+self.server.ping_timeout" in poll
    assert "ifpackets==[None]:return[]" in poll
    assert "ifpktisNone:self.queue.put(None)break" in poll
    assert poll.count("self.queue.task_done()") == 2


def test_a_ping_is_begun_as_a_task_and_answered_by_setting_the_next() -> None:
    assert "self.server.start_background_task(self._send_ping)" in text_of(Socket.schedule_ping)
    ping = text_of(Socket._send_ping)
    assert "self.server.sleep(self.server.ping_interval)" in ping
    assert "self.last_ping=time.time()self.send(packet.Packet(packet.PING))" in ping
    assert "ifnotself.closingandnotself.closed:" in ping
    assert "ifself.last_ping:self.last_ping=None" in text_of(Socket.schedule_ping)
    assert "last_ping=self.last_ping" in text_of(Socket.check_ping_timeout)


def test_whoever_writes_to_a_websocket_holds_its_lock() -> None:
    send = text_of(RFC6455WebSocket._send)
    assert send.index("self._sendlock.acquire()") < send.index("self.socket.sendall(frame)")
    assert send.endswith("finally:self._sendlock.release()")
    assert "self._send(payload)" in text_of(RFC6455WebSocket.send)
    assert "_negotiate_permessage_deflate" in WebSocketWSGI._handle_hybi_request.__code__.co_names
    assert "sock.sendall" not in text_of(RFC6455WebSocket), "all frames of a client go through the lock"


def test_a_wire_is_laid_to_a_real_websocket_and_tells_when_it_is_free() -> None:
    near, far = socket.socketpair()
    with near, far:
        engine = EngineServer(async_mode="eventlet")
        engine_socket = Socket(engine, "id")
        websocket = RFC6455WebSocket(GreenSocket(near), {}, 13)
        wire = Wire(engine_socket, websocket)
        assert wire.free
        assert not wire.items
        assert not wire.settled
        assert wire.send(b"ab") == 2
        assert far.recv(2) == b"ab"
        websocket.send("hello")
        assert far.recv(16) == b"\x81\x05hello"
        assert wire.free, "a frame of the library was written whole"
        wire.acquire()
        assert not wire.free
        wire.finish(b"rest")
        assert far.recv(4) == b"rest"
        assert wire.free
        wire.working = True
        wire.write(b"frame")
        assert not wire.free, "more is to come of whoever works through what waits"
        wire.working = False
        assert wire.free
        assert far.recv(5) == b"frame"
        engine_socket.queue.put(Packet(MESSAGE, "first"))
        assert wire.items, "the library has something to say before"
        wire.cut()
        assert far.recv(1) == b""


@pytest.mark.parametrize("packets", [1, 3])
def test_the_writer_is_given_all_that_waits_and_then_its_end(packets: int) -> None:
    engine = EngineServer(async_mode="eventlet")
    made = []

    class Websocket:
        def __init__(self, handler: object, _server: object) -> None:
            made.append(handler)

    engine._async = {**engine._async, "websocket": Websocket}
    wires = []
    near, far = socket.socketpair()

    def opened(_id: str, engine_socket: Socket, _websocket: object) -> Wire:
        wires.append(Wire(engine_socket, RFC6455WebSocket(GreenSocket(near), {}, 13)))
        return wires[0]

    gone: list[str] = []
    watch_websockets(engine, opened, gone.append)
    engine_socket = Socket(engine, "id")

    def library(_self: Socket, _websocket: object) -> list[object]:
        for number in range(packets):
            engine_socket.queue.put(Packet(MESSAGE, str(number)))
        engine_socket.queue.put(None)
        assert not wires[0].settled
        taken = engine_socket.poll()
        assert wires[0].settled
        assert [packet.data for packet in taken] == [str(number) for number in range(packets)]
        assert engine_socket.poll() == []
        engine_socket.queue.join()
        return []

    engine_socket._websocket_handler = library.__get__(engine_socket)
    engine._async["websocket"](engine_socket._websocket_handler, engine)
    assert made[0](object()) == []
    assert gone == ["id"]
    assert engine_socket.poll.__func__ is Socket.poll
    near.close()
    far.close()


def test_only_pings_are_taken_over() -> None:
    engine = EngineServer(async_mode="eventlet")
    later: list[object] = []
    take_over_pings(engine, later.append)
    done: list[int] = []
    engine_socket = Socket(engine, "id")
    engine_socket.schedule_ping()
    engine_socket.schedule_ping()
    assert later == [engine_socket], "the next one only after an answer"
    engine.start_background_task(done.append, 1)
    engine.sleep(0)
    assert done == [1]


def test_news_that_wait_are_replaced_and_nothing_else_is() -> None:
    engine = EngineServer(async_mode="eventlet")
    server = SocketServer(async_mode="eventlet")
    server.eio = engine
    engine_socket = engine.sockets["id"] = Socket(engine, "id")
    first, desk, other = NewsPacket("board", "1"), NewsPacket("desk", "2"), Packet(MESSAGE, "3")
    for packet in (first, desk):
        send_newest(server, "id", packet)
    engine_socket.send(other)
    send_newest(server, "id", NewsPacket("board", "4"))
    assert [packet.data for packet in engine_socket.poll()] == ["4", "2", "3"]
    engine_socket.queue.join()
    send_newest(server, "gone", first)


def test_eventlets_queue_keeps_its_items_where_they_can_be_seen() -> None:
    queue = Queue()
    items = queue.queue
    queue.put(1)
    assert list(items) == [1]
    queue.get()
    assert not items
