"""Style sheets, scripts and pictures under an address that changes with their content, so that they may be kept.

Pages name them as `/v-<version>/static/...`. Scripts import each other by relative paths, so the version goes on from
one to the next. The plain address works as well and is asked for again each time. A page that is open during an
update still asks for the version it came from, and is given what there is now.
"""

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from queue_server.compression import LEAST_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOR_EVER = "public, max-age=31536000, immutable"
PACKED = (".css", ".js", ".svg", ".json")
"""What gzip makes smaller."""
KEPT_VERSIONS = 3
"""Pages that were open before an update go on asking for what they know."""
_VERSIONED = re.compile(r"/(v-[0-9a-f]{12})(/.+)")
_CURRENT = "queue_server.static_version_is_current"

DIGEST = "queue_server.static_digest"
"""The extension of an application that is the digest of its files; they do not change while a server runs."""

Folders = Mapping[str, Path]
"""Folders of files by the path below which they are served."""


def folders_of(app: Flask) -> Folders:
    """The static folders of an application and of its blueprints."""
    found = {str(app.static_url_path): Path(app.static_folder or "")}
    for blueprint in app.blueprints.values():
        if blueprint.has_static_folder:
            found[str(blueprint.static_url_path)] = Path(blueprint.static_folder or "")
    return found


def version_of(folders: Folders) -> str:
    """`v-` and twelve hexadecimal digits of what is in all the files together."""
    return _version(digest_of(folders))


def digest_of(folders: Folders) -> str:
    """The SHA-256, in hexadecimal digits, of the paths and contents of all the files together."""
    digest = hashlib.sha256()
    for path, file in _files(folders):
        digest.update(f"{path} {file.stat().st_size} ".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _version(digest: str) -> str:
    return f"v-{digest[:12]}"


def install(app: Flask) -> None:
    """Have the pages of an application name its files by their version, and serve them so."""
    folders = folders_of(app)
    app.extensions[DIGEST] = digest = digest_of(folders)
    version = _version(digest)

    def url_for(endpoint: str, **values: Any) -> str:
        url = app.url_for(endpoint, **values)
        return f"/{version}{url}" if endpoint == "static" or endpoint.endswith(".static") else url

    app.jinja_env.globals["url_for"] = url_for
    app.wsgi_app = _strip_version(app.wsgi_app, version, tuple(folders))  # type: ignore[assignment, method-assign]
    app.after_request(_let_keep)


def collect(folders: Folders, target: Path) -> Path:
    """Copy all files, and what gzip makes of texts, into `target/v-<version>/`; returns that folder.

    A web server then serves them itself. Older versions but the last two are removed; what is there already stays.
    """
    version = version_of(folders)
    done, unfinished = target / version, target / f"{version}.unfinished"
    if not done.is_dir():
        shutil.rmtree(unfinished, ignore_errors=True)
        for path, file in _files(folders):
            copy = unfinished / path.lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes()
            copy.write_bytes(data)
            if file.suffix in PACKED and len(data) >= LEAST_BYTES:
                copy.with_name(f"{copy.name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
        # Another user's web server reads them.
        for each in [unfinished, *unfinished.rglob("*")]:
            each.chmod(0o755 if each.is_dir() else 0o644)
        unfinished.rename(done)
    _remove_old(target, done)
    return done


def _remove_old(target: Path, newest: Path) -> None:
    versions = [each for each in target.iterdir() if each != newest and _VERSIONED.fullmatch(f"/{each.name}/x")]
    for old in sorted(versions, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT_VERSIONS - 1 :]:
        shutil.rmtree(old)


def _files(folders: Folders) -> Iterable[tuple[str, Path]]:
    """Every file with the path it is served at, in a fixed order."""
    for path, folder in sorted(folders.items()):
        # Not rglob, which passes over a linked folder.
        found = [Path(where) / name for where, _, names in os.walk(folder, followlinks=True) for name in names]
        for file in sorted(found):
            yield f"{path}/{file.relative_to(folder).as_posix()}", file


def _strip_version(wsgi_app: "WSGIApplication", version: str, paths: tuple[str, ...]) -> "WSGIApplication":
    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = _VERSIONED.fullmatch(environ.get("PATH_INFO", ""))
        if found and found[2].startswith(tuple(f"{path}/" for path in paths)):
            environ["PATH_INFO"] = found[2]
            environ[_CURRENT] = found[1] == version
        return wsgi_app(environ, start_response)

    return serve


def _let_keep(response: Response) -> Response:
    if request.environ.get(_CURRENT) and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOR_EVER
        # Another content has another address: nobody asks again whether this one is still right.
        response.headers.pop("ETag", None)
    return response
