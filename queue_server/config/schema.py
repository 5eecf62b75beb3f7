"""The tables of a city profile file: which keys there are and what each must look like."""

from typing import Annotated, Literal

from pydantic import Field

from queue_server.config.board_schema import BoardTable, LookTable
from queue_server.config.event_schema import EventTable
from queue_server.config.guide_schema import BookingTable, ProcedureTable
from queue_server.config.tables import (
    ONLY_STAGE,
    PHONE_PATTERN,
    PREFIX_PATTERN,
    PRINTER_PATTERN,
    Bound,
    DateText,
    Id,
    IntervalText,
    Minutes,
    MonthDayText,
    Names,
    Note,
    Notes,
    Number,
    RangeText,
    Table,
    Text,
    TimeText,
    Weight,
)
from queue_server.config.voice_schema import VoiceTable
from queue_server.domain.site import Discipline, LevelKey, ReinstatePlace


class CityTable(Table):
    """[city]"""

    id: Id
    name: Text
    names: Names = {}


class ClosedPeriodTable(Table):
    """[[site.hours.closed_period]]"""

    first: MonthDayText
    last: MonthDayText
    reason: Text


class SpecialDayTable(Table):
    """[[site.hours.special_day]]"""

    day: DateText
    open: list[IntervalText]
    reason: Text


class HoursTable(Table):
    """[site.hours]"""

    monday: list[IntervalText]
    tuesday: list[IntervalText]
    wednesday: list[IntervalText]
    thursday: list[IntervalText]
    friday: list[IntervalText]
    saturday: list[IntervalText]
    sunday: list[IntervalText]
    closed_on_holidays: bool
    day_end: TimeText
    closed_period: list[ClosedPeriodTable] = []
    special_day: list[SpecialDayTable] = []


class LevelTable(Table):
    """[[site.level]] and [[site.service.level]]"""

    key: Annotated[LevelKey, Field(strict=False)]
    label: Text
    people: Bound | None = None
    minutes: Bound | None = None


class CategoryTable(Table):
    """[[site.category]]"""

    id: Id
    name: Text
    reading: Note = ""
    names: Names = {}


class SeriesTable(Table):
    """[[site.series]]"""

    id: Id
    first: Number
    last: Number
    prefix: Annotated[str, Field(pattern=PREFIX_PATTERN)] = ""
    digits: Annotated[int, Field(ge=0, le=5)] = 0


class ServiceTable(Table):
    """[[site.service]]"""

    id: Id
    name: Text
    category: str
    series: str
    minutes_per_person: Annotated[float, Field(gt=0, le=480, allow_inf_nan=False)]
    reading: Note = ""
    names: Names = {}
    note: Note = ""
    notes: Notes = {}
    stages: Annotated[list[Text], Field(min_length=1)] = [ONLY_STAGE]
    level: list[LevelTable] = []


class CounterTable(Table):
    """[[site.counter]]"""

    id: Id
    name: Text
    services: Annotated[list[str], Field(min_length=1)]
    discipline: Annotated[Discipline, Field(strict=False)] = Discipline.OLDEST
    weights: dict[str, Weight] = {}
    stages: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    longest_wait: Minutes | None = None
    names: Names = {}


class AreaTable(Table):
    """[[site.area]]"""

    id: Id
    name: Text
    counters: Annotated[list[str], Field(min_length=1)]


class PriorityTable(Table):
    """[[site.priority]]"""

    id: Id
    name: Text
    head_start: Minutes


class AlertsTable(Table):
    """[site.alerts]"""

    people: Bound | None = None
    wait_minutes: Bound | None = None
    without_call_minutes: Bound | None = None


class KioskTable(Table):
    """[[site.kiosk]]"""

    id: Id
    name: Text
    printer: Annotated[str, Field(pattern=PRINTER_PATTERN, max_length=120)] = ""
    paper: Literal[58, 80] = 80
    dots: Annotated[int, Field(ge=320, le=832, multiple_of=8)] | None = None
    reserve: dict[str, RangeText] = {}


class SlipTable(Table):
    """[site.slip]"""

    logo: Note = ""
    footer: Note = ""


class SiteTable(Table):
    """[[site]]"""

    id: Id
    name: Text
    names: Names = {}
    address: Note = ""
    phone: Annotated[str, Field(pattern=PHONE_PATTERN)] = ""
    reinstate: Annotated[ReinstatePlace, Field(strict=False)] = ReinstatePlace.BACK
    reinstate_after: Annotated[int, Field(ge=1, le=99)] | None = None
    hours: HoursTable
    alerts: AlertsTable = AlertsTable()
    level: list[LevelTable] = []
    category: Annotated[list[CategoryTable], Field(min_length=1)]
    series: Annotated[list[SeriesTable], Field(min_length=1)]
    service: Annotated[list[ServiceTable], Field(min_length=1)]
    counter: Annotated[list[CounterTable], Field(min_length=1)]
    area: list[AreaTable] = []
    priority: list[PriorityTable] = []
    kiosk: list[KioskTable] = []
    slip: SlipTable = SlipTable()
    board: list[BoardTable] = []
    voice: VoiceTable | None = None


class ProfileTable(Table):
    """The whole file."""

    city: CityTable
    look: LookTable = LookTable()
    booking: BookingTable | None = None
    procedure: list[ProcedureTable] = []
    event: list[EventTable] = []
    site: Annotated[list[SiteTable], Field(min_length=1)]
