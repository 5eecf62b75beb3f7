import contextlib
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from queue_server.domain import outlook
from queue_server.domain.day import Day
from queue_server.domain.entries import Kind
from queue_server.domain.ticket import Move, Refused, TicketState
from queue_server.snapshot import View
from tests.support.halls import TUESDAY, Town

ISSUERS, CALLERS, EACH = 4, 4, 12


def run_together(works: list[Callable[[], None]]) -> None:
    """Start all at one moment, each in a thread of its own; the first failure is raised here."""
    start, failures = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def issue_until_given(town: Town, service: str) -> None:
    """A series of three numbers is exhausted again and again; whoever waits tries again."""
    while True:
        with contextlib.suppress(Refused):
            town.issue(service)
            return


def test_eight_threads_issue_and_call_and_no_number_is_given_or_called_twice(town: Town) -> None:
    town.open("1", "2")
    finished: list[str] = []

    def issue() -> None:
        for _ in range(EACH):
            issue_until_given(town, "x")
            town.issue("y")
        finished.append("issuer")

    def call(counter: str) -> Callable[[], None]:
        def work() -> None:
            while True:
                over = len(finished) == ISSUERS
                if town.call_next(counter, complete=True) is None and over:
                    return

        return work

    run_together([issue] * ISSUERS + [call(counter) for counter in ("1", "2") * (CALLERS // 2)])

    day = Day("hall", TUESDAY)
    for entry in town.entries():
        if entry.kind is Kind.ISSUE:
            assert entry.body["label"] not in day.live_labels()
        day.apply(entry)
    kinds = Counter(town.kinds())
    assert kinds["issue"] == kinds["call"] == kinds["complete"] == 2 * ISSUERS * EACH
    calls = Counter(entry.ticket for entry in town.entries() if entry.kind is Kind.CALL)
    assert set(calls.values()) == {1}
    assert (day.tickets, day.seq) == ({}, town.board["seq"])
    town.verify()


def test_clerks_of_all_disciplines_who_press_at_one_instant_never_get_the_same_ticket(port: Town) -> None:
    """Counters 1, 3 and 4 call by age, by the order of services and by weight; two press at each of them."""
    for service in ("y", "z") * 20:
        port.issue(service)
    called: list[str] = []

    def work(counter: str, name: str) -> Callable[[], None]:
        def press() -> None:
            while view := port.hall.call_next(port.caller(actor=name), counter, complete=True):
                if view["ticket"] is not None:
                    called.append(view["ticket"]["label"])

        return press

    for counter in ("1", "3", "4"):
        port.hall.open_counter(port.person(counter), counter)
    run_together([work(counter, actor) for counter in ("1", "3", "4") for actor in (f"staff:{counter}", "device:d")])
    assert sorted(called) == sorted(f"{n}{k:02}" for n in (5, 7) for k in range(20))
    kinds = Counter(port.kinds())
    assert (kinds["call"], kinds["complete"], port.labels()) == (40, 40, [])
    port.verify()


def test_an_undo_and_a_call_that_meet_leave_one_of_them_and_no_ticket_twice(port: Town) -> None:
    port.open("1", "2")
    port.issue_many(2)
    for _ in range(10):
        port.call_next("1")
        refused: list[str] = []

        def take_back(heard: list[str] = refused) -> None:
            try:
                port.hall.undo(port.caller(), "1")
            except Refused as refusal:
                heard.append(refusal.code)

        run_together([take_back, take_back, lambda: port.hall.call_next(port.person("b"), "2", complete=True)])
        assert set(refused) <= {"nothing_to_undo"}
        assert len(refused) == 1
        port.move(port.id_of(port.labels(TicketState.CALLED)[0]), Move.COMPLETE)
        port.issue("y")
    port.verify()


def test_two_persons_who_open_one_counter_at_one_instant_do_not_both_work_there(town: Town) -> None:
    outcome: list[str] = []

    def sit(name: str) -> Callable[[], None]:
        def work() -> None:
            try:
                outcome.append(town.hall.open_counter(town.person(name), "1")["counter"]["clerk"])
            except Refused as refusal:
                outcome.append(refusal.code)

        return work

    run_together([sit(name) for name in "abcdefgh"])
    assert outcome.count("counter_taken") == 7
    assert town.kinds() == ["open_counter"]


def test_one_press_that_arrives_eight_times_at_once_is_one_number(town: Town) -> None:
    answers: list[View] = []
    run_together([lambda: answers.append(town.issue("y", key="one press"))] * 8)
    assert all(answer == answers[0] for answer in answers)
    assert town.kinds() == ["issue"]


def test_every_board_that_is_told_is_whole_and_the_last_one_is_the_newest(town: Town) -> None:
    told: list[tuple[int, int, int]] = []
    town.listen(lambda board, _: told.append((board.version, board.seq, len(waiting(board.data)))))

    def issue_five() -> None:
        town.issue_many(5)

    run_together([issue_five] * 8)
    assert all(seq == count for _, seq, count in told)
    assert max(told)[1] == town.board["seq"] == 40


def waiting(board: View) -> list[str]:
    labels: list[str] = board["categories"][0]["services"][1]["waiting"]
    return labels


def test_the_place_of_a_ticket_is_read_while_nobody_changes_the_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = town.city.find_ticket_by_token(town.issue("y")["token"])
    assert found is not None
    real, locked = outlook.people_ahead, []

    def watched(*arguments: object) -> int:
        locked.append(town.store.lock._is_owned())  # type: ignore[attr-defined]
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outlook, "people_ahead", watched)
    town.hall.ticket_status(found[1])
    assert locked == [True]
