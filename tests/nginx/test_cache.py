"""deploy/nginx.conf keeps public reads for a second, and nothing else: a real nginx before a server that counts."""

import http.client
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.support.proxy import Nginx
from tests.support.upstream import Upstream
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 20
PUBLIC = [
    "/",
    "/?procedure=service.inkan",
    "/api/sites",
    "/api/sites/honchosha/board",
    "/api/sites/honchosha/ngsi",
    "/api/sites/honchosha/services/inkan/forecast",
    "/api/openapi.json",
    "/status/honchosha",
    "/status/honchosha/calendar",
    "/embed/honchosha?service=inkan",
    "/validity",
    "/look.css",
    "/logo",
]
NEVER_KEPT = [
    "/t/0123456789abcdefghijkl",
    "/api/t/0123456789abcdefghijkl",
    "/language/en?page=status&site_id=honchosha",
    "/t/0123456789abcdefghijkl/language/en",
    "/t/worker.js",
    "/desk/honchosha",
    "/desk/sign-in",
    "/supervisor/honchosha",
    "/admin",
    "/kiosk/honchosha",
    "/kiosk/honchosha/qr/0123456789abcdefghijkl.svg",
    "/api/sites/honchosha/desk",
    "/api/sites/honchosha/kiosk",
    "/api/sites/honchosha/structure",
    "/board/honchosha",
    "/status/honchosha/qr.svg",
    "/socket.io/?EIO=4&transport=polling",
]


@pytest.fixture
def client(nginx: Nginx) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_read_is_kept_for_its_second(behind: Upstream, client: httpx.Client, path: str) -> None:
    behind.headers["Cache-Control"] = "public, max-age=60"
    answers = {client.get(path).text for _ in range(5)}
    assert answers == {f"{path} 1"}
    assert client.head(path).headers["Content-Length"]


def test_a_second_later_the_server_is_asked_again(behind: Upstream, client: httpx.Client) -> None:
    assert client.get("/api/sites").text == "/api/sites 1"
    wait_until(lambda: client.get("/api/sites").text != "/api/sites 1", "the first answer is kept for ever")
    assert behind.asked["/api/sites"] >= 2


def test_a_hundred_simultaneous_reads_are_one_question(behind: Upstream, nginx: Nginx) -> None:
    behind.headers["Cache-Control"] = "public, max-age=60"
    behind.gate.clear()
    readers = [http.client.HTTPSConnection("127.0.0.1", nginx.port, context=nginx.trust) for _ in range(100)]
    for reader in readers:
        reader.request("GET", "/status/honchosha")
    wait_until(lambda: behind.asked["/status/honchosha"] > 0, "the server is not asked")
    behind.gate.set()
    for reader in readers:
        assert reader.getresponse().read() == b"/status/honchosha 1"
        reader.close()
    assert behind.asked["/status/honchosha"] == 1


def test_while_the_server_is_asked_anew_readers_get_what_there_was(
    behind: Upstream, nginx: Nginx, client: httpx.Client
) -> None:
    behind.headers["Cache-Control"] = "public, max-age=1, stale-while-revalidate=20"
    assert client.get("/api/sites").text == "/api/sites 1"
    behind.gate.clear()
    # On connections of their own: the one whose question begins the update is busy until that is done.
    trust = nginx.trust

    def read() -> str:
        return httpx.get(f"{nginx.url}/api/sites", verify=trust, timeout=PATIENCE_SECONDS, trust_env=False).text

    wait_until(lambda: read() == "/api/sites 1" and behind.asked["/api/sites"] == 2, "nobody asks anew")
    assert read() == "/api/sites 1", "nobody waits for the one that asks"
    behind.gate.set()
    wait_until(lambda: client.get("/api/sites").text != "/api/sites 1", "the first answer is kept for ever")


def test_a_server_that_is_away_for_a_moment_is_not_noticed(behind: Upstream, client: httpx.Client) -> None:
    assert client.get("/api/sites").text == "/api/sites 1"
    behind.status = 503
    wait_until(
        lambda: client.get("/api/sites").text == "/api/sites 1" and behind.asked["/api/sites"] > 1, "nobody asks anew"
    )
    assert client.get("/api/sites").status_code == 200
    behind.status = 200
    wait_until(lambda: client.get("/api/sites").text != "/api/sites 1", "the first answer is kept for ever")


def test_stale_answers_have_an_end(behind: Upstream, client: httpx.Client) -> None:
    """A board that is minutes old must not look like one of now: the page has to learn that nobody answers."""
    behind.headers["Cache-Control"] = "public, max-age=1, stale-while-revalidate=1, stale-if-error=2"
    client.get("/api/sites")
    behind.status = 503
    wait_until(lambda: client.get("/api/sites").status_code == 503, "what is old is given out for ever")


