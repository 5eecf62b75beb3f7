"""A town with a day of every kind behind it, and a folder for its copies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queue_server.copies.backup import make_backup
from queue_server.copies.folder import Backup
from queue_server.copies.follower import Follower
from queue_server.domain.roles import Role
from queue_server.domain.ticket import Move
from queue_server.storage.database import FILE_NAME
from tests.support.halls import Town

TABLES = ("journal", "ticket", "number", "switch", "answer", "staff", "device", "kiosk_pin")


class Copied(Town):
    """A town with a folder of copies."""

    folder: Path

    def backup(self) -> Backup:
        made = make_backup(self.directory, self.folder, self.clock.now())
        self.clock.advance(timedelta(seconds=1))
        return made

    def follower(self) -> Follower:
        return Follower(self.directory, self.folder, self.clock.now)

    def copy(self) -> int:
        """Have the journal copied by a process that ends."""
        with closing(self.follower()) as follower:
            return follower.catch_up()

    def work(self) -> None:
        """A little of everything: what the journal copy has to bring back, accounts included."""
        self.open("1", "2")
        first, second, third = (self.issue(service) for service in ("x", "y", "y"))
        self.call_next("1")
        self.move(first["id"], Move.COMPLETE)
        self.hall.undo(self.caller(), "1")
        self.move(first["id"], Move.HOLD, reason="電話の山田さん")
        self.call(second["label"], "2")
        self.move(second["id"], Move.NO_SHOW)
        self.move(third["id"], Move.CANCEL)
        self.hall.pause_service(self.caller(), "y")
        self.hall.post_notice(self.supervisor(), "お待ちください", None)
        name = f"sato{len(self.entries())}"
        self.city.accounts.create_staff(name, Role.CLERK, None, actor="operator:root")
        self.city.accounts.create_device(f"kiosk-{name}", Role.KIOSK, actor="operator:root")
        self.hall.resume_service(self.caller(), "y")
        self.move(first["id"], Move.CANCEL)
        self.clock.advance(timedelta(minutes=1))

    def begin_next_day(self) -> None:
        """The same time tomorrow: the journal copy has a file for each day."""
        self.clock.advance(timedelta(days=1))
        self.hall.tick()

    def contents(self) -> dict[str, list[Any]]:
        return contents_of(self.directory)


def contents_of(data: Path) -> dict[str, list[Any]]:
    """Every row that a restore has to bring back."""
    with closing(sqlite3.connect(data / FILE_NAME)) as db:
        found = {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
    # A command that changed nothing has no entry, and its answer is not worth a copy: a retry changes nothing either.
    entries = {(row[7], row[8]) for row in found["journal"]}
    found["answer"] = [row for row in found["answer"] if row[:2] in entries]
    return found


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Copied]:
    town = Copied(tmp_path / "data")
    town.folder = tmp_path / "copies"
    town.work()
    yield town
    town.city.close()
