"""The QR code on the screen opens the page of the ticket just issued, and of no other."""

from dataclasses import replace

import pytest
import segno
from flask.testing import FlaskClient

from queue_server.domain.roles import Role
from queue_server.settings import Settings
from tests.kiosk.conftest import PAGE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock


def code_of(address: str) -> list[str]:
    return path_data(segno.make_qr(address, error="m").svg_inline(scale=8, border=4, light="#fff"))


def test_the_code_carries_the_whole_address_of_the_tickets_page(client: FlaskClient, api: Api) -> None:
    token = api.issue().get_json()["token"]
    headers = {"Authorization": f"Bearer {api.tokens[Role.KIOSK]}"}
    answer = client.get(f"{PAGE}/qr/{token}.svg", base_url="https://queue.example.jp", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert path_data(answer.text) == code_of(f"https://queue.example.jp/t/{token}")


@pytest.mark.parametrize(
    ("asked", "carried"), [("", ""), ("?lang=ja", ""), ("?lang=en", "?lang=en"), ("?lang=easy", "?lang=easy")]
)
def test_the_phone_goes_on_in_the_language_of_the_kiosk(
    client: FlaskClient, api: Api, asked: str, carried: str
) -> None:
    token = api.issue().get_json()["token"]
    headers = {"Authorization": f"Bearer {api.tokens[Role.KIOSK]}"}
    answer = client.get(f"{PAGE}/qr/{token}.svg{asked}", base_url="https://queue.example.jp", headers=headers)
    assert path_data(answer.text) == code_of(f"https://queue.example.jp/t/{token}{carried}")


def test_a_kiosk_on_loopback_shows_the_address_that_phones_open(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, public_url="https://queue.example.jp/hall"), clock) as app:
        api = Api(app, "honchosha")
        token = api.issue().get_json()["token"]
        answer = api.get(f"{PAGE}/qr/{token}.svg", Role.KIOSK)
        assert path_data(answer.text) == code_of(f"https://queue.example.jp/hall/t/{token}")


def path_data(svg: str) -> list[str]:
    """The drawing itself, without what stands around it."""
    return [part.split('"')[0] for part in svg.split(' d="')[1:]]


def test_the_code_is_kept_by_no_cache(kiosk: FlaskClient, api: Api) -> None:
    token = api.issue().get_json()["token"]
    assert kiosk.get(f"{PAGE}/qr/{token}.svg").headers["Cache-Control"] == "no-store"


def test_a_token_of_no_ticket_has_no_code(kiosk: FlaskClient) -> None:
    assert kiosk.get(f"{PAGE}/qr/{'x' * 22}.svg").status_code == 404


def test_a_browser_that_is_no_kiosk_gets_no_code(client: FlaskClient, api: Api) -> None:
    token = api.issue().get_json()["token"]
    assert client.get(f"{PAGE}/qr/{token}.svg").status_code == 302
