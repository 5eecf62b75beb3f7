"""What the code imports is what pyproject.toml asks for, and what is locked."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("queue_server", "display", "kiosk")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")
# realtime/seam.py and gate.py know the insides of these.
HELD = ("eventlet", "flask-socketio", "python-engineio", "python-socketio")
# Names for the type checker alone.
NOT_AT_RUN_TIME = {"_typeshed"}


def normal(name: str) -> str:
    """A distribution's name as the lock files write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def imported(text: str) -> set[str]:
    """The first word of every absolute import in a module."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def third_party() -> set[str]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert len(files) > 200
    found = set().union(*(imported(path.read_text(encoding="utf-8")) for path in files))
    return found - set(sys.stdlib_module_names) - set(PACKAGES) - NOT_AT_RUN_TIME


@pytest.mark.parametrize("module", sorted(third_party()))
def test_every_import_of_the_house_is_declared(module: str) -> None:
    declared = names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["gevent"])
    distributions = {normal(name) for name in packages_distributions()[module]}
    assert distributions & declared, f"{module} is imported, and nothing declares {distributions}"


def locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_declared_is_locked(lock: str) -> None:
    assert names(PROJECT["dependencies"]) <= locked(lock).keys()


@pytest.mark.parametrize("name", HELD)
def test_the_libraries_whose_insides_are_known_are_declared_in_the_one_version_that_is_locked(name: str) -> None:
    for lock in LOCKS:
        assert f"{name}=={locked(lock)[name]}" in PROJECT["dependencies"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_library_has_its_hash(lock: str) -> None:
    """pip --require-hashes refuses the file otherwise."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(lock)) > 50
    assert [entry.split()[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)] == []
    # What is locked in any other way (an address, a folder) would be a line that is none of these.
    begun = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(begun) == len(entries)


def test_every_locked_front_end_package_has_its_hash() -> None:
    """npm ci installs nothing else than what has this sum."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name and not entry.get("link")}
    assert len(fetched) > 5
    assert [name for name, entry in fetched.items() if not entry.get("integrity", "").startswith("sha512-")] == []
