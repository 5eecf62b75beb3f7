"""export, archive: the journal for people outside the hall."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from queue_server.cli.common import data_option, fail

COLUMNS = ("seq", "at", "site", "business_day", "kind", "ticket", "label", "service", "counter", "actor", "body")
to_option = click.option(
    "--to", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for the file."
)


@click.command()
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The business day.")
@click.option("--site", help="One site; without it all.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@data_option
def export(day: datetime, site: str | None, form: str, data: Path) -> None:
    """Print the journal of a day, without tokens, names of people and free text."""
    from queue_server.copies.exporting import exported_day
    from queue_server.storage.database import FILE_NAME, StorageUnavailable
    from queue_server.storage.rows import reading, sites_of

    if not (data / FILE_NAME).is_file():
        fail(f"There is no database in {data}.")
    try:
        with reading(data) as db:
            sites = [site] if site else sites_of(db, day.date())
            lines = (line for each in sites for line in exported_day(db, each, day.date()))
            for text in _csv(lines) if form == "csv" else _json(lines):
                click.echo(text, nl=False)
    except StorageUnavailable as error:
        fail(f"{data} cannot be read: {error}")


def _json(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _csv(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """As spreadsheets open it in Japanese, with no cell that they would compute; `body` is JSON."""
    from queue_server.web.admin_csv import csv_pieces

    return csv_pieces(COLUMNS, ([_cell(line[name]) for name in COLUMNS] for line in lines))


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)


@click.command()
@click.option("--year", required=True, type=click.IntRange(2000, 9998), help="A year that is over.")
@to_option
@data_option
def archive(year: int, to: Path, data: Path) -> None:
    """Write the journal of a year's business days, without tokens, into one packed file that was read back."""
    from queue_server.clock import SystemClock
    from queue_server.copies.exporting import archive_year
    from queue_server.copies.folder import CopyFailed
    from queue_server.domain.calendar import business_day
    from queue_server.storage.database import FILE_NAME, StorageUnavailable
    from queue_server.storage.rows import reading

    if not (data / FILE_NAME).is_file():
        fail(f"There is no database in {data}.")
    try:
        with reading(data) as db:
            path, entries = archive_year(db, year, to, business_day(SystemClock().now()))
    except CopyFailed as error:
        fail(str(error))
    except StorageUnavailable as error:
        fail(f"{data} cannot be read: {error}")
    click.echo(f"{path}: {entries} entries")
