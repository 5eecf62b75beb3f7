"""Clips on disk: a file each, named by what makes its sound, and a manifest that says which text is which file.

The manifest has one JSON line a clip, written after the clip itself is safe on disk; the last line of a text counts.
What a power cut leaves half-written is a line that does not parse, or a file that no line names: both are passed
over.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from queue_server.domain.speech import Clip
from queue_server.domain.voice import VoiceLanguage

FOLDER = "voice"
"""Inside the data directory."""
SUFFIX = ".opus"
RECIPE = "1"
"""Changes whenever clips are made in another way: then all of them are made anew."""
_NAME = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class KeptClip:
    """A clip that is there."""

    name: str
    seconds: float
    bytes: int


def clip_name(clip: Clip, identity: str) -> str:
    """The name of a clip's file without its ending: a hash of its text, its language and what speaks it."""
    digest = hashlib.sha256("\n".join((RECIPE, identity, clip.language, clip.text)).encode())
    return digest.hexdigest()[:24]


class ClipCache:
    """The clips under a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self._manifest = self.folder / "manifest.jsonl"
        self._stamp: tuple[int, int, int] | None = None
        self._kept: dict[Clip, KeptClip] = {}
        self._names: set[str] = set()

    @property
    def stamp(self) -> str:
        """Changes whenever the manifest does."""
        self.kept()
        return "-".join(map(str, self._stamp or (0,)))

    def kept(self) -> Mapping[Clip, KeptClip]:
        """Every clip of the manifest; it is read again when it has changed."""
        try:
            stamp = self._stamp_now()
        except FileNotFoundError:
            self._stamp, self._kept, self._names = None, {}, set()
            return self._kept
        if stamp != self._stamp:
            self._stamp, self._kept = stamp, self._read()
            self._names = {each.name for each in self._kept.values()}
        return self._kept

    def file_of(self, name: str) -> Path | None:
        """The file of a clip by its name; None for every name that is none of a clip's."""
        self.kept()
        if not _NAME.fullmatch(name) or name not in self._names:
            return None
        path = self._path(name)
        return path if path.is_file() else None

    def has(self, clip: Clip, name: str) -> bool:
        """Whether a clip is there under this name."""
        kept = self.kept().get(clip)
        return kept is not None and kept.name == name and self._path(name).is_file()

    def keep(self, clip: Clip, name: str, audio: bytes, seconds: float) -> None:
        """Put a clip on disk, whole or not at all. Raises OSError when the disk takes none."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part", delete=False) as file:
            try:
                file.write(audio)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, self._path(name))
            except BaseException:
                with suppress(OSError):
                    os.unlink(file.name)
                raise
        kept = KeptClip(name, round(seconds, 3), len(audio))
        self.kept()
        # A line of its own, also behind one that a power cut has torn.
        line = b"\n" * self._is_torn() + _line(clip, kept)
        with open(self._manifest, "ab") as manifest:
            manifest.write(line)
        # Only one makes clips, so what is known stays what the file says.
        self._kept[clip], self._stamp = kept, self._stamp_now()
        self._names.add(name)

    def tidy(self, wanted: Collection[Clip]) -> int:
        """Forget every clip that nobody wants any more, and what was left half-made; returns how many files went."""
        if not self.folder.is_dir():
            return 0
        kept = {clip: each for clip, each in self._read().items() if clip in wanted}
        with NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part", delete=False) as file:
            file.writelines(_line(clip, each) for clip, each in kept.items())
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self._manifest)
        names = {each.name + SUFFIX for each in kept.values()}
        gone = [path for path in self.folder.glob(f"*{SUFFIX}") if path.name not in names]
        gone += self.folder.glob(".*.part")
        for path in gone:
            path.unlink()
        return len(gone)

    @contextmanager
    def alone(self, *, wait: bool) -> Iterator[bool]:
        """Be the only one who makes clips here; gives False, without `wait`, while somebody else does."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with open(self.folder / "lock", "ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def _stamp_now(self) -> tuple[int, int, int]:
        now = os.stat(self._manifest)
        return now.st_mtime_ns, now.st_size, now.st_ino

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _read(self) -> dict[Clip, KeptClip]:
        found: dict[Clip, KeptClip] = {}
        with suppress(FileNotFoundError):
            for line in self._manifest.read_bytes().splitlines():
                with suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    clip = Clip(VoiceLanguage(row["language"]), row["text"])
                    found[clip] = KeptClip(str(row["name"]), float(row["seconds"]), int(row["bytes"]))
        return found

    def _is_torn(self) -> bool:
        with suppress(FileNotFoundError), open(self._manifest, "rb") as manifest:
            if manifest.seek(0, os.SEEK_END):
                manifest.seek(-1, os.SEEK_END)
                return manifest.read(1) != b"\n"
        return False


def _line(clip: Clip, kept: KeptClip) -> bytes:
    row = {
        "language": clip.language.value,
        "text": clip.text,
        "name": kept.name,
        "seconds": kept.seconds,
        "bytes": kept.bytes,
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
