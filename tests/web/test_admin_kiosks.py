"""The kiosks of a hall as an administrator sees them, and the PIN of their staff mode."""

import pytest
from flask.testing import FlaskClient

from queue_server.accounts import passwords
from queue_server.city import City
from queue_server.domain.kiosks import KioskReport, PrinterState
from queue_server.domain.roles import Role
from tests.support.forms import Reader
from tests.support.people import cheap_hasher, signed_in

KIOSKS = "/admin/sites/honchosha/kiosks"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher())


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def test_the_page_says_how_each_kiosk_is_and_which_numbers_are_its_own(admin: Reader, city: City) -> None:
    text = admin.open(KIOSKS).one(class_="rows").text
    assert "まだ連絡がありません" in text
    assert "マイナンバー関係: 580〜599" in text
    city.halls["honchosha"].report_kiosk("kiosk-1", KioskReport(PrinterState.PAPER_OUT))
    assert "用紙がありません" in admin.open(KIOSKS).one(class_="rows").text
    city.halls["honchosha"].report_kiosk("kiosk-1", KioskReport(None))
    assert "印刷なしで使用中" in admin.open(KIOSKS).one(class_="rows").text
    city.halls["honchosha"].report_kiosk("kiosk-1", KioskReport(None, recording=False))
    assert "発券機のディスクに異常があります" in admin.open(KIOSKS).one(class_="rows").text
    city.halls["honchosha"].report_kiosk("kiosk-1", KioskReport(PrinterState.OFF, recording=False))
    assert (
        "プリンターの電源か配線が切れています、発券機のディスクに異常があります"
        in admin.open(KIOSKS).one(class_="rows").text
    )


def test_a_new_pin_opens_the_staff_mode_and_is_shown_nowhere(admin: Reader, city: City) -> None:
    assert "まだ設定していない" in admin.client.get(KIOSKS).text
    answer = admin.send(admin.open(KIOSKS), KIOSKS, {"secret_pin": "2580", "secret_pin_again": "2580"})
    assert answer.status_code == 303
    assert city.accounts.check_kiosk_pin("honchosha", "2580") is True
    page = admin.client.get(KIOSKS).text
    assert "発券機の職員用番号を変えました。" in page
    assert "2580" not in page


@pytest.mark.parametrize(
    ("pin", "again", "field", "sentence"),
    [
        ("987", "987", "secret_pin", "4〜12桁の数字にしてください。すべて同じ数字にはできません。"),
        ("0000", "0000", "secret_pin", "4〜12桁の数字にしてください。すべて同じ数字にはできません。"),
        ("2580", "2581", "secret_pin_again", "二つの番号が一致しません。"),
    ],
    ids=["short", "one digit", "another"],
)
def test_a_pin_that_is_none_is_told_beside_its_field(
    admin: Reader, city: City, pin: str, again: str, field: str, sentence: str
) -> None:
    answer = admin.send(admin.open(KIOSKS), KIOSKS, {"secret_pin": pin, "secret_pin_again": again})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{field}-problem"' in answer.text
    assert f'value="{pin}' not in answer.text
    assert city.accounts.kiosk_pin_hash("honchosha") is None


def test_a_pin_typed_into_an_old_page_waits_in_no_cookie(admin: Reader) -> None:
    pin = "258014703691"
    form = {"csrf_token": "old", "secret_pin": pin, "secret_pin_again": pin, "other": "kept"}
    assert admin.client.post(KIOSKS, data=form).status_code == 303
    with admin.client.session_transaction() as session:
        said = str(dict(session))
    assert "kept" in said, "what is no secret waits in it"
    assert pin not in said


def test_the_page_shows_a_sample_of_the_slip_that_is_asked_for(admin: Reader) -> None:
    page = admin.client.get(f"{KIOSKS}?service=inkan&language=ko&paper=58").text
    for chosen in ('value="inkan" selected', 'value="ko" selected', 'value="58" selected'):
        assert chosen in page
    for form in ("png", "pdf"):
        assert f"/kiosk/honchosha/preview.{form}?service=inkan&amp;language=ko&amp;paper=58" in page
    assert 'value="80" selected' in admin.client.get(f"{KIOSKS}?service=none&paper=57").text
