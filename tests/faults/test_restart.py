"""A restart with a thousand screens connected: all come back, spread over seconds. RESTART_PHONES=3000 has more."""

import os
import re
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from tests.faults.phones import Backoff, Phones, busiest
from tests.support.server import SITE, Server

PHONES = int(os.environ.get("RESTART_PHONES", "1000"))
PATIENCE_SECONDS = 60
BACK_WITHIN_SECONDS = 30
ROOT = Path(__file__).resolve().parents[2]


def test_the_phones_of_this_test_come_back_as_the_pages_do() -> None:
    """The numbers of live.js, else those of the library itself."""
    page = (ROOT / "queue_server/web/static/js/live.js").read_text(encoding="utf-8")
    asked = dict(re.findall(r"(reconnectionDelay|reconnectionDelayMax|randomizationFactor): ([\d._]+)", page))
    library = (ROOT / "queue_server/web/static/vendor/socket.io.js").read_text(encoding="utf-8")
    own = {
        "reconnectionDelay": r"reconnectionDelay\(\w+\.reconnectionDelay\|\|1e3\)",
        "reconnectionDelayMax": r"reconnectionDelayMax\(\w+\.reconnectionDelayMax\|\|5e3\)",
        "randomizationFactor": r"randomizationFactor\(null!==\(\w+=\w+\.randomizationFactor\).{1,20}\?\w+:\.5\)",
    }
    defaults = {"reconnectionDelay": "1000", "reconnectionDelayMax": "5000", "randomizationFactor": "0.5"}
    for name, pattern in own.items():
        assert re.search(pattern, library), f"{name}: the library has another default now"
    used = {**defaults, **asked}
    assert Backoff() == Backoff(
        delay=float(used["reconnectionDelay"]) / 1000,
        longest=float(used["reconnectionDelayMax"]) / 1000,
        jitter=float(used["randomizationFactor"]),
    )


@pytest.mark.crash
def test_after_a_restart_all_screens_are_back_within_half_a_minute_and_not_all_at_once(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        token = server.token(Role.ADMIN)
        phones = Phones(server.port, PHONES)
        try:
            assert phones.run_until(lambda: phones.connected == PHONES, PATIENCE_SECONDS)
            phones.opened.clear()
            phones.meant.clear()
            phones.live.clear()
            phones.lost.clear()
            server.kill()
            server.launch()
            assert phones.run_until(lambda: len(phones.lost) >= PHONES, PATIENCE_SECONDS)
            cut = min(phones.lost)
            back = phones.run_until(lambda: phones.connected == PHONES, PATIENCE_SECONDS)
            assert back, f"{PHONES - phones.connected} are not back"
            # Of the system and no measurement: a page waits ten seconds at most between its tries.
            assert max(phones.live) - min(phones.opened) <= BACK_WITHIN_SECONDS
            assert len(phones.opened) <= 1.1 * PHONES, "who found the server had a board, and need not come again"
            # Each drew its own moment out of four seconds: no second has half of them.
            assert busiest(phones.meant, 1.0) < 0.5 * PHONES
            with server.client() as desk:
                desk.headers["Authorization"] = f"Bearer {token}"
                answer = desk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
            seq = f'"seq":{answer.json()["board_seq"]},'.encode()
            assert phones.run_until(lambda: all(seq in phone.board for phone in phones.phones), PATIENCE_SECONDS)
        finally:
            phones.close()
    first, last = min(phones.opened) - cut, max(phones.live) - cut
    print(
        f"\n{PHONES} screens: the first came back {first:.1f} s after the cut, the last was live at {last:.1f} s;"
        f" at most {busiest(phones.opened, 1.0)} came in a second, {busiest(phones.opened, 0.1)} in a tenth"
    )
