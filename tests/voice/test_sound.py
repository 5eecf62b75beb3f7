"""The sound of announcements: made by the real programs, decoded again, and measured."""

import math
import shutil
import subprocess
from array import array
from pathlib import Path

import pytest

from queue_server.domain.speech import Clip
from queue_server.domain.voice import VoiceLanguage
from queue_server.voice import installed_engines, make_clips
from queue_server.voice.audio import Sound, levelled, read_wav, write_wav
from queue_server.voice.cache import ClipCache
from queue_server.voice.engines import Engines, SynthesisFailed, missing_programs, run
from tests.support.voice import engines, put_clips, small_hall

RATE = 48_000
FULL = 32_767


def decoded(file: Path) -> Sound:
    """A clip as a browser hears it."""
    raw = subprocess.run(["opusdec", "--quiet", "--rate", str(RATE), file, "-"], capture_output=True, check=True)
    samples = array("h")
    samples.frombytes(raw.stdout)
    return Sound(RATE, samples)


def longest_silence(sound: Sound) -> float:
    """Seconds without a sample above a hundredth of full scale."""
    longest = now = 0
    for sample in sound.samples:
        now = now + 1 if abs(sample) < FULL / 100 else 0
        longest = max(longest, now)
    return longest / sound.rate


def tone(seconds: float, height: float, *, quiet: float = 0.0) -> Sound:
    silence = [0] * int(RATE * quiet)
    wave = [round(FULL * height * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(int(RATE * seconds))]
    return Sound(RATE, array("h", [*silence, *wave, *silence]))


def test_twenty_calls_are_heard_whole_neither_silent_nor_clipped_nor_with_a_gap(tmp_path: Path) -> None:
    cache = put_clips(tmp_path)
    clips = small_hall()
    assert len(clips) > 20
    loudness = []
    for clip in clips:
        kept = cache.kept()[clip]
        sound = decoded(cache.folder / f"{kept.name}.opus")
        assert 0.7 < sound.seconds < 4, clip
        assert abs(sound.seconds - kept.seconds) < 0.1, clip
        peak = max(map(abs, sound.samples)) / FULL
        assert 0.3 < peak < 0.99, clip
        assert longest_silence(sound) < 0.5, clip
        assert 1_500 < kept.bytes < 15_000, clip
        loudness.append(math.sqrt(sum(each * each for each in sound.samples) / len(sound.samples)) / FULL)
    assert max(loudness) < 3 * min(loudness)


def test_every_language_that_has_a_voice_is_spoken(tmp_path: Path) -> None:
    said = {
        "en": "Number 5.",
        "zh": "wu3 hao4.",
        "ko": "5번 고객님.",
        "vi": "Số 5.",
        "pt": "Senha 5.",
        "ne": "नम्बर ५।",
    }
    clips = [Clip(VoiceLanguage(language), text) for language, text in said.items()]
    cache = ClipCache(tmp_path)
    outcome = make_clips([*clips, Clip(VoiceLanguage.FILIPINO, "Numero 5.")], cache, engines())
    assert outcome.made == clips
    assert [clip.language for clip in outcome.unspoken] == [VoiceLanguage.FILIPINO]
    assert outcome.failed == []
    for clip in clips:
        assert longest_silence(decoded(cache.folder / f"{cache.kept()[clip].name}.opus")) < 0.5


def test_a_sound_loses_the_silence_around_it_and_comes_to_the_common_loudness() -> None:
    for height in (0.02, 0.3, 0.99):
        made = levelled(tone(0.5, height, quiet=0.7))
        assert 0.5 < made.seconds < 0.65
        assert math.isclose(max(map(abs, made.samples)) / FULL, 0.14 * math.sqrt(2), rel_tol=0.05)


def test_a_sharp_sound_is_not_made_so_loud_that_it_clips() -> None:
    click = Sound(RATE, array("h", [FULL // 2, *[0] * 470] * 40))
    assert max(levelled(click).samples) == round(0.8 * FULL)


def test_a_wav_file_is_read_as_it_was_written_also_without_its_length() -> None:
    sound = tone(0.1, 0.5)
    wav = write_wav(sound)
    assert read_wav(wav) == sound
    assert read_wav(wav[:40] + b"\xff\xff\xff\x7f" + wav[44:]) == sound
    assert read_wav(wav[:12] + b"LIST\x03\x00\x00\x00abc\x00" + wav[12:]) == sound


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no WAV file"),
        (write_wav(Sound(RATE, array("h")))[:36], "has no sound"),
        (write_wav(tone(0.1, 0.5)).replace(b"\x01\x00\x01\x00", b"\x01\x00\x02\x00", 1), "not mono"),
    ],
)
def test_what_is_no_sound_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(SynthesisFailed, match=why):
        read_wav(data)


def test_silence_is_refused() -> None:
    with pytest.raises(SynthesisFailed, match="silence"):
        levelled(Sound(RATE, array("h", [0] * RATE)))


def test_a_program_that_fails_or_is_not_there_is_named() -> None:
    with pytest.raises(SynthesisFailed, match="sh ended with 3: no dictionary"):
        run(["sh", "-c", "echo no dictionary >&2; exit 3"], b"")
    with pytest.raises(SynthesisFailed, match="nothere cannot be run: No such file"):
        run(["/bin/nothere"], b"")
    with pytest.raises(SynthesisFailed, match="true ended with 0: no sound"):
        run(["true"], b"")


def test_on_a_bare_machine_every_package_is_named_that_the_languages_need(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing_programs([VoiceLanguage.JAPANESE]) == ["open-jtalk", "opus-tools"]
    assert missing_programs([VoiceLanguage.ENGLISH]) == ["espeak-ng", "opus-tools"]
    assert missing_programs([]) == []
    bare = installed_engines()
    assert bare == Engines(None, None, None)
    assert bare.of(VoiceLanguage.JAPANESE) is None


def test_an_engine_that_breaks_on_one_clip_still_speaks_the_others(tmp_path: Path) -> None:
    """An espeak-ng that fails at one text, as a broken one would; the sound of the others is the real one's."""
    real = shutil.which("espeak-ng")
    broken = tmp_path / "espeak-ng"
    broken.write_text(f'#!/bin/sh\ntext=$(cat)\n[ "$text" = bad ] && exit 7\nprintf %s "$text" | {real} "$@"\n')
    broken.chmod(0o755)
    found = engines()
    assert found.others is not None
    others = type(found.others)(str(broken), found.others.identity)
    clips = [Clip(VoiceLanguage.ENGLISH, text) for text in ("bad", "good")]
    outcome = make_clips(clips, ClipCache(tmp_path), Engines(found.japanese, others, found.opus))
    assert outcome.made == clips[1:]
    assert outcome.failed == [(clips[0], "espeak-ng ended with 7: no sound")]
