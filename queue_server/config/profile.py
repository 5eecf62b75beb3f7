"""A city profile: found, read, checked whole, and turned into the frozen objects of the domain."""

import re
import tomllib
from importlib import resources
from pathlib import Path

from queue_server.config.build import city_of
from queue_server.config.codes import Code
from queue_server.config.lines import line_of, locate
from queue_server.config.problems import Finding, Problem, ProfileError
from queue_server.config.validation import examine
from queue_server.domain.site import CityProfile

_NAME = re.compile(r"[a-z0-9-]{1,32}")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the program, sorted."""
    folder = resources.files("queue_server").joinpath("profiles")
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml")))


def load_profile(name_or_path: str) -> CityProfile:
    """The profile of a shipped name ("atsugi") or of a file ("/etc/queue-server/city.toml", "./city.toml").

    Raises ProfileError with everything that is wrong, each with its place and line.
    """
    file, raw = _read(name_or_path)
    text = _decode(file, raw)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        reason = _AT_LINE.sub("", str(error))
        raise ProfileError(file, [Problem((), number, Code.NOT_TOML, {"reason": reason})]) from None
    profile, found = examine(tables)
    if profile is None or found:
        raise _located(file, text, found)
    return city_of(profile, text)


def _read(name_or_path: str) -> tuple[str, bytes]:
    if _NAME.fullmatch(name_or_path):
        if name_or_path not in shipped_profiles():
            values = {"name": name_or_path, "names": ", ".join(shipped_profiles())}
            raise ProfileError(name_or_path, [Problem((), None, Code.UNKNOWN_PROFILE, values)])
        shipped = resources.files("queue_server").joinpath("profiles", f"{name_or_path}.toml")
        return f"{name_or_path}.toml", shipped.read_bytes()
    try:
        return name_or_path, Path(name_or_path).read_bytes()
    except OSError as error:
        values = {"reason": error.strerror or type(error).__name__}
        raise ProfileError(name_or_path, [Problem((), None, Code.UNREADABLE, values)]) from None


def _decode(file: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ProfileError(file, [Problem((), line, Code.NOT_UTF8, {})]) from None


def _located(file: str, text: str, found: list[Finding]) -> ProfileError:
    lines = locate(text)
    problems = [Problem(each.path, line_of(lines, each.path), each.code, each.values) for each in found]
    return ProfileError(file, sorted(problems, key=lambda problem: problem.line or 0))
