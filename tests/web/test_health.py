"""For machines that look after this one: /healthz, /readyz, /metrics; who may read them, and what is in them."""

import errno
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from queue_server.city import City
from queue_server.copies.folder import BACKUP_MARK, JOURNAL_COPY_MARK
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from queue_server.hall import StorageUnavailable, write_path
from queue_server.health import Metrics, Pulse, Readiness
from queue_server.health.readiness import PROBE_EVERY_SECONDS, STALLED_AFTER_SECONDS
from queue_server.settings import Settings
from queue_server.storage.database import DamagedDatabase
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.halls import run_sql
from tests.support.people import signed_in

PROXIED = {"X-Forwarded-For": "192.0.2.1"}


def samples(text: str) -> dict[str, float]:
    """Every sample of a text of metrics, by name and labels."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def metrics(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return samples(answer.text)


def journal_length(city: City) -> int:
    [(length,)] = city._store.database.execute("SELECT count(*) FROM journal").fetchall()
    return int(length)


# -- alive -------------------------------------------------------------------------------------------


def test_the_process_is_alive_whatever_is_wrong_with_the_disk_and_the_halls(app: Flask, city: City) -> None:
    city.close()
    answer = app.test_client().get("/healthz", headers={"Authorization": "Bearer anything"})
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


# -- ready -------------------------------------------------------------------------------------------


def test_a_server_that_can_write_is_ready_and_its_journal_does_not_grow(client: FlaskClient, city: City) -> None:
    before = journal_length(city)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True})
    assert answer.headers["Cache-Control"] == "no-store"
    assert journal_length(city) == before


class Seconds:
    def __init__(self) -> None:
        self.now = 500.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def readiness(city: City, seconds: Seconds) -> Readiness:
    return Readiness(city, Pulse(seconds), seconds)


def commits(city: City) -> int:
    """How often this process has changed the file."""
    return int(city._store.database.conn.total_changes)


def test_the_probe_is_a_real_commit_and_at_most_one_in_two_seconds(
    city: City, readiness: Readiness, seconds: Seconds
) -> None:
    begun = commits(city)
    for _ in range(50):
        assert readiness.problems() == []
    first = commits(city)
    assert first > begun
    seconds.now += PROBE_EVERY_SECONDS
    readiness.problems()
    assert commits(city) > first
    rows = city._store.database.execute("SELECT id, length(room) FROM ballast").fetchall()
    assert rows == [(2, 64)], "the same row each time"


@pytest.mark.parametrize(
    ("error", "code"),
    [(StorageUnavailable("full"), "storage_unavailable"), (DamagedDatabase("torn"), "storage_damaged")],
)
def test_a_disk_that_takes_no_writes_is_told_by_a_code(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(city._store, "leave_mark", refuse)
    answer = app.test_client().get("/readyz")
    told = answer.get_json()
    assert (answer.status_code, told["ready"], told["code"], told["problems"]) == (503, False, code, [code])
    assert answer.headers["Retry-After"] == "5"


def test_a_read_only_file_is_noticed_by_the_real_probe_and_so_is_its_mending(
    city: City, readiness: Readiness, seconds: Seconds
) -> None:
    city._store.database.execute("PRAGMA query_only = ON")
    assert readiness.problems() == ["storage_unavailable"]
    city._store.database.execute("PRAGMA query_only = OFF")
    assert readiness.problems() == ["storage_unavailable"], "told from the last probe"
    seconds.now += PROBE_EVERY_SECONDS
    assert readiness.problems() == []


def test_a_hall_that_waits_for_the_disk_is_not_ready_even_while_a_small_write_succeeds(
    city: City, readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city.halls[SITE], "_writable", False)
    assert readiness.problems() == ["storage_unavailable"]


def test_a_day_that_could_not_be_opened_is_told(clock: ManualClock, readiness: Readiness, city: City) -> None:
    clock.advance(timedelta(days=1))
    assert readiness.problems() == ["day_not_open"]
    city.tick()
    assert readiness.problems() == []


def test_at_midnight_no_server_is_out_of_order_until_its_halls_have_turned(
    clock: ManualClock, readiness: Readiness, city: City
) -> None:
    """Commands turn them as well: whoever looks in the second between is told nothing that is not so."""
    clock.set(local_minute("2026-11-25T00:00"))
    assert readiness.problems() == []
    clock.advance(timedelta(seconds=STALLED_AFTER_SECONDS))
    assert readiness.problems() == ["day_not_open"]
    city.tick()
    assert readiness.problems() == []


def test_a_probe_that_fails_as_nobody_foresaw_is_no_disk_that_takes_writes(
    app: Flask, city: City, readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does whoever asks within the same two seconds hear that all is well."""

    def fail() -> None:
        raise sqlite3.ProgrammingError("a mistake of ours")

    monkeypatch.setattr(city._store, "leave_mark", fail)
    with capture_logs() as logs:
        assert [readiness.problems() for _ in range(2)] == [["storage_unavailable"]] * 2
    assert [line["event"] for line in logs] == ["probe_failed"]
    assert app.test_client().get("/readyz").status_code == 503
    assert metrics(app.test_client())["queue_ready"] == 0


