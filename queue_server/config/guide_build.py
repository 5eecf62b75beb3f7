"""From the tables of the guide to the objects of the domain."""

from types import MappingProxyType

from queue_server.config.guide_schema import BookingTable, CaseTable, ProcedureTable
from queue_server.domain.guide import BookingDesk, Case, Procedure, Visit


def procedure_of(table: ProcedureTable) -> Procedure:
    """The procedure that a checked table describes."""
    return Procedure(
        id=table.id,
        kind=table.kind,
        service=table.service,
        cases=tuple(_case(case, table.source) for case in table.case),
        places=MappingProxyType({site: place.booking for place in table.place for site in place.sites}),
        period=table.period,
        pins=tuple(table.pins),
        fees=None if table.fees is None else MappingProxyType(dict(table.fees)),
        remarks=tuple(table.remarks),
        source=tuple(table.source),
    )


def booking_desk_of(table: BookingTable | None) -> BookingDesk | None:
    """Where bookings are taken; None for a city that takes none."""
    if table is None:
        return None
    return BookingDesk(table.phone, table.hours, table.online, tuple(table.source))


def _case(table: CaseTable, source: list[str]) -> Case:
    return Case(
        applicants=tuple(table.applicant),
        outcome=table.outcome,
        when=MappingProxyType(dict(table.when)),
        visits=tuple(Visit(tuple(visit.bring), tuple(visit.remarks)) for visit in table.visit),
        remarks=tuple(table.remarks),
        fees=None if table.fees is None else MappingProxyType(dict(table.fees)),
        see=table.see,
        source=tuple(table.source or source),
    )
