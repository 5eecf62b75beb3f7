"""Static files under an address that changes with their content, and copied for a web server in front."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.app import static_folders
from queue_server.static_files import FOR_EVER, collect, folders_of, version_of
from tests.conftest import SITE
from tests.support.server import run_cli

NAMED = re.compile(r'(?:href|src)="(/[^"]*static/[^"]+)"')


@pytest.mark.parametrize("path", ["/", f"/status/{SITE}", f"/board/{SITE}", f"/kiosk/{SITE}", "/desk/sign-in"])
def test_pages_name_their_files_by_version_and_may_keep_them(client: FlaskClient, app: Flask, path: str) -> None:
    version = version_of(folders_of(app))
    named = NAMED.findall(client.get(path).text)
    assert named
    for address in named:
        assert address.startswith(f"/{version}/")
        answer = client.get(address, buffered=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_EVER)
        assert "ETag" not in answer.headers, "nobody has to ask again"


@pytest.mark.parametrize("address", ["/static/css/base.css", "/v-0123456789ab/static/css/base.css"])
def test_the_plain_address_and_that_of_an_earlier_version_give_what_there_is_now(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/v-0123456789ab/",
        f"/v-0123456789ab/status/{SITE}",
        "/v-0123456789ab/static",
        "/v-0123456789a/static/css/base.css",
        "/v-0123456789ab/v-0123456789ab/static/css/base.css",
        "/v-0123456789ab/static/css/nothing.css",
        "/v-0123456789ab/static/../app.py",
    ],
)
def test_a_version_leads_to_static_files_alone(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers.get("Cache-Control") != FOR_EVER


def folder(path: Path, **files: str) -> dict[str, Path]:
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.css").write_text(text)
    return {"/static": path}


def test_the_version_changes_with_a_name_or_a_byte_and_with_nothing_else(tmp_path: Path) -> None:
    versions = [
        version_of(folder(tmp_path / "0", a="a", b="b")),
        version_of(folder(tmp_path / "1", b="b", a="a")),
        version_of(folder(tmp_path / "2", a="a", c="b")),
        version_of(folder(tmp_path / "3", a="ab", b="")),
        version_of({"/display/static": tmp_path / "0"}),
    ]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 4


def test_collecting_copies_packs_and_is_done_once(tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = Path(run_cli("static", "--to", str(target)).strip())
    assert done.name == version_of(static_folders())
    for path, source in static_folders().items():
        for file in [*source.rglob("*"), *(source / "vendor").glob("*")]:
            copy = done / path.lstrip("/") / file.relative_to(source)
            assert file.is_dir() or copy.read_bytes() == file.read_bytes()
    sheet = done / "static/css/base.css"
    assert gzip.decompress(sheet.with_name("base.css.gz").read_bytes()) == sheet.read_bytes()
    assert sheet.stat().st_mode & 0o777 == 0o644
    before = sheet.stat().st_mtime_ns
    run_cli("static", "--to", str(target))
    assert sheet.stat().st_mtime_ns == before
    assert [each.name for each in target.iterdir()] == [done.name]


def test_older_versions_stay_for_pages_that_are_open_but_not_for_ever(tmp_path: Path) -> None:
    target, source = tmp_path / "out", tmp_path / "source"
    target.mkdir()
    (target / "notes").mkdir()
    source.mkdir()
    made = []
    for number in range(5):
        (source / "a.css").write_text(str(number))
        made.append(collect({"/static": source}, target))
    assert {each.name for each in target.iterdir()} == {"notes", *(each.name for each in made[-3:])}


def test_a_copy_that_was_broken_off_is_begun_again(tmp_path: Path) -> None:
    folders = folder(tmp_path / "source", a="a")
    version = version_of(folders)
    (tmp_path / "out" / f"{version}.unfinished" / "static").mkdir(parents=True)
    (tmp_path / "out" / f"{version}.unfinished" / "static" / "old.css").write_text("old")
    done = collect(folders, tmp_path / "out")
    assert [each.name for each in (done / "static").iterdir()] == ["a.css"]
