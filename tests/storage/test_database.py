import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from queue_server.storage import directory_lock
from queue_server.storage.database import (
    CHECKPOINT_EVERY,
    FILE_NAME,
    DamagedDatabase,
    StorageUnavailable,
    Store,
    raise_translated,
)
from queue_server.storage.directory_lock import DirectoryInUse, DirectoryLock
from tests.support.halls import run_sql

OPEN_A_COUNTER = "INSERT INTO switch VALUES ('hall', 'counter:1', '{}')"
COUNT = "SELECT count(*) FROM switch"


def test_a_number_on_paper_survives_a_power_cut(store: Store) -> None:
    pragmas = {
        name: store.database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    assert store.database.execute("PRAGMA recursive_triggers").fetchone()[0] == 1


def test_a_new_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "data"
    Store(directory).close()
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / FILE_NAME).is_file()


def test_a_second_start_finds_what_the_first_wrote_and_migrates_nothing(store: Store) -> None:
    with store.transaction() as db:
        db.execute(OPEN_A_COUNTER)
    applied = "SELECT * FROM _sqlite_migrations"
    before = store.database.execute(applied).fetchall()
    second = Store(store.directory)
    assert second.database.execute(COUNT).fetchone()[0] == 1
    assert second.database.execute(applied).fetchall() == before
    assert len(before) >= 9
    second.close()


def test_a_transaction_is_seen_by_others_when_it_is_over_and_not_before(store: Store) -> None:
    with store.transaction() as db:
        db.execute(OPEN_A_COUNTER)
        assert run_sql(store.directory, COUNT) == [(0,)]
    assert run_sql(store.directory, COUNT) == [(1,)]


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt()])
def test_any_exception_rolls_everything_back_and_is_not_changed(store: Store, error: BaseException) -> None:
    def fail(db: Database) -> None:
        db.execute(OPEN_A_COUNTER)
        raise error

    with pytest.raises(type(error)) as raised, store.transaction() as db:
        fail(db)
    assert raised.value is error
    assert store.database.execute(COUNT).fetchone()[0] == 0
    assert not store.database.conn.in_transaction


def test_a_rule_of_the_tables_that_is_broken_is_a_bug_and_rolls_back(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError) as raised, store.transaction() as db:
        db.execute("INSERT INTO switch VALUES ('hall', '2', ''), ('hall', '1', ''), ('hall', '1', '')")
    assert raised.value.__cause__ is not raised.value, "a chain of causes has an end"
    assert store.database.execute(COUNT).fetchone()[0] == 0


def test_the_lock_is_held_over_the_whole_transaction(store: Store) -> None:
    got: list[bool] = []

    def try_it() -> None:
        got.append(store.lock.acquire(blocking=False))
        if got[-1]:
            store.lock.release()

    def ask_another_thread() -> None:
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()

    with store.transaction():
        ask_another_thread()
    ask_another_thread()
    assert got == [False, True]


def test_a_full_disk_refuses_and_leaves_nothing_half_written(store: Store) -> None:
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    store.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageUnavailable, match="full"), store.transaction() as db:
        db.execute("INSERT INTO switch VALUES ('hall', '2', ''), ('hall', '1', ?)", ("1" * 100_000,))
    assert store.database.execute(COUNT).fetchone()[0] == 0
    store.database.execute(f"PRAGMA max_page_count = {pages + 1_000}")
    with store.transaction() as db:
        db.execute(OPEN_A_COUNTER)


def test_a_disk_that_takes_no_writes_refuses(store: Store) -> None:
    store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageUnavailable, match="readonly"), store.transaction() as db:
        db.execute(OPEN_A_COUNTER)


