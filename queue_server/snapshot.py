"""Immutable pictures of a hall, encoded once per change: the public Board; the staff's is in `desk_view`.

A Board holds no ticket id, no token and nothing about a person. Times are ISO 8601 in JST.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from queue_server.domain.boards import ScreenState
from queue_server.domain.calendar import JST, OpeningStatus, Phase
from queue_server.domain.day import Day
from queue_server.domain.kiosks import KioskState
from queue_server.domain.outlook import level_for
from queue_server.domain.site import Counter, Series, Service, Site
from queue_server.domain.staffing import counter_now, name_of
from queue_server.domain.switches import Notice
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.waits.floor import Floor, floor_now
from queue_server.domain.waits.quality import Quality
from queue_server.domain.waits.ranges import Estimate
from queue_server.domain.waits.site_waits import SiteWaits
from queue_server.marking import N_

View = dict[str, Any]


STATUS_LABELS = {
    Phase.OPEN: N_("受付中です。"),
    Phase.BEFORE_OPENING: N_("受付開始前です。"),
    Phase.AFTER_CLOSING: N_("本日の受付は終了しました。"),
    Phase.CLOSED_DAY: N_("本日は閉庁日です。"),
    Phase.BREAK: N_("ただいま受付を休止しています。"),
}


@dataclass(frozen=True)
class Picture:
    """A picture of the hall: `version` rises with every one made, `seq` is the last entry in it."""

    version: int
    seq: int
    data: View

    @cached_property
    def body(self) -> bytes:
        """The picture as UTF-8 JSON, made once however many read it."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def etag(self) -> str:
        """The entity tag under which the picture is served, without quotes."""
        return str(self.version)


class Board(Picture):
    """What everybody may see."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a picture is made from, besides the site: the day, the time, and how the server is."""

    version: int
    now: datetime
    day: Day
    status: OpeningStatus
    writable: bool
    simulated: bool
    waits: SiteWaits
    kiosks: Mapping[str, KioskState] = field(default_factory=dict)
    screens: Mapping[str, ScreenState] = field(default_factory=dict)
    seq: int = 0
    """The last entry in it."""


def jst(moment: datetime | None) -> str | None:
    """A time as people read it: ISO 8601 in JST, to the second."""
    return moment.astimezone(JST).isoformat(timespec="seconds") if moment else None


def make_board(site: Site, moment: Moment) -> Board:
    """The public board of a site at this moment."""
    floor = floor_now(site, moment.day)
    return Board(
        moment.version,
        moment.day.seq,
        {
            **heading(site, moment),
            "categories": [
                {
                    "id": category.id,
                    "name": category.name,
                    "reading": category.reading,
                    "services": [_service(site, service, moment, floor) for service in site.services_of(category.id)],
                }
                for category in site.categories
            ],
            "counters": list(_counters(site, moment.day)),
            "calls": [
                {**call_view(site, call), "service": call.service, "state": _state_now(moment.day, call)}
                for call in moment.day.recent_calls
            ],
            "notices": notices_view(moment),
            "quality": quality_view(moment.waits.quality),
        },
    )


def ticket_view(site: Site, ticket: Ticket) -> View:
    """A ticket as commands answer it: with its id, without its token."""
    service = site.services.get(ticket.service)
    return {
        "id": ticket.id,
        "label": ticket.label,
        "service": ticket.service,
        "service_name": service.name if service else ticket.service,
        "stage": stage_name(site, ticket),
        "state": ticket.state.value,
        "counter": ticket.counter,
        "counter_name": _counter_name(site, ticket.counter),
        "reserved_counter": ticket.reserved_counter,
        "issued_at": jst(ticket.issued_at),
        "called_at": jst(ticket.called_at),
        "reason": ticket.reason,
        "priority": ticket.priority,
        "offline": ticket.offline,
    }


def call_view(site: Site, ticket: Ticket) -> View:
    """A call as a board shows it."""
    return {
        "label": ticket.label,
        "counter": ticket.counter,
        "counter_name": _counter_name(site, ticket.counter),
        "at": jst(ticket.called_at),
        "call_seq": ticket.call_seq,
        "stage": stage_name(site, ticket),
    }


def estimate_view(estimate: Estimate | None) -> View | None:
    """A range in minutes, or None when nobody can say."""
    return {"low": estimate.low, "high": estimate.high} if estimate else None


def quality_view(quality: Quality | None) -> View | None:
    """How good the ranges were, or None while too few people were called to tell."""
    return {"called": quality.called, "within": quality.within, "share": quality.share} if quality else None


def series_label(series: Series) -> str:
    """How a series is spoken of: 500番台 where it is a round hundred, else its first and last number."""
    if not series.prefix and series.size == 100 and series.first % 100 == 0:
        return f"{series.first}番台"
    return f"{series.label(series.first)}〜{series.label(series.last)}"


