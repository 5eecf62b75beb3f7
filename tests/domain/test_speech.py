"""What a voice is given to read."""

import pytest

from queue_server.domain.site import Counter, Series
from queue_server.domain.speech import Clip, counter_clip, labels_of, number_clip, stage_clip
from queue_server.domain.voice import WITHOUT_VOICE, VoiceLanguage

PLAIN, LETTERED = Series("p", 500, 599), Series("l", 1, 99, prefix="A", digits=3)
J = VoiceLanguage.JAPANESE


def number(language: str, series: Series = PLAIN, which: int = 503, **readings: str) -> str | None:
    clip = number_clip(VoiceLanguage(language), series, which, {VoiceLanguage(language): readings})
    return clip.text if clip else None


def counter(language: str, name: str, names: dict[str, str] | None = None, **readings: str) -> str | None:
    tag = VoiceLanguage(language)
    clip = counter_clip(tag, Counter("1", name, (), names=names or {}), {tag: readings})
    return clip.text if clip else None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "503番のかた。"),
        ("en", "Number 503."),
        ("zh", "wu3 ling2 san1 hao4."),
        ("ko", "503번 고객님."),
        ("vi", "Số 503."),
        ("pt", "Senha 503."),
        ("ne", "नम्बर ५०३।"),
        ("fil", None),
    ],
)
def test_a_number_is_called_in_every_language_that_has_a_voice(language: str, said: str | None) -> None:
    assert number(language) == said
    assert (said is None) == (VoiceLanguage(language) in WITHOUT_VOICE)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "3番窓口へお越しください。"),
        ("en", "Please come to counter 3."),
        ("zh", "qing3 dao4 san1 hao4 chuang1 kou3."),
        ("ko", "3번 창구 쪽으로 오십시오."),
        ("vi", "Xin mời đến quầy số 3."),
        ("pt", "Local de atendimento: guichê 3."),
        ("ne", "कृपया काउन्टर ३ मा आउनुहोस्।"),
        ("fil", None),
    ],
)
def test_a_counter_with_a_plain_name_needs_no_names_in_the_profile(language: str, said: str | None) -> None:
    assert counter(language, "3番窓口") == said
    assert counter(language, "３番") == (said.replace("窓口", "") if language == "ja" and said else said)


def test_the_profiles_name_in_a_language_is_the_one_that_is_said() -> None:
    names = {"en": "Tax desk", "zh": "12号窗口", "fil": "Counter 3"}
    assert counter("en", "税務窓口", names) == "Please come to Tax desk."
    assert counter("zh", "税務窓口", names) == "qing3 dao4 yi1 er4 hao4 chuang1 kou3."
    assert counter("fil", "税務窓口", names) is None


def test_a_counter_without_a_name_in_a_language_is_not_said_in_it() -> None:
    assert counter("ja", "税務窓口") == "税務窓口へお越しください。"
    assert counter("en", "税務窓口") is None
    assert counter("zh", "税務窓口", {"zh": "税务窗口"}) is None
    assert counter("zh", "税務窓口", {"zh": "税务窗口"}, 税务窗口="shui4 wu4 chuang1 kou3") == (
        "qing3 dao4 shui4 wu4 chuang1 kou3."
    )


def test_a_latin_prefix_is_written_as_it_is_read_and_its_zeros_are_not_said() -> None:
    assert number("ja", LETTERED, 12) == "エー12番のかた。"
    assert number("ja", Series("w", 1, 9, prefix="ｗ"), 1) == "ダブリュー1番のかた。"
    assert number("ja", Series("k", 1, 9, prefix="あ"), 1) == "あ1番のかた。"
    assert number("en", LETTERED, 12) == "Number A, 12."
    assert number("zh", LETTERED, 12, A="ei1") == "ei1, yi1 er4 hao4."
    assert number("zh", Series("k", 1, 9, prefix="あ"), 1) is None
    assert number("ne", LETTERED, 12) == "नम्बर A, १२।"


def test_the_number_of_the_police_is_called_as_a_number() -> None:
    assert number("ja", Series("s", 1, 199), 110) == "百十番のかた。"
    assert number("ja", LETTERED, 110) == "エー百十番のかた。"


def test_the_profiles_readings_come_before_those_that_are_known_here() -> None:
    assert number("ja", LETTERED, 12, A="アー") == "アー12番のかた。"
    assert counter("ja", "番号札の方はA窓口") == "番号ふだのかたはエー窓口へお越しください。"
    assert counter("ja", "番号札", 番号札="ばんごうさつ") == "ばんごうさつへお越しください。"


def test_the_longest_word_is_replaced_and_nothing_twice() -> None:
    assert counter("ja", "証明書窓口", 証明="A", 証明書="しょうめいしょ") == "しょうめいしょ窓口へお越しください。"
    assert counter("ja", "1.5番", 番="バン") == "1.5バンへお越しください。"
    assert counter("ja", "証明A", 証明="A") == "Aエーへお越しください。"


def test_a_stage_is_named_in_japanese() -> None:
    assert stage_clip("交付", {}) == Clip(J, "交付のお呼び出しです。")
    assert stage_clip("交付", {J: {"交付": "こうふ"}}).text == "こうふのお呼び出しです。"


def test_the_labels_of_a_series_come_with_their_numbers() -> None:
    assert list(labels_of(Series("a", 1, 3, prefix="A", digits=2))) == [("A01", 1), ("A02", 2), ("A03", 3)]
