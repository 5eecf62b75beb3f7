"""The process that makes clips beside a running server: `python -m queue_server.voice.worker DATA PARENT`.

It reads what is wanted from the list that the server left (`wanted.json`), works at the lowest priority, and ends
when the server does. Its exit status says how it went: a full disk has no room for a report.
"""

import os
import sys
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from queue_server.voice.cache import ClipCache
from queue_server.voice.engines import installed_engines
from queue_server.voice.making import make_clips
from queue_server.voice.wanted import read_wanted

NICENESS = 19


class Status(IntEnum):
    """How a run ended."""

    DONE = 0
    SOME_FAILED = 3
    SOMEBODY_ELSE = 4
    """Another process makes clips here: `queue-server voice`, or the worker of a server that ended just now."""
    NO_ROOM = 5
    """The disk took no more."""


def main(data_dir: Path, parent: int) -> Status:
    """Make what is wanted under a data directory, for as long as `parent` is the process that started this."""
    # A service manager may forbid it; then the work is done at the ordinary priority.
    with suppress(OSError):
        os.nice(NICENESS)
    cache = ClipCache(data_dir)
    try:
        with cache.alone(wait=False) as alone:
            if not alone:
                return Status.SOMEBODY_ELSE
            clips = read_wanted(cache.folder)
            cache.tidy(frozenset(clips))
            outcome = make_clips(clips, cache, installed_engines(), go_on=lambda: os.getppid() == parent)
    except OSError as error:
        sys.stderr.write(f"voice: {error}\n")
        return Status.NO_ROOM
    for clip, why in outcome.failed:
        sys.stderr.write(f"voice: {clip.language} {clip.text}: {why}\n")
    return Status.SOME_FAILED if outcome.failed else Status.DONE


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
