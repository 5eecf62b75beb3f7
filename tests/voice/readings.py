"""How a number is read in Japanese, by rule: written here, and not by the engine whose reading is tested."""

_ONES = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
_HUNDREDS = (
    "",
    "ヒャク",
    "ニヒャク",
    "サンビャク",
    "ヨンヒャク",
    "ゴヒャク",
    "ロッピャク",
    "ナナヒャク",
    "ハッピャク",
    "キューヒャク",
)


def reading_of(number: int) -> str:
    """The reading of 1 to 999 in katakana: 300 is サンビャク, 503 ゴヒャクサン, 14 ジューヨン."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    ten = ("" if tens == 1 else _ONES[tens]) + "ジュー" if tens else ""
    return _HUNDREDS[hundreds] + ten + _ONES[ones]
