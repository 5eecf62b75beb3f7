"""The key pair by which push services know this server (RFC 8292): made once, readable by its own user alone."""

import os
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

FILE_NAME = "vapid.pem"


class BadKey(Exception):  # noqa: N818 - an answer for the administrator
    """The file of the key pair holds none; the message says what to do."""


class VapidKeys:
    """The pair. Whoever subscribed with its public half can be reached with its private half alone."""

    def __init__(self, directory: Path) -> None:
        """Read the pair of a data directory, or make it; raises BadKey, OSError."""
        path = directory / FILE_NAME
        if not path.exists():
            _make(path)
        try:
            self._pair = Vapid02.from_pem(path.read_bytes())
        except ValueError as error:
            raise BadKey(
                f"{path} is not a private key. Delete it: a new one is made, and holders subscribe anew."
            ) from error

    @property
    def public_key(self) -> str:
        """The public half, as a browser's `applicationServerKey` takes it: base64url, 87 characters."""
        point = self._pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(point).rstrip(b"=").decode()

    def sign(self, claims: dict[str, object]) -> dict[str, str]:
        """The header that proves who sends."""
        signed: dict[str, str] = self._pair.sign(claims)
        return signed


def _make(path: Path) -> None:
    """Write the whole pair or none: the file appears under its name only when it is complete."""
    pair = Vapid02()
    pair.generate_keys()
    new = path.with_suffix(".new")
    with open(new, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(pair.private_pem())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
