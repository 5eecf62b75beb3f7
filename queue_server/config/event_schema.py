"""The table of a profile that holds what brings more people for some days."""

from typing import Annotated

from pydantic import Field

from queue_server.config.tables import DateText, Id, Names, Table, Text

Days = Annotated[int, Field(ge=-31, le=62)]


class EventTable(Table):
    """[[event]]"""

    id: Id
    name: Text
    names: Names = {}
    services: list[str] = []
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    dates: Annotated[list[DateText], Field(min_length=1)] | None = None
    first: Days = 0
    last: Days = 0
    factor: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
