"""`queue-server replay`: a recording in, predictions out."""

import csv
import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main

HEADING = "site,day,minute,event,service,ticket,value\n"
ROWS = (
    "s,1,540.00,counters,a,,2\n"
    "s,1,541.00,issued,a,1,\n"
    "s,1,542.00,issued,a,2,unscored\n"
    "s,1,545.50,called,a,1,\n"
    "s,1,546.00,issued,a,3,\n"
    "s,1,547.00,abandoned,a,2,\n"
    "s,1,548.00,finished,a,1,\n"
    "s,2,500.00,issued,a,1,\n"
)


def replayed(path: Path, text: str = HEADING + ROWS) -> Result:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["replay", str(path)])


@pytest.mark.parametrize("name", ["events.csv", "events.csv.gz"])
def test_each_number_is_predicted_once_in_the_order_of_issue(tmp_path: Path, name: str) -> None:
    result = replayed(tmp_path / name)
    assert result.exit_code == 0
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [(row["site"], row["day"], row["service"], row["ticket"]) for row in rows] == [
        ("s", "1", "a", "1"),
        ("s", "1", "a", "2"),
        ("s", "1", "a", "3"),
        ("s", "2", "a", "1"),
    ]
    assert list(rows[0]) == ["site", "day", "service", "ticket", "low", "point", "high"]
    assert all(0 <= float(row["low"]) <= float(row["point"]) <= float(row["high"]) for row in rows)


def test_the_same_recording_gives_the_same_predictions(tmp_path: Path) -> None:
    assert replayed(tmp_path / "a.csv").stdout == replayed(tmp_path / "b.csv.gz").stdout


def test_a_file_of_windows_with_a_mark_at_its_beginning_is_read_too(tmp_path: Path) -> None:
    plain = replayed(tmp_path / "a.csv")
    assert replayed(tmp_path / "b.csv", "\ufeff" + HEADING + ROWS).stdout == plain.stdout


def test_a_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    result = replayed(tmp_path / "events.csv", HEADING + ROWS + "s,2,late,issued,a,2,\n")
    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path}/events.csv:10: minute: 'late' is no number from 0 up\n"


@pytest.mark.parametrize("text", ["", "site,day\ns,1\n"])
def test_a_file_without_the_columns_is_no_recording(tmp_path: Path, text: str) -> None:
    result = replayed(tmp_path / "events.csv", text)
    assert result.exit_code == 1
    assert "the column" in result.stderr


def test_what_is_not_compressed_though_its_name_says_so_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    path.write_text("no gzip", encoding="utf-8")
    result = CliRunner().invoke(main, ["replay", str(path)])
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