def test_data_that_a_start_would_refuse_are_a_warning_and_the_server_is_ready(
    client: FlaskClient, city: City, clock: ManualClock, api: Api
) -> None:
    api.issue("inkan")
    assert metrics(client)["queue_verification_failed"] == 0
    run_sql(city._store.directory, "UPDATE number SET number = number + 1")
    clock.advance(timedelta(days=1))
    city.tick()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True, "warnings": ["verification_failed"]})
    found = metrics(client)
    assert (found["queue_verification_failed"], found["queue_ready"]) == (1, 1)
    assert api.issue("inkan").status_code == 201
    city._store.database.execute("PRAGMA query_only = ON")
    city.halls[SITE]._writable = False
    told = client.get("/readyz").get_json()
    assert (told["ready"], told["problems"], told["warnings"]) == (
        False,
        ["storage_unavailable"],
        ["verification_failed"],
    )


def test_a_clock_whose_work_stopped_is_told(city: City, seconds: Seconds) -> None:
    pulse = Pulse(seconds)
    readiness = Readiness(city, pulse, seconds)
    seconds.now += 10 * STALLED_AFTER_SECONDS
    assert readiness.problems() == [], "nothing is expected before it has begun"
    pulse.beat()
    seconds.now += STALLED_AFTER_SECONDS
    assert readiness.problems() == []
    seconds.now += 1
    assert readiness.problems() == ["clock_stalled"]
    pulse.beat()
    assert readiness.problems() == []


# -- metrics: who ------------------------------------------------------------------------------------


def test_programs_on_this_machine_read_metrics_and_others_need_a_token(app: Flask, api: Api) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers=PROXIED).status_code == 401, "through the proxy nobody is of this machine"
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 401
    answers = {role: api.get("/metrics", role, **PROXIED).status_code for role in api.tokens}
    assert answers == {
        Role.KIOSK: 403,
        Role.DISPLAY: 403,
        Role.DESK: 403,
        Role.ADMIN: 200,
        Role.MONITOR: 200,
    }


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 403), (Role.ADMINISTRATOR, 200)])
def test_of_people_an_administrator_alone_reads_metrics(app: Flask, city: City, role: Role, status: int) -> None:
    client = signed_in(app.test_client(), city, role=role)
    assert client.get("/metrics", headers=PROXIED).status_code == status


def test_a_monitor_may_do_nothing_else(api: Api) -> None:
    desk = f"/api/sites/{SITE}/desk"
    assert api.get(desk, Role.MONITOR).status_code == 403
    assert api.post(f"/api/sites/{SITE}/tickets", {"service": "inkan"}, Role.MONITOR).status_code == 403


# -- metrics: what -----------------------------------------------------------------------------------


def test_lines_levels_and_counters_are_those_of_the_board(
    client: FlaskClient, api: Api, city: City, clock: ManualClock
) -> None:
    for _ in range(3):
        api.issue("inkan")
    clock.advance(timedelta(minutes=7))
    city.tick()
    found, board = metrics(client), api.board()
    inkan = f'{{service="inkan",site="{SITE}"}}'
    assert found[f"queue_waiting{inkan}"] == 3
    assert found[f"queue_longest_wait_seconds{inkan}"] == 7 * 60
    assert found[f"queue_accepting{inkan}"] == 1
    assert found[f'queue_open{{site="{SITE}"}}'] == 1
    assert found[f'queue_journal_seq{{site="{SITE}"}}'] == board["seq"]
    assert found[f'queue_counters_open{{site="{SITE}"}}'] == 0
    level = api.service("inkan")["level"]["key"]
    assert found[f'queue_level{{level="{level}",service="inkan",site="{SITE}"}}'] == 1
    api.counter("4", "open")
    assert metrics(client)[f'queue_counters_open{{site="{SITE}"}}'] == 1


def test_commands_are_timed_by_name_and_refusals_counted_by_code(client: FlaskClient, api: Api) -> None:
    api.issue("inkan")
    api.counter("4", "call-next")
    api.post(f"/api/sites/{SITE}/tickets", {"service": "nothing"}, Role.KIOSK)
    api.get(f"/api/sites/{SITE}/desk")
    found = metrics(client)
    assert found['queue_command_seconds_count{command="issue"}'] >= 1
    assert found['queue_command_seconds_count{command="call_next"}'] == 1
    assert found['queue_refused_total{code="counter_closed"}'] == 1
    assert found['queue_refused_total{code="not_signed_in"}'] == 0, "a read is no command"
    assert found['queue_http_requests_total{endpoint="api.issue",method="POST",status="201"}'] == 1


