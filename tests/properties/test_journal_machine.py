"""Whatever staff, residents, time and restarts do in whatever order, the journal and the tables say the same."""

from collections import defaultdict
from collections.abc import Callable
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
from queue_server.domain.day import RECENT_CALLS, fold
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.ticket import Move, Refused
from queue_server.hall import CLOCK_ACTOR, Caller, Hall, Unknown
from queue_server.snapshot import Board
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME
from tests.support.halls import Town, town_in

Command = Callable[[Hall, Caller], Any]

SERVICES, COUNTERS = st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"])
BY_HAND = [move for move in Move if move not in (Move.ISSUE, Move.CALL, Move.EXPIRE)]
SWITCHES = st.sampled_from(
    [(Hall.open_counter, "1"), (Hall.open_counter, "2"), (Hall.close_counter, "1"), (Hall.close_counter, "2")]
    + [(switch, service) for switch in (Hall.pause_service, Hall.resume_service) for service in ("x", "y")]
)
WHERE: st.SearchStrategy[dict[str, str]] = st.sampled_from(
    [{}, {"service": "x"}, {"service": "y"}, {"counter": "1"}, {"counter": "2", "service": "y"}]
)
LEAPS = {"evening": (0, 19), "tomorrow": (1, 9), "yesterday": (-1, 10)}


@cache
def busy_morning() -> bytes:
    """The database of a hall with both counters open and as many calls as a board shows, and four who wait."""
    with TemporaryDirectory() as name, town_in(Path(name)) as town:
        town.open("1", "2")
        town.issue_many(RECENT_CALLS)
        for _ in range(RECENT_CALLS):
            town.call_next("2", complete=True)
        for service in ("x", "y", "x", "y"):
            town.issue(service)
        town.city.close()
        return (Path(name) / FILE_NAME).read_bytes()


class JournalMachine(RuleBasedStateMachine):
    """Two counters, a series of three numbers and one of a hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        (Path(self.directory.name) / FILE_NAME).write_bytes(busy_morning())
        self.town = Town(Path(self.directory.name))
        self.boards: list[Board] = []
        self.done: list[tuple[date, Command, Caller, Any]] = []
        self.known: list[str] = []
        self.listen()

    def teardown(self) -> None:
        self.town.city.close()
        self.directory.cleanup()

    def listen(self) -> None:
        self.boards.append(self.town.hall.board)
        self.town.hall.listen(lambda board, _desk: self.boards.append(board))

    def give(self, command: Command) -> Any:
        """Give a command under a new key; one that is refused writes nothing, whatever time may write."""
        caller = self.town.caller()
        before = self.length()
        refusal = ""
        try:
            answer = command(self.town.hall, caller)
        except (Refused, Unknown) as error:
            refusal = str(error)
        assert refusal != "request_id_reused"
        if refusal:
            assert {entry.actor for entry in self.town.entries()[before:]} <= {CLOCK_ACTOR}
            return None
        self.done.append((self.town.hall._day.business_day, command, caller, answer))
        return answer

    def length(self) -> int:
        return journal.last_seq(self.town.store.database)

    # -- what people do ------------------------------------------------------------------------------

    @rule(service=SERVICES)
    def issue(self, service: str) -> None:
        answer = self.give(lambda hall, caller: hall.issue(caller, service))
        if answer is not None:
            self.known.append(answer["id"])

    @rule(counter=COUNTERS, complete=st.booleans())
    def call_next(self, counter: str, complete: bool) -> None:
        self.give(lambda hall, caller: hall.call_next(caller, counter, complete=complete))

    @rule(counter=COUNTERS, data=st.data())
    def call(self, counter: str, data: st.DataObject) -> None:
        labels = [ticket.label for ticket in self.town.hall._day.tickets.values()]
        label = data.draw(st.sampled_from([*labels, "none"]))
        self.give(lambda hall, caller: hall.call(caller, counter, label))

    @precondition(lambda self: self.town.hall._day.tickets)
    @rule(data=st.data(), where=WHERE)
    def move_lawfully(self, data: st.DataObject, where: dict[str, str]) -> None:
        tickets = list(self.town.hall._day.tickets.values())
        lawful = [move for move in BY_HAND if any(move in ticket.lawful_moves() for ticket in tickets)]
        if lawful:
            move = data.draw(st.sampled_from(lawful))
            ticket = data.draw(st.sampled_from([ticket for ticket in tickets if move in ticket.lawful_moves()]))
            self.move(ticket.id, move, where)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), move=st.sampled_from(BY_HAND), where=WHERE)
    def move_perhaps_unlawfully(self, data: st.DataObject, move: Move, where: dict[str, str]) -> None:
        self.move(data.draw(st.sampled_from(self.known[-5:])), move, where)

    def move(self, ticket: str, move: Move, where: dict[str, str]) -> None:
        details = where if move is Move.TRANSFER else {}
        self.give(lambda hall, caller: hall.move(caller, ticket, move, **details))

    @rule(switch=SWITCHES)
    def switch(self, switch: tuple[Callable[[Hall, Caller, str], Any], str]) -> None:
        self.give(lambda hall, caller: switch[0](hall, caller, switch[1]))

    @precondition(lambda self: self.retryable())
    @rule(data=st.data())
    def press_again(self, data: st.DataObject) -> None:
        _, command, caller, answer = data.draw(st.sampled_from(self.retryable()))
        before = self.length()
        assert command(self.town.hall, caller) == answer
        assert self.length() == before

    def retryable(self) -> list[tuple[date, Command, Caller, Any]]:
        """The commands of the hall's present day."""
        return [done for done in self.done if done[0] == self.town.hall._day.business_day]

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
        nobody_is_called_twice_in_a_row(entries)

    def the_hall_is_the_fold_of_its_day(self, entries: list[Entry]) -> None:
        day, hall = self.town.hall._day.business_day, self.town.hall
        folded = fold("hall", day, [entry for entry in entries if entry.business_day == day])
        # An empty day still names the last entry of the days before it.
        folded.seq = entries[-1].seq if entries else 0
        assert hall._day == folded
        assert hall.board.seq == folded.seq
        assert len(folded.live_labels()) == len(folded.tickets)
        for service in ("x", "y"):
            assert self.town.service(service)["waiting"] == [ticket.label for ticket in folded.waiting(service)]
        last_calls = {
            e.ticket: e.seq for e in entries if e.business_day == day and e.kind in (Kind.CALL, Kind.RECALL)
        }
        newest_first = sorted(last_calls.values(), reverse=True)[:RECENT_CALLS]
        assert [call["call_seq"] for call in self.town.board["calls"]] == newest_first

    @invariant()
    def versions_rise_strictly(self) -> None:
        versions = [board.version for board in self.boards]
        assert versions == sorted(set(versions))
        assert self.town.hall.board is self.boards[-1], "the newest board has been told"


def nobody_is_called_twice_in_a_row(entries: list[Entry]) -> None:
    moves: defaultdict[str | None, list[Kind]] = defaultdict(list)
    for entry in entries:
        moves[entry.ticket].append(entry.kind)
    for kinds in moves.values():
        assert (Kind.CALL, Kind.CALL) not in pairwise(kinds)


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
