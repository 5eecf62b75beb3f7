"""The list that a server leaves for the process that makes its clips: a file, so that no pipe can fill up."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from queue_server.domain.speech import Clip
from queue_server.domain.voice import VoiceLanguage

FILE_NAME = "wanted.json"


def write_wanted(folder: Path, clips: Sequence[Clip]) -> None:
    """Leave the list of clips, in their order. Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    part = folder / f"{FILE_NAME}.part"
    part.write_text(json.dumps([[clip.language.value, clip.text] for clip in clips], ensure_ascii=False), "utf-8")
    os.replace(part, folder / FILE_NAME)


def read_wanted(folder: Path) -> list[Clip]:
    """The list that was left. Raises OSError when there is none."""
    rows = json.loads((folder / FILE_NAME).read_text("utf-8"))
    return [Clip(VoiceLanguage(language), text) for language, text in rows]
