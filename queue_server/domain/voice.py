"""How a site speaks: whether, in which languages, how loud and when not (`[site.voice]` of a profile)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from types import MappingProxyType


class VoiceLanguage(StrEnum):
    """The languages of announcements, by the tags of the public pages."""

    JAPANESE = "ja"
    ENGLISH = "en"
    CHINESE = "zh"
    KOREAN = "ko"
    VIETNAMESE = "vi"
    PORTUGUESE = "pt"
    FILIPINO = "fil"
    NEPALI = "ne"


WITHOUT_VOICE = frozenset({VoiceLanguage.FILIPINO})
"""Languages that no engine here speaks: they are shown in the caption and not spoken."""

Readings = Mapping[VoiceLanguage, Mapping[str, str]]
"""Per language, what is read otherwise than it is written: {"ja": {"証明": "しょうめい"}}."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of every day (JST), half-open: from `begins` up to, but not including, `ends`."""

    begins: time
    ends: time


def _no_readings() -> Readings:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Voice:
    """The announcements of a site's screens."""

    languages: tuple[VoiceLanguage, ...]
    """In the order in which they are spoken; none for a site that only has the chime."""
    volume: float = 1.0
    """From 0 to 1."""
    quiet: tuple[Stretch, ...] = ()
    """When calls are shown and not heard."""
    oldest: int = 90
    """A call that is older than so many seconds when it reaches a screen is shown and not spoken."""
    chime: bool = True
    repeat: bool = True
    """Whether the number is said twice before the counter."""
    stages: bool = False
    """Whether the Japanese announcement names the stage, where a service has several."""
    readings: Readings = field(default_factory=_no_readings)
