"""The server's part: it has the clips made beside itself, hands out only them, and tells who must know."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from display.announcements import voice_view
from queue_server.announcing import Announcer, VoicePhase
from queue_server.city import City
from queue_server.config import Settings
from queue_server.context import ANNOUNCER
from queue_server.domain.roles import Role
from queue_server.voice.worker import Status
from tests.conftest import SITE
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.people import signed_in
from tests.support.server import Server, run_cli
from tests.support.voice import WORKER_SECONDS, profile_with, put_clips

POLL_SECONDS = 0.05
FULL = (
    '[site.voice]\nlanguages = ["ja", "en", "fil"]\nvolume = 0.5\nquiet = ["12:00-13:00"]\noldest = 30\n'
    'repeat = false\n[site.voice.readings.ja]\n"1番窓口" = "いちばんまどぐち"\n'
)
SMALL = """\
[city]
id = "machi"
name = "町"
[[site]]
id = "hall"
name = "町役場"
[site.hours]
monday = ["08:30-17:00"]
tuesday = ["08:30-17:00"]
wednesday = []
thursday = []
friday = []
saturday = []
sunday = []
closed_on_holidays = false
day_end = "19:00"
[[site.level]]
key = "free"
label = "空き"
[[site.category]]
id = "c"
name = "区分"
[[site.series]]
id = "a"
first = 1
last = 3
[[site.service]]
id = "x"
name = "業務"
category = "c"
series = "a"
minutes_per_person = 4
stages = ["受付", "交付"]
[[site.counter]]
id = "1"
name = "1番"
services = ["x"]
[site.voice]
languages = ["ja", "en"]
stages = true
"""
"""Three numbers, one counter, two stages: ten clips."""


@pytest.fixture
def app_with(tmp_path: Path, clock: ManualClock) -> Iterator[object]:
    opened = []

    def open_(voice: str) -> Flask:
        settings = Settings(data_dir=tmp_path / "data", profile=profile_with(tmp_path, voice), log_level="critical")
        context = make_app(settings, clock)
        opened.append(context)
        return context.__enter__()

    yield open_
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def announcer_of(app: Flask) -> Announcer:
    found: Announcer = app.extensions[ANNOUNCER]
    return found


def index(client: FlaskClient) -> dict[str, dict[str, dict[str, str]]]:
    answer = client.get(f"/board/{SITE}/voice")
    assert answer.status_code == 200
    found: dict[str, dict[str, dict[str, str]]] = answer.get_json()
    return found


# -- what a screen gets ------------------------------------------------------------------------------


def test_a_screen_gets_what_it_needs_to_speak(app_with: object) -> None:
    app = app_with(FULL)  # type: ignore[operator]
    hall = city_of(app).hall(SITE)
    with app.test_request_context():
        view = voice_view(hall)
    assert {key: view[key] for key in ("speaks", "site", "volume", "quiet", "oldest", "chime", "repeat")} == {
        "speaks": True,
        "site": SITE,
        "volume": 0.5,
        "quiet": [["12:00", "13:00"]],
        "oldest": 30,
        "chime": True,
        "repeat": False,
    }
    assert [each["tag"] for each in view["languages"]] == ["ja", "en", "fil"]
    assert view["languages"][0]["sentence"] == "{label}番のかた、{counter}へお越しください。"
    assert view["languages"][1]["counters"]["6"] == "Counter 6"
    assert all(
        {"{label}", "{counter}"} <= set(each["sentence"].replace("}", "} ").replace("{", " {").split())
        or ("{label}" in each["sentence"] and "{counter}" in each["sentence"])
        for each in view["languages"]
    )


def test_a_screen_may_be_silent_in_a_hall_that_speaks(app: Flask, city: City) -> None:
    with app.test_request_context():
        assert voice_view(city.hall(SITE), speaks=False) == {"speaks": False}


def test_a_site_without_a_voice_has_silent_screens_and_no_clips(app_with: object) -> None:
    app = app_with("")  # type: ignore[operator]
    client = app.test_client()
    page = client.get(f"/board/{SITE}").text
    block = page.partition('id="voice">')[2].partition("</script>")[0]
    assert json.loads(block) == {"speaks": False}
    assert client.get(f"/board/{SITE}/voice").status_code == 404


def test_a_site_may_have_its_chime_alone(app_with: object) -> None:
    app = app_with("[site.voice]\nlanguages = []\n")  # type: ignore[operator]
    hall = city_of(app).hall(SITE)
    with app.test_request_context():
        assert voice_view(hall)["speaks"] is True
    assert announcer_of(app).state(hall).phase is VoicePhase.CHIME


# -- the clips ---------------------------------------------------------------------------------------


def test_the_index_names_the_clips_that_are_there_and_each_is_served_for_ever(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    assert index(client) == {"numbers": {"ja": {}, "en": {}}, "counters": {"ja": {}, "en": {}}, "stages": {}}
    cache = put_clips(settings.data_dir)
    found = index(client)
    assert set(found["numbers"]["ja"]) == {str(number) for number in range(500, 514)}
    assert set(found["counters"]["en"]) == {"1", "2", "3", "4", "5", "6"}
    name = found["numbers"]["ja"]["503"]
    with client.get(f"/board/{SITE}/voice/{name}") as answer:
        assert answer.data == (cache.folder / name).read_bytes()
        assert answer.mimetype == "audio/ogg"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    tag = client.get(f"/board/{SITE}/voice").headers["ETag"]
    assert client.get(f"/board/{SITE}/voice", headers={"If-None-Match": tag}).status_code == 304


def test_nothing_else_of_the_data_directory_can_be_read(client: FlaskClient, settings: Settings) -> None:
    put_clips(settings.data_dir)
    stray = settings.data_dir / "voice" / f"{'0' * 24}.opus"
    stray.write_text("nobody's")
    (settings.data_dir / "voice" / "secret.opus").symlink_to(settings.data_dir / "secret.key")
    names = [
        "manifest.jsonl",
        "lock",
        stray.name,
        "secret.opus",
        "../secret.key",
        "..%2fsecret.key",
        "%2e%2e/secret.key",
        "..%2f..%2fetc%2fpasswd.opus",
        ".opus",
    ]
    for name in names:
        assert client.get(f"/board/{SITE}/voice/{name}").status_code == 404, name
    assert client.get("/board/nowhere/voice").status_code == 404


# -- the maker ---------------------------------------------------------------------------------------


def test_a_server_has_its_clips_made_beside_it_and_goes_on_where_it_was_stopped(tmp_path: Path, small: str) -> None:
    server = Server(tmp_path / "data", {"QUEUE_SERVER_PROFILE": small, "QUEUE_SERVER_MAKE_VOICE": "1"})
    with server, server.client() as client:
        wait_until(server, lambda: len(client.get("/board/hall/voice").json()["stages"]) == 2)
        server.kill()
        server.start()
        wait_until(
            server,
            lambda: sum(len(each) for each in client.get("/board/hall/voice").json()["numbers"].values()) == 6,
        )
        assert client.get("/api/sites").is_success
    assert "Traceback" not in server.log.read_text()
    assert "voice_failed" not in server.log.read_text()


def wait_until(server: Server, holds: Callable[[], bool]) -> None:
    """Ask now and then, for the maker stands back behind whoever keeps the machine busy."""
    while not holds():
        assert server.process is not None
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(POLL_SECONDS)


def test_the_maker_starts_one_process_and_another_only_when_a_hall_has_changed(
    app: Flask, city: City, small: str, tmp_path: Path, clock: ManualClock
) -> None:
    with make_app(Settings(data_dir=tmp_path / "other", profile=small, log_level="critical"), clock) as little:
        announcer = announcer_of(little)
        hall = city_of(little).hall("hall")
        assert announcer.state(hall).phase is VoicePhase.MAKING
        run_until_done(announcer)
        assert announcer.status is Status.DONE
        state = announcer.state(hall)
        assert (state.phase, state.there, state.needed) == (VoicePhase.READY, 10, 10)
        announcer.step()
        assert announcer._process is None
        hall.site = city.hall(SITE).site
        announcer.step()
        assert announcer._process is not None
        announcer.stop()
        assert announcer._process is None
        announcer.stop()


def test_an_administrator_is_told_what_is_missing(
    app: Flask, city: City, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    admin = signed_in(client, city, role=Role.ADMINISTRATOR)
    page = f"/admin/sites/{SITE}"
    assert "音声を作っています（0 / " in admin.get(page).text
    monkeypatch.setenv("PATH", str(tmp_path))
    told = admin.get(page).text
    assert "音声合成のプログラムがサーバーに入っていません（open-jtalk espeak-ng opus-tools）。" in told
    monkeypatch.undo()
    announcer_of(app).status = Status.NO_ROOM
    assert "音声を作りきれませんでした（0 / " in admin.get(page).text


def test_a_run_that_met_a_full_disk_is_tried_again_later_and_said_once(
    tmp_path: Path, small: str, clock: ManualClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with make_app(Settings(data_dir=tmp_path / "data", profile=small, log_level="warning"), clock) as app:
        announcer = announcer_of(app)
        for _ in range(2):
            announcer._ended(Status.NO_ROOM)
            announcer.step()
            assert announcer._process is None
        announcer._not_before = 0
        run_until_done(announcer)
        assert announcer.status is Status.DONE
    assert capfd.readouterr().err.count("voice_not_made") == 1


def run_until_done(announcer: Announcer) -> None:
    announcer.step()
    assert announcer._process is not None
    announcer._process.wait(WORKER_SECONDS)
    announcer.step()


# -- the command -------------------------------------------------------------------------------------


def test_the_command_makes_everything_at_once_and_says_what(tmp_path: Path, small: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    options = ("voice", "--profile", small, "--data", str(data))
    assert "hall: 0 of 10 clips" in run_cli(*options, "--check")
    made = run_cli(*options)
    assert "ja 1番へお越しください。\n" in made
    assert "Made 10 clips in " in made
    again = run_cli(*options)
    assert "Made 0 clips in 0 s; 10 were there; 0 have no engine here; 0 failed." in again
    checked = run_cli(*options, "--check")
    assert "Japanese: open_jtalk 1." in checked
    assert "hall: 10 of 10 clips" in checked


def test_the_command_names_what_cannot_be_said(tmp_path: Path) -> None:
    text = SMALL.replace('"1番"', '"税務"').replace('["ja", "en"]', '["ja", "en", "fil"]')
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    said = run_cli("voice", "--profile", str(tmp_path / "city.toml"), "--data", str(tmp_path), "--check")
    assert "fil: shown, not spoken" in said
    assert "hall: en has no name or reading for 税務; calls to it are shown only" in said


def test_the_command_has_nothing_to_do_for_a_silent_city(tmp_path: Path, small: str) -> None:
    (tmp_path / "city.toml").write_text(SMALL.partition("[site.voice]")[0], encoding="utf-8")
    said = run_cli("voice", "--profile", str(tmp_path / "city.toml"), "--data", str(tmp_path))
    assert said == "No site of this profile speaks.\n"
    assert "unknown key" in run_cli("voice", "--profile", broken(tmp_path), "--data", str(tmp_path), status=1)


def broken(folder: Path) -> str:
    (folder / "broken.toml").write_text(SMALL + 'tone = "low"\n', encoding="utf-8")
    return str(folder / "broken.toml")