def test_a_file_that_another_process_writes_for_too_long_is_unavailable(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.database.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(StorageUnavailable, match="locked"), store.transaction():
        pytest.fail("the transaction must not begin")
    other.close()
    with store.transaction() as db:
        db.execute(OPEN_A_COUNTER)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database, however long it is " * 200)
    with pytest.raises(DamagedDatabase, match="not a database"):
        Store(tmp_path)


def test_a_file_whose_list_of_migrations_is_broken_is_damaged(store: Store) -> None:
    size = store.database.execute("PRAGMA page_size").fetchone()[0]
    (page,) = store.database.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = '_sqlite_migrations'"
    ).fetchone()
    store.close()
    content = bytearray(store.path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    store.path.write_bytes(content)
    with pytest.raises(DamagedDatabase, match="malformed"):
        Store(store.directory)


@pytest.mark.parametrize("name", ["", FILE_NAME])
def test_a_directory_that_cannot_be_used_is_unavailable(tmp_path: Path, name: str) -> None:
    directory = tmp_path / "data"
    if name:
        (directory / name).mkdir(parents=True)
    else:
        directory.write_text("a file is in the way")
    with pytest.raises(StorageUnavailable):
        Store(directory)


def sqlite_error(kind: type[sqlite3.Error], code: int) -> sqlite3.Error:
    error = kind("words of SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("kind", "code", "meaning"),
    [
        (sqlite3.OperationalError, sqlite3.SQLITE_FULL, StorageUnavailable),
        (sqlite3.OperationalError, sqlite3.SQLITE_READONLY, StorageUnavailable),
        (sqlite3.OperationalError, sqlite3.SQLITE_IOERR_FSYNC, StorageUnavailable),
        (sqlite3.OperationalError, sqlite3.SQLITE_CANTOPEN, StorageUnavailable),
        (sqlite3.OperationalError, sqlite3.SQLITE_BUSY, StorageUnavailable),
        (sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT, DamagedDatabase),
        (sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT_INDEX, DamagedDatabase),
        (sqlite3.DatabaseError, sqlite3.SQLITE_NOTADB, DamagedDatabase),
        (sqlite3.IntegrityError, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.IntegrityError),
    ],
)
def test_an_error_of_sqlite_is_told_by_what_it_means(
    kind: type[sqlite3.Error], code: int, meaning: type[Exception]
) -> None:
    with pytest.raises(meaning, match="words of SQLite") as raised:
        raise_translated(sqlite_error(kind, code))
    assert raised.type is meaning


def test_an_error_that_has_no_code_is_told_by_its_kind() -> None:
    with pytest.raises(StorageUnavailable):
        raise_translated(sqlite3.OperationalError("no code"))


def test_a_second_server_on_a_directory_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first, second = DirectoryLock(tmp_path / "data"), DirectoryLock(tmp_path / "data")
    first.acquire()
    with pytest.raises(DirectoryInUse, match="data"):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_a_start_waits_for_a_server_that_is_shutting_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.acquire()
    monkeypatch.setattr(directory_lock.time, "sleep", lambda _seconds: first.release())
    second.acquire(patience_seconds=60)
    second.release()


def test_a_mark_is_a_commit_of_the_same_row_and_leaves_the_journal_alone(store: Store) -> None:
    for _ in range(3):
        before = store.database.conn.total_changes
        store.leave_mark()
        assert store.database.conn.total_changes > before
    assert store.database.execute("SELECT id, length(room) FROM ballast").fetchall() == [(2, 64)]
    assert store.database.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    store.try_to_write()
    assert store.database.execute("SELECT count(*) FROM ballast").fetchone() == (0,)


def test_a_mark_fails_as_a_command_would(store: Store) -> None:
    store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageUnavailable):
        store.leave_mark()


def test_what_a_savepoint_keeps_stays_in_memory(store: Store) -> None:
    assert store.database.execute("PRAGMA temp_store").fetchone() == (2,)


def test_a_checkpoint_is_due_after_some_commits_and_brings_them_into_the_file_while_others_write(
    store: Store, tmp_path: Path
) -> None:
    for _ in range(CHECKPOINT_EVERY):
        assert not store.checkpoint_due
        store.leave_mark()
    assert store.checkpoint_due
    with ThreadPoolExecutor(1) as beside, store.transaction() as db:
        db.execute("DELETE FROM ballast")
        beside.submit(store.checkpoint).result(timeout=60)
    assert not store.checkpoint_due
    (tmp_path / "alone").mkdir()
    shutil.copyfile(store.path, tmp_path / "alone" / FILE_NAME)
    assert run_sql(tmp_path / "alone", "SELECT id FROM ballast") == [(2,)], "what was committed before, and no more"
    store.close()
    assert [path.name for path in store.directory.iterdir()] == [FILE_NAME], "closed last, the log is folded in"


def test_a_checkpoint_after_the_end_or_after_damage_touches_nothing(store: Store) -> None:
    store.leave_mark()
    store.close()
    store.checkpoint()
    assert [path.name for path in store.directory.iterdir()] == [FILE_NAME]
    again = Store(store.directory)
    log = again.path.with_name(f"{FILE_NAME}-wal")
    again.leave_mark()
    written = again.path.read_bytes()
    with pytest.raises(DamagedDatabase), again.reading():
        raise corrupt()
    with pytest.raises(DamagedDatabase):
        again.checkpoint()
    assert again.path.read_bytes() == written
    assert log.stat().st_size
    again.close()


def corrupt() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def test_damage_that_a_reader_meets_ends_the_writing_too(store: Store) -> None:
    with pytest.raises(DamagedDatabase), store.reading():
        raise corrupt()
    with pytest.raises(DamagedDatabase, match="malformed"):
        store.leave_mark()
