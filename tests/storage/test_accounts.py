import pytest
from argon2 import PasswordHasher

from queue_server import accounts as module
from queue_server.accounts import SHORTEST_PASSWORD, Accounts, NameTaken
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Permission, Role
from queue_server.storage.database import Store
from tests.support.clock import ManualClock
from tests.support.halls import run_sql

PASSWORD = "窓口のひみつ2026!"


@pytest.fixture
def accounts(store: Store, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    monkeypatch.setattr(module, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return Accounts(store, ManualClock(local_minute("2026-11-24T09:00")))


def test_a_device_is_known_by_its_token_and_by_its_id(accounts: Accounts) -> None:
    token = accounts.create_device("発券機1", Role.KIOSK)
    account = accounts.device_by_token(token)
    assert account is not None
    assert (account.name, account.role) == ("発券機1", Role.KIOSK)
    assert accounts.device_by_id(account.id) == account
    assert accounts.device_by_token(token + "x") is None
    assert accounts.device_by_id(token) is None


def test_two_devices_of_one_name_have_tokens_of_their_own(accounts: Accounts) -> None:
    tokens = [accounts.create_device("発券機", Role.KIOSK) for _ in range(2)]
    found = [accounts.device_by_token(token) for token in tokens]
    assert all(found)
    assert found[0] != found[1]


def test_neither_a_token_nor_a_password_stands_in_the_database(accounts: Accounts, store: Store) -> None:
    token = accounts.create_device("発券機1", Role.KIOSK)
    accounts.create_staff("佐藤", Role.DESK, PASSWORD)
    stored = str([run_sql(store.directory, f"SELECT * FROM {table}") for table in ("device", "staff")])
    assert token not in stored
    assert PASSWORD not in stored
    assert "$argon2id$" in stored


def test_a_revoked_device_and_a_disabled_person_are_nobody_at_once(accounts: Accounts, store: Store) -> None:
    token = accounts.create_device("発券機1", Role.KIOSK)
    device, person = accounts.device_by_token(token), accounts.create_staff("佐藤", Role.DESK, PASSWORD)
    assert device is not None
    run_sql(store.directory, "UPDATE device SET revoked_at = '2026-11-24'")
    run_sql(store.directory, "UPDATE staff SET disabled_at = '2026-11-24'")
    assert accounts.device_by_token(token) is None
    assert accounts.device_by_id(device.id) is None
    assert accounts.staff_by_id(person.id) is None
    assert accounts.check_password("佐藤", PASSWORD) is None


def test_a_person_signs_in_with_the_password_and_with_no_other(accounts: Accounts) -> None:
    person = accounts.create_staff("佐藤", Role.ADMIN, PASSWORD)
    assert accounts.check_password("佐藤", PASSWORD) == person
    assert accounts.staff_by_id(person.id) == person
    for wrong in ("", PASSWORD + " ", PASSWORD.upper() + "x"):
        assert accounts.check_password("佐藤", wrong) is None
    assert accounts.check_password("鈴木", PASSWORD) is None
    assert accounts.staff_by_id("佐藤") is None


def test_a_hash_that_cannot_be_read_lets_nobody_in(accounts: Accounts, store: Store) -> None:
    accounts.create_staff("佐藤", Role.DESK, PASSWORD)
    run_sql(store.directory, "UPDATE staff SET password_hash = 'plain'")
    assert accounts.check_password("佐藤", "plain") is None


def test_a_name_is_taken_once(accounts: Accounts) -> None:
    accounts.create_staff("佐藤", Role.DESK, PASSWORD)
    with pytest.raises(NameTaken, match="佐藤"):
        accounts.create_staff("佐藤", Role.ADMIN, PASSWORD)
    assert accounts.check_password("佐藤", PASSWORD) is not None


def test_a_password_has_ten_characters_or_more(accounts: Accounts) -> None:
    with pytest.raises(ValueError, match="10 characters"):
        accounts.create_staff("佐藤", Role.DESK, "x" * (SHORTEST_PASSWORD - 1))
    assert accounts.create_staff("佐藤", Role.DESK, "x" * SHORTEST_PASSWORD).name == "佐藤"


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.KIOSK, {Permission.ISSUE}),
        (Role.DESK, {Permission.CALL}),
        (Role.ADMIN, {Permission.ISSUE, Permission.CALL, Permission.MANAGE}),
    ],
)
def test_a_role_permits_what_its_work_needs(accounts: Accounts, role: Role, permissions: set[Permission]) -> None:
    account = accounts.device_by_token(accounts.create_device("装置", role))
    assert account is not None
    assert account.permissions == permissions
