"""The rules of a site's voice that one value by itself does not show."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, Place, wrong
from queue_server.config.rows import Row, repeated
from queue_server.config.tables import stretch_of
from queue_server.domain.voice import Stretch, VoiceLanguage

_SPEAKABLE = {language.value for language in VoiceLanguage}


def voice_findings(site: Row) -> Iterator[Finding]:
    """Everything that is wrong with a site's voice: languages twice, quiet that overlaps, readings for nobody."""
    voice = site.row("voice")
    yield from repeated(voice, "languages", Code.REPEATED_LANGUAGE)
    for (_, earlier), (place, later) in pairwise(_stretches(voice)):
        if later.begins < earlier.ends:
            yield wrong(place, Code.OVERLAPPING_STRETCH)
    spoken = {text for _, text in voice.texts("languages")} if "languages" in voice.values else {"ja"}
    for language in voice.row("readings").values:
        if language in _SPEAKABLE - spoken:
            yield wrong(voice.at("readings", language), Code.LANGUAGE_NOT_SPOKEN)


def _stretches(voice: Row) -> list[tuple[Place, Stretch]]:
    found = []
    for index, value in voice.items("quiet"):
        with suppress(ValueError):
            found.append((voice.at("quiet", index), stretch_of(value)))
    return found
