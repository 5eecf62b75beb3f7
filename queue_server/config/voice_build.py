"""From [site.voice] to the voice of a site."""

from types import MappingProxyType

from queue_server.config.voice_schema import VoiceTable
from queue_server.domain.voice import Voice, VoiceLanguage


def voice_of(table: VoiceTable | None) -> Voice | None:
    """The voice that a site's table describes; None for a silent site."""
    if table is None:
        return None
    return Voice(
        languages=tuple(VoiceLanguage(tag) for tag in table.languages),
        volume=table.volume,
        quiet=tuple(table.quiet),
        oldest=table.oldest,
        chime=table.chime,
        repeat=table.repeat,
        stages=table.stages,
        readings=MappingProxyType(
            {VoiceLanguage(tag): MappingProxyType(dict(words)) for tag, words in table.readings.items()}
        ),
    )
