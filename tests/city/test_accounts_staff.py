"""People: what may be changed, what each change ends, and what the journal says of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from queue_server.accounts import (
    SHORTEST_PASSWORD,
    Accounts,
    LastAdministrator,
    NameTaken,
    UnknownAccount,
    UnusableName,
    UnusablePassword,
    passwords,
)
from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.roles import DEVICE_ROLES, STAFF_ROLES, Account, Permission, Role
from queue_server.storage import journal
from queue_server.storage.database import Store
from tests.support.clock import ManualClock
from tests.support.halls import TUESDAY, run_sql
from tests.support.people import cheap_hasher

PASSWORD = "窓口のひみつ2026!"
NEW = "あたらしいひみつ2027!"
ADMIN = "staff:tanaka"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def accounts(store: Store, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher())
    return Accounts(store, ManualClock(local_minute("2026-11-24T09:00")))


@pytest.fixture
def sato(accounts: Accounts) -> Account:
    return accounts.create_staff("佐藤", Role.CLERK, PASSWORD, actor=ADMIN)


def last_entry(store: Store) -> Entry:
    return list(journal.read_all(store.database))[-1]


def test_a_person_signs_in_with_the_password_and_with_no_other(accounts: Accounts, sato: Account) -> None:
    assert accounts.check_password("佐藤", PASSWORD) == sato == accounts.staff_by_id(sato.id)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper() + "x", "\ud800", PASSWORD + "\udc00"):
        assert accounts.check_password("佐藤", wrong) is None
    assert accounts.check_password("鈴木", PASSWORD) is None
    assert accounts.staff_by_id("佐藤") is None


def test_who_is_unknown_costs_a_guesser_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str | bytes] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            computed.append(hash)
            return super().verify(hash, password)

    real = Counting()
    assert extract_parameters(passwords._nobodys_hash()) == extract_parameters(real.hash(PASSWORD))
    monkeypatch.setattr(passwords, "_hasher", real)
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches("", "")
    assert len(computed) == 2, "each is compared with something"


def test_a_name_typed_in_full_width_is_the_same_name(accounts: Accounts) -> None:
    person = accounts.create_staff(" Ｓａｔｏ　１ ", Role.CLERK, PASSWORD, actor=ADMIN)
    assert person.name == "Sato 1"
    assert accounts.check_password("Ｓａｔｏ　１", PASSWORD) == accounts.check_password("Sato 1", PASSWORD) == person
    with pytest.raises(NameTaken):
        accounts.create_staff("Ｓａｔｏ １", Role.CLERK, PASSWORD, actor=ADMIN)


@pytest.mark.parametrize("name", ["", " ", "　", "a" * 65, "a\nb", "a\u202eb", "a\u200bb"])
def test_a_name_that_cannot_be_read_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(UnusableName):
        accounts.create_staff(name, Role.CLERK, PASSWORD, actor=ADMIN)
    assert accounts.list_staff() == []


def test_a_hash_that_cannot_be_read_lets_nobody_in(accounts: Accounts, sato: Account, store: Store) -> None:
    run_sql(store.directory, "UPDATE staff SET password_hash = 'plain'")
    assert accounts.check_password("佐藤", "plain") is None


def test_the_password_stands_nowhere(accounts: Accounts, sato: Account, store: Store) -> None:
    accounts.set_password(sato.id, NEW, actor=ADMIN)
    stored = str([run_sql(store.directory, f"SELECT * FROM {table}") for table in ("staff", "journal")])
    assert PASSWORD not in stored
    assert NEW not in stored
    assert "$argon2id$" in stored
    assert "argon2" not in str(run_sql(store.directory, "SELECT * FROM journal"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * (SHORTEST_PASSWORD - 1), "too_short"),
        ("Ｓato-Hanako", "is_name"),
        ("half a character \udfff", "not_text"),
    ],
)
def test_a_password_that_is_easily_guessed_or_no_text_is_refused(
    accounts: Accounts, password: str, code: str
) -> None:
    with pytest.raises(UnusablePassword) as refused:
        accounts.create_staff("sato-hanako", Role.CLERK, password, actor=ADMIN)
    assert refused.value.code == code
    person = accounts.create_staff("sato-hanako", Role.CLERK, "x" * SHORTEST_PASSWORD, actor=ADMIN)
    with pytest.raises(UnusablePassword):
        accounts.set_password(person.id, password, actor=ADMIN)
    assert accounts.check_password("sato-hanako", "x" * SHORTEST_PASSWORD) is not None


def test_a_name_is_taken_once(accounts: Accounts, sato: Account) -> None:
    with pytest.raises(NameTaken, match="佐藤"):
        accounts.create_staff("佐藤", Role.ADMINISTRATOR, PASSWORD, actor=ADMIN)
    assert [record.role for record in accounts.list_staff()] == [Role.CLERK]


@pytest.mark.parametrize("role", DEVICE_ROLES)
def test_a_person_gets_no_role_of_a_device(accounts: Accounts, sato: Account, role: Role) -> None:
    with pytest.raises(ValueError, match="no role of a person"):
        accounts.create_staff("鈴木", role, PASSWORD, actor=ADMIN)
    with pytest.raises(ValueError, match="no role of a person"):
        accounts.change_role(sato.id, role, actor=ADMIN)


def test_a_person_of_the_identity_provider_has_no_password_at_all(accounts: Accounts, sato: Account) -> None:
    suzuki = accounts.create_staff("suzuki", Role.CLERK, None, actor=ADMIN)
    assert accounts.check_password("suzuki", "") is None
    assert accounts.staff_of_provider("ｓｕｚｕｋｉ") == suzuki
    assert accounts.staff_of_provider("佐藤") is None, "whoever has a password signs in with it"
    assert accounts.staff_of_provider("nobody") is None
    accounts.disable(suzuki.id, actor=ADMIN)
    assert accounts.staff_of_provider("suzuki") is None


def test_a_person_may_change_from_a_password_to_the_provider_and_back(accounts: Accounts, sato: Account) -> None:
    accounts.set_password(sato.id, None, actor=ADMIN)
    assert accounts.check_password("佐藤", PASSWORD) is None
    assert accounts.staff_of_provider("佐藤") is not None
    accounts.set_password(sato.id, NEW, actor=ADMIN)
    assert accounts.check_password("佐藤", NEW) is not None
    assert accounts.staff_of_provider("佐藤") is None


def test_a_disabled_person_comes_back_as_they_were(accounts: Accounts, sato: Account) -> None:
    accounts.disable(sato.id, actor=ADMIN)
    assert accounts.check_password("佐藤", PASSWORD) is None
    assert accounts.staff_named("佐藤").disabled_at == local_minute("2026-11-24T09:00")
    accounts.enable(sato.id, actor=ADMIN)
    back = accounts.check_password("佐藤", PASSWORD)
    assert back is not None
    assert (back.id, back.role) == (sato.id, sato.role)
    assert back.epoch != sato.epoch, "sessions from before are over"


def test_the_last_administrator_stays_one(accounts: Accounts, sato: Account) -> None:
    tanaka, yamada = (
        accounts.create_staff(name, Role.ADMINISTRATOR, PASSWORD, actor=ADMIN) for name in ("tanaka", "yamada")
    )
    accounts.disable(yamada.id, actor=ADMIN)
    with pytest.raises(LastAdministrator, match="tanaka"):
        accounts.disable(tanaka.id, actor=ADMIN)
    with pytest.raises(LastAdministrator, match="tanaka"):
        accounts.change_role(tanaka.id, Role.SUPERVISOR, actor=ADMIN)
    accounts.change_role(yamada.id, Role.CLERK, actor=ADMIN)
    accounts.disable(sato.id, actor=ADMIN)
    accounts.enable(sato.id, actor=ADMIN)
    accounts.change_role(sato.id, Role.ADMINISTRATOR, actor=ADMIN)
    accounts.change_role(tanaka.id, Role.SUPERVISOR, actor=ADMIN)
    assert accounts.staff_named("tanaka").role is Role.SUPERVISOR


@pytest.mark.parametrize(
    ("change", "kind", "more"),
    [
        (lambda a, p: a.change_role(p, Role.SUPERVISOR, actor=ADMIN), Kind.CHANGE_ACCOUNT, {"role": "supervisor"}),
        (lambda a, p: a.set_password(p, NEW, actor=ADMIN), Kind.CHANGE_PASSWORD, {"signs_in": "password"}),
        (lambda a, p: a.set_password(p, None, actor=ADMIN), Kind.CHANGE_PASSWORD, {"signs_in": "provider"}),
        (lambda a, p: a.disable(p, actor=ADMIN), Kind.DISABLE_ACCOUNT, {}),
        (lambda a, p: (a.disable(p, actor=ADMIN), a.enable(p, actor=ADMIN)), Kind.ENABLE_ACCOUNT, {}),
        (lambda a, p: a.sign_out_everywhere(p, actor=ADMIN), Kind.SIGN_OUT_EVERYWHERE, {}),
    ],
)
def test_each_change_has_its_entry_and_is_named_after_who_made_it(
    accounts: Accounts,
    sato: Account,
    store: Store,
    change: Callable[[Accounts, str], object],
    kind: Kind,
    more: dict[str, str],
) -> None:
    change(accounts, sato.id)
    entry = last_entry(store)
    assert (entry.kind, entry.actor, entry.site, entry.business_day) == (kind, ADMIN, "", TUESDAY)
    assert entry.body.items() >= {"id": sato.id, "name": "佐藤", **more}.items()


def test_adding_a_person_and_their_sign_in_stand_in_the_journal(
    accounts: Accounts, sato: Account, store: Store
) -> None:
    accounts.record_sign_in(sato, "password")
    added, signed_in = journal.read_all(store.database)
    assert (added.kind, added.actor, added.body["role"]) == (Kind.ADD_ACCOUNT, ADMIN, "clerk")
    assert (signed_in.kind, signed_in.actor, signed_in.body["signs_in"]) == (Kind.SIGN_IN, "staff:佐藤", "password")


@pytest.mark.parametrize(
    "again",
    [
        lambda a, p: a.enable(p, actor=ADMIN),
        lambda a, p: a.change_role(p, Role.CLERK, actor=ADMIN),
    ],
)
def test_what_is_so_already_is_not_written_again(
    accounts: Accounts, sato: Account, store: Store, again: Callable[[Accounts, str], object]
) -> None:
    before = last_entry(store)
    again(accounts, sato.id)
    assert last_entry(store) == before
    accounts.disable(sato.id, actor=ADMIN)
    disabled = last_entry(store)
    accounts.disable(sato.id, actor=ADMIN)
    assert last_entry(store) == disabled


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.change_role("x", Role.CLERK, actor=ADMIN),
        lambda a: a.set_password("x", NEW, actor=ADMIN),
        lambda a: a.disable("x", actor=ADMIN),
        lambda a: a.enable("x", actor=ADMIN),
        lambda a: a.sign_out_everywhere("x", actor=ADMIN),
        lambda a: a.staff_named("鈴木"),
        lambda a: a.revoke_device("x", actor=ADMIN),
    ],
)
def test_who_is_unknown_cannot_be_changed(
    accounts: Accounts, sato: Account, store: Store, change: Callable[[Accounts], object]
) -> None:
    with pytest.raises(UnknownAccount):
        change(accounts)
    assert last_entry(store).kind is Kind.ADD_ACCOUNT


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.CLERK, {Permission.CALL}),
        (Role.SUPERVISOR, {Permission.ISSUE, Permission.CALL, Permission.MANAGE}),
        (Role.ADMINISTRATOR, set(Permission)),
    ],
)
def test_a_role_permits_what_its_work_needs(accounts: Accounts, role: Role, permissions: set[Permission]) -> None:
    assert accounts.create_staff("鈴木", role, PASSWORD, actor=ADMIN).permissions == permissions


def test_every_role_is_a_persons_or_a_devices() -> None:
    assert set(STAFF_ROLES) | set(DEVICE_ROLES) == set(Role)
    assert not set(STAFF_ROLES) & set(DEVICE_ROLES)
