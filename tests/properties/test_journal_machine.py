"""Whatever staff, residents, time and restarts do in whatever order, the journal and the tables say the same."""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from queue_server.domain.calendar import JST
from queue_server.domain.day import RECENT_CALLS, Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import AlertLimits, Discipline, NumberRange, PriorityClass, ReinstatePlace
from queue_server.domain.staffing import counters_of_clerk
from queue_server.domain.switches import Switch, evolve_switch, outlasts_the_day, switch_name
from queue_server.domain.ticket import AT_COUNTER, Move, Refused
from queue_server.hall import CLOCK_ACTOR, Caller, Hall, OfflineTicket, Unknown
from queue_server.snapshot import Board
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME
from tests.support.halls import MACHI, SITE, Town, town_in

Command = Callable[[Hall, Caller], Any]

HALL = replace(
    SITE,
    series={**SITE.series, "b": replace(SITE.series["b"], reserved=(NumberRange(596, 599),))},
    counters={
        "1": replace(SITE.counters["1"], discipline=Discipline.WEIGHTED, weights={"x": 2.0}, longest_wait=20),
        "2": replace(SITE.counters["2"], discipline=Discipline.ORDER, stages={"x": (1,)}),
    },
    priorities={"senior": PriorityClass("senior", "高齢のかた", 10), "baby": PriorityClass("baby", "乳幼児連れ", 25)},
    reinstate=ReinstatePlace.AFTER,
    reinstate_after=1,
    alerts=AlertLimits(3, 10, 5),
)
PROFILE = replace(MACHI, sites={"hall": HALL})

PEOPLE = ("staff:a", "staff:b", "staff:boss")
ACTORS = st.sampled_from(["device:desk", *PEOPLE])
SERVICES, COUNTERS, PRIORITIES = st.sampled_from("xy"), st.sampled_from("12"), st.sampled_from(["", "senior", "baby"])
BY_HAND = [move for move in Move if move not in (Move.ISSUE, Move.CALL, Move.EXPIRE)]
WITH_SOMEBODY = [Move.START, Move.COMPLETE, Move.HOLD, Move.NO_SHOW, Move.ADVANCE, Move.RECALL, Move.TRANSFER]
AT_COUNTERS: dict[str, Callable[[Hall, Caller, str], Any]] = {
    "open": Hall.open_counter,
    "take over": lambda hall, caller, counter: hall.open_counter(caller, counter, take_over=True),
    "open for another": lambda hall, caller, counter: hall.open_counter(caller, counter, remote=True),
    "close": Hall.close_counter,
    "break": lambda hall, caller, counter: hall.start_break(caller, counter, 15),
    "serve x": lambda hall, caller, counter: hall.assign_services(caller, counter, ["x"]),
    "serve both": lambda hall, caller, counter: hall.assign_services(caller, counter, ["x", "y"]),
}
OF_THE_DAY: dict[str, Command] = {
    "pause x": lambda hall, caller: hall.pause_service(caller, "x"),
    "end x": lambda hall, caller: hall.pause_service(caller, "x", for_today=True),
    "resume x": lambda hall, caller: hall.resume_service(caller, "x"),
    "close": lambda hall, caller: hall.close_reception(caller, "停電"),
    "open until 10": lambda hall, caller: hall.open_reception(caller, time(10)),
    "open until 18": lambda hall, caller: hall.open_reception(caller, time(18)),
    "as the hours say": Hall.reset_reception,
    "close the day": Hall.close_day,
    "expire all": lambda hall, caller: hall.close_day(caller, expire=True),
    "notice": lambda hall, caller: hall.post_notice(caller, "お知らせ", None),
}
WHERE: st.SearchStrategy[dict[str, str]] = st.sampled_from(
    [{}, {"service": "x"}, {"service": "y"}, {"counter": "1"}, {"counter": "2", "service": "y"}]
)
LEAPS = {"evening": (0, 19), "tomorrow": (1, 9), "yesterday": (-1, 10)}


@cache
def busy_morning() -> bytes:
    """The database of a hall with both counters open and as many calls as a board shows, and four who wait."""
    with TemporaryDirectory() as name, town_in(Path(name), PROFILE) as town:
        town.open("1", "2")
        town.issue_many(RECENT_CALLS)
        for _ in range(RECENT_CALLS):
            town.call_next("2", complete=True)
        for service in ("x", "y", "x", "y"):
            town.issue(service)
        town.city.close()
        return (Path(name) / FILE_NAME).read_bytes()


