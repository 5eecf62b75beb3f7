"""A strip of paper that grows downwards: lines of text, rules, pictures, in dots of the printer."""

from collections.abc import Iterator
from itertools import groupby

from PIL import Image, ImageDraw

from kiosk.slip.fonts import face_for, font

WHITE, BLACK = 255, 0
LEADING = 1.28
_NO_LINE_START = "、。，．・：；？！）」』】〕〉》ー～〜…,.:;?!)%％"
_NO_LINE_END = "（「『【〔〈《("


class Sheet:
    """Draws from the top; `picture` cuts the strip off where the drawing ends."""

    def __init__(self, width: int, margin: int) -> None:
        self.width = width
        self.margin = margin
        self.y = margin
        self._image = Image.new("L", (width, width), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def inner(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin

    def space(self, dots: int) -> None:
        """Leave some paper white."""
        self.y += dots

    def text(
        self, text: str, tag: str, size: int, *, bold: bool = False, centre: bool = False, indent: int = 0
    ) -> None:
        """A paragraph, wrapped; nothing is ever cut off at the edge."""
        for line in wrapped(text, tag, size, self.inner - indent, bold=bold):
            x = self.margin + indent
            if centre:
                x = (self.width - int(length(line, tag, size, bold=bold))) // 2
            self._room(int(size * LEADING) + size)
            self._runs(line, tag, size, x, self.y + size, bold=bold)
            self.y += int(size * LEADING)

    def pair(self, left: str, right: str, tag: str, size: int, *, bold: bool = False) -> None:
        """A label on the left and its value on the right; one below the other where both have no room."""
        if not right:
            return self.text(left, tag, size)
        width = length(right, tag, size, bold=bold)
        if length(left, tag, size) + width + size > self.inner:
            self.text(left, tag, size)
            return self.text(right, tag, size, bold=bold, indent=size)
        self._room(2 * size)
        self._runs(left, tag, size, self.margin, self.y + size)
        self._runs(right, tag, size, self.width - self.margin - int(width), self.y + size, bold=bold)
        self.y += int(size * LEADING)
        return None

    def number(self, label: str, tallest: int) -> None:
        """The number, as large as the paper takes it."""
        size = tallest
        while size > 40 and length(label, "ja", size, bold=True) > self.inner:
            size -= 8
        face = font("ja", size, bold=True)
        left, top, right, bottom = face.getbbox(label)
        self._room(size * 2)
        self._draw.text(((self.width - (right - left)) // 2 - left, self.y - top), label, BLACK, font=face)
        self.y += int(bottom - top)

    def banner(self, text: str, tag: str, size: int) -> None:
        """White words on a black bar."""
        height = int(size * 1.7)
        self._room(height + size)
        self._draw.rectangle((self.margin, self.y, self.width - self.margin, self.y + height), fill=BLACK)
        x = (self.width - int(length(text, tag, size, bold=True))) // 2
        self._runs(text, tag, size, x, self.y + int(size * 1.2), bold=True, fill=WHITE)
        self.y += height

    def rule(self, thickness: int = 2) -> None:
        """A line across the paper."""
        self._room(thickness + 4)
        self._draw.rectangle((self.margin, self.y, self.width - self.margin, self.y + thickness - 1), fill=BLACK)
        self.y += thickness

    def paste(self, picture: Image.Image) -> None:
        """A picture in the middle; one that is too wide is made to fit."""
        if picture.width > self.inner:
            picture = picture.resize((self.inner, picture.height * self.inner // picture.width))
        self._room(picture.height + 4)
        self._image.paste(picture, ((self.width - picture.width) // 2, self.y))
        self.y += picture.height

    def picture(self) -> Image.Image:
        """What was drawn, in black and white."""
        cut = self._image.crop((0, 0, self.width, self.y + self.margin))
        return cut.point(lambda value: BLACK if value < 160 else WHITE).convert("1")

    def _runs(
        self, text: str, tag: str, size: int, x: int, baseline: int, *, bold: bool = False, fill: int = BLACK
    ) -> None:
        at = float(x)
        for face, run in _faces(text, tag):
            used = font(face, size, bold=bold)
            self._draw.text((at, baseline), run, fill, font=used, anchor="ls")
            at += used.getlength(run)

    def _room(self, dots: int) -> None:
        """Make the strip longer where the drawing comes near its end."""
        if self.y + dots <= self._image.height:
            return
        longer = Image.new("L", (self.width, self._image.height * 2 + dots), WHITE)
        longer.paste(self._image)
        self._image, self._draw = longer, ImageDraw.Draw(longer)


def length(text: str, tag: str, size: int, *, bold: bool = False) -> float:
    """The width of a text on one line, in dots."""
    return sum(font(face, size, bold=bold).getlength(run) for face, run in _faces(text, tag))


def wrapped(text: str, tag: str, size: int, width: int, *, bold: bool = False) -> list[str]:
    """The lines of a paragraph: broken between words, between characters where a script has none."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and length(line + piece.rstrip(), tag, size, bold=bold) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while length(line.rstrip(), tag, size, bold=bold) > width and len(line) > 1:
            fits = max(n for n in range(1, len(line)) if n == 1 or length(line[:n], tag, size, bold=bold) <= width)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _pieces(text: str) -> Iterator[str]:
    """What a line may end behind: a word with its space, a kana or kanji with the marks that cling to it."""
    piece = ""
    for index, character in enumerate(text):
        piece += character
        following = text[index + 1 : index + 2]
        breakable = character == " " or _stands_alone(character) or (following and _stands_alone(following))
        clings = following and following in _NO_LINE_START
        if breakable and not clings and character not in _NO_LINE_END and following != " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _stands_alone(character: str) -> bool:
    return 0x2E80 <= ord(character) <= 0x9FFF or 0xFF00 <= ord(character) <= 0xFFEF


def _faces(text: str, tag: str) -> Iterator[tuple[str, str]]:
    for face, run in groupby(text, lambda character: face_for(character, tag)):
        yield face, "".join(run)
