import gzip
import json
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from queue_server.copies import exporting
from queue_server.copies.exporting import archive_year, exported_day
from queue_server.copies.folder import CopyFailed
from queue_server.domain.entries import ACCESS_KINDS
from queue_server.domain.roles import Role
from tests.copies.conftest import Copied
from tests.support.halls import TUESDAY

NEXT_YEAR = date(2027, 1, 4)


def database(town: Copied) -> Database:
    return town.store.database


def test_a_day_is_told_entry_by_entry_without_what_concerns_accounts(town: Copied) -> None:
    told = list(exported_day(database(town), "hall", TUESDAY))
    assert [line["seq"] for line in told] == [e.seq for e in town.entries() if e.kind not in ACCESS_KINDS]
    assert len(told) < len(town.entries())
    issued = next(line for line in told if line["kind"] == "issue")
    assert issued["label"] == "A01"
    assert issued["service"] == "x"
    assert issued["at"].endswith("+09:00")


def test_no_token_no_name_and_no_free_text_leaves(town: Copied) -> None:
    town.hall.open_counter(town.person("tanaka"), "1", take_over=True)
    town.hall.call_next(town.person("tanaka"), "1")
    text = json.dumps(list(exported_day(database(town), "hall", TUESDAY)), ensure_ascii=False)
    tokens = [token for (token,) in town.sql("SELECT token FROM ticket")]
    assert tokens
    for secret in (*tokens, "山田", "tanaka", "sato"):
        assert secret not in text
    assert '"actor": "staff"' in text
    assert '"actor": "device:desk"' in text
    assert "お待ちください" in text, "what was shown to everybody"


def test_an_undo_tells_the_ticket_as_it_was_without_its_token(town: Copied) -> None:
    undo = next(line for line in exported_day(database(town), "hall", TUESDAY) if line["kind"] == "undo")
    assert undo["body"]["ticket"]["state"] == "called"
    assert "token" not in undo["body"]["ticket"]
    assert "reason" not in undo["body"]["ticket"]


def test_another_day_and_another_site_are_not_in_it(town: Copied) -> None:
    assert list(exported_day(database(town), "hall", TUESDAY + timedelta(days=1))) == []
    assert list(exported_day(database(town), "branch", TUESDAY)) == []


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as packed:
        return [json.loads(line) for line in packed]


def test_a_year_is_archived_whole_without_tokens(town: Copied, tmp_path: Path) -> None:
    path, count = archive_year(database(town), 2026, tmp_path / "archive", NEXT_YEAR)
    lines = read(path)
    assert path.name == "journal-2026.jsonl.gz"
    assert count == len(lines) == len(town.entries())
    assert [line["seq"] for line in lines] == [entry.seq for entry in town.entries()]
    assert '"token"' not in json.dumps(lines)
    assert "電話の山田さん" in json.dumps(lines, ensure_ascii=False), "who did what and why, for the archive"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in (tmp_path / "archive").iterdir()] == [path.name]


def test_a_year_is_that_of_the_business_day(town: Copied, tmp_path: Path) -> None:
    town.clock.advance(timedelta(days=60))
    town.hall.tick()
    town.city.accounts.create_device("kiosk-new", Role.KIOSK, actor="operator:root")
    path, _ = archive_year(database(town), 2026, tmp_path, date(2027, 5, 1))
    assert {line["business_day"][:4] for line in read(path)} == {"2026"}
    with pytest.raises(CopyFailed, match="no entry of 2025"):
        archive_year(database(town), 2025, tmp_path, date(2027, 5, 1))
    assert list(tmp_path.glob("*2025*")) == []


def test_the_same_year_makes_the_same_file(town: Copied, tmp_path: Path) -> None:
    first, _ = archive_year(database(town), 2026, tmp_path / "a", NEXT_YEAR)
    second, _ = archive_year(database(town), 2026, tmp_path / "b", NEXT_YEAR)
    assert first.read_bytes() == second.read_bytes()


def test_a_year_that_runs_and_a_file_that_is_there_are_refused(town: Copied, tmp_path: Path) -> None:
    with pytest.raises(CopyFailed, match="not over"):
        archive_year(database(town), 2027, tmp_path, NEXT_YEAR)
    archive_year(database(town), 2026, tmp_path, NEXT_YEAR)
    with pytest.raises(CopyFailed, match="there already"):
        archive_year(database(town), 2026, tmp_path, NEXT_YEAR)


def test_an_archive_that_does_not_read_back_is_thrown_away(
    town: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_read_packed", lambda _path: (0, ""))
    with pytest.raises(CopyFailed, match="does not read back"):
        archive_year(database(town), 2026, tmp_path / "archive", NEXT_YEAR)
    assert list((tmp_path / "archive").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_so(town: Copied, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CopyFailed, match="cannot be written"):
        archive_year(database(town), 2026, tmp_path / "file" / "archive", NEXT_YEAR)
