"""The PIN of the staff mode: kept as a hash, journalled without it, set from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.accounts import Accounts, UnusablePin, passwords
from queue_server.cli import main
from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Kind
from queue_server.storage import journal
from queue_server.storage.database import Store
from tests.support.clock import ManualClock
from tests.support.halls import run_sql
from tests.support.people import cheap_hasher


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def accounts(store: Store) -> Accounts:
    return Accounts(store, ManualClock(local_minute("2026-11-24T09:00")))


def test_a_site_without_a_pin_has_no_staff_mode(accounts: Accounts) -> None:
    assert accounts.check_kiosk_pin("hall", "1234") is None


def test_a_pin_opens_the_kiosks_of_its_own_site(accounts: Accounts) -> None:
    accounts.set_kiosk_pin("hall", "2580", actor="staff:boss")
    assert accounts.check_kiosk_pin("hall", "2580") is True
    assert accounts.check_kiosk_pin("hall", "2581") is False
    assert accounts.check_kiosk_pin("branch", "2580") is None
    accounts.set_kiosk_pin("hall", "001122", actor="staff:boss")
    assert accounts.check_kiosk_pin("hall", "2580") is False


def test_the_journal_says_who_set_it_and_not_what_it_is(accounts: Accounts, store: Store) -> None:
    accounts.set_kiosk_pin("hall", "2580", actor="staff:boss")
    (entry,) = journal.read_all(store.database)
    assert (entry.kind, entry.actor, entry.site, dict(entry.body)) == (
        Kind.CHANGE_KIOSK_PIN,
        "staff:boss",
        "",
        {"site": "hall"},
    )
    ((kept,),) = store.database.execute("SELECT pin_hash FROM kiosk_pin").fetchall()
    assert kept.startswith("$argon2id$")
    assert "2580" not in kept


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "１２３４", "0000", "\ud800\ud800\ud800\ud800"])
def test_a_pin_that_is_none_is_refused_and_changes_nothing(accounts: Accounts, store: Store, pin: str) -> None:
    with pytest.raises(UnusablePin):
        accounts.set_kiosk_pin("hall", pin, actor="staff:boss")
    assert accounts.kiosk_pin_hash("hall") is None
    assert list(journal.read_all(store.database)) == []


def test_the_command_line_sets_it_also_while_the_server_runs(accounts: Accounts, tmp_path: Path) -> None:
    arguments = ["kiosk-pin", "--site", "hall", "--data", str(tmp_path / "data")]
    result = CliRunner().invoke(main, arguments, input="2580\n2580\n")
    assert result.exit_code == 0, result.output
    assert accounts.check_kiosk_pin("hall", "2580") is True
    made = CliRunner().invoke(main, [*arguments, "--generate"]).output.split()[-1]
    assert len(made) == 6
    assert accounts.check_kiosk_pin("hall", made) is True


def test_the_command_line_says_what_a_pin_is(tmp_path: Path) -> None:
    Store(tmp_path / "data").close()
    arguments = ["kiosk-pin", "--site", "hall", "--data", str(tmp_path / "data")]
    result = CliRunner().invoke(main, arguments, input="12\n12\n")
    assert result.exit_code == 1
    assert "A PIN has 4 to 12 digits" in result.output
    assert run_sql(tmp_path / "data", "SELECT count(*) FROM kiosk_pin") == [(0,)]
