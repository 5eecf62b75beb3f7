"""The programs that speak, and what each of them is: Open JTalk for Japanese, eSpeak NG for other languages.

They are programs of the operating system, run once a clip, and never parts of this server: speech is computed for
tenths of a second, and their licences differ from ours.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from queue_server.domain.speech import Clip
from queue_server.domain.voice import VoiceLanguage

DICTIONARY = Path("/var/lib/mecab/dic/open-jtalk/naist-jdic")
VOICE_FOLDERS = (Path("/usr/local/share/hts-voice"), Path("/usr/share/hts-voice"))
"""Where voices of Open JTalk are; the first that is found speaks, so that a city's own comes before Debian's."""
PATIENCE_SECONDS = 30
JAPANESE_SPEED = 0.95
"""A little slower than the voice's own: people of 80 listen, across a hall."""
ESPEAK_WORDS_A_MINUTE = 140
ESPEAK_VOICES: Mapping[VoiceLanguage, str] = {
    VoiceLanguage.ENGLISH: "en-us",
    VoiceLanguage.CHINESE: "cmn-latn-pinyin",
    VoiceLanguage.KOREAN: "ko",
    VoiceLanguage.VIETNAMESE: "vi",
    VoiceLanguage.PORTUGUESE: "pt-br",
    VoiceLanguage.NEPALI: "ne",
}
_VERSION = re.compile(r"\d+(?:\.\d+)+")


class SynthesisFailed(Exception):  # noqa: N818 - an answer for the administrator
    """A program did not make the sound of a text; the message says which and why."""


@dataclass(frozen=True, slots=True)
class OpenJTalk:
    """Japanese speech."""

    program: str
    voice: Path
    identity: str
    """What makes the sound what it is: another identity, another sound."""

    def speak(self, clip: Clip) -> bytes:
        """The sound of a text as a WAV file. Raises SynthesisFailed."""
        options = ["-x", str(DICTIONARY), "-m", str(self.voice), "-r", str(JAPANESE_SPEED), "-ow", "/dev/stdout"]
        return run([self.program, *options], clip.text.encode())


@dataclass(frozen=True, slots=True)
class EspeakNG:
    """Speech in other languages."""

    program: str
    identity: str

    def speak(self, clip: Clip) -> bytes:
        """The sound of a text as a WAV file. Raises SynthesisFailed."""
        options = ["-v", ESPEAK_VOICES[clip.language], "-s", str(ESPEAK_WORDS_A_MINUTE), "--stdin", "--stdout"]
        return run([self.program, *options], clip.text.encode())


@dataclass(frozen=True, slots=True)
class Opus:
    """The encoder: small files that every browser of a display plays."""

    program: str
    identity: str

    def encode(self, wav: bytes) -> bytes:
        """A WAV file as Ogg Opus; the same sound gives the same bytes. Raises SynthesisFailed."""
        options = ["--quiet", "--bitrate", "24", "--discard-comments", "--padding", "0", "--serial", "1", "-", "-"]
        return run([self.program, *options], wav)


@dataclass(frozen=True, slots=True)
class Engines:
    """What this machine can speak with."""

    japanese: OpenJTalk | None
    others: EspeakNG | None
    opus: Opus | None

    def of(self, language: VoiceLanguage) -> OpenJTalk | EspeakNG | None:
        """The engine of a language, None where it has none here, or nothing could be encoded."""
        if self.opus is None:
            return None
        if language is VoiceLanguage.JAPANESE:
            return self.japanese
        return self.others if language in ESPEAK_VOICES else None


def installed_engines() -> Engines:
    """The engines that are there, asked for their versions: this starts each of them once."""
    jtalk, voice, espeak, opus = shutil.which("open_jtalk"), _voice(), shutil.which("espeak-ng"), _opus()
    return Engines(
        OpenJTalk(jtalk, voice, _jtalk_identity(jtalk, voice)) if jtalk and voice and DICTIONARY.is_dir() else None,
        EspeakNG(espeak, f"espeak-ng {_version([espeak, '--version'])} {ESPEAK_WORDS_A_MINUTE}") if espeak else None,
        Opus(opus, f"opusenc {_version([opus, '--version'])}") if opus else None,
    )


def missing_programs(languages: Iterable[VoiceLanguage]) -> list[str]:
    """The Debian packages that these languages need and that are not there; looks at files only."""
    wanted = set(languages)
    needs = {
        "open-jtalk": VoiceLanguage.JAPANESE in wanted and not shutil.which("open_jtalk"),
        "open-jtalk-mecab-naist-jdic": VoiceLanguage.JAPANESE in wanted and not DICTIONARY.is_dir(),
        "hts-voice-nitech-jp-atr503-m001": VoiceLanguage.JAPANESE in wanted and _voice() is None,
        "espeak-ng": bool(wanted & ESPEAK_VOICES.keys()) and not shutil.which("espeak-ng"),
        "opus-tools": bool(wanted) and _opus() is None,
    }
    return [package for package, missing in needs.items() if missing]


def run(command: Sequence[str], data: bytes) -> bytes:
    """What a program makes of data. Raises SynthesisFailed when it fails, takes too long or says nothing."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise SynthesisFailed(f"{name} took more than {PATIENCE_SECONDS} s") from None
    except OSError as error:
        raise SynthesisFailed(f"{name} cannot be run: {error.strerror}") from error
    if done.returncode != 0 or not done.stdout:
        raise SynthesisFailed(f"{name} ended with {done.returncode}: {_last_line(done.stderr)}")
    return done.stdout


def _voice() -> Path | None:
    return next((file for folder in VOICE_FOLDERS for file in sorted(folder.rglob("*.htsvoice"))), None)


def _opus() -> str | None:
    return shutil.which("opusenc")


def _jtalk_identity(program: str, voice: Path) -> str:
    digest = hashlib.sha256(voice.read_bytes()).hexdigest()[:12]
    return f"open_jtalk {_version([program])} {voice.stem} {digest} {JAPANESE_SPEED}"


def _version(command: Sequence[str]) -> str:
    """The first thing like a version that a program says of itself; open_jtalk says it with its usage and fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return "?"
    found = _VERSION.search((done.stdout + done.stderr).decode(errors="replace"))
    return found.group() if found else "?"


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no sound"
