"""From the tables of a checked profile to the objects of the domain."""

from types import MappingProxyType

from queue_server.config.schema import HoursTable, LevelTable, ProfileTable, ServiceTable, SiteTable
from queue_server.domain.site import (
    Area,
    Category,
    CityProfile,
    ClosedPeriod,
    Counter,
    Hours,
    Series,
    Service,
    Site,
    SpecialDay,
    Threshold,
)


def city_of(profile: ProfileTable) -> CityProfile:
    """The city that a profile without problems describes."""
    sites = {site.id: _site(site) for site in profile.site}
    return CityProfile(profile.city.id, profile.city.name, MappingProxyType(sites))


def _site(table: SiteTable) -> Site:
    return Site(
        id=table.id,
        name=table.name,
        hours=_hours(table.hours),
        categories=tuple(Category(row.id, row.name, row.reading) for row in table.category),
        series=MappingProxyType(
            {row.id: Series(row.id, row.first, row.last, row.prefix, row.digits) for row in table.series}
        ),
        services=MappingProxyType({row.id: _service(row, table.level) for row in table.service}),
        counters=MappingProxyType({row.id: Counter(row.id, row.name, tuple(row.services)) for row in table.counter}),
        areas=tuple(Area(row.id, row.name, tuple(row.counters)) for row in table.area),
        reinstate=table.reinstate,
        address=table.address,
        phone=table.phone,
    )


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
