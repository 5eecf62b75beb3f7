"""Commands that arrive in one turn of the event loop share one transaction, and so one write to the disk.

Each is decided on what those before it in the transaction have done, has a savepoint of its own, so that a refused
one changes nothing, and is answered only after the commit. If the disk refuses, none of them has happened. Where only
one arrives, or no event loop runs, a command has its transaction for itself.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlite_utils import Database

from queue_server.clock import Clock
from queue_server.hall.terms import Caller, Decision, Written
from queue_server.snapshot import View
from queue_server.storage.database import StorageUnavailable, Store
from queue_server.worker import Signal, Turns

MOST_TOGETHER = 32
"""So many commands at most share a transaction: the first one's answer waits for the last one's work."""


class LiveHall(Protocol):
    """What a hall does of a command; all of it with the lock held, and nothing of it yields."""

    @property
    def version(self) -> int: ...
    def prepare(self, now: datetime) -> None: ...
    def write(self, command: "Command", now: datetime) -> Sequence[Written]: ...
    def remember(self) -> None: ...
    def take_in(self, written: Sequence[Written]) -> None: ...
    def committed(self, written: Sequence[Written], now: datetime) -> None: ...
    def take_back(self) -> None: ...
    def note_failure(self, now: datetime, error: StorageUnavailable) -> None: ...
    def tell(self) -> None: ...


@dataclass(eq=False, slots=True)
class Command:
    """One command on its way: what is asked, and what came of it."""

    hall: LiveHall
    caller: Caller
    fingerprint: str
    decide: Callable[[datetime], Decision]
    answer: View | None = None
    error: BaseException | None = None


class Together:
    """Carries out the commands of all halls of a data directory."""

    def __init__(self, store: Store, clock: Clock, turns: Turns | None = None) -> None:
        """`turns` are those of the event loop; with None every command is carried out at once, alone."""
        self._store = store
        self._clock = clock
        self._turns = turns
        self._waiting: list[tuple[Command, Signal]] = []
        """Each with what tells its greenlet that the answer or the error is there."""

    def carry_out(self, command: Command) -> View | None:
        """The answer of a command, after its commit; raises what its decision raised, or StorageUnavailable."""
        if self._turns is None:
            self.carry_out_all([command])
        else:
            signal = self._turns.signal()
            self._waiting.append((command, signal))
            if len(self._waiting) == 1:
                self._turns.soon(partial(self._next_turn, self._turns))
            signal.wait()
        if command.error is not None:
            raise command.error
        return command.answer

    def carry_out_all(self, commands: Sequence[Command]) -> None:
        """Carry out commands in this order, in one transaction; each has its answer or its error afterwards."""
        halls = list(dict.fromkeys(command.hall for command in commands))
        before = {hall: hall.version for hall in halls}
        try:
            with self._store.lock:
                now = self._clock.now()
                for hall in halls:
                    _prepare(hall, [command for command in commands if command.hall is hall], now)
                ready = [command for command in commands if command.error is None]
                if ready:
                    self._commit(ready, now)
        finally:
            for hall in halls:
                if hall.version != before[hall]:
                    hall.tell()

    def _next_turn(self, turns: Turns) -> None:
        """Runs in a greenlet of its own, once everybody who was ready had a turn."""
        taken, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        if self._waiting:
            turns.soon(partial(self._next_turn, turns))
        commands = [command for command, _ in taken]
        try:
            self.carry_out_all(commands)
        except Exception as error:
            # A bug, which every one of them has to answer for: nobody waits for ever.
            _fail(commands, error)
        finally:
            for _, signal in taken:
                signal.set()

    def _commit(self, commands: Sequence[Command], now: datetime) -> None:
        """One transaction for all; what each has written is taken in before the next one is decided on."""
        halls = dict.fromkeys(command.hall for command in commands)
        days = _LiveDays()
        try:
            with self._store.transaction() as db:
                for command in commands:
                    days.take_in_before_commit()
                    days.note(command.hall, _write(db, command, now))
        except StorageUnavailable as error:
            days.take_back()
            _fail(commands, error)
            for hall in halls:
                hall.note_failure(now, error)
        except BaseException:
            days.take_back()
            raise
        else:
            for hall in halls:
                hall.committed(days.not_taken_in(hall), now)


class _LiveDays:
    """What a transaction has changed of the live days so far: nothing of it stays if it is not committed."""

    def __init__(self) -> None:
        self._written: tuple[LiveHall, Sequence[Written]] | None = None
        self._remembered: list[LiveHall] = []

    def note(self, hall: LiveHall, written: Sequence[Written]) -> None:
        """These entries are written, and not taken in yet."""
        self._written = (hall, written) if written else None

    def not_taken_in(self, hall: LiveHall) -> Sequence[Written]:
        """The last entries, where they are that hall's: the live day knows nothing of them yet."""
        return self._written[1] if self._written is not None and self._written[0] is hall else ()

    def take_in_before_commit(self) -> None:
        """Let the hall's live day be as the last entries say, while it is open whether they are committed."""
        if self._written is None:
            return
        (hall, written), self._written = self._written, None
        if hall not in self._remembered:
            self._remembered.append(hall)
            hall.remember()
        hall.take_in(written)

    def take_back(self) -> None:
        """Let the live days be as they were before the transaction."""
        for hall in self._remembered:
            hall.take_back()


def _prepare(hall: LiveHall, commands: Sequence[Command], now: datetime) -> None:
    """Bring a hall to the present; where that fails, its own commands answer for it and no other hall's."""
    try:
        hall.prepare(now)
    except StorageUnavailable as error:
        hall.note_failure(now, error)
        _fail(commands, error)
    except Exception as error:
        _fail(commands, error)


def _write(db: Database, command: Command, now: datetime) -> Sequence[Written]:
    """Write one command inside the transaction; one that is refused writes nothing."""
    db.execute("SAVEPOINT command")
    try:
        written: Sequence[Written] = command.hall.write(command, now)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and not (
            isinstance(error, sqlite3.IntegrityError) and db.conn.in_transaction
        ):
            # The transaction as a whole has failed.
            raise
        db.execute("ROLLBACK TO command")
        written, command.error = (), error
    db.execute("RELEASE command")
    return written


def _fail(commands: Sequence[Command], error: Exception) -> None:
    for command in commands:
        command.answer, command.error = None, error
