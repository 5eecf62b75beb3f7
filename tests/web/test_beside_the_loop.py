"""What computes for long does so beside the event loop: everybody else is served meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queue_server.settings import WorkerKind
from tests.support.server import START_SECONDS, OddServer
from tests.support.waiting import wait_until


@pytest.mark.parametrize("worker", list(WorkerKind))
def test_while_a_password_is_compared_everybody_else_is_answered(tmp_path: Path, worker: WorkerKind) -> None:
    circumstances = {"ODD_HASHING": str(tmp_path), "QUEUE_SERVER_WORKER": worker}
    with OddServer(tmp_path / "data", circumstances) as server, ThreadPoolExecutor(1) as hands:
        password = server.add_user("sato")
        with server.client() as browser, server.client() as other:
            page = browser.get("/desk/sign-in")
            csrf = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
            form = {"name": "sato", "password": password, "csrf_token": csrf}
            signing_in = hands.submit(browser.post, "/desk/sign-in", data=form, timeout=2 * START_SECONDS)
            try:
                wait_until((tmp_path / "begun").exists, "the password is never compared", START_SECONDS)
                assert other.get("/healthz").status_code == 200
                assert not signing_in.done()
            finally:
                (tmp_path / "enough").touch()
            assert signing_in.result().status_code == 303
