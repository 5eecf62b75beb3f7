"""The code by which somebody shows that a number is theirs where they cannot show its slip: in a talk on LINE.

Eight signs without vowels, so that no word is one, and without those that are mistaken for another (0 O, 1 I). There
are 28 ** 8 = 3.8e11 of them; each opens one number for half an hour and once.
"""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import timedelta

SIGNS = "BCDFGHJKLMNPQRSTVWXZ23456789"
LENGTH = 8
HALF = LENGTH // 2
HOLDS = timedelta(minutes=30)
"""How long a code may be written after it was shown."""


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code of LENGTH signs; `choose` picks one of a sequence so that nobody can guess it."""
    return "".join(choose(SIGNS) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """A code as people read and write it: K7M4-2QXP."""
    return f"{code[:HALF]}-{code[HALF:]}"


def code_in(text: str) -> str | None:
    """The code that a message consists of, however it is spaced or its letters are wide or small; else None."""
    if len(text) > 4 * LENGTH:
        return None
    plain = unicodedata.normalize("NFKC", text).upper()
    signs = "".join(sign for sign in plain if not sign.isspace() and sign not in "-‐‑–—―−ー")
    return signs if len(signs) == LENGTH and set(signs) <= set(SIGNS) else None
