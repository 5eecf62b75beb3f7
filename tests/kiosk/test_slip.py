"""A slip as a picture: nothing runs over the edge, nothing is missing, the code can be read."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from kiosk.slip import fonts
from kiosk.slip.content import Bilingual, Fact, ListContent, ListPart, SlipContent
from kiosk.slip.layout import draw_list, draw_slip
from kiosk.slip.sheet import length, wrapped
from queue_server.languages import LANGUAGES
from queue_server.ticket_qr import page_address

ADDRESS = "https://queue.example.lg.jp/t/Zk3x0a5vQ0mC2r8TtYw1Xg"
WORDS = {
    "ja": "マイナンバーカードの手続き（暗証番号）",
    "easy": "マイナンバーカードの 手続き（暗証番号）",
    "en": "My Number Card procedures: PINs & certificates",
    "zh": "个人编号卡业务：电子证书与密码",
    "ko": "마이넘버 카드 업무: 전자증명서와 비밀번호",
    "vi": "Thủ tục thẻ My Number: chứng thư điện tử, mã số cá nhân",
    "pt": "Cartão My Number: certificados eletrônicos e senhas à mão",
    "fil": "My Number Card: mga sertipiko at PIN, ñ",
    "ne": "माइ नम्बर कार्ड (My Number): प्रमाणपत्र र पिन नम्बर",
}


def slip(tag: str = "ja", label: str = "503", **changes: object) -> SlipContent:
    words = Bilingual(WORDS["ja"], "" if tag == "ja" else WORDS[tag])
    values = {
        "label": label,
        "title": Bilingual("あなたの番号", words.other[:12]),
        "service": words,
        "facts": tuple(Fact(words, Bilingual(f"{n}人", str(n))) for n in range(3)),
        "address": ADDRESS,
        "address_words": words,
        "site": "厚木市役所本庁舎1階市民課",
        "tag": tag,
        "category": "異動受付",
        "reminder_title": Bilingual("持ち物", words.other[:8]),
        "reminder": (words, words),
        "footer": "番号が過ぎてしまったときは、職員にお声がけください。",
    }
    return SlipContent(**{**values, **changes})  # type: ignore[arg-type]


def ink_at_the_edges(picture: Image.Image, margin: int) -> bool:
    inner = picture.convert("L")
    left = inner.crop((0, 0, margin, inner.height))
    right = inner.crop((inner.width - margin, 0, inner.width, inner.height))
    return min(left.getextrema()[0], right.getextrema()[0]) < 128


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_a_slip_in_every_language_keeps_within_its_paper_and_its_code_is_read(tag: str, dots: int) -> None:
    address = page_address("https://queue.example.lg.jp", "Zk3x0a5vQ0mC2r8TtYw1Xg", tag)
    assert address == ADDRESS + ("" if tag == "ja" else f"?lang={tag}")
    picture = draw_slip(slip(tag, address=address), dots)
    assert (picture.width, picture.mode) == (dots, "1")
    assert not ink_at_the_edges(picture, 10)
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [address]


@pytest.mark.parametrize("tag", list(WORDS))
def test_every_sign_of_every_language_has_its_picture(tag: str) -> None:
    assert fonts.can_draw(tag)
    for character in set(WORDS[tag]) - {" "}:
        face = fonts.font(fonts.face_for(character, tag), 40)
        missing = face.getmask("\U0010fffe")
        drawn = face.getmask(character)
        assert (drawn.size, bytes(drawn)) != (missing.size, bytes(missing)), f"{character} of {tag}"


@pytest.mark.parametrize("label", ["1", "503", "A503", "ABC99999"])
def test_the_number_is_as_large_as_the_paper_takes(label: str) -> None:
    picture = draw_slip(slip(label=label), 576)
    assert not ink_at_the_edges(picture, 10)


def test_a_language_whose_font_is_missing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    japanese = draw_slip(slip("ja"), 576)
    fonts.can_draw.cache_clear()
    monkeypatch.setitem(fonts.FACES, "ne", ("none.ttf", 0))
    fonts.font.cache_clear()
    try:
        assert not fonts.can_draw("ne")
        assert draw_slip(slip("ne"), 576).tobytes() == japanese.tobytes()
    finally:
        monkeypatch.undo()
        fonts.can_draw.cache_clear()
        fonts.font.cache_clear()


def test_without_the_fonts_of_the_device_japanese_is_drawn_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fonts.FACES, "ja", ("none.ttf", 0))
    fonts.font.cache_clear()
    try:
        assert "Noto" in str(fonts.font("ja", 20).path)
    finally:
        monkeypatch.undo()
        fonts.font.cache_clear()


@pytest.mark.parametrize("width", [100, 200, 384])
@pytest.mark.parametrize("tag", list(WORDS))
def test_long_words_are_broken_and_none_is_lost(tag: str, width: int) -> None:
    text = f"{WORDS[tag]} " * 3 + "Wort" * 40
    lines = wrapped(text, tag, 28, width)
    assert all(length(line, tag, 28) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_closing_mark() -> None:
    lines = wrapped("あいうえお、かきくけこ。さしすせそ（たちつてと）なにぬねの、はひふへほ。", "ja", 28, 28 * 5)
    assert not any(line[0] in "、。）" for line in lines)


def test_a_copy_is_marked(tmp_path: Path) -> None:
    plain, copy = draw_slip(slip(), 576), draw_slip(slip(marks=(Bilingual("再発行"),)), 576)
    assert copy.height > plain.height


def test_the_logo_of_the_city_stands_on_top(tmp_path: Path) -> None:
    Image.new("L", (900, 90), 0).save(tmp_path / "logo.png")
    with_logo = draw_slip(slip(logo=tmp_path / "logo.png"), 576)
    plain = draw_slip(slip(logo=tmp_path / "none.png"), 576)
    assert with_logo.height > plain.height
    assert ImageChops.difference(plain, draw_slip(slip(), 576)).getbbox() is None
    assert not ink_at_the_edges(with_logo, 10)


def test_a_list_has_every_line_in_both_languages() -> None:
    part = ListPart(Bilingual("持ち物", "Bring"), (Bilingual(WORDS["ja"], WORDS["en"]),) * 4)
    content = ListContent(
        Bilingual("電子証明書の更新", "Renewing certificates"),
        Bilingual("本人が手続きする", "I am the holder"),
        Bilingual("2回お越しいただく必要があります", "You need to come twice"),
        (part, part),
        "町役場",
        "en",
        "046-225-2039",
        "11月24日(火) 9:00",
    )
    both, one = draw_list(content, 576), draw_list(content, 384)
    assert not ink_at_the_edges(both, 10)
    assert one.height > both.height