class JournalMachine(RuleBasedStateMachine):
    """Two counters, a series of three numbers and one of a hundred, three persons and a device."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        (Path(self.directory.name) / FILE_NAME).write_bytes(busy_morning())
        self.town = Town(Path(self.directory.name), PROFILE)
        self.boards: list[Board] = []
        self.done: list[tuple[date, Command, Caller, Any]] = []
        self.known: list[str] = []
        self.line: list[str] = []
        self.seen = 0
        self.listen()

    def teardown(self) -> None:
        self.town.city.close()
        self.directory.cleanup()

    def listen(self) -> None:
        self.boards.append(self.town.hall.board)
        self.town.listen(lambda board, _desk: self.boards.append(board))

    def give(self, command: Command, actor: str = "device:desk", *, may_be_refused: bool = True) -> Any:
        """Give a command under a new key; one that is refused writes nothing, whatever time may write."""
        caller = self.town.caller(actor=actor, supervises=actor == "staff:boss")
        before = self.length()
        refusal = ""
        try:
            answer = command(self.town.hall, caller)
        except (Refused, Unknown) as error:
            refusal = str(error)
        assert refusal != "request_id_reused"
        if refusal:
            assert {entry.actor for entry in self.town.entries()[before:]} <= {CLOCK_ACTOR}
            assert may_be_refused, refusal
            return None
        self.done.append((self.day.business_day, command, caller, answer))
        return answer

    @property
    def day(self) -> Day:
        return self.town.hall._day

    def length(self) -> int:
        return journal.last_seq(self.town.store.database)

    # -- what people do ------------------------------------------------------------------------------

    @rule(service=SERVICES, priority=PRIORITIES)
    def issue(self, service: str, priority: str) -> None:
        answer = self.give(lambda hall, caller: hall.issue(caller, service, priority))
        if answer is not None:
            self.known.append(answer["id"])

    @rule(counter=COUNTERS, complete=st.booleans(), actor=ACTORS)
    def call_next(self, counter: str, complete: bool, actor: str) -> None:
        self.give(lambda hall, caller: hall.call_next(caller, counter, complete=complete), actor)

    @rule(counter=COUNTERS, data=st.data(), actor=ACTORS)
    def call(self, counter: str, data: st.DataObject, actor: str) -> None:
        labels = [ticket.label for ticket in self.day.tickets.values()]
        label = data.draw(st.sampled_from([*labels, "none"]))
        self.give(lambda hall, caller: hall.call(caller, counter, label), actor)

    @precondition(lambda self: any(self.day.at_counter(counter) for counter in HALL.counters))
    @rule(data=st.data(), move=st.sampled_from(WITH_SOMEBODY), where=WHERE, actor=ACTORS)
    def work_with_somebody(self, data: st.DataObject, move: Move, where: dict[str, str], actor: str) -> None:
        here = [ticket for counter in HALL.counters if (ticket := self.day.at_counter(counter))]
        self.move(data.draw(st.sampled_from(here)).id, move, where, "", actor)

    @precondition(lambda self: self.day.tickets)
    @rule(data=st.data(), where=WHERE, priority=PRIORITIES, actor=ACTORS)
    def move_lawfully(self, data: st.DataObject, where: dict[str, str], priority: str, actor: str) -> None:
        tickets = list(self.day.tickets.values())
        lawful = [move for move in BY_HAND if any(move in ticket.lawful_moves() for ticket in tickets)]
        if lawful:
            move = data.draw(st.sampled_from(lawful))
            ticket = data.draw(st.sampled_from([ticket for ticket in tickets if move in ticket.lawful_moves()]))
            self.move(ticket.id, move, where, priority, actor)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), move=st.sampled_from(BY_HAND), where=WHERE, priority=PRIORITIES)
    def move_perhaps_unlawfully(self, data: st.DataObject, move: Move, where: dict[str, str], priority: str) -> None:
        self.move(data.draw(st.sampled_from(self.known[-5:])), move, where, priority, "device:desk")

    def move(self, ticket: str, move: Move, where: dict[str, str], priority: str, actor: str) -> None:
        details = {Move.TRANSFER: where, Move.PRIORITIZE: {"priority": priority}}.get(move, {})
        self.give(lambda hall, caller: hall.move(caller, ticket, move, **details), actor)

    @rule(name=st.sampled_from(sorted(AT_COUNTERS)), counter=COUNTERS, actor=ACTORS)
    def work_at_a_counter(self, name: str, counter: str, actor: str) -> None:
        self.give(lambda hall, caller: AT_COUNTERS[name](hall, caller, counter), actor)

    @rule(name=st.sampled_from(sorted(OF_THE_DAY)))
    def supervise(self, name: str) -> None:
        self.give(OF_THE_DAY[name], "staff:boss")

    @rule(minutes=st.sampled_from([1, 600]))
    def post_a_notice_or_withdraw_the_oldest_of_three(self, minutes: int) -> None:
        until, notices = self.town.clock.now() + timedelta(minutes=minutes), self.day.notices
        if len(notices) < 3:
            self.give(lambda hall, caller: hall.post_notice(caller, "臨時", until), "staff:boss")
        else:
            self.give(lambda hall, caller: hall.withdraw_notice(caller, notices[0].id), "staff:boss")

    # -- what people take back -----------------------------------------------------------------------

    @rule(counter=COUNTERS, actor=ACTORS)
    def undo(self, counter: str, actor: str) -> None:
        self.give(lambda hall, caller: hall.undo(caller, counter), actor)

    @precondition(lambda self: self.listed())
    @rule(data=st.data())
    def undo_what_the_desk_lists(self, data: st.DataObject) -> None:
        """What the desk says can be taken back is taken back, to the last field."""
        actor, counter = data.draw(st.sampled_from(self.listed()))
        before = {move.before.id: move.before for move in self.day.presses[actor].moves}
        answer = self.give(lambda hall, caller: hall.undo(caller, counter), actor, may_be_refused=False)
        assert [ticket["id"] for ticket in answer["tickets"]] == list(reversed(before))
        for ticket_id, ticket in before.items():
            assert replace(self.day.tickets[ticket_id], seq=ticket.seq) == ticket

    def listed(self) -> list[tuple[str, str]]:
        """The presses on the desk view, each with a counter where its actor sees it; none of a day that is over."""
        if self.is_over():
            return []
        shown = [press for press in self.town.desk["undo"] if not press["taken_by"] or press["actor"] == "staff:boss"]
        return [(press["actor"], press["counter"] or "2") for press in shown]

    def is_over(self) -> bool:
        """Whether the next command turns to another day."""
        return self.town.clock.now().astimezone(JST).date() > self.today

    @property
    def today(self) -> date:
        return self.day.business_day

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(self.known[-5:]))
        undoable = {} if self.is_over() else {each["id"]: each["undoable"] for each in self.town.desk["ended"]}
        answer = self.give(lambda hall, caller: hall.undo_last_move(caller, ticket), "staff:boss")
        assert undoable.get(ticket, answer is not None) == (answer is not None), "the list of the ended is right"

    @precondition(lambda self: self.day.tickets)
    @rule(data=st.data())
    def print_a_new_slip(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(list(self.day.tickets.values())))
        answer = self.give(lambda hall, caller: hall.reissue(caller, ticket.id), "staff:boss")
        if answer is not None:
            assert self.town.city.find_ticket_by_token(ticket.token) is None
            assert self.town.city.find_ticket_by_token(answer["token"]) is not None

    @precondition(lambda self: self.day.tickets)
    @rule(data=st.data())
    def print_the_slip_again(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(list(self.day.tickets.values())))
        answer = self.give(lambda hall, caller: hall.reprint(caller, ticket.id), "device:kiosk")
        assert answer is None or answer["token"] == ticket.token

    # -- what a kiosk brings back --------------------------------------------------------------------

    @rule(service=SERVICES, number=st.integers(1, 4), minutes=st.sampled_from([0, 3, 40, 1_500, -5]), data=st.data())
    def hand_over_a_number_of_a_kiosk(self, service: str, number: int, minutes: int, data: st.DataObject) -> None:
        """A number given out some minutes ago, perhaps in the place of a command whose answer was lost."""
        at = self.town.clock.now() - timedelta(minutes=minutes)
        lost = data.draw(st.sampled_from([None, "never came", *(done[2].request_id for done in self.done[-3:])]))
        given = OfflineTicket(
            uuid.uuid4().hex, uuid.uuid4().hex[:22], service, number + (595 if service == "y" else 0), at, lost
        )
        answer = self.give(lambda hall, caller: hall.adopt(caller, given))
        if answer is not None:
            self.known.append(given.id)
            again = self.give(lambda hall, caller: hall.adopt(caller, given), may_be_refused=False)
            assert (again["id"], again["label"]) == (answer["id"], answer["label"])

    @precondition(lambda self: self.retryable())
    @rule(data=st.data())
    def press_again(self, data: st.DataObject) -> None:
        _, command, caller, answer = data.draw(st.sampled_from(self.retryable()))
        before = self.length()
        assert command(self.town.hall, caller) == answer
        assert self.length() == before

    def retryable(self) -> list[tuple[date, Command, Caller, Any]]:
        """The commands of the hall's present day."""
        return [done for done in self.done if done[0] == self.today]

    # -- what time does ------------------------------------------------------------------------------

    @rule(step=st.sampled_from([0.5, 1, 2, 12, -7, *LEAPS]), ticks=st.booleans())
    def time_passes(self, step: float | str, ticks: bool) -> None:
        if isinstance(step, str):
            days, hour = LEAPS[step]
            local = self.town.clock.now().astimezone(JST)
            self.town.clock.set(datetime.combine(local.date() + timedelta(days=days), time(hour), JST))
        else:
            self.town.pass_minutes(step)
        if ticks:
            self.town.city.tick()

    @rule()
    def restart(self) -> None:
        self.town.restart()
        self.listen()

    # -- what always holds ---------------------------------------------------------------------------

    @invariant()
    def the_tables_are_what_the_journal_says(self) -> None:
        entries = self.town.entries()
        assert self.town.verify() == len(entries)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        self.the_hall_is_the_fold_of_its_day(entries)
        self.nobody_changes_places(entries)
        nobody_is_called_twice_in_a_row(entries)

    def the_hall_is_the_fold_of_its_day(self, entries: list[Entry]) -> None:
        today = [entry for entry in entries if entry.business_day == self.today]
        folded = Day("hall", self.today, switches=standing(entries, self.today))
        for entry in today:
            folded.apply(entry)
        # An empty day still names the last entry of the days before it.
        folded.seq = entries[-1].seq if entries else 0
        assert self.day == folded
        assert self.town.hall.board.seq == folded.seq
        assert len(folded.live_labels()) == len(folded.tickets)
        for service in ("x", "y"):
            assert self.town.service(service)["waiting"] == [ticket.label for ticket in folded.waiting(service)]
        for person in PEOPLE:
            assert len(list(counters_of_clerk(folded, person))) <= 1
        shown = [call["call_seq"] for call in self.town.board["calls"]]
        newest_first = sorted(announced(today).values(), reverse=True)
        assert shown == sorted(shown, reverse=True)
        at_counters = {ticket.call_seq for ticket in folded.tickets.values() if ticket.state in AT_COUNTER}
        assert at_counters <= set(shown), "whoever is being called or served stands on the board"
        if Kind.UNDO not in {entry.kind for entry in today}:
            assert shown[:RECENT_CALLS] == newest_first[:RECENT_CALLS]

    def nobody_changes_places(self, entries: list[Entry]) -> None:
        """Of two who wait on, neither overtakes the other, unless a command was about one of them."""
        concerned = {entry.ticket for entry in entries[self.seen :]}
        line = [ticket.id for ticket in self.day.waiting()]
        stay = (set(line) & set(self.line)) - concerned
        assert [each for each in line if each in stay] == [each for each in self.line if each in stay]
        self.line, self.seen = line, len(entries)

    @invariant()
    def versions_rise_strictly(self) -> None:
        versions = [board.version for board in self.boards]
        assert versions == sorted(set(versions))
        assert self.town.hall.board is self.boards[-1], "the newest board has been told"


def standing(entries: list[Entry], before: date) -> dict[str, Switch]:
    """The switches of earlier days that outlast them."""
    found: dict[str, Switch | None] = {}
    for entry in entries:
        if not entry.kind.changes_ticket and entry.business_day < before and outlasts_the_day(switch_name(entry)):
            name = switch_name(entry)
            found[name] = evolve_switch(found.get(name), entry)
    return {name: switch for name, switch in found.items() if switch is not None}


def announced(entries: list[Entry]) -> dict[str | None, int]:
    """The last announcement of each ticket; one that was taken back leaves none."""
    last: dict[str | None, int] = {}
    for entry in entries:
        if entry.kind in (Kind.CALL, Kind.RECALL):
            last[entry.ticket] = entry.seq
        elif entry.kind is Kind.UNDO and last.get(entry.ticket, 0) >= entry.body["undoes"]:
            del last[entry.ticket]
    return last


def nobody_is_called_twice_in_a_row(entries: list[Entry]) -> None:
    moves: defaultdict[str | None, list[Kind]] = defaultdict(list)
    for entry in entries:
        moves[entry.ticket].append(entry.kind)
    for kinds in moves.values():
        assert (Kind.CALL, Kind.CALL) not in pairwise(kinds)


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
