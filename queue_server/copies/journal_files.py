"""The files of a journal copy: one for each business day, named by the first entry in it, read in order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from queue_server.copies.folder import CopyFailed
from queue_server.copies.lines import BadLine, content_of

_NAME = re.compile(r"journal-(\d{12})\.jsonl")


@dataclass(frozen=True, slots=True)
class JournalFile:
    """One file; `first` is the seq of its first entry."""

    path: Path
    first: int


def file_name(first: int) -> str:
    """How the file is called whose first entry is this one."""
    return f"journal-{first:012d}.jsonl"


def journal_files(folder: Path) -> list[JournalFile]:
    """The files of a journal copy, in the order of their entries."""
    names = [(_NAME.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ())]
    return sorted((JournalFile(path, int(match[1])) for match, path in names if match), key=lambda file: file.first)


@dataclass(frozen=True, slots=True)
class Tail:
    """How a file ends: its last entry (None for a file without one), and how many bytes of it are whole lines."""

    entry: Mapping[str, Any] | None
    size: int


def tail_of(path: Path) -> Tail:
    """Read a file to its end; a last line that was cut short does not count. Raises CopyFailed for other damage."""
    entry, size = None, 0
    for content, length in _lines(path, may_be_torn=True):
        entry, size = content.get("entry", entry), size + length
    return Tail(entry, size)


def contents(folder: Path, after: int) -> Iterator[Mapping[str, Any]]:
    """What a journal copy says of the entries that follow `after`, and of entry `after` itself if it is there.

    Raises CopyFailed at the first line that is damaged or missing, naming what came before it.
    """
    files = journal_files(folder)
    last = None
    for index, file in enumerate(files):
        if index + 1 < len(files) and files[index + 1].first <= after:
            continue
        for content, _ in _lines(file.path, may_be_torn=index + 1 == len(files)):
            seq = content["entry"]["seq"] if "entry" in content else None
            if seq is not None and last is not None and seq != last + 1:
                raise CopyFailed(f"{file.path}: entry {seq} follows entry {last}; what came between is missing")
            last = last if seq is None else seq
            if seq is None or seq >= after:
                yield content


def _lines(path: Path, *, may_be_torn: bool) -> Iterator[tuple[dict[str, Any], int]]:
    """Each line's content and length; a bad one at the very end is passed over where it may be torn."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                content = content_of(line)
            except BadLine as error:
                if may_be_torn and not file.readline():
                    return
                raise CopyFailed(f"{path}, line {number} is damaged") from error
            yield content, len(line)