def test_who_has_the_newest_is_told_so_without_the_server(behind: Upstream, client: httpx.Client) -> None:
    behind.headers |= {"Cache-Control": "public, max-age=60", "ETag": '"17"'}
    client.get("/api/sites")
    unchanged = client.get("/api/sites", headers={"If-None-Match": '"17"'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", '"17"')
    assert client.get("/api/sites", headers={"If-None-Match": 'W/"17"'}).status_code == 304
    assert client.get("/api/sites", headers={"If-None-Match": '"16"'}).status_code == 200
    assert behind.asked["/api/sites"] == 1
    assert "if-none-match" not in behind.seen[0]


@pytest.mark.parametrize(
    "headers",
    [{"Accept-Language": "en"}, {"Cookie": "lang=en"}, {"Accept-Encoding": "br, gzip"}, {"Host": "other.example"}],
)
def test_what_an_answer_depends_on_is_kept_apart(
    behind: Upstream, client: httpx.Client, headers: dict[str, str]
) -> None:
    behind.headers |= {"Cache-Control": "public, max-age=60", "Vary": "Accept-Language, Cookie, Accept-Encoding"}
    plain = {"Accept-Encoding": "identity"}
    assert client.get("/validity", headers=plain).text == "/validity 1"
    assert client.get("/validity", headers=plain | headers).text == "/validity 2"
    assert client.get("/validity", headers=plain).text == "/validity 1"
    again = client.get("/validity", headers=plain | headers)
    assert again.text == "/validity 2"
    assert again.headers["Vary"] == "Accept-Language, Cookie, Accept-Encoding"


@pytest.mark.parametrize(
    ("asked", "host"),
    [("https://queue.example.jp/validity", "evil.example"), ("/validity", "queue.example.jp:6666")],
)
def test_nobody_chooses_the_addresses_in_what_others_are_shown(
    behind: Upstream, nginx: Nginx, client: httpx.Client, asked: str, host: str
) -> None:
    """The server makes addresses of the host that it is told, and a request can name two."""
    behind.headers["Cache-Control"] = "public, max-age=60"
    with nginx.trust.wrap_socket(
        socket.create_connection(("127.0.0.1", nginx.port)), server_hostname="127.0.0.1"
    ) as tls:
        tls.sendall(f"GET {asked} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while tls.recv(4096):
            pass
    assert behind.seen[-1]["host"] == host
    alike = {"Host": "queue.example.jp", "Accept-Encoding": "identity"}
    assert client.get("/validity", headers=alike).text == "/validity 2"
    assert behind.seen[-1]["host"] == "queue.example.jp"


def test_nobodys_session_gets_into_what_everybody_is_shown(behind: Upstream, client: httpx.Client) -> None:
    client.get("/", headers={"Cookie": "queue_session=secret; lang=en"})
    assert behind.seen[-1]["cookie"] == "lang=en"
    client.get("/validity", headers={"Cookie": "queue_session=secret"})
    assert "cookie" not in behind.seen[-1]
    client.get("/desk", headers={"Cookie": "queue_session=secret; lang=en"})
    assert behind.seen[-1]["cookie"] == "queue_session=secret; lang=en"


def test_a_device_is_heard_each_time(behind: Upstream, client: httpx.Client) -> None:
    """A screen is alive by what it asks."""
    behind.headers["Cache-Control"] = "public, max-age=60"
    device = {"Authorization": "Bearer token"}
    assert [client.get("/api/sites", headers=device).text[-1] for _ in range(2)] == ["1", "2"]
    assert client.get("/api/sites").text[-1] == "3", "its answer was not kept"


@pytest.mark.parametrize("path", NEVER_KEPT)
def test_pages_of_one_person_are_never_kept(behind: Upstream, client: httpx.Client, path: str) -> None:
    behind.headers["Cache-Control"] = "public, max-age=60"
    assert [client.get(path).text for _ in range(3)] == [f"{path} {number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "headers", [{"Set-Cookie": "a=b"}, {"Cache-Control": "no-store"}, {"Cache-Control": "private"}]
)
def test_an_answer_with_a_cookie_or_not_for_everybody_is_not_kept(
    behind: Upstream, client: httpx.Client, headers: dict[str, str]
) -> None:
    behind.headers = {"Cache-Control": "public, max-age=60"} | headers
    assert [client.get("/").text for _ in range(2)] == ["/ 1", "/ 2"]


def test_a_command_reaches_the_server_each_time(behind: Upstream, client: httpx.Client) -> None:
    behind.headers["Cache-Control"] = "public, max-age=60"
    assert [client.post("/api/sites").text for _ in range(2)] == ["/api/sites 1", "/api/sites 2"]
