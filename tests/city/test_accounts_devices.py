"""Devices: their tokens, when they were last seen, and what the journal says of them."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.accounts import Accounts, UnusableName
from queue_server.accounts.activity import ENDED_FORGOTTEN_AFTER, SILENT_FORGOTTEN_AFTER, Activity
from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Kind
from queue_server.domain.roles import STAFF_ROLES, Permission, Role
from queue_server.storage import journal
from queue_server.storage.database import Store
from tests.support.clock import ManualClock
from tests.support.halls import run_sql

OPERATOR = "operator:root"
NINE = local_minute("2026-11-24T09:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NINE)


@pytest.fixture
def accounts(store: Store, clock: ManualClock) -> Accounts:
    return Accounts(store, clock)


def device_of(accounts: Accounts, role: Role = Role.KIOSK, name: str = "発券機1") -> str:
    """The id of a new device."""
    account = accounts.device_by_token(accounts.create_device(name, role, actor=OPERATOR))
    assert account is not None
    return account.id


def test_a_device_is_known_by_its_token_and_by_its_id(accounts: Accounts) -> None:
    token = accounts.create_device("発券機1", Role.KIOSK, actor=OPERATOR)
    account = accounts.device_by_token(token)
    assert account is not None
    assert (account.name, account.role) == ("発券機1", Role.KIOSK)
    assert accounts.device_by_id(account.id) == account
    assert accounts.device_by_token(token + "x") is None
    assert accounts.device_by_id(token) is None


def test_a_token_is_256_random_bits(accounts: Accounts) -> None:
    tokens = [accounts.create_device(f"発券機{number}", Role.KIOSK, actor=OPERATOR) for number in range(20)]
    drawn = [base64.urlsafe_b64decode(token + "=") for token in tokens]
    assert {len(each) for each in drawn} == {32}
    assert all(len({each[place] for each in drawn}) > 5 for place in range(32)), "no place of them stays"


def test_two_devices_of_one_name_have_tokens_of_their_own(accounts: Accounts) -> None:
    assert device_of(accounts) != device_of(accounts)


def test_the_token_stands_neither_in_the_table_nor_in_the_journal(accounts: Accounts, store: Store) -> None:
    token = accounts.create_device("発券機1", Role.KIOSK, actor=OPERATOR)
    stored = str([run_sql(store.directory, f"SELECT * FROM {table}") for table in ("device", "journal")])
    assert token not in stored


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_device_gets_no_role_of_a_person(accounts: Accounts, role: Role) -> None:
    with pytest.raises(ValueError, match="no role of a device"):
        accounts.create_device("発券機1", role, actor=OPERATOR)


def test_a_device_has_a_name_that_can_be_read(accounts: Accounts) -> None:
    with pytest.raises(UnusableName):
        accounts.create_device(" ", Role.KIOSK, actor=OPERATOR)


def test_making_and_revoking_stand_in_the_journal_once(accounts: Accounts, store: Store) -> None:
    device_id = device_of(accounts)
    accounts.revoke_device(device_id, actor="staff:tanaka")
    accounts.revoke_device(device_id, actor="staff:tanaka")
    entries = [(entry.kind, entry.actor, dict(entry.body)) for entry in journal.read_all(store.database)]
    about = {"id": device_id, "name": "発券機1", "role": "kiosk"}
    assert entries == [(Kind.ADD_DEVICE, OPERATOR, about), (Kind.REVOKE_DEVICE, "staff:tanaka", about)]
    assert accounts.device_by_id(device_id) is None


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.KIOSK, {Permission.ISSUE}),
        (Role.DISPLAY, set()),
        (Role.DESK, {Permission.CALL}),
        (Role.ADMIN, set(Permission)),
        (Role.MONITOR, {Permission.WATCH}),
    ],
)
def test_a_role_permits_what_its_work_needs(accounts: Accounts, role: Role, permissions: set[Permission]) -> None:
    account = accounts.device_by_id(device_of(accounts, role))
    assert account is not None
    assert account.permissions == permissions


def test_a_device_that_never_came_was_never_seen(accounts: Accounts) -> None:
    device_of(accounts)
    assert [device.last_seen_at for device in accounts.list_devices()] == [None]


def test_when_a_device_was_seen_is_written_at_most_once_a_minute(accounts: Accounts, clock: ManualClock) -> None:
    device_id = device_of(accounts)
    seen = []
    for seconds in (0, 59, 1, 61):
        clock.advance(timedelta(seconds=seconds))
        accounts.note_seen(device_id)
        seen += [device.last_seen_at for device in accounts.list_devices()]
    assert seen == [NINE, NINE, NINE + MINUTE, NINE + MINUTE + timedelta(seconds=61)]


def test_a_clock_that_was_set_back_does_not_silence_a_device(accounts: Accounts, clock: ManualClock) -> None:
    device_id = device_of(accounts)
    accounts.note_seen(device_id)
    clock.advance(-timedelta(hours=1))
    accounts.note_seen(device_id)
    assert [device.last_seen_at for device in accounts.list_devices()] == [NINE - timedelta(hours=1)]


def test_a_disk_that_takes_no_writes_does_not_break_a_read(
    accounts: Accounts, store: Store, clock: ManualClock
) -> None:
    device_id = device_of(accounts)
    store.database.execute("PRAGMA query_only = 1")
    accounts.note_seen(device_id)
    store.database.execute("PRAGMA query_only = 0")
    accounts.note_seen(device_id)
    assert [device.last_seen_at for device in accounts.list_devices()] == [None], "tried once a minute, not more"
    clock.advance(MINUTE)
    accounts.note_seen(device_id)
    assert [device.last_seen_at for device in accounts.list_devices()] == [NINE + MINUTE]


def test_seeing_a_device_never_joins_a_transaction_that_is_under_way(accounts: Accounts, store: Store) -> None:
    device_id = device_of(accounts)
    with store.transaction() as db:
        accounts.note_seen(device_id)
        assert db.execute("SELECT last_seen_at FROM device").fetchall() == [(None,)]
    accounts.note_seen(device_id)
    assert [device.last_seen_at for device in accounts.list_devices()] == [NINE]


def test_what_sessions_did_is_forgotten_when_it_can_matter_no_more() -> None:
    activity = Activity()
    activity.note("old", NINE)
    activity.end("gone", NINE)
    activity.note("new", NINE + SILENT_FORGOTTEN_AFTER)
    activity.note("new", NINE + SILENT_FORGOTTEN_AFTER)
    assert (activity.last("old"), activity.last("new")) == (None, NINE + SILENT_FORGOTTEN_AFTER)
    activity.end("going", NINE + MINUTE)
    assert activity.has_ended("gone")
    activity.end("later", NINE + ENDED_FORGOTTEN_AFTER)
    assert [activity.has_ended(session) for session in ("gone", "going", "later")] == [False, True, True]
