"""What the demo says on the terminal leads where it says."""

import re

import pytest
from flask import Flask

from queue_server.demo.run import welcome
from tests.support.apps import city_of

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def links(app: Flask) -> dict[str, str]:
    """The paths that the demo names, by the words before them."""
    site = next(iter(city_of(app).halls.values())).site
    text = "\n".join(welcome(BASE, site, "secret", "2026-11-24T10:20"))
    return dict(re.findall(rf"^  (\w[\w ]*?) +{BASE}(\S+)$", text, re.MULTILINE))


def test_the_demo_names_the_screen_of_each_role(links: dict[str, str]) -> None:
    roles = ["Kiosk", "Desk", "Supervisor", "Administrator", "Board", "Phone page"]
    assert list(links) == ["Everything", *roles]


def test_each_link_of_the_demo_opens_a_page_or_the_sign_in(app: Flask, links: dict[str, str]) -> None:
    behind_a_sign_in = {"Desk", "Supervisor", "Administrator"}
    for name, path in links.items():
        answer = app.test_client().get(path)
        assert answer.status_code == (302 if name in behind_a_sign_in else 200), path
        assert name not in behind_a_sign_in or "/sign-in" in answer.location
