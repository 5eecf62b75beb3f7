"""NTP sets the machine's clock back and forward by an hour while people are waiting: nobody is lost or doubled."""

import json
from pathlib import Path

import httpx
import pytest

from queue_server.domain.roles import Role
from tests.faults.phones import Phones, masked
from tests.support.people import CSRF, SIGN_IN
from tests.support.server import SITE, OddServer, printed

HOUR = 3600
STEPS = (-HOUR, +HOUR, -HOUR, 0, -HOUR)
PATIENCE_SECONDS = 30


class SteppedHall:
    """A hall whose machine's clock a test steps, with a desk that works in it."""

    def __init__(self, folder: Path, **patience: str) -> None:
        self._step = folder / "step"
        self._step.write_text("0")
        environment = {"ODD_STEP": str(self._step), "QUEUE_SERVER_CLOCK": "2026-11-24T11:00", **patience}
        self.server = OddServer(folder / "data", environment)
        self.server.start()
        self.admin = self.server.client(Role.ADMIN)
        self.labels: list[str] = []
        self.versions: list[int] = []

    def step(self, seconds: int) -> None:
        """Set the clock off by so many seconds, in one instant."""
        new = self._step.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._step)

    def post(self, path: str, **body: object) -> dict[str, object]:
        answer = self.admin.post(path, json=body)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def board(self) -> dict[str, object]:
        board = dict(self.admin.get(f"/api/sites/{SITE}/board").raise_for_status().json())
        self.versions.append(int(str(board["version"])))
        return board

    def work(self) -> None:
        """Numbers are issued, called in their order, completed, called off and brought back."""
        first, second, third = (self.issue() for _ in range(3))
        for expected in (first, second):
            called = self.post(f"/api/sites/{SITE}/counters/2/call-next", complete=True)["ticket"]
            assert called["label"] == expected["label"]  # type: ignore[index]
            self.board()
        self.post(f"/api/tickets/{second['id']}/recall")
        self.post(f"/api/tickets/{second['id']}/no-show")
        self.post(f"/api/tickets/{second['id']}/reinstate")
        for each in (second, third):
            self.post(f"/api/tickets/{each['id']}/cancel")
        self.board()

    def issue(self) -> dict[str, object]:
        ticket = self.post(f"/api/sites/{SITE}/tickets", service="inkan")
        estimate = ticket["estimate"]
        assert estimate is None or 0 <= estimate["low"] <= estimate["high"]  # type: ignore[index]
        self.labels.append(str(ticket["label"]))
        return ticket

    def close(self) -> None:
        self.admin.close()
        self.server.stop()


@pytest.mark.crash
def test_a_clock_that_is_stepped_loses_nobody_and_gives_no_number_twice(tmp_path: Path) -> None:
    hall = SteppedHall(tmp_path)
    try:
        hall.post(f"/api/sites/{SITE}/counters/2/open")
        waiting = hall.issue()
        token = str(waiting["token"])
        for step in STEPS:
            hall.step(step)
            # Who waited before the step is the first one still; the others come and go around them.
            line = _waiting(hall.board())
            assert line == [waiting["label"]]
            hall.post(f"/api/tickets/{waiting['id']}/cancel")
            hall.work()
            waiting = hall.issue()
        assert hall.admin.get(f"/api/t/{token}").json()["state"] == "cancelled"
        assert len(set(hall.labels)) == len(hall.labels)
        assert hall.versions == sorted(hall.versions)
        # A start while the clock is an hour behind the journal takes the day up where it was.
        hall.server.kill()
        hall.server.start()
        assert _waiting(hall.board()) == [waiting["label"]]
        hall.post(f"/api/tickets/{waiting['id']}/cancel")
        hall.work()
        assert hall.versions == sorted(hall.versions), "screens take the boards of the new process"
    finally:
        hall.close()
    assert "the tables are what the journal says" in printed("verify", "--data", str(hall.server.data))
    assert '"level": "error"' not in hall.server.log.read_text()


def _waiting(board: dict[str, object]) -> list[str]:
    services = [service for category in board["categories"] for service in category["services"]]  # type: ignore[attr-defined]
    return next(list(service["waiting"]) for service in services if service["id"] == "inkan")


@pytest.mark.crash
def test_a_step_of_the_clock_signs_nobody_out_and_cuts_no_socket(tmp_path: Path) -> None:
    hall = SteppedHall(tmp_path, ODD_PING="1")
    phones = Phones(hall.server.port, 20)
    try:
        password = hall.server.add_user("sato")
        with httpx.Client(base_url=hall.server.url, trust_env=False, timeout=10) as browser:
            _sign_in(browser, "sato", password)
            for phone in phones.phones:
                phone.silent = True
            assert phones.run_until(lambda: phones.connected == phones.count, PATIENCE_SECONDS)
            for step in (+HOUR, -HOUR):
                # They were pinged and have not answered yet: now the clock is stepped, then they answer.
                pinged = [phone.pings for phone in phones.phones]
                assert phones.run_until(
                    lambda pinged=pinged: all(p.pings > n for p, n in zip(phones.phones, pinged, strict=True)),
                    PATIENCE_SECONDS,
                )
                hall.step(step)
                seq = int(str(hall.issue()["board_seq"]))
                for phone in phones.phones:
                    assert phone.socket is not None
                    phone.socket.sendall(masked(b"3"))
                assert phones.run_until(lambda seq=seq: _all_have(phones, seq), PATIENCE_SECONDS)
                assert browser.get(f"/api/sites/{SITE}/desk").status_code == 200
        assert phones.lost == []
    finally:
        phones.close()
        hall.close()


def _sign_in(browser: httpx.Client, name: str, password: str) -> None:
    found = CSRF.search(browser.get(SIGN_IN).text)
    assert found
    form = {"csrf_token": found[1], "name": name, "password": password}
    assert browser.post(SIGN_IN, data=form, headers={"Origin": str(browser.base_url)}).status_code == 303


def _all_have(phones: Phones, seq: int) -> bool:
    return all(phone.board and json.loads(phone.board[2:])[1]["seq"] >= seq for phone in phones.phones)
