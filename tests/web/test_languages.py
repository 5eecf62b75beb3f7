"""Which language a page speaks."""

import pytest
from flask.testing import FlaskClient

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "ja"),
        (ENGLISH, "en"),
        ({"Accept-Language": "fr"}, "ja"),
        ({"Accept-Language": "ja,en;q=0.5"}, "ja"),
        ({"Accept-Language": "%%%"}, "ja"),
    ],
)
def test_a_phone_is_spoken_to_as_it_asks(client: FlaskClient, headers: dict[str, str], language: str) -> None:
    assert f'<html lang="{language}"' in client.get("/status/honchosha", headers=headers).text


@pytest.mark.parametrize("path", ["/status/honchosha", "/board/honchosha", "/kiosk/honchosha", "/desk/sign-in", "/"])
def test_every_page_can_be_asked_for_in_a_language(client: FlaskClient, path: str) -> None:
    assert '<html lang="en"' in client.get(f"{path}?lang=en").text
    assert '<html lang="ja"' in client.get(f"{path}?lang=xx").text


@pytest.mark.parametrize("path", ["/board/honchosha", "/kiosk/honchosha"])
def test_the_halls_own_machines_speak_japanese_whatever_their_system_speaks(client: FlaskClient, path: str) -> None:
    client.set_cookie("lang", "en")
    assert '<html lang="ja"' in client.get(path, headers=ENGLISH).text


def test_a_choice_once_made_is_kept_on_the_visitors_own_device(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")
    assert '<html lang="en"' in client.get("/status/honchosha").text
