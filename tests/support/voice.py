"""Real clips for tests: made once a run by the real programs, only those that the tests play."""

import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from queue_server.config import load_profile
from queue_server.domain.speech import Clip, counter_clip, number_clip
from queue_server.domain.voice import VoiceLanguage
from queue_server.voice import ClipCache, Engines, installed_engines, make_clips, missing_programs
from queue_server.voice.engines import DICTIONARY, OpenJTalk, run
from tests.support.server import SITE

WORKER_SECONDS = 300
"""How long a maker of clips may take on a busy machine, where whatever else runs goes before it (nice 19)."""

HURRIED = 2.5
"""How fast the clips speak that tests wait for: everything else of them is as in a hall."""
JAPANESE, ENGLISH = VoiceLanguage.JAPANESE, VoiceLanguage.ENGLISH


def engines() -> Engines:
    """The programs that speak; `make voice` installs them."""
    missing = missing_programs(VoiceLanguage)
    assert missing == [], "programs of the voice are missing: run `make voice`"
    return installed_engines()


@dataclass(frozen=True, slots=True)
class HurriedJTalk(OpenJTalk):
    """The same voice, in a hurry."""

    def speak(self, clip: Clip) -> bytes:
        """The sound of a text as a WAV file."""
        options = ["-x", str(DICTIONARY), "-m", str(self.voice), "-r", str(HURRIED), "-ow", "/dev/stdout"]
        return run([self.program, *options], clip.text.encode())


def hurried(engines: Engines) -> Engines:
    """These programs with the Japanese one in a hurry."""
    jtalk = engines.japanese
    assert jtalk is not None
    return replace(engines, japanese=HurriedJTalk(jtalk.program, jtalk.voice, f"{jtalk.identity} {HURRIED}"))


def small_hall() -> list[Clip]:
    """The counters of the Atsugi hall, and the numbers from 500 to 513 (ja) and 500 (en)."""
    site = load_profile("atsugi").sites[SITE]
    clips = [counter_clip(language, each, {}) for language in (JAPANESE, ENGLISH) for each in site.counters.values()]
    clips += [number_clip(JAPANESE, site.series["s500"], number, {}) for number in range(500, 514)]
    clips += [number_clip(ENGLISH, site.series["s500"], 500, {})]
    return [clip for clip in clips if clip is not None]


@cache
def made_once() -> Path:
    """A data directory with the clips of `small_hall`; only to be copied."""
    data = Path(mkdtemp(prefix="queue-voice-"))
    outcome = make_clips(small_hall(), ClipCache(data), hurried(engines()))
    assert (outcome.unspoken, outcome.failed) == ([], [])
    return data


def put_clips(data: Path) -> ClipCache:
    """Put the clips of `small_hall` into a data directory."""
    shutil.copytree(made_once() / "voice", data / "voice")
    return ClipCache(data)


def profile_with(folder: Path, voice: str, name: str = "atsugi") -> str:
    """A shipped profile, as a file, whose first hall has another `[site.voice]`; "" for a silent one."""
    text = load_profile(name).text
    start = text.index("[site.voice]")
    end = min(text.index(f"\n[{mark}", start) for mark in ("[site.priority]", "site.alerts") if mark in text[start:])
    path = folder / "city.toml"
    path.write_text(f"{text[:start]}{voice}\n{text[end:]}", encoding="utf-8")
    return str(path)
