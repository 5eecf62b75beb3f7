"""The lines of a journal copy: JSON behind its check sum, so that a torn or changed line is known as one."""

import json
import zlib
from collections.abc import Mapping
from typing import Any


class BadLine(Exception):  # noqa: N818 - a state of the file
    """A line that is not as it was written."""


def line_of(content: Mapping[str, Any]) -> bytes:
    """One line, its end included: the CRC-32 of the JSON as 8 hexadecimal digits, a space, the JSON."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def content_of(line: bytes) -> dict[str, Any]:
    """What a line says. Raises BadLine for one that was cut short or changed."""
    digits, _, text = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or digits != b"%08x" % zlib.crc32(text):
        raise BadLine
    content: dict[str, Any] = json.loads(text)
    return content
