"""From what people type to values and back: numbers, weights, opening hours. What cannot be read stays as typed.

The rules of the profile then say what is wrong with it, as they do for a file.
"""

import re
import unicodedata

_NUMBER = re.compile(r"-?[0-9]{1,6}")
_DECIMAL = re.compile(r"[0-9]{1,4}\.[0-9]{1,3}")
_HOURS = re.compile(r"([0-9]{1,2}):?([0-9]{2})-([0-9]{1,2}):?([0-9]{2})")
_DASHES = dict.fromkeys(map(ord, "~〜–—―−ー"), "-")


def number_of(text: str) -> int | str | None:
    """A whole number, None for an empty field; full-width digits count too."""
    plain = _plain(text)
    return int(plain) if _NUMBER.fullmatch(plain) else plain or None


def weight_of(text: str) -> float | str | None:
    """A number that may have decimals, None for an empty field."""
    plain = _plain(text)
    return float(plain) if _DECIMAL.fullmatch(plain) else number_of(text)


def hours_of(text: str) -> str:
    """Opening hours in the profile's form: `８：３０〜１２：００` and `830-1200` become `08:30-12:00`."""
    plain = "".join(_plain(text).split()).translate(_DASHES)
    match = _HOURS.fullmatch(plain)
    return f"{int(match[1]):02}:{match[2]}-{int(match[3]):02}:{match[4]}" if match else text.strip()


def text_of(value: object) -> str:
    """A value as it stands in a field; empty for none."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
