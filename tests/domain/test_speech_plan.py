"""Which clips a site needs, and in which order."""

from dataclasses import replace

from queue_server.domain.site import Series
from queue_server.domain.speech_plan import MOST_NUMBERS, Progress, needed_clips, next_numbers, stage_clips
from queue_server.domain.voice import Voice, VoiceLanguage
from tests.support.halls import SITE

J, E, F = VoiceLanguage.JAPANESE, VoiceLanguage.ENGLISH, VoiceLanguage.FILIPINO


def labels(line: dict[str, Progress]) -> list[str]:
    return [series.label(number) for series, number in next_numbers(SITE, line)]


def test_counters_come_first_then_numbers_language_by_language_each_once() -> None:
    clips = needed_clips(SITE, Voice((J, E)), {})
    said = [clip.text for clip in clips]
    assert said[:4] == [
        "1番へお越しください。",
        "2番へお越しください。",
        "Please come to counter 1.",
        "Please come to counter 2.",
    ]
    assert said[4:8] == ["エー1番のかた。", "Number A, 1.", "500番のかた。", "Number 500."]
    assert len(clips) == len(set(clips)) == 2 * (2 + 3 + 100)


def test_a_language_without_a_voice_needs_no_clips() -> None:
    assert needed_clips(SITE, Voice((F,)), {}) == []


def test_who_waits_is_first_in_the_order_of_the_line_then_the_series_by_turns_from_the_last_number() -> None:
    line = {"y": Progress(["510", "512"], "509"), "x": Progress(["A02"], None)}
    assert labels(line)[:8] == ["A02", "510", "512", "A03", "513", "A01", "514", "515"]


def test_a_series_begins_anew_behind_its_end_and_no_number_is_named_twice() -> None:
    found = labels({"y": Progress([], "598")})
    assert [each for each in found if each[0] == "5"][:3] == ["599", "500", "501"]
    assert len(found) == len(set(found)) == 103


def test_a_number_that_left_the_profile_is_passed_over() -> None:
    assert labels({"y": Progress(["900"], "901")}) == labels({})


def test_of_a_site_with_very_many_numbers_those_that_come_next_are_made() -> None:
    site = replace(SITE, series={**SITE.series, "b": Series("b", 0, 99_999)})
    clips = needed_clips(site, Voice((J,)), {"y": Progress(["70000"], None)})
    assert len(clips) == 2 + MOST_NUMBERS
    assert clips[2].text == "70000番のかた。"


def test_stages_are_named_where_a_service_has_several_and_the_site_wants_it() -> None:
    assert stage_clips(SITE, Voice((J,))) == {}
    named = stage_clips(SITE, Voice((J,), stages=True))
    assert {stage: clip.text for stage, clip in named.items()} == {
        "受付": "受付のお呼び出しです。",
        "交付": "交付のお呼び出しです。",
    }
    assert set(named.values()) <= set(needed_clips(SITE, Voice((J,), stages=True), {}))
