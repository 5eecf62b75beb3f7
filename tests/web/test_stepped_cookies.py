"""Signed cookies on a machine whose clock is set: who is signed in stays so, and what is too old is too old."""

import time

import pytest
from flask.testing import FlaskClient
from itsdangerous import BadSignature, SignatureExpired

from queue_server.app import SESSION_DAYS, PatientSigner
from queue_server.city import City
from tests.support.people import signed_in

VIEW = "/api/sites/honchosha/desk"
HOUR, DAY = 3600, 24 * 3600


@pytest.mark.parametrize(
    ("step", "status"), [(-HOUR, 200), (-DAY, 200), (HOUR, 200), ((SESSION_DAYS + 1) * DAY, 401)]
)
def test_a_clock_that_is_set_signs_out_only_whose_cookie_is_old(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch, step: int, status: int
) -> None:
    """The hall's own clock, by which sessions end, stands still here: only the machine's is set."""
    clerk = signed_in(client, city)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + step)
    assert clerk.get(VIEW).status_code == status


def test_a_signature_of_the_future_is_one_and_a_forged_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    signer, now = PatientSigner("key"), time.time()
    signed = signer.sign("who")
    monkeypatch.setattr(time, "time", lambda: now - HOUR)
    assert signer.unsign(signed, max_age=10) == b"who"
    value, at = signer.unsign(signed, max_age=10, return_timestamp=True)
    assert (value, int(at.timestamp())) == (b"who", int(now))
    with pytest.raises(BadSignature):
        PatientSigner("another key").unsign(signed, max_age=10)
    monkeypatch.setattr(time, "time", lambda: now + HOUR)
    with pytest.raises(SignatureExpired):
        signer.unsign(signed, max_age=10)
