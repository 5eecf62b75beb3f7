"""[site.voice] of a city profile."""

from typing import Annotated, Literal

from pydantic import Field

from queue_server.config.tables import StretchText, Table, Text

SpokenTag = Literal["ja", "en", "zh", "ko", "vi", "pt", "fil", "ne"]


class VoiceTable(Table):
    """[site.voice]; a site without it is silent."""

    languages: list[SpokenTag] = ["ja"]
    volume: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    quiet: list[StretchText] = []
    oldest: Annotated[int, Field(ge=5, le=3_600)] = 90
    chime: bool = True
    repeat: bool = True
    stages: bool = False
    readings: dict[SpokenTag, dict[Text, Text]] = {}
