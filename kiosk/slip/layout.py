"""From what stands on a slip to its picture, for paper of 58 and 80 mm."""

import io

import segno
from PIL import Image

from kiosk.slip.content import Bilingual, ListContent, SlipContent
from kiosk.slip.fonts import can_draw
from kiosk.slip.sheet import Sheet

WIDE = 500
"""Dots from which the paper is that of 80 mm."""
QR_MODULE = 5
"""Dots of a module: 0.6 mm at 203 dots an inch, which phones read at arm's length."""


class _Sizes:
    """Dots of the sizes of type; narrow paper takes a little less."""

    def __init__(self, dots: int) -> None:
        wide = dots >= WIDE
        self.margin = 24 if wide else 12
        self.number = 230 if wide else 150
        self.large, self.normal, self.small = (38, 28, 23) if wide else (30, 25, 21)


def draw_slip(content: SlipContent, dots: int) -> Image.Image:
    """The slip as a picture in black and white, `dots` wide and as long as it needs."""
    sizes = _Sizes(dots)
    sheet, tag = Sheet(dots, sizes.margin), content.tag if can_draw(content.tag) else "ja"
    _logo(sheet, content)
    sheet.text(content.site, "ja", sizes.normal, bold=True, centre=True)
    if content.site_other and tag != "ja":
        sheet.text(content.site_other, tag, sizes.small, centre=True)
    for mark in content.marks:
        sheet.space(8)
        sheet.banner(_joined(mark, tag), tag, sizes.small)
    sheet.space(10)
    sheet.rule()
    sheet.space(12)
    if content.category:
        sheet.text(content.category, "ja", sizes.small, centre=True)
    _both(sheet, content.service, tag, sizes.large, sizes.normal, bold=True)
    sheet.space(14)
    sheet.text(_joined(content.title, tag), tag, sizes.small, centre=True)
    sheet.space(16)
    sheet.number(content.label, sizes.number)
    sheet.space(22)
    sheet.rule()
    sheet.space(12)
    for fact in content.facts:
        sheet.pair(fact.name.ja, fact.value.ja, "ja", sizes.normal, bold=True)
        if fact.name.other and tag != "ja":
            sheet.pair(fact.name.other, fact.value.other, tag, sizes.small)
        sheet.space(8)
    _reminder(sheet, content, tag, sizes)
    sheet.rule()
    sheet.space(10)
    if content.address:
        sheet.paste(qr_picture(content.address))
        _both(sheet, content.address_words, tag, sizes.small, sizes.small)
        sheet.space(8)
    if content.footer:
        sheet.rule(1)
        sheet.space(8)
        sheet.text(content.footer, "ja", sizes.small)
    return sheet.picture()


def draw_list(content: ListContent, dots: int) -> Image.Image:
    """A list of what to bring as a picture, `dots` wide and as long as it needs."""
    sizes = _Sizes(dots)
    sheet, tag = Sheet(dots, sizes.margin), content.tag if can_draw(content.tag) else "ja"
    sheet.text(content.site, "ja", sizes.small, centre=True)
    sheet.space(6)
    _both(sheet, content.title, tag, sizes.large, sizes.normal, bold=True)
    _both(sheet, content.applicant, tag, sizes.small, sizes.small)
    sheet.space(8)
    sheet.rule()
    sheet.space(10)
    _both(sheet, content.outcome, tag, sizes.normal, sizes.small, bold=True)
    for part in content.parts:
        sheet.space(12)
        sheet.text(_joined(part.title, tag), tag, sizes.normal, bold=True)
        sheet.rule(1)
        sheet.space(4)
        for line in part.lines:
            _item(sheet, line, tag, sizes)
    sheet.space(8)
    sheet.rule()
    sheet.space(6)
    for text in (content.footer, content.date):
        if text:
            sheet.text(text, "ja", sizes.small)
    return sheet.picture()


def qr_picture(address: str) -> Image.Image:
    """A QR code with its quiet zone; phones do not read Micro QR, so it is never one."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="png", scale=QR_MODULE, border=4)
    return Image.open(drawn).convert("L")


def _logo(sheet: Sheet, content: SlipContent) -> None:
    if content.logo is not None and content.logo.is_file():
        with Image.open(content.logo) as logo:
            sheet.paste(logo.convert("L"))
        sheet.space(8)


def _reminder(sheet: Sheet, content: SlipContent, tag: str, sizes: _Sizes) -> None:
    if not content.reminder:
        return
    sheet.rule()
    sheet.space(8)
    sheet.text(_joined(content.reminder_title, tag), tag, sizes.small, bold=True)
    for line in content.reminder:
        _item(sheet, line, tag, sizes)
    sheet.space(6)


def _item(sheet: Sheet, line: Bilingual, tag: str, sizes: _Sizes) -> None:
    sheet.text(f"・{line.ja}", "ja", sizes.small)
    if line.other and tag != "ja":
        sheet.text(line.other, tag, sizes.small, indent=sizes.small)


def _both(sheet: Sheet, text: Bilingual, tag: str, size: int, other_size: int, *, bold: bool = False) -> None:
    if text.ja:
        sheet.text(text.ja, "ja", size, bold=bold, centre=True)
    if text.other and tag != "ja":
        sheet.text(text.other, tag, other_size, centre=True)


def _joined(text: Bilingual, tag: str) -> str:
    """Both languages on one line, for short words."""
    return f"{text.ja}  {text.other}" if text.other and tag != "ja" else text.ja
