"""deploy/nginx.conf slows down who asks without end, and nobody else: not the hall behind one address, not staff."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.proxy import Nginx
from tests.support.upstream import Upstream, upstream

PATIENCE_SECONDS = 30


@pytest.fixture
def behind() -> Iterator[Upstream]:
    with upstream() as server:
        server.headers["Cache-Control"] = "public, max-age=60"
        yield server


@pytest.fixture
def nginx(behind: Upstream, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path / "nginx", behind.port) as running:
        yield running


def client_at(nginx: Nginx, address: str, **headers: str) -> httpx.Client:
    """A client whose address is one of loopback's other ones."""
    transport = httpx.HTTPTransport(local_address=address, verify=nginx.trust)
    return httpx.Client(base_url=nginx.url, transport=transport, headers=headers, timeout=PATIENCE_SECONDS)


def statuses(client: httpx.Client, path: str, count: int) -> "Counter[int]":
    """How often each status was answered, eight questions at a time."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(lambda _: client.get(path).status_code, range(count)))


def test_one_address_that_asks_without_end_is_told_to_slow_down_and_others_go_on(nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.2") as abusive, client_at(nginx, "127.0.0.3") as other:
        found = Counter[int]()
        while found[429] == 0:
            found += statuses(abusive, "/api/sites", 500)
            assert found.total() < 20_000
        assert found[200] > 1000, "a hall of a thousand phones that load at once is no abuse"
        assert other.get("/api/sites").status_code == 200
        assert other.get("/t/0123456789abcdefghijkl").status_code == 200


def test_a_ticket_that_is_asked_for_without_end_slows_no_other_of_the_same_hall(nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.4") as hall:
        assert statuses(hall, "/t/abusive", 60)[429] > 0
        assert hall.get("/api/t/abusive").status_code == 429, "the page and what it asks for count together"
        for number in range(50):
            assert hall.get(f"/t/patient-{number}").status_code == 200
        assert hall.get("/api/sites").status_code == 200
    with client_at(nginx, "127.0.0.5") as holder:
        assert holder.get("/t/abusive").status_code == 200, "its holder elsewhere"


def test_the_push_worker_of_a_thousand_phones_behind_one_address_is_no_ticket(nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.6") as hall:
        assert statuses(hall, "/t/worker.js", 300) == {200: 300}


def test_staff_are_counted_by_what_they_sign_in_with_never_by_their_address(nginx: Nginx) -> None:
    with (
        client_at(nginx, "127.0.0.7", Authorization="Bearer broken") as broken,
        client_at(nginx, "127.0.0.7", Authorization="Bearer desk") as desk,
        client_at(nginx, "127.0.0.7", Cookie="queue_session=clerk") as clerk,
    ):
        found = Counter[int]()
        while found[429] == 0:
            found += statuses(broken, "/api/sites/honchosha/desk", 200)
        assert found[200] > 100
        assert desk.get("/api/sites/honchosha/desk").status_code == 200
        assert clerk.get("/desk/honchosha/6").status_code == 200


def test_who_is_not_signed_in_is_counted_by_address_on_the_pages_of_staff(nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.8") as nobody:
        found = Counter[int]()
        while found[429] == 0:
            found += statuses(nobody, "/desk/honchosha", 400)
            assert found.total() < 20_000
        assert found[200] > 200


def test_passwords_cannot_be_tried_fast(nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.10") as guessing, client_at(nginx, "127.0.0.11") as clerk:
        assert statuses(guessing, "/desk/sign-in", 100)[429] >= 30
        assert clerk.get("/desk/sign-in").status_code == 200


def test_a_claimed_address_is_dropped_unless_a_trusted_proxy_says_it(behind: Upstream, tmp_path: Path) -> None:
    claim = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "evil.example"}
    with Nginx(tmp_path / "trusting", behind.port, trusted="127.0.0.9") as nginx:
        with client_at(nginx, "127.0.0.12") as anybody:
            anybody.get("/desk", headers=claim)
        assert behind.seen[-1]["x-forwarded-for"] == "127.0.0.12"
        assert "x-forwarded-host" not in behind.seen[-1]
        with client_at(nginx, "127.0.0.9") as proxy:
            proxy.get("/desk", headers=claim)
            assert behind.seen[-1]["x-forwarded-for"] == "198.51.100.7", "the last one that no trusted proxy is"
            one = {"X-Forwarded-For": "198.51.100.8"}
            found = Counter(proxy.get("/t/abusive", headers=one).status_code for _ in range(60))
            assert found[429] > 0
            assert proxy.get("/t/abusive", headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 200


def test_a_body_that_no_page_sends_is_refused_before_the_server_sees_it(behind: Upstream, nginx: Nginx) -> None:
    with client_at(nginx, "127.0.0.13") as client:
        assert client.post("/desk", content=b"x" * 70_000).status_code == 413
    assert behind.asked["/desk"] == 0
