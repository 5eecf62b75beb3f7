"""From the tables of a checked profile to the objects of the domain."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from queue_server.config.board_build import look_of, screens_of
from queue_server.config.event_build import event_of
from queue_server.config.guide_build import booking_desk_of, procedure_of
from queue_server.config.schema import (
    CounterTable,
    HoursTable,
    KioskTable,
    LevelTable,
    ProfileTable,
    SeriesTable,
    ServiceTable,
    SiteTable,
)
from queue_server.config.tables import DOTS_OF_PAPER
from queue_server.config.voice_build import voice_of
from queue_server.domain.site import (
    AlertLimits,
    Area,
    Category,
    CityProfile,
    ClosedPeriod,
    Counter,
    Hours,
    KioskMachine,
    PriorityClass,
    Series,
    Service,
    Site,
    Slip,
    SpecialDay,
    Threshold,
)


def city_of(profile: ProfileTable, text: str) -> CityProfile:
    """The city that a profile without problems describes; `text` is the file it stands in."""
    sites = {site.id: _site(site) for site in profile.site}
    return CityProfile(
        profile.city.id,
        profile.city.name,
        MappingProxyType(sites),
        text,
        _frozen(profile.city.names),
        tuple(procedure_of(row) for row in profile.procedure),
        booking_desk_of(profile.booking),
        look_of(profile.look),
        tuple(event_of(row) for row in profile.event),
    )


def _site(table: SiteTable) -> Site:
    services = {row.id: _service(row, table.level) for row in table.service}
    areas = tuple(Area(row.id, row.name, tuple(row.counters)) for row in table.area)
    return Site(
        id=table.id,
        name=table.name,
        hours=_hours(table.hours),
        categories=tuple(Category(row.id, row.name, row.reading, _frozen(row.names)) for row in table.category),
        series=MappingProxyType({row.id: _series(row, table.kiosk) for row in table.series}),
        services=MappingProxyType(services),
        counters=MappingProxyType({row.id: _counter(row, services) for row in table.counter}),
        areas=areas,
        reinstate=table.reinstate,
        reinstate_after=table.reinstate_after or 0,
        priorities=MappingProxyType(
            {row.id: PriorityClass(row.id, row.name, row.head_start) for row in table.priority}
        ),
        alerts=AlertLimits(table.alerts.people, table.alerts.wait_minutes, table.alerts.without_call_minutes),
        address=table.address,
        phone=table.phone,
        kiosks=MappingProxyType({row.id: _kiosk(row) for row in table.kiosk}),
        slip=Slip(table.slip.logo, table.slip.footer),
        screens=MappingProxyType({screen.id: screen for screen in screens_of(table.board, areas, table.name)}),
        names=_frozen(table.names),
        voice=voice_of(table.voice),
    )


def _frozen(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(values))


def _series(table: SeriesTable, kiosks: list[KioskTable]) -> Series:
    reserved = tuple(kiosk.reserve[table.id] for kiosk in kiosks if table.id in kiosk.reserve)
    return Series(table.id, table.first, table.last, table.prefix, table.digits, reserved)


def _kiosk(table: KioskTable) -> KioskMachine:
    dots = table.dots or DOTS_OF_PAPER[table.paper]
    return KioskMachine(table.id, table.name, table.printer, table.paper, dots, _frozen(table.reserve))


def _service(table: ServiceTable, site_levels: list[LevelTable]) -> Service:
    levels = table.level or site_levels
    return Service(
        id=table.id,
        name=table.name,
        category=table.category,
        series=table.series,
        thresholds=tuple(Threshold(row.key, row.label, row.people, row.minutes) for row in levels),
        minutes_per_person=table.minutes_per_person,
        stages=tuple(table.stages),
        reading=table.reading,
        note=table.note,
        names=_frozen(table.names),
        notes=_frozen(table.notes),
    )


def _counter(table: CounterTable, services: Mapping[str, Service]) -> Counter:
    stages = {
        service: tuple(services[service].stages.index(name) for name in names)
        for service, names in table.stages.items()
    }
    return Counter(
        id=table.id,
        name=table.name,
        services=tuple(table.services),
        discipline=table.discipline,
        weights=MappingProxyType(dict(table.weights)),
        stages=MappingProxyType(stages),
        longest_wait=table.longest_wait,
        names=_frozen(table.names),
    )


def _hours(table: HoursTable) -> Hours:
    week = (
        table.monday,
        table.tuesday,
        table.wednesday,
        table.thursday,
        table.friday,
        table.saturday,
        table.sunday,
    )
    return Hours(
        week=tuple(tuple(day) for day in week),
        closed_on_holidays=table.closed_on_holidays,
        closed_periods=tuple(ClosedPeriod(row.first, row.last, row.reason) for row in table.closed_period),
        special_days=tuple(SpecialDay(row.day, tuple(row.open), row.reason) for row in table.special_day),
        day_end=table.day_end,
    )
