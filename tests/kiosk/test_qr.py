"""The QR code on the screen opens the page of the ticket just issued, and of no other."""

import segno
from flask.testing import FlaskClient

from queue_server.domain.roles import Role
from tests.kiosk.conftest import PAGE
from tests.support.api import Api


def test_the_code_carries_the_whole_address_of_the_tickets_page(client: FlaskClient, api: Api) -> None:
    token = api.issue().get_json()["token"]
    headers = {"Authorization": f"Bearer {api.tokens[Role.KIOSK]}"}
    answer = client.get(f"{PAGE}/qr/{token}.svg", base_url="https://queue.example.jp", headers=headers)
    expected = segno.make_qr(f"https://queue.example.jp/t/{token}", error="m").svg_inline(
        scale=8, border=4, light="#fff"
    )
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert path_data(answer.text) == path_data(expected)


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
