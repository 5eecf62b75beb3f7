"""The tables of a profile that hold the guide: procedures, their cases, and where bookings are taken."""

from typing import Annotated

from pydantic import Field

from queue_server.config.tables import PHONE_PATTERN, Id, Note, Table
from queue_server.domain.guide import (
    Applicant,
    Booking,
    FeeKind,
    Item,
    Outcome,
    Period,
    Pin,
    ProcedureKind,
    Question,
    Remark,
)

Source = Annotated[list[Annotated[str, Field(pattern=r"^[0-9A-Za-z_.-]{1,80}$")]], Field(max_length=8)]
"""The documents in which the facts stand, by short names; docs/guide.md tells those of the cities that ship."""
Yen = Annotated[int, Field(ge=0, le=100_000)]
Loose = Field(strict=False)


class VisitTable(Table):
    """[[procedure.case.visit]]"""

    bring: list[Annotated[Item, Loose]] = []
    remarks: list[Annotated[Remark, Loose]] = []


class CaseTable(Table):
    """[[procedure.case]]"""

    applicant: Annotated[list[Annotated[Applicant, Loose]], Field(min_length=1)]
    outcome: Annotated[Outcome, Loose]
    when: dict[Annotated[Question, Loose], bool] = {}
    visit: list[VisitTable] = []
    remarks: list[Annotated[Remark, Loose]] = []
    fees: dict[Annotated[FeeKind, Loose], Yen] | None = None
    see: str = ""
    source: Source = []


class PlaceTable(Table):
    """[[procedure.place]]"""

    sites: Annotated[list[str], Field(min_length=1)]
    booking: Annotated[Booking, Loose]


class ProcedureTable(Table):
    """[[procedure]]"""

    id: Id
    kind: Annotated[ProcedureKind, Loose]
    service: str
    case: list[CaseTable] = []
    place: list[PlaceTable] = []
    period: Annotated[Period, Loose] | None = None
    pins: list[Annotated[Pin, Loose]] = []
    fees: dict[Annotated[FeeKind, Loose], Yen] | None = None
    remarks: list[Annotated[Remark, Loose]] = []
    source: Source = []


class BookingTable(Table):
    """[booking]"""

    phone: Annotated[str, Field(pattern=PHONE_PATTERN)] = ""
    hours: Note = ""
    online: bool = False
    source: Source = []
