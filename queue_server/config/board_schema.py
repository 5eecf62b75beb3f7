"""The tables of a profile that hold the hall's screens and the city's colours."""

from typing import Annotated, Literal

from pydantic import Field

from queue_server.config.tables import Id, Note, Table, Text
from queue_server.domain.boards import Layout, Theme, Tongues

COLOUR_PATTERN = r"^#[0-9a-f]{6}$"
Colour = Annotated[str, Field(pattern=COLOUR_PATTERN)]
AnyLanguage = Literal["ja", "easy", "en", "zh", "ko", "vi", "pt", "fil", "ne"]
Loose = Field(strict=False)


class BoardTable(Table):
    """[[site.board]]"""

    id: Id
    name: Text
    layout: Annotated[Layout, Loose] = Layout.CALLS_AND_SERVICES
    area: str | None = None
    counter: str | None = None
    languages: Annotated[list[AnyLanguage], Field(min_length=1)] = ["ja"]
    tongues: Annotated[Tongues, Loose] = Tongues.BESIDE
    theme: Annotated[Theme, Loose] = Theme.LIGHT
    speaks: bool = True
    slides: Note = ""
    slide_seconds: Annotated[int, Field(ge=3, le=600)] = 15


class LookTable(Table):
    """[look]"""

    call: Colour | None = None
    accent: Colour | None = None
    number_size: Annotated[int, Field(ge=60, le=110)] = 100
    logo: Note = ""
