"""The files of a journal copy: one for each business day, named by the first entry in it, read in order."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
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
    """How a file ends: its last entry (None for a file without one), and how many bytes there are up to its end.

    What stands behind is half of an append: a line that was cut short, or the accounts without their entry.
    """

    entry: Mapping[str, Any] | None
    size: int


def tail_of(path: Path) -> Tail:
    """Read a file to its end; a last line without its end does not count. Raises CopyFailed for other damage."""
    entry, end, size = None, 0, 0
    for content, length in _lines(path):
        end += length
        if "entry" in content:
            entry, size = content["entry"], end
    return Tail(entry, size)


def last_entry(folder: Path) -> Mapping[str, Any] | None:
    """The last entry of a journal copy, also where a file was begun after it and has none yet; None for no copy.

    Raises CopyFailed for damage in the file that it is in, or behind it.
    """
    for file in reversed(journal_files(folder)):
        tail = tail_of(file.path)
        if tail.entry is not None:
            return tail.entry
    return None


def contents(folder: Path, after: int) -> Iterator[Mapping[str, Any]]:
    """What a journal copy says of the entries that follow `after`, and of entry `after` itself if it is there.

    Raises CopyFailed at the first line that is damaged or missing, naming what came before it.
    """
    last = None
    for file in _files_after(_with_entries(journal_files(folder)), after):
        for content, _ in _lines(file.path):
            seq = content["entry"]["seq"] if "entry" in content else None
            if seq is not None and last is not None and seq != last + 1:
                raise CopyFailed(f"{file.path}: entry {seq} follows entry {last}; what came between is missing")
            last = last if seq is None else seq
            if seq is None or seq >= after:
                yield content


def torn_files(folder: Path) -> list[Path]:
    """The files that end with half a line, as far as no entry follows in another one."""
    files = journal_files(folder)
    first = max(len(_with_entries(files)) - 1, 0)
    return [file.path for file in files[first:] if not (b"\n" + file.path.read_bytes()).endswith(b"\n")]


def whole_entries(folder: Path, after: int) -> Iterator[Mapping[str, Any]]:
    """Every entry that can be read in the files that hold what follows `after`, whatever is damaged beside it."""
    for file in _files_after(journal_files(folder), after):
        with file.path.open("rb") as lines:
            for line in lines:
                with suppress(BadLine):
                    content = content_of(line)
                    if "entry" in content:
                        yield content["entry"]


def _with_entries(files: list[JournalFile]) -> list[JournalFile]:
    """Without those at the end that have only a name or half a line: nothing begins with them."""
    while files and not any("entry" in content for content, _ in _lines(files[-1].path)):
        files = files[:-1]
    return files


def _files_after(files: list[JournalFile], after: int) -> list[JournalFile]:
    """Those that may hold an entry from `after` on."""
    return [file for file, following in zip_longest(files, files[1:]) if not following or following.first > after]


def _lines(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Each line's content and length, without one that does not end: a power cut or a full disk tore it.

    Where another file follows, its first entry shows whether anything is missing.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                content = content_of(line)
            except BadLine as error:
                if not line.endswith(b"\n"):
                    return
                raise CopyFailed(f"{path}, line {number} is damaged") from error
            yield content, len(line)
