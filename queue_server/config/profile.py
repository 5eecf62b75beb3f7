"""A city profile: found, read, checked whole, and turned into the frozen objects of the domain."""

import re
import tomllib
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from queue_server.config.build import city_of
from queue_server.config.checks import findings
from queue_server.config.lines import line_of, locate
from queue_server.config.problems import Place, Problem, ProfileError, place_text
from queue_server.config.rows import Finding, Row
from queue_server.config.schema import ProfileTable
from queue_server.domain.site import CityProfile

_NAME = re.compile(r"[a-z0-9-]{1,32}")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")
_WORDS = {"missing": "is missing", "extra_forbidden": "unknown key"}
_ID_RULE = "must be 1 to 32 of a-z, 0-9 and -"


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
        message = _AT_LINE.sub("", str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        raise ProfileError(file, [Problem("", number, f"not TOML: {message}")]) from None
    found = list(findings(Row((), tables)))
    try:
        profile = ProfileTable.model_validate(tables)
    except ValidationError as error:
        found += _schema_findings(error)
        raise _located(file, text, found) from None
    if found:
        raise _located(file, text, found)
    return city_of(profile)


def _read(name_or_path: str) -> tuple[str, bytes]:
    if _NAME.fullmatch(name_or_path):
        if name_or_path not in shipped_profiles():
            message = f"no profile of this name comes with the program ({', '.join(shipped_profiles())})"
            message += f"; a file is named with its folder: ./{name_or_path}"
            raise ProfileError(name_or_path, [Problem("", None, message)])
        shipped = resources.files("queue_server").joinpath("profiles", f"{name_or_path}.toml")
        return f"{name_or_path}.toml", shipped.read_bytes()
    try:
        return name_or_path, Path(name_or_path).read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ProfileError(name_or_path, [Problem("", None, message)]) from None


def _decode(file: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "not UTF-8; save the file with the encoding UTF-8"
        raise ProfileError(file, [Problem("", line, message)]) from None


def _schema_findings(error: ValidationError) -> list[Finding]:
    found = []
    for detail in error.errors():
        place: Place = detail["loc"]
        message = _WORDS.get(detail["type"], detail["msg"].removeprefix("Value error, "))
        if detail["type"] == "string_pattern_mismatch" and place[-1] == "id":
            message = _ID_RULE
        found.append((place, message))
    return found


def _located(file: str, text: str, found: list[Finding]) -> ProfileError:
    lines = locate(text)
    problems = [Problem(place_text(place), line_of(lines, place), message) for place, message in found]
    return ProfileError(file, sorted(problems, key=lambda problem: problem.line or 0))
