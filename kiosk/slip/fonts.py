"""The fonts of a slip: which one draws which character, and what can be drawn on this machine."""

from functools import lru_cache
from pathlib import Path

import structlog
from PIL import ImageFont

log = structlog.get_logger()

SHARED = Path("/usr/share/fonts")
_BIZ = "truetype/bizud-gothic/BIZUDGothic-{weight}.ttf"
_CJK = "opentype/noto/NotoSansCJK-{weight}.ttc"
_LATIN = "truetype/noto/NotoSans-{weight}.ttf"
_DEVANAGARI = "truetype/noto/NotoSansDevanagari-{weight}.ttf"
_CJK_KR, _CJK_SC = 1, 2
"""The faces of Korean and of simplified Chinese in the collection."""

FACES: dict[str, tuple[str, int]] = {
    "ja": (_BIZ, 0),
    "cjk": (_CJK, 0),
    "zh": (_CJK, _CJK_SC),
    "ko": (_CJK, _CJK_KR),
    "latin": (_LATIN, 0),
    "ne": (_DEVANAGARI, 0),
}
"""Debian's fonts-morisawa-bizud-gothic, fonts-noto-cjk and fonts-noto-core."""
_OF_TAG = {"ja": "ja", "easy": "ja", "zh": "zh", "ko": "ko", "ne": "ne"}


def face_of(tag: str) -> str:
    """The face that a language is set in."""
    return _OF_TAG.get(tag, "latin")


def face_for(character: str, tag: str) -> str:
    """The face that draws one character of a text in a language.

    A Nepali text with a Japanese name in it needs three of them.
    """
    code = ord(character)
    if 0x0900 <= code <= 0x097F or code in (0x200C, 0x200D):
        return "ne"
    if 0x1100 <= code <= 0x11FF or 0xAC00 <= code <= 0xD7AF:
        return "ko"
    if 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF:
        return tag if tag in ("zh", "ko") else "ja"
    own = face_of(tag)
    return "latin" if own == "ne" else own


@lru_cache(maxsize=128)
def font(face: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A font of a size in dots. Japanese falls back on Noto; raises OSError where no font is there at all."""
    path, index = FACES[face]
    file = SHARED / path.format(weight="Bold" if bold else "Regular")
    if face == "ja" and not file.is_file():
        return font("cjk", size, bold=bold)
    return ImageFont.truetype(str(file), size, index=index, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=16)
def can_draw(tag: str) -> bool:
    """Whether this machine has the fonts of a language; what is missing is logged once."""
    try:
        font(face_of(tag), 20)
        font("ja", 20)
    except OSError:
        log.warning("slip_font_missing", language=tag)
        return False
    return True
