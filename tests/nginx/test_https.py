"""deploy/nginx.conf as installed: https, a way there from http that writes nothing down, folders that Debian has."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import httpx
import pytest

from queue_server.domain.roles import Role
from tests.support.people import CSRF, SIGN_IN
from tests.support.proxy import CONF, Nginx
from tests.support.server import SITE, Server

PATIENCE_SECONDS = 20
TOKEN = "0123456789abcdefghijkl"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With the setting of the unit: cookies over https alone."""
    environment = {"QUEUE_SERVER_SECURE_COOKIES": "1"}
    with Server(tmp_path_factory.mktemp("secure") / "data", environment) as running:
        yield running


@pytest.fixture(scope="module")
def nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("https") / "nginx", server.port) as running:
        yield running


@pytest.fixture
def client(nginx: Nginx) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        yield client


def test_somebody_can_sign_in_through_the_file_as_shipped(server: Server, client: httpx.Client) -> None:
    """With cookies that only https carries, as the unit has it; a browser sends no Referer from these pages."""
    password = server.add_user("sato")
    found = CSRF.search(client.get(SIGN_IN).text)
    assert found is not None
    form = {"csrf_token": found[1], "name": "sato", "password": password}
    answer = client.post(SIGN_IN, data=form)
    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "sato" in client.get("/account").text


def test_the_server_knows_that_it_was_asked_over_https(client: httpx.Client, server: Server) -> None:
    assert "Strict-Transport-Security" in client.get("/").headers
    assert "Strict-Transport-Security" not in httpx.get(f"{server.url}/", trust_env=False).headers


@pytest.mark.parametrize("path", [f"/t/{TOKEN}", f"/api/t/{TOKEN}?lang=en", "/", f"/status/{SITE}"])
def test_http_leads_to_https_and_nothing_is_written_down(nginx: Nginx, client: httpx.Client, path: str) -> None:
    answer = httpx.get(f"http://127.0.0.1:{nginx.plain_port}{path}", trust_env=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://127.0.0.1{path}")
    assert "Set-Cookie" not in answer.headers
    client.get("/healthz")  # by the same worker, so it has written by now whatever it writes of the one before
    assert not (nginx.folder / "log" / "access.log").read_text(encoding="utf-8")
    assert TOKEN not in nginx.said()


def test_browsers_get_http_2_with_the_host_that_they_asked_for(nginx: Nginx, server: Server) -> None:
    """`:authority` stands in the place of a Host header; QR codes are made of it."""
    with server.client(Role.KIOSK) as kiosk:
        issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
    words = ["curl", "-sS", "--http2", "--cacert", str(nginx.certificate), "-o", "/dev/null"]
    words += ["-w", "%{http_version} %{http_code}", f"{nginx.url}{issued['ticket_url']}"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True).stdout
    assert said == "2 200"


def test_the_folder_of_the_cache_is_in_one_that_debian_makes() -> None:
    """nginx makes the last folder of a path itself: without the one around it, it does not start."""
    [path] = re.findall(r"^proxy_cache_path (\S+)", CONF.read_text(encoding="utf-8"), re.MULTILINE)
    words = ["dpkg-query", "--listfiles", "nginx-common"]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert str(PurePosixPath(path).parent) in listed


def test_nginx_makes_the_folder_of_its_cache_by_itself(nginx: Nginx, tmp_path: Path) -> None:
    assert (nginx.folder / "cache").is_dir()
    other = Nginx(tmp_path / "nginx", nginx.port)
    (other.folder / "cache").rmdir()
    with other:
        assert (other.folder / "cache").is_dir()
