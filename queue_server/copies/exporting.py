"""The journal for people outside the hall: a day without what concerns a person, and a whole year for the archive."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from queue_server.copies.folder import CopyFailed, make_certain
from queue_server.domain.calendar import JST
from queue_server.domain.entries import ACCESS_KINDS, Entry
from queue_server.storage import journal
from queue_server.storage.rows import entries_of_year, labels_of

_PUBLIC = frozenset(
    {
        *("series", "round", "number", "label", "service", "stage", "counter", "place", "priority", "state"),
        *("issued_at", "called_at", "started_at", "ended_at", "entered_at", "estimate"),
        *("services", "until", "for_today", "open", "part", "id", "value", "base", "text"),
    }
)
"""What a body may say to anybody. What is not named here stays: tokens, clerks, and reasons, which are free text."""


def exported_day(db: Database, site: str, day: date) -> Iterator[dict[str, Any]]:
    """The entries of a site's business day in the order of `seq`, without tokens, names of people and free text.

    Who did it is told as `staff`, `operator`, `clock` or `holder`; a device by its name.
    """
    labels = labels_of(db, site, day)
    for entry in journal.read_day(db, site, day):
        if entry.kind not in ACCESS_KINDS:
            label, service = labels.get(entry.ticket or "", (None, None))
            yield {
                "seq": entry.seq,
                "at": entry.at.astimezone(JST).isoformat(),
                "site": entry.site,
                "business_day": entry.business_day.isoformat(),
                "kind": entry.kind.value,
                "ticket": entry.ticket,
                "label": label,
                "service": service,
                "counter": entry.counter,
                "actor": _role(entry.actor),
                "body": _public(entry.body),
            }


def _role(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return actor if kind == "device" else kind if name else actor


def _public(body: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told; an undo carries a whole ticket, whose fields are sifted alike."""
    told: dict[str, Any] = {}
    for name, value in body.items():
        if name == "ticket" and isinstance(value, dict):
            told[name] = _public(value)
        elif name in _PUBLIC:
            told[name] = value
    return told


# -- whole years -------------------------------------------------------------------------------------


def archive_year(db: Database, year: int, folder: Path, today: date) -> tuple[Path, int]:
    """Write every entry of a year's business days into one packed file, and read it back; its path and their number.

    The file says who did what, so it is as confidential as the data directory, but opens no ticket: tokens are left
    out. The journal itself keeps all of it. Raises CopyFailed for a year that is not over or has no entry, and for a
    file that is there.
    """
    path = folder / f"journal-{year}.jsonl.gz"
    if year >= today.year:
        raise CopyFailed(f"The year {year} is not over.")
    if path.exists():
        raise CopyFailed(f"{path} is there already.")
    part = path.with_name(f".unfinished-{path.name}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as raw:
            written = _write_packed(raw, entries_of_year(db, year))
        if not written[0]:
            raise CopyFailed(f"The journal has no entry of {year}.")
        if _read_packed(part) != written:
            raise CopyFailed(f"{path} does not read back as it was written.")
        make_certain(part)
        part.rename(path)
        make_certain(folder)
    except OSError as error:
        raise CopyFailed(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return path, written[0]


def _write_packed(raw: Any, entries: Iterable[Entry]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    # No time and no name in the head: the same year makes the same file.
    with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        for entry in entries:
            line = f"{json.dumps(_whole(entry), ensure_ascii=False)}\n".encode()
            packed.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _read_packed(path: Path) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    with gzip.open(path, "rb") as packed:
        for line in packed:
            json.loads(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _whole(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "site": entry.site,
        "business_day": entry.business_day.isoformat(),
        "kind": entry.kind.value,
        "ticket": entry.ticket,
        "counter": entry.counter,
        "actor": entry.actor,
        "body": _without_tokens(entry.body),
    }


def _without_tokens(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_tokens(value) if isinstance(value, dict) else value
        for name, value in body.items()
        if name != "token"
    }
