"""Board reads a second, plain and answered 304: through the application, through nginx, and beside nginx and a file.

python -m tests.bench.reads
"""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from tests.bench.contestants import compile_c
from tests.bench.rounds import UNSLOWED
from tests.support.proxy import Nginx
from tests.support.server import SITE, Server, free_port

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 1 if QUICK else 3
SECONDS = 1.0 if QUICK else 2.0
CONNECTIONS = 16
BOARD = f"/api/sites/{SITE}/board"
PLAIN = {"Accept-Encoding": "identity"}
FILE_SERVER = """
server {{
    listen 127.0.0.1:{port};
    access_log off;
    root {folder};
    types {{ application/json json; }}
}}
"""


class Changed(Exception):  # noqa: N818 - no mistake, only bad luck
    """The answers were not all alike."""


def reads(program: Path, port: int, path: str, header: str = "") -> float:
    """Answers a second over a few kept connections, all of them with the status that the first one had."""
    words = [str(program), str(port), path, str(CONNECTIONS), str(SECONDS), *([header] if header else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    rate, status, others = done.stdout.split()
    assert status in ("200", "304"), done.stdout
    if (status == "304") is not bool(header) or others != "0":
        raise Changed
    return float(rate)


def unchanged(program: Path, port: int, path: str) -> float:
    """The same for a reader who has it already; begun again if a minute went by meanwhile, which renews a board."""
    while True:
        etag = httpx.get(f"http://127.0.0.1:{port}{path}", headers=PLAIN, trust_env=False).headers["ETag"]
        try:
            return reads(program, port, path, f"If-None-Match: {etag}")
        except Changed:
            continue


def measure(folder: Path, program: Path, server: Server) -> dict[str, float]:
    """One round of all, one right after another."""
    port = free_port()
    (folder / "www").mkdir(parents=True)
    found: dict[str, float] = {}
    files = FILE_SERVER.format(port=port, folder=folder / "www")
    with Nginx(folder / "nginx", server.port, fast=1_000_000, more=files, plain=True) as nginx:
        board = httpx.get(f"{server.url}{BOARD}", headers=PLAIN, trust_env=False)
        (folder / "www" / "board.json").write_bytes(board.content)
        for name, at, path in (
            ("file", port, "/board.json"),
            ("nginx", nginx.port, BOARD),
            ("application", server.port, BOARD),
        ):
            found[f"{name} 200"] = reads(program, at, path)
            found[f"{name} 304"] = unchanged(program, at, path)
    return found


def rows(rounds: int = ROUNDS) -> list[tuple[str, str, str]]:
    """The table's lines: what, its figure, and beside what it stands."""
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="queue-reads-") as directory:
        folder = Path(directory)
        program = compile_c("reads", folder)
        with Server(folder / "data", UNSLOWED) as server:
            found.extend(measure(folder / str(number), program, server) for number in range(rounds))
    rate: Callable[[str], float] = lambda name: median(each[name] for each in found)  # noqa: E731
    lines = []
    for status in ("200", "304"):
        file = rate(f"file {status}")
        what = "board GET" if status == "200" else "board GET with its ETag (304)"
        lines.append((f"{what}: nginx and a file of the same bytes", f"{file:,.0f} /s", "1.00"))
        for name in ("nginx", "application"):
            figure = rate(f"{name} {status}")
            where = "through nginx" if name == "nginx" else "the application itself"
            lines.append((f"{what}: {where}", f"{figure:,.0f} /s", f"{figure / file:.2f} of the file"))
    return lines


if __name__ == "__main__":
    for name, figure, beside in rows():
        print(f"  {name:<75}  {figure:<32} {beside}")
