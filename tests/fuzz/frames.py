"""What hostile websocket clients send: bytes, made from a seeded chance, with no library in between."""

import json
import os
import struct
from collections.abc import Callable, Iterator
from random import Random

TEXT, BINARY, CONTINUE, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
MASK = b"\x01\x02\x03\x04"

Attack = Callable[[Random], Iterator[bytes]]


def frame(payload: bytes, opcode: int = TEXT, *, final: bool = True, masked: bool = True, claim: int = -1) -> bytes:
    """A frame as RFC 6455, 5.2 has it; `claim` is the length it says in the place of its own."""
    length = len(payload) if claim < 0 else claim
    mask_bit = 0x80 if masked else 0
    head = bytes([(0x80 if final else 0) | opcode])
    if length < 126:
        head += bytes([mask_bit | length])
    elif length < 1 << 16:
        head += struct.pack("!BH", mask_bit | 126, length)
    else:
        head += struct.pack("!BQ", mask_bit | 127, length)
    if not masked:
        return head + payload
    whole = MASK * (len(payload) // 4 + 1)
    body = int.from_bytes(payload, "big") ^ int.from_bytes(whole[: len(payload)], "big")
    return head + MASK + body.to_bytes(len(payload), "big")


def text(message: str) -> bytes:
    return frame(message.encode())


def noise(random: Random) -> Iterator[bytes]:
    """Bytes that are frames by chance alone."""
    for _ in range(random.randint(1, 20)):
        yield random.randbytes(random.randint(1, 400))


def frames_of_noise(random: Random) -> Iterator[bytes]:
    """Sound frames of any opcode with anything in them."""
    for _ in range(random.randint(1, 60)):
        payload = random.randbytes(random.choice((0, 1, 5, 125, 126, 400)))
        yield frame(payload, random.randrange(16), final=random.random() < 0.8, masked=random.random() < 0.9)


def huge_claims(random: Random) -> Iterator[bytes]:
    """A frame that says it will be very long."""
    claim = random.choice((1_025, 65_535, 65_536, 1 << 20, 1 << 40, (1 << 63) - 1, (1 << 64) - 1))
    yield frame(b"4" + b"0" * 600, claim=claim)
    for _ in range(50):
        yield b"0" * 1_000


def huge_frames(random: Random) -> Iterator[bytes]:
    """Very long frames that are as long as they say."""
    yield text("40")
    yield frame(random.randbytes(1 << random.randint(10, 20)), random.choice((TEXT, BINARY)))


def bad_text(random: Random) -> Iterator[bytes]:
    """Text that is no UTF-8, whole and in pieces."""
    bad = random.choice((b"\xff", b"4\xc3", b"42\xed\xa0\x80", b"\xf4\x90\x80\x80", b"40\x80"))
    yield frame(bad)
    yield frame(b"4", final=False)
    yield frame(bad, CONTINUE)


def never_finished(random: Random) -> Iterator[bytes]:
    """One message in more and more pieces; some of them with nothing in it."""
    yield frame(b"4", final=False)
    size = random.choice((0, 0, 1, 100, 1_000))
    for _ in range(3_000):
        yield frame(b"x" * size, CONTINUE, final=False)


def wrong_pieces(random: Random) -> Iterator[bytes]:
    """Pieces in an order that is not allowed."""
    pieces = [
        frame(b"x", CONTINUE),
        frame(b"40", TEXT, final=False),
        frame(b"40", TEXT),
        frame(b"x", PING, final=False),
        frame(b"x" * 126, PING),
        frame(b"40", TEXT, masked=False),
    ]
    random.shuffle(pieces)
    yield from pieces


def engine_out_of_order(random: Random) -> Iterator[bytes]:
    """Engine.IO packets when nobody expects them."""
    packets = [
        "0",
        "1",
        "2",
        "2probe",
        "3",
        "3probe",
        "4",
        "5",
        "6",
        "7",
        "9",
        "b",
        "b!!!",
        "bMTIz",
        "",
        " ",
        "x",
        "40",
    ]
    for _ in range(random.randint(1, 40)):
        yield text(random.choice(packets) + random.choice(("", "", "{}", "1", "probe", '{"a":1}')))


def entries_again_and_again(random: Random) -> Iterator[bytes]:
    """Enter, leave, enter: each time the hall's board would be sent anew."""
    for _ in range(random.randint(2, 400)):
        yield text(random.choice(("40", "40", "41", '40{"token":"x"}')))


def many_namespaces(random: Random) -> Iterator[bytes]:
    """Thousands of rooms that do not exist."""
    for number in range(5_000):
        yield text(f"40/{random.choice(('', 'x' * 200))}{number},")


def events(random: Random) -> Iterator[bytes]:
    """Commands, which nobody takes here, of any shape."""
    yield text("40")
    shapes = (
        '42["issue",{"service":"mynumber"}]',
        '42/x,["issue"]',
        "42" + "[" * 900,
        '42{"a":' * 100,
        "42[]",
        "42null",
        "420" + "9" * 98 + '["x"]',
        "43[]",
        "44",
        "49",
        "42" + json.dumps(["x", "y" * 900]),
        '42["disconnect"]',
        '42["connect"]',
    )
    for _ in range(random.randint(1, 100)):
        yield text(random.choice(shapes))


def attachments(random: Random) -> Iterator[bytes]:
    """Events that announce more binary parts than anybody could hold."""
    yield text("40")
    count = random.choice((1, 10, 999_999_999, 9_999_999_999, 10**12))
    yield text(f'45{count}-["x",{{"_placeholder":true,"num":{random.choice((0, -1, 10**9))}}}]')
    for _ in range(2_000):
        yield frame(random.randbytes(900), BINARY)


def controls(random: Random) -> Iterator[bytes]:
    """Pings without end, pongs that nobody asked for, farewells with impossible codes."""
    for _ in range(random.randint(1, 2_000)):
        yield frame(b"x" * random.choice((0, 125)), random.choice((PING, PONG)))
    yield frame(struct.pack("!H", random.choice((0, 999, 1_005, 65_535))) + b"\xff", CLOSE)
    yield text("40")


def heartbeats(_random: Random) -> Iterator[bytes]:
    """Answers to pings that were never sent."""
    yield text("40")
    for _ in range(3_000):
        yield text("3")


def deflated(random: Random) -> Iterator[bytes]:
    """Frames that say they are compressed, which was not agreed on."""
    yield bytes([0xC1]) + frame(random.randbytes(100))[1:]


def silence(_random: Random) -> Iterator[bytes]:
    """Nothing at all."""
    return iter(())


def half_a_frame(random: Random) -> Iterator[bytes]:
    """A frame that breaks off."""
    whole = text("40" + "x" * 500)
    yield whole[: random.randrange(1, len(whole))]


def one_byte_at_a_time(_random: Random) -> Iterator[bytes]:
    """A sound client on a very bad line."""
    for byte in text("40"):
        yield bytes([byte])


WEBSOCKET_ATTACKS: tuple[Attack, ...] = (
    noise,
    frames_of_noise,
    huge_claims,
    huge_frames,
    bad_text,
    never_finished,
    wrong_pieces,
    engine_out_of_order,
    entries_again_and_again,
    many_namespaces,
    events,
    attachments,
    controls,
    heartbeats,
    deflated,
    silence,
    half_a_frame,
    one_byte_at_a_time,
)

QUERIES = (
    "EIO=4&transport=polling",
    "EIO=4&transport=polling&j=0",
    "EIO=4&transport=polling&j=x",
    "EIO=3&transport=polling",
    "EIO=4&transport=telepathy",
    "EIO=4&transport=websocket",
    "EIO=4&transport=polling&sid=nobody",
    "EIO=4&transport=websocket&sid=nobody",
    "transport=polling&EIO=4&site=nowhere",
    "EIO=4&transport=polling&site=%FF%00&desk=1",
    "EIO=4&transport=polling&sid=%0d%0aX:y",
    "EIO=4&EIO=3&sid=&sid=",
    "&&&===",
    "",
)
HEADERS = (
    b"",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: eA==\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade\r\n",
    b"Origin: https://evil.example\r\n",
    b"Origin: null\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: 99999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\nContent-Length: 5\r\n",
    b"Cookie: queue_session=" + b"x" * 3_000 + b"\r\n",
    b"Accept-Encoding: gzip, br, *\r\nX-Forwarded-Proto: https\r\n",
)
BODIES = (
    b"",
    b"40",
    b"40\x1e41\x1e40",
    b"\x1e" * 500,
    b"3" * 1_024,
    b"40" + b"x" * 5_000,
    b"\xff\xfe",
    b"d=40",
    b"d=",
    b"bAAAA",
    b'451-["x",{"_placeholder":true,"num":0}]\x1ebAAAA',
    b"5",
    b"2probe",
)


def upgrade_head(port: int, query: str) -> bytes:
    """A sound request for a websocket."""
    key = os.urandom(16).hex()[:22] + "=="
    return (
        f"GET /socket.io/?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


def odd_request(random: Random, port: int, sid: str) -> bytes:
    """A request to the sockets' address that no page sends; `sid` is a session that exists, or empty."""
    method = random.choice(("GET", "GET", "POST", "POST", "OPTIONS", "PUT", "DELETE", "BREW"))
    query = random.choice(QUERIES)
    if sid and random.random() < 0.7:
        query = f"EIO=4&transport={random.choice(('polling', 'websocket'))}&sid={sid}"
    body = random.choice(BODIES) if method == "POST" else b""
    head = f"{method} /socket.io/?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    extra = random.choice(HEADERS)
    if b"Content-Length" not in extra and b"chunked" not in extra:
        head += f"Content-Length: {len(body)}\r\n".encode()
    if b"chunked" in extra:
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n"
    return head + extra + b"Connection: close\r\n\r\n" + body
