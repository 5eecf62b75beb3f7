"""What stands on paper: pure values, in Japanese and in the resident's own language."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Japanese, and in the resident's language where that is another one."""

    ja: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the slip: what it is about, and what it is."""

    name: Bilingual
    value: Bilingual


@dataclass(frozen=True, slots=True)
class SlipContent:
    """One slip. `tag` is the language of everything `other`; `address` is what the QR code opens."""

    label: str
    title: Bilingual
    service: Bilingual
    facts: tuple[Fact, ...]
    address: str
    address_words: Bilingual
    site: str
    site_other: str = ""
    """What the site is called in the other language, where it has a name there."""
    tag: str = "ja"
    category: str = ""
    reminder_title: Bilingual = Bilingual("")
    reminder: tuple[Bilingual, ...] = ()
    footer: str = ""
    logo: Path | None = None
    marks: tuple[Bilingual, ...] = ()
    """What the slip is besides: a copy, one given out while the server was away."""


@dataclass(frozen=True, slots=True)
class ListPart:
    """A heading and its lines."""

    title: Bilingual
    lines: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class ListContent:
    """A list of what to bring, for somebody who takes no number now."""

    title: Bilingual
    applicant: Bilingual
    outcome: Bilingual
    parts: tuple[ListPart, ...]
    site: str
    tag: str = "ja"
    footer: str = ""
    date: str = ""