def stage_name(site: Site, ticket: Ticket) -> str | None:
    """Which stage a ticket is at, None where its service has only one or left the profile since."""
    service = site.services.get(ticket.service)
    several = service is not None and 1 < len(service.stages) > ticket.stage
    return service.stages[ticket.stage] if service and several else None


def status_view(status: OpeningStatus) -> View:
    """Whether the hall is open, why not, and when it opens next."""
    return {
        "open": status.open,
        "label": STATUS_LABELS[status.phase],
        "phase": status.phase.value,
        "reason": status.reason or None,
        "opens": jst(status.opens),
        "closes": jst(status.closes),
        "next_open": jst(status.next_open),
        "ended_early": status.ended_early,
    }


def notice_view(notice: Notice) -> View:
    """A notice as everybody reads it."""
    return {"id": notice.id, "text": notice.text, "until": jst(notice.until)}


def counter_view(
    counter: Counter, services: Sequence[str], is_open: bool, clerk: str | None, break_until: datetime | None
) -> View:
    """A counter as commands answer it; `clerk` is an actor's name."""
    return {
        "id": counter.id,
        "name": counter.name,
        "open": is_open,
        "services": list(services),
        "clerk": name_of(clerk) if clerk else None,
        "break_until": jst(break_until),
    }


def issued_view(ticket: Ticket, ahead: int, estimate: Estimate | None) -> View:
    """What whoever gave out a number is told of it."""
    return {
        "id": ticket.id,
        "label": ticket.label,
        "token": ticket.token,
        "service": ticket.service,
        "ahead": ahead,
        "estimate": estimate_view(estimate),
        "board_seq": ticket.seq,
        "issued_at": jst(ticket.issued_at),
        "ticket_url": f"/t/{ticket.token}",
    }


def heading(site: Site, moment: Moment) -> View:
    """What every picture begins with."""
    return {
        "version": moment.version,
        "seq": moment.day.seq,
        "as_of": jst(moment.now),
        "simulated": moment.simulated,
        "site": {"id": site.id, "name": site.name},
        "storage": {"writable": moment.writable},
        "status": status_view(moment.status),
    }


def _service(site: Site, service: Service, moment: Moment, floor: Floor) -> View:
    day = moment.day
    aside = day.tickets.aside(service.id)
    waiting = [ticket.label for ticket in day.waiting(service.id)]
    calling = sorted(
        (ticket for ticket in aside if ticket.state is TicketState.CALLED),
        key=lambda ticket: -(ticket.call_seq or 0),
    )
    line = (service.id, 0)
    newcomer = None
    if moment.status.open:
        newcomer = moment.waits.outlook(site, day, floor, line, floor.waiting.get(line, 0), moment.now)
    level = level_for(service, len(waiting), newcomer.minutes if newcomer else None)
    series = site.series[service.series]
    pause = day.service(service.id)
    last_call = day.last_call(service.id)
    full = day.is_full(series)
    return {
        "id": service.id,
        "name": service.name,
        "reading": service.reading,
        "series": series.id,
        "series_label": series_label(series),
        "accepting": moment.status.open and moment.writable and pause is None and not full,
        "full": full,
        "paused": pause is not None,
        "paused_since": jst(pause.since) if pause else None,
        "ended_today": pause is not None and pause.for_today,
        "waiting": waiting,
        "waiting_count": len(waiting),
        "calling": [call_view(site, ticket) for ticket in calling],
        "last_call": call_view(site, last_call) if last_call else None,
        "serving": _labels(aside, TicketState.SERVING),
        "held": _labels(aside, TicketState.HELD),
        "no_show": _labels(aside, TicketState.NO_SHOW),
        "level": {"key": level.key.value, "label": level.label},
        "estimate": estimate_view(newcomer.estimate if newcomer else None),
        "note": service.note,
    }


def _labels(found: list[Ticket], state: TicketState) -> list[str]:
    return [ticket.label for ticket in found if ticket.state is state]


def _counters(site: Site, day: Day) -> Iterator[View]:
    for counter_id in site.counters:
        counter, state, here = counter_now(site, day, counter_id), day.counter(counter_id), day.at_counter(counter_id)
        yield {
            "id": counter.id,
            "name": counter.name,
            "open": state.open,
            "label": here.label if here else None,
            "services": list(counter.services),
            "break_until": jst(state.break_until),
        }


def notices_view(moment: Moment) -> list[View]:
    """The notices that stand at this moment."""
    return [notice_view(notice) for notice in moment.day.notices if notice.stands_at(moment.now)]


def _state_now(day: Day, call: Ticket) -> str | None:
    """The state a called ticket is in now, None when it has ended."""
    now = day.tickets.get(call.id)
    return now.state.value if now else None


def _counter_name(site: Site, counter: str | None) -> str | None:
    if counter is None:
        return None
    found = site.counters.get(counter)
    return found.name if found else counter
