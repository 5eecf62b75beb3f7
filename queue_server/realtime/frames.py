"""A piece of news as the bytes that travel: Socket.IO packet, Engine.IO packet, websocket frame, each made once."""

import json
import struct
from dataclasses import dataclass
from functools import cached_property

MESSAGE, EVENT = "4", "2"
"""Engine.IO protocol 4, "message"; Socket.IO protocol 5, EVENT in the namespace /."""
_FINAL_TEXT = 0x81
"""RFC 6455, section 5.2: FIN and the opcode of text; nothing is compressed, so that one frame fits everybody."""


@dataclass(frozen=True)
class News:
    """One event with its picture, `body`, as UTF-8 JSON."""

    event: str
    body: bytes

    @cached_property
    def packet(self) -> str:
        """The Socket.IO packet, for the clients that the library serves."""
        return f"{EVENT}[{json.dumps(self.event)},{self.body.decode()}]"

    @cached_property
    def frame(self) -> bytes:
        """The whole websocket frame, for every other client."""
        return text_frame(f"{MESSAGE}{self.packet}".encode())


def text_frame(payload: bytes) -> bytes:
    """A final, unmasked text frame of a server: RFC 6455, section 5.2."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", _FINAL_TEXT, length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", _FINAL_TEXT, 126, length)
    else:
        head = struct.pack("!BBQ", _FINAL_TEXT, 127, length)
    return head + payload
