"""Passwords: which ones are taken, how they are kept and compared. The work is done outside the event loop."""

import base64
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from queue_server.domain.roles import normal_name
from queue_server.storage.accounts import NO_PASSWORD
from queue_server.worker import run_blocking

SHORTEST_PASSWORD = 10
"""Characters; a password is the only secret between a city's network and its queue."""

_hasher = PasswordHasher()


class UnusablePassword(ValueError):  # noqa: N818 - an answer for whoever chose it
    """A password that is not taken; `code` is "too_short", "is_name" or "not_text"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_new_password(name: str, password: str) -> None:
    """Raises UnusablePassword for a password that is too short, is the name, or holds half a character."""
    if len(password) < SHORTEST_PASSWORD:
        raise UnusablePassword("too_short", f"a password has at least {SHORTEST_PASSWORD} characters")
    if normal_name(password).casefold() == name.casefold():
        raise UnusablePassword("is_name", "a password is not the name")
    if any("\ud800" <= character <= "\udfff" for character in password):
        raise UnusablePassword("not_text", "a password is text")


def hash_password(name: str, password: str) -> str:
    """The stored form of a new password; raises UnusablePassword."""
    check_new_password(name, password)
    return hash_secret(password)


def hash_secret(secret: str) -> str:
    """The stored form of a secret that was checked already."""
    return run_blocking(_hasher.hash, secret)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; without a hash it takes as long, and is not."""
    known = password_hash not in (None, NO_PASSWORD)
    return run_blocking(_verify, password_hash if known else _nobodys_hash(), password)


def _verify(password_hash: str, password: str) -> bool:
    # JSON can bring half a character (a lone surrogate): it is in no password, and compared for as long as any other.
    typed = password.encode("utf-8", "surrogatepass")
    try:
        return _hasher.verify(password_hash, typed)
    except (VerificationError, InvalidHashError):
        return False


def _nobodys_hash() -> str:
    """Random bytes in the form of a hash: no password is known for it, and comparing costs what it always does."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
