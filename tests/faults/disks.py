"""Small file systems of their own, mounted while a test needs them; they take root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.waiting import wait_until

NOT_ROOT = "mounting needs root; tests/crash/test_disk.py limits the size of the server's files instead"


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def _take_off(folder: Path) -> None:
    """Unmount, as soon as the processes that were killed have let go of their files."""
    wait_until(lambda: not subprocess.run(["umount", folder], capture_output=True).returncode, f"{folder} is in use")


@contextmanager
def tmpfs(folder: Path, size: int) -> Iterator[Path]:
    """A file system in memory of so many bytes. Skips the test, saying why, where it cannot be mounted."""
    folder.mkdir(mode=0o700)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "none", folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(NOT_ROOT)
    try:
        yield folder
    finally:
        _take_off(folder)


@contextmanager
def ext4(folder: Path, size: int) -> Iterator[Path]:
    """A file system on a file, which can fail as one on a dying disk does: `abort`."""
    image = folder.with_name(f"{folder.name}.img")
    folder.mkdir(mode=0o700)
    with image.open("wb") as file:
        file.truncate(size)
    try:
        _run("mkfs.ext4", "-q", image)
        _run("mount", "-o", "loop", image, folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(NOT_ROOT)
    try:
        yield folder
    finally:
        _take_off(folder)


def abort(folder: Path) -> None:
    """The kernel found an error on the disk: from now on it is read-only, also for files that are open."""
    _run("mount", "-o", "remount,abort", folder)


def mount_again(folder: Path, *options: str) -> None:
    """Take the file system off, repair it, and take it on again."""
    image = folder.with_name(f"{folder.name}.img")
    _take_off(folder)
    repaired = subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True, text=True)
    # 1: there was something to repair, and it was repaired.
    assert repaired.returncode in (0, 1), repaired.stdout
    _run("mount", "-o", ",".join(("loop", *options)), image, folder)


def fill(folder: Path) -> None:
    """Leave no byte free."""
    with (folder / "hog").open("wb") as hog, suppress(OSError):
        while True:
            os.write(hog.fileno(), bytes(4096))


def free(folder: Path) -> None:
    """Give the room back."""
    (folder / "hog").unlink()
