"""The sample of a slip that an administrator sees: as it will be printed, and without a number being issued."""

import io

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from queue_server.domain.roles import Role
from tests.support.api import Api

PREVIEW = "/kiosk/honchosha/preview"


def drawn(api: Api, form: str = "png", **asked: str) -> bytes:
    answer = api.get(f"{PREVIEW}.{form}?" + "&".join(f"{name}={value}" for name, value in asked.items()), Role.ADMIN)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


@pytest.mark.parametrize(("paper", "dots"), [("58", 384), ("80", 576), ("wide", 576)])
def test_it_is_as_wide_as_the_paper_and_its_code_can_be_read(api: Api, paper: str, dots: int) -> None:
    picture = Image.open(io.BytesIO(drawn(api, paper=paper, service="mynumber")))
    assert picture.width == dots
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    token = code.text.removeprefix("http://localhost/t/")
    assert api.get(f"/t/{token}").status_code == 404, "a sample opens nothing"


def test_each_language_and_each_service_has_a_sample_of_its_own(api: Api) -> None:
    samples = {drawn(api, language=tag) for tag in ("ja", "ne", "zh")}
    samples |= {drawn(api, service=service) for service in ("mynumber", "inkan")}
    assert len(samples) == 5
    assert drawn(api, language="tlh", service="none") == drawn(api), "what is unknown is not asked for"


def test_it_opens_as_a_pdf_and_issues_no_number(api: Api) -> None:
    before = api.board()["seq"]
    assert drawn(api, "pdf").startswith(b"%PDF-")
    assert api.board()["seq"] == before


def test_only_an_administrator_sees_it_and_only_in_forms_that_there_are(
    app: Flask, api: Api, kiosk: FlaskClient
) -> None:
    assert app.test_client().get(f"{PREVIEW}.png").status_code in (302, 303, 401)
    assert kiosk.get(f"{PREVIEW}.png").status_code in (302, 303, 403)
    assert api.get(f"{PREVIEW}.bmp", Role.ADMIN).status_code == 404
    assert api.get("/kiosk/none/preview.png", Role.ADMIN).status_code == 404
