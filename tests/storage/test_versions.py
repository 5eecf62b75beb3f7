import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from queue_server.storage import versions
from queue_server.storage.database import FILE_NAME, StorageUnavailable, Store
from queue_server.storage.versions import BLOCK, VersionCounter

NOW = 1_795_000_000
Start = Callable[[int], VersionCounter]


def test_versions_rise_by_one(store: Store) -> None:
    counter = VersionCounter(store, NOW)
    assert [counter.next() for _ in range(3)] == [NOW * BLOCK + 1, NOW * BLOCK + 2, NOW * BLOCK + 3]


@pytest.mark.parametrize("seconds_later", [0, 1, 3600, -1, -86_400])
def test_after_a_restart_versions_are_higher_even_when_the_clock_went_back(store: Store, seconds_later: int) -> None:
    first = VersionCounter(store, NOW)
    given = [first.next() for _ in range(5)]
    second = VersionCounter(store, NOW + seconds_later)
    assert second.next() > max(given)


def test_what_a_former_process_reserved_is_never_given_out_by_a_later_one(store: Store) -> None:
    first, second = VersionCounter(store, NOW), VersionCounter(store, 0)
    of_first = {first.next() for _ in range(10)}
    of_second = {second.next() for _ in range(10)}
    assert not of_first & of_second


def test_when_a_block_is_used_up_the_next_is_reserved_and_versions_rise_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "BLOCK", 3)
    first = VersionCounter(store, 5)
    given = [first.next() for _ in range(10)]
    assert given == list(range(16, 26))
    assert VersionCounter(store, 0).next() > given[-1]


def test_over_an_older_backup_the_clock_of_the_system_lifts_the_versions(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.sqlite3"
    Store(data).close()
    shutil.copy(data / FILE_NAME, backup)
    store = Store(data)
    shown = [VersionCounter(store, NOW + hour * 3600).next() for hour in range(3)]
    store.close()
    shutil.copy(backup, data / FILE_NAME)
    restored = Store(data)
    assert VersionCounter(restored, NOW + 4 * 3600).next() > max(shown)
    restored.close()


def test_a_version_is_exact_in_javascript_for_longer_than_anybody_runs_this(store: Store) -> None:
    year_2200 = 7_258_118_400
    assert VersionCounter(store, year_2200).next() < 2**53


def takes_nothing(store: Store, full: bool = True) -> None:
    """Let the database refuse every write, as on a full disk, or take them again."""
    store.database.execute(f"PRAGMA query_only = {'ON' if full else 'OFF'}")


def test_a_block_that_could_not_be_reserved_is_not_handed_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "BLOCK", 3)
    counter = VersionCounter(store, 5)
    given = [counter.next() for _ in range(3)]
    takes_nothing(store)
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            counter.next()
    with pytest.raises(StorageUnavailable):
        VersionCounter(store, 6)
    takes_nothing(store, False)
    assert counter.next() == given[-1] + 1


def test_without_the_disk_versions_rise_on_and_over_restarts_by_the_clock(store: Store) -> None:
    given = [VersionCounter(store, NOW).next()]
    takes_nothing(store)
    for later in (2, 4):
        counter = VersionCounter(store, NOW + later, without_disk=True)
        given += [counter.next() for _ in range(3)]
    takes_nothing(store, False)
    given += [VersionCounter(store, NOW + 6).next()]
    assert given == sorted(set(given))


def test_without_the_disk_a_clock_that_went_back_begins_above_what_was_reserved(store: Store) -> None:
    before = VersionCounter(store, NOW)
    takes_nothing(store)
    after = VersionCounter(store, NOW - 86_400, without_disk=True)
    assert after.next() > before._end


def test_as_soon_as_the_disk_takes_it_the_versions_are_reserved(store: Store) -> None:
    takes_nothing(store)
    counter = VersionCounter(store, NOW, without_disk=True)
    given = [counter.next() for _ in range(3)]
    takes_nothing(store, False)
    given += [counter.next() for _ in range(3)]
    assert given == list(range(NOW * BLOCK + 1, NOW * BLOCK + 7))
    assert VersionCounter(store, 0).next() > given[-1]


def test_a_block_that_ends_on_a_full_disk_is_gone_on_from(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "BLOCK", 3)
    counter = VersionCounter(store, 5, without_disk=True)
    takes_nothing(store)
    assert [counter.next() for _ in range(8)] == list(range(16, 24))


def test_where_the_disk_gives_nothing_either_the_clock_decides(store: Store) -> None:
    store._damage = "a broken page"
    assert VersionCounter(store, NOW, without_disk=True).next() == NOW * BLOCK + 1