def test_sockets_screens_printers_and_the_rest_are_there(client: FlaskClient) -> None:
    found = metrics(client)
    for kind in ("desk", "public", "opening", "polling"):
        assert found[f'queue_sockets{{kind="{kind}"}}'] == 0
    assert found["queue_ready"] == 1
    assert found["queue_disk_free_bytes"] > 0
    assert any(name.startswith("queue_build_info{") and 'worker="eventlet"' in name for name in found)
    assert found["process_resident_memory_bytes"] > 0


@pytest.mark.parametrize(
    ("metric", "mark"),
    [("queue_backup_age_seconds", BACKUP_MARK), ("queue_journal_copy_age_seconds", JOURNAL_COPY_MARK)],
)
def test_copies_have_an_age_where_there_are_any(
    client: FlaskClient, settings: Settings, metric: str, mark: str
) -> None:
    assert metric not in metrics(client), "where nobody makes copies nothing is claimed"
    path = settings.data_dir / mark
    path.touch()
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 7_200))
    assert 7_200 <= metrics(client)[metric] < 7_300


def test_a_mark_that_goes_away_while_metrics_are_read_is_no_error(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked before whether it is there was told so."""
    mark, exists = settings.data_dir / BACKUP_MARK, Path.exists
    monkeypatch.setattr(Path, "exists", lambda path, **options: path == mark or exists(path, **options))
    assert "queue_backup_age_seconds" not in metrics(client)


def test_a_disk_that_does_not_even_tell_its_room_takes_nothing_else_away(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def lost(path: Path, **options: Any) -> Any:
        if path.name in (BACKUP_MARK, JOURNAL_COPY_MARK):
            raise OSError(errno.EIO, "Input/output error")
        return real(path, **options)

    def no_room(_directory: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "stat", lost)
    monkeypatch.setattr(os, "statvfs", no_room)
    found = metrics(client)
    assert "queue_disk_free_bytes" not in found
    assert "queue_backup_age_seconds" not in found
    assert found[f'queue_open{{site="{SITE}"}}'] == 1


def test_a_picture_that_cannot_be_drawn_takes_nothing_else_away(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(write_path, "make_desk_view", fail)
    monkeypatch.setattr(city.halls[SITE], "_desk_view", None)
    before = metrics(client)["queue_errors_total"]
    found = metrics(client)
    assert f'queue_open{{site="{SITE}"}}' not in found
    assert found["queue_ready"] == 1
    assert found["queue_errors_total"] == before + 1


def test_a_screen_that_says_it_is_alive_counts_as_alive(client: FlaskClient, city: City, clock: ManualClock) -> None:
    screens = city.halls[SITE].site.screens
    assert screens
    screen = next(iter(screens))
    alive = f'queue_screen_alive{{screen="{screen}",site="{SITE}"}}'
    assert metrics(client)[alive] == 0
    city.halls[SITE].report_screen(screen, "page-1")
    assert metrics(client)[alive] == 1
    clock.advance(timedelta(minutes=3))
    city.tick()
    assert metrics(client)[alive] == 0


def test_what_anybody_can_make_up_makes_no_new_series(client: FlaskClient) -> None:
    metrics(client)
    before = set(metrics(client))
    for number in range(30):
        client.get(f"/nowhere/{number}")
        client.get(f"/status/{number}")
        client.open(f"/nowhere/{number}", method=f"BREW{number}")
        client.get(f"/t/{number:022d}")
    new = set(metrics(client)) - before
    assert len(new) < 30, "one a view, a method that there is, and a status"
    assert not [name for name in new if "BREW" in name or "0000" in name or "/" in name]


def test_metrics_name_no_person_no_number_and_no_token(client: FlaskClient, app: Flask, city: City, api: Api) -> None:
    signed_in(app.test_client(), city, "sato")
    ticket = api.issue("inkan").get_json()
    client.get(ticket["ticket_url"])
    text = client.get("/metrics").text
    for secret in ("sato", ticket["token"], ticket["id"], f'"{ticket["label"]}"', *api.tokens.values()):
        assert secret not in text


def test_two_applications_in_one_process_have_metrics_of_their_own() -> None:
    one, other = Metrics("eventlet"), Metrics("gevent")
    one.note_refusal("hall_closed")
    assert b"hall_closed" in one.text()
    assert b"hall_closed" not in other.text()
