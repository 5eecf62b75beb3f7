"""deploy/nginx.conf slows down who asks without end, and nobody else: not the hall behind one address, not staff."""

import re
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.proxy import Nginx
from tests.support.upstream import Upstream

PATIENCE_SECONDS = 30


@pytest.fixture
def behind(behind: Upstream) -> Upstream:
    """Its answers are kept: only nginx is asked."""
    behind.headers["Cache-Control"] = "public, max-age=60"
    return behind


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


def test_staff_are_counted_by_what_they_sign_in_with_and_not_with_others_at_their_address(nginx: Nginx) -> None:
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


def test_tokens_that_are_made_up_anew_each_time_are_slowed_at_last(behind: Upstream, tmp_path: Path) -> None:
    """Each has a bucket of its own, and none is in that of an address without any."""
    slowly = {"zone=queue_house:4m   rate=200r/s": "zone=queue_house:4m rate=1r/s"}
    with Nginx(tmp_path / "slowly", behind.port, changed=slowly) as nginx:
        address = "/api/sites/honchosha/desk"
        with client_at(nginx, "127.0.0.14") as inventive, ThreadPoolExecutor(8) as pool:

            def ask(number: int) -> int:
                made_up = {"Authorization": f"Bearer made-up-{number}"} if number % 2 else {}
                cookie = {} if made_up else {"Cookie": f"queue_session=made-up-{number}"}
                return inventive.get(address, headers=made_up | cookie).status_code

            found = Counter(pool.map(ask, range(700)))
            assert found == {200: 700}, "so many desks and screens may begin their day in one second"
            while found[429] == 0:
                found += Counter(pool.map(ask, range(found.total(), found.total() + 500)))
                assert found.total() < 5_000
        with client_at(nginx, "127.0.0.15", Authorization="Bearer desk") as desk:
            assert desk.get(address).status_code == 200, "at another address"
        with client_at(nginx, "127.0.0.14") as phone:
            assert phone.get("/api/sites").status_code == 200, "a phone beside it"


def test_a_thousand_phones_behind_one_address_load_at_once_and_keep_no_staff_out(
    behind: Upstream, tmp_path: Path
) -> None:
    """The city page, the board and the ticket of each; no rate gives anything back while they do."""
    slowly = {"rate=200r/s": "rate=1r/s"}
    with (
        Nginx(tmp_path / "slowly", behind.port, changed=slowly) as nginx,
        ThreadPoolExecutor(8) as pool,
        client_at(nginx, "127.0.0.16") as hall,
    ):
        paths = ["/", "/api/sites/honchosha/board"]
        asked = [path for number in range(1_000) for path in (*paths, f"/t/phone-{number}")]
        assert Counter(pool.map(lambda path: hall.get(path).status_code, asked)) == {200: len(asked)}
        while hall.get("/api/sites").status_code != 429:
            pass
        assert hall.get("/desk/honchosha", headers={"Authorization": "Bearer desk"}).status_code == 200


@pytest.mark.parametrize("path", ["/t/app.webmanifest", "/t/icon-180.png"])
def test_what_every_ticket_page_has_is_no_ticket(nginx: Nginx, path: str) -> None:
    with client_at(nginx, "127.0.0.17") as hall:
        assert statuses(hall, path, 100) == {200: 100}


def of_files(nginx: Nginx, connections: int) -> "Counter[int]":
    """The statuses of a thousand files on each of so many connections, asked for without waiting for any."""
    found = Counter[int]()
    ask = b"HEAD /v-0123456789ab/a.css HTTP/1.1\r\nHost: queue.example.jp\r\n\r\n"
    for _ in range(connections):
        plain = socket.create_connection(("127.0.0.1", nginx.port), timeout=PATIENCE_SECONDS)
        with plain, nginx.trust.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
            # nginx closes after the thousandth (keepalive_requests).
            tls.sendall(ask * 1_000)
            said = b"".join(iter(lambda tls=tls: tls.recv(65_536), b""))
        found += Counter(int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", said))
    return found


def test_a_thousand_phones_load_thirty_files_each_and_no_address_without_end(
    behind: Upstream, tmp_path: Path
) -> None:
    for burst, statuses_ in (("burst=60000", {200}), ("burst=1500", {200, 429})):
        slowly = {"rate=400r/s": "rate=1r/s", "burst=60000": burst}
        with Nginx(tmp_path / burst, behind.port, changed=slowly) as nginx:
            (nginx.static / "v-0123456789ab").mkdir()
            (nginx.static / "v-0123456789ab" / "a.css").write_text("a{}", encoding="utf-8")
            found = of_files(nginx, 30 if len(statuses_) == 1 else 3)
            assert found.keys() == statuses_
            assert found[200] >= min(30_000, 1_500)


def test_files_that_the_folder_lacks_are_counted_before_the_server_is_asked(behind: Upstream, tmp_path: Path) -> None:
    slowly = {"rate=400r/s": "rate=1r/s", "burst=60000": "burst=50"}
    with (
        Nginx(tmp_path / "slowly", behind.port, changed=slowly) as nginx,
        client_at(nginx, "127.0.0.18") as client,
    ):
        found = statuses(client, "/v-0123456789ab/none.js", 80)
    assert found[429] > 0
    assert behind.asked["/v-0123456789ab/none.js"] == found[200]


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
