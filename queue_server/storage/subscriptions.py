"""Who wants to be told outside the page: a push endpoint, a mail address or a LINE account, until the ticket ends.

None of it is in the journal, and nothing of it is a picture of the journal: what concerns a person has to go.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlite_utils import Database

from queue_server.domain.nearness import NEAR_BY_DEFAULT, NOTHING_TOLD, Nearness, NearUnit, NoticeKind, Told
from queue_server.domain.ticket import OPEN_STATES


class Channel(StrEnum):
    """How somebody is told."""

    PUSH = "push"
    MAIL = "mail"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish to be told of one ticket. What concerns the person is not in its repr."""

    ticket: str
    site: str
    channel: Channel
    address: str = field(repr=False)
    """A push endpoint, a mail address, or a user id of LINE, which only the city's own account can write to."""
    p256dh: str = field(default="", repr=False)
    """With `auth` the keys that a push message is encrypted with; empty for the other channels."""
    auth: str = field(default="", repr=False)
    language: str = "ja"
    near: Nearness = NEAR_BY_DEFAULT
    told: Told = NOTHING_TOLD

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other one."""
        return self.ticket, self.channel.value, self.address


_COLUMNS = "ticket, site, channel, address, p256dh, auth, language, near_unit, near_value, told_near, told_call"
_LIVE = f"SELECT 1 FROM ticket WHERE state IN ({', '.join('?' * len(OPEN_STATES))}) AND ticket.id = "
_ENDED = {table: f"NOT EXISTS ({_LIVE}{table}.ticket)" for table in ("subscription", "linking_code")}
_STATES = tuple(sorted(state.value for state in OPEN_STATES))
_KEY = "ticket = ? AND channel = ? AND address = ?"


def store_subscription(db: Database, wish: Subscription) -> None:
    """Keep a wish; the same one again changes its keys, language and choice, and not what was told already."""
    db.execute(
        f"INSERT INTO subscription ({_COLUMNS}) VALUES ({', '.join('?' * 11)}) "
        "ON CONFLICT (ticket, channel, address) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth, "
        "language = excluded.language, near_unit = excluded.near_unit, near_value = excluded.near_value",
        (
            wish.ticket,
            wish.site,
            wish.channel.value,
            wish.address,
            wish.p256dh,
            wish.auth,
            wish.language,
            wish.near.unit.value,
            wish.near.value,
            int(wish.told.near),
            wish.told.call_seq,
        ),
    )


def find_subscription(db: Database, key: tuple[str, str, str]) -> Subscription | None:
    """The wish with this key."""
    row = db.execute(f"SELECT {_COLUMNS} FROM subscription WHERE {_KEY}", key).fetchone()
    return _subscription(row) if row else None


def subscriptions_of_ticket(db: Database, ticket: str) -> list[Subscription]:
    """Every wish that concerns a ticket, oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM subscription WHERE ticket = ? ORDER BY rowid", (ticket,))
    return [_subscription(row) for row in rows.fetchall()]


def subscriptions_of_site(db: Database, site: str) -> list[Subscription]:
    """Every wish at a site, oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM subscription WHERE site = ? ORDER BY rowid", (site,))
    return [_subscription(row) for row in rows.fetchall()]


def note_told(db: Database, key: tuple[str, str, str], kind: NoticeKind, call_seq: int) -> None:
    """Remember that a notice was sent, so that a later process does not send it again."""
    if kind is NoticeKind.NEAR:
        db.execute(f"UPDATE subscription SET told_near = 1 WHERE {_KEY}", key)
    else:
        db.execute(f"UPDATE subscription SET told_call = max(told_call, ?) WHERE {_KEY}", (call_seq, *key))


def choose_near(db: Database, ticket: str, near: Nearness) -> None:
    """From when the holder of a ticket counts the turn as near, on every channel."""
    db.execute(
        "UPDATE subscription SET near_unit = ?, near_value = ? WHERE ticket = ?",
        (near.unit.value, near.value, ticket),
    )


def forget_subscriptions(db: Database, keys: Iterable[tuple[str, str, str]]) -> None:
    """Forget wishes, addresses included."""
    for key in keys:
        db.execute(f"DELETE FROM subscription WHERE {_KEY}", key)


def forget_address(db: Database, channel: Channel, address: str) -> None:
    """Forget every wish of an address on a channel."""
    db.execute("DELETE FROM subscription WHERE channel = ? AND address = ?", (channel.value, address))


def any_ended(db: Database) -> bool:
    """Whether there is a wish, or a code for one, whose ticket has ended."""
    return any(
        db.execute(f"SELECT 1 FROM {table} WHERE {ended} LIMIT 1", _STATES).fetchone() is not None
        for table, ended in _ENDED.items()
    )


def forget_ended(db: Database) -> None:
    """Forget every wish, and every code for one, whose ticket has ended; the day's end ends all of them."""
    for table, ended in _ENDED.items():
        db.execute(f"DELETE FROM {table} WHERE {ended}", _STATES)


def _subscription(row: tuple[str, str, str, str, str, str, str, str, int, int, int]) -> Subscription:
    ticket, site, channel, address, p256dh, auth, language, unit, value, told_near, told_call = row
    return Subscription(
        ticket,
        site,
        Channel(channel),
        address,
        p256dh,
        auth,
        language,
        Nearness(NearUnit(unit), value),
        Told(bool(told_near), told_call),
    )
