"""The tables of devices and staff, and what their migration makes of older ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from queue_server.storage import accounts as rows
from queue_server.storage.database import FILE_NAME, Store, connect
from queue_server.storage.migrations import MIGRATIONS
from tests.support.halls import run_sql

NOW = local_minute("2026-11-24T09:00")
LATER = local_minute("2026-11-24T10:00")
UTC_NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def old_directory(tmp_path: Path) -> Path:
    """A data directory as the version before roles of people left it."""
    database = connect(tmp_path / FILE_NAME)
    MIGRATIONS.apply(database, stop_before="m0008_accounts")
    for name, role in (("sato", "desk"), ("ｔａｎａｋａ", "admin"), ("ｓａｔｏ", "desk")):
        database.execute(
            "INSERT INTO staff (id, name, role, password_hash, created_at) VALUES (?, ?, ?, 'hash', '2026-11-01')",
            (f"id-{name}", name, role),
        )
    database.execute(
        "INSERT INTO device (id, name, role, token_hash, created_at, revoked_at) "
        "VALUES ('d', 'kiosk-1', 'kiosk', 'x', '2026-11-01T00:00:00+00:00', '2026-11-24 09:00:00')"
    )
    database.close()
    return tmp_path


def test_people_of_an_older_version_get_the_role_that_is_theirs_now(old_directory: Path) -> None:
    store = Store(old_directory)
    people = {record.id: (record.name, record.role) for record in rows.list_staff(store.database)}
    store.close()
    assert people == {
        "id-sato": ("sato", Role.CLERK),
        "id-ｔａｎａｋａ": ("tanaka", Role.ADMINISTRATOR),
        "id-ｓａｔｏ": ("ｓａｔｏ", Role.CLERK),
    }, "names take their one form, unless somebody has it already"


def test_what_was_revoked_by_hand_in_sqlites_own_form_is_read_as_utc(old_directory: Path) -> None:
    store = Store(old_directory)
    [device] = rows.list_devices(store.database)
    store.close()
    assert device.revoked_at == UTC_NINE
    assert device.last_seen_at is None


def test_a_device_is_known_until_it_is_revoked(store: Store) -> None:
    with store.transaction() as db:
        device = rows.add_device(db, "kiosk-1", Role.KIOSK, "token", NOW)
        rows.note_device_seen(db, device.id, LATER)
    assert rows.device_by_token(store.database, "token") == rows.device_by_id(store.database, device.id) == device
    with store.transaction() as db:
        rows.revoke_device(db, device.id, LATER)
    assert rows.device_by_token(store.database, "token") is None
    assert rows.device_by_id(store.database, device.id) is None
    [record] = rows.list_devices(store.database)
    assert (record.created_at, record.last_seen_at, record.revoked_at) == (NOW, LATER, LATER)


def test_the_token_itself_is_not_stored(store: Store) -> None:
    with store.transaction() as db:
        rows.add_device(db, "kiosk-1", Role.KIOSK, "very secret token", NOW)
    assert "very secret token" not in str(run_sql(store.directory, "SELECT * FROM device"))


def test_a_name_is_taken_once(store: Store) -> None:
    with store.transaction() as db:
        rows.add_staff(db, "sato", Role.CLERK, "hash", NOW)
    with pytest.raises(rows.NameTaken, match="sato"), store.transaction() as db:
        rows.add_staff(db, "sato", Role.ADMINISTRATOR, "hash", NOW)


def test_what_ends_a_persons_sessions_moves_their_epoch_on(store: Store) -> None:
    with store.transaction() as db:
        person = rows.add_staff(db, "sato", Role.CLERK, "hash", NOW)
        epochs = [person.epoch]
        for change in (
            lambda: rows.set_password_hash(db, person.id, "another"),
            lambda: rows.end_sessions(db, person.id),
            lambda: (rows.set_disabled(db, person.id, NOW), rows.set_disabled(db, person.id, None)),
        ):
            change()
            now = rows.staff_by_id(db, person.id)
            assert now is not None
            epochs.append(now.epoch)
    assert epochs == sorted(set(epochs))


def test_another_role_leaves_the_sessions_as_they_are(store: Store) -> None:
    with store.transaction() as db:
        person = rows.add_staff(db, "sato", Role.CLERK, "hash", NOW)
        rows.set_role(db, person.id, Role.SUPERVISOR)
        now = rows.staff_by_id(db, person.id)
    assert now is not None
    assert (now.role, now.epoch) == (Role.SUPERVISOR, person.epoch)


def test_a_disabled_person_is_nobody_but_stays_on_the_list(store: Store) -> None:
    with store.transaction() as db:
        person = rows.add_staff(db, "sato", Role.ADMINISTRATOR, "hash", NOW)
        rows.set_disabled(db, person.id, LATER)
        assert rows.count_enabled(db, Role.ADMINISTRATOR) == 0
    assert rows.staff_by_name(store.database, "sato") is None
    assert rows.staff_by_id(store.database, person.id) is None
    record = rows.staff_record(store.database, person.id)
    assert record is not None
    assert record.disabled_at == LATER
    assert rows.list_staff(store.database) == [record]


def test_a_person_without_a_password_says_so(store: Store) -> None:
    with store.transaction() as db:
        rows.add_staff(db, "a", Role.CLERK, rows.NO_PASSWORD, NOW)
        rows.add_staff(db, "b", Role.CLERK, "hash", NOW)
    assert [record.by_password for record in rows.list_staff(store.database)] == [False, True]
    assert rows.staff_record(store.database, "nobody") is None
