"""What the engine reads, by its own account, is what a person at a counter would say."""

import re
import subprocess

import pytest

from queue_server.config import load_profile, shipped_profiles
from queue_server.domain.site import Series
from queue_server.domain.speech import counter_clip, number_clip, stage_clip
from queue_server.domain.voice import VoiceLanguage
from queue_server.voice.engines import DICTIONARY, OpenJTalk
from tests.support.voice import engines
from tests.voice.readings import reading_of

J = VoiceLanguage.JAPANESE
BATCH = 18
"""Sentences that the engine is given at once; it reads a thousand bytes."""
FAST = ["-r", "8", "-s", "8000", "-p", "1"]
"""The reading is asked for and not the sound, which is computed all the same: one sample of it a frame."""


@pytest.fixture(scope="module")
def jtalk() -> OpenJTalk:
    found = engines().japanese
    assert found is not None
    return found


def pronounced(jtalk: OpenJTalk, texts: list[str]) -> list[str]:
    """The engine's own reading of each sentence in katakana, as it stands in its trace."""
    read: list[str] = []
    for batch in (texts[start : start + BATCH] for start in range(0, len(texts), BATCH)):
        command = [jtalk.program, "-x", str(DICTIONARY), "-m", str(jtalk.voice), *FAST, "-ot", "/dev/stdout"]
        done = subprocess.run(command, input="".join(batch).encode(), capture_output=True, check=True)
        words = done.stdout.decode().partition("[Text analysis result]\n")[2].partition("\n\n")[0].splitlines()
        spoken = "".join("。" if word.split(",")[0] == "。" else word.split(",")[9] for word in words)
        read += [re.sub("[’、]", "", sentence) for sentence in spoken.split("。")[:-1]]
    assert len(read) == len(texts)
    return read


@pytest.mark.parametrize(
    ("number", "reading"),
    [
        (8, "ハチ"),
        (14, "ジューヨン"),
        (300, "サンビャク"),
        (503, "ゴヒャクサン"),
        (600, "ロッピャク"),
        (999, "キューヒャクキュージューキュー"),
    ],
)
def test_the_rule_reads_as_people_do(number: int, reading: str) -> None:
    assert reading_of(number) == reading


def test_every_number_from_1_to_999_is_read_as_people_read_it(jtalk: OpenJTalk) -> None:
    series = Series("s", 1, 999)
    clips = [number_clip(J, series, number, {}) for number in range(1, 1000)]
    read = pronounced(jtalk, [clip.text for clip in clips if clip])
    wrong = {n: got for n, got in enumerate(read, 1) if got != f"{reading_of(n)}バンノカタ"}
    assert wrong == {}


def test_every_latin_prefix_is_read_as_its_letter(jtalk: OpenJTalk) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    clips = [number_clip(J, Series("s", 1, 9, prefix=letter), 5, {}) for letter in letters]
    read = pronounced(jtalk, [clip.text for clip in clips if clip])
    assert dict(zip(letters, read, strict=True))["A"] == "エーゴバンノカタ"
    assert [each for each in read if not each.endswith("ゴバンノカタ") or len(each) < 8] == []
    assert len(set(read)) == 26


def test_every_counter_of_the_shipped_profiles_is_read_as_people_read_it(jtalk: OpenJTalk) -> None:
    counters = [
        counter
        for name in shipped_profiles()
        for site in load_profile(name).sites.values()
        for counter in site.counters.values()
    ]
    texts = [clip.text for counter in counters if (clip := counter_clip(J, counter, {}))]
    expected = [f"{reading_of(int(counter.name[0]))}バンマドグチエオコシクダサイ" for counter in counters]
    assert len(counters) > 30
    assert pronounced(jtalk, texts) == expected


def test_what_engines_misread_is_given_in_kana(jtalk: OpenJTalk) -> None:
    assert pronounced(jtalk, [stage_clip("番号札をお持ちの方", {}).text]) == [
        "バンゴーフダヲオモチノカタノオヨビダシデス"
    ]
