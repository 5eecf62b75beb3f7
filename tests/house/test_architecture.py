"""The house keeps its own rules."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from queue_server.access import guard_of
from queue_server.web.messages import SENTENCES

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("queue_server", "display", "kiosk")
SERVER = ROOT / "queue_server"
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PAGES = sorted(
    path
    for package in PACKAGES
    for pattern in ("*.html", "*.js", "*.css", "*.svg")
    for path in (ROOT / package).rglob(pattern)
    if "vendor" not in path.parts
)
LONGEST_MODULE = 400
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def floors() -> list[set[str]]:
    """The modules of each layer of the contract, from above."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [{name.strip().removeprefix("queue_server.") for name in layer.split("|")} for layer in layers]


def test_every_room_of_the_house_stands_on_one_floor() -> None:
    inside = {path.relative_to(SERVER).parts[0] for path in MODULES if path.is_relative_to(SERVER)}
    rooms = {name.removesuffix(".py") for name in inside} - {"__init__"}
    assert sorted(name for floor in floors() for name in floor) == sorted(rooms | {"display", "kiosk"})


def test_the_floors_in_the_readme_are_those_of_the_contract() -> None:
    held = floors()
    text = (ROOT / "queue_server" / "README.md").read_text(encoding="utf-8")
    [drawn] = re.findall(r"`(cli > [^`]+)`", text)
    assert [{name.strip(" ()\n") for name in floor.split("|")} for floor in drawn.split(">")] == held


def test_every_floor_in_the_readme_is_told_what_it_is_for() -> None:
    text = (ROOT / "queue_server" / "README.md").read_text(encoding="utf-8")
    [drawn] = re.findall(r"`(cli > [^`]+)`", text)
    told = set(re.findall(r"`([\w]+)/?`", text.split("| floor |")[1].split("\n\n")[0]))
    outside = {"display", "kiosk", "page_headers", "log_lines", "marking"}
    assert set(re.findall(r"\w+", drawn)) - told <= outside


def test_the_database_is_read_where_damage_is_noted() -> None:
    """A hall reads within its commands and its clock, which note it; the verification does so by itself."""
    rooms = {SERVER / "storage", SERVER / "copies", SERVER / "hall", ROOT / "kiosk" / "local"}
    others = [path for path in MODULES if not rooms.intersection(path.parents)]
    beside = [path for path in others if re.search(r"store\.database\b", path.read_text(encoding="utf-8"))]
    assert beside == [SERVER / "city.py"]


def test_every_route_declares_its_guard(app: Flask) -> None:
    naked = [rule.endpoint for rule in app.url_map.iter_rules() if guard_of(app, rule.endpoint) is None]
    assert naked == []


def test_a_view_without_a_guard_is_never_served(app: Flask) -> None:
    app.add_url_rule("/naked", "naked", lambda: "shown")
    answer = app.test_client().get("/naked")
    assert answer.status_code == 500
    assert "shown" not in answer.text


def test_no_get_route_shares_its_address_with_a_command(app: Flask) -> None:
    """GET never changes state: a form and what it sends have a view each."""
    both = {rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())}
    assert both == set()


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_pages_load_nothing_from_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text, re.IGNORECASE) == []


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".html"], ids=relative)
def test_templates_hold_no_inline_script_style_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_only_the_clock_asks_for_the_time() -> None:
    asking = [
        relative(path) for path in MODULES if re.search(r"datetime\.(now|today|utcnow)|date\.today", path.read_text())
    ]
    assert asking == ["queue_server/clock.py"]


def test_the_package_itself_is_empty() -> None:
    assert (ROOT / "queue_server/__init__.py").read_text() == ""


def test_every_refusal_and_error_code_has_its_sentence() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in MODULES)
    codes = set(re.findall(r'(?:Refused|Denied|BadRequest)\((?:\d+, )?"(\w+)"', text))
    codes |= set(re.findall(r'Refused\("\w+" if [\w.]+ else "(\w+)"\)', text))
    codes |= {f"unknown_{what}" for what in re.findall(r'Unknown\("(\w+)"\)', text)}
    assert len(codes) > 15
    assert codes <= set(SENTENCES)
    assert set(SENTENCES) - codes <= {
        "not_found",
        "method_not_allowed",
        "too_large",
        "server_error",
        "storage_unavailable",
        "ticket_of_former_day",
        "too_often",
    }
