"""What the kernel was asked to do: no number is told before its commit is certainly on the disk (strace)."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from queue_server.storage.database import CHECKPOINT_EVERY, FILE_NAME
from tests.crash.clients import Client, Ledger
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

NUMBERS = 60
CHECKPOINTS = 3
PATIENCE_SECONDS = 30
CALL = re.compile(r"(?:\d+ +)?(\w+)\((\d+)(?:<([^>]*)>)?(.*)")


@contextmanager
def traced(process: int, output: Path) -> Iterator[None]:
    """Every write, sync and answer of a process, in the order in which the kernel was asked."""
    calls = "trace=pwrite64,fdatasync,fsync,sendto,write"
    words = ["strace", "-f", "-y", "-s", "16", "-e", calls, "-p", str(process), "-o", str(output)]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as strace:
        assert strace.stderr is not None
        line = strace.stderr.readline()
        if b"attached" not in line:
            strace.terminate()
            assert os.geteuid() != 0, line
            pytest.skip(f"strace cannot attach here: {line.decode().strip()}")
        try:
            yield
        finally:
            strace.terminate()
            strace.stderr.read()


@pytest.mark.crash
def test_no_number_is_told_before_its_commit_is_on_the_disk(tmp_path: Path) -> None:
    ledger, trace = Ledger(), tmp_path / "trace"
    with Server(tmp_path / "data") as server:
        token = server.token(Role.ADMIN)
        clients = [Client(server.url, token, ledger, None, seed) for seed in range(3)]
        with traced(server.worker, trace):
            for client in clients:
                client.start()
            assert ledger.wait_for(NUMBERS, PATIENCE_SECONDS)
            for client in clients:
                client.ask_to_stop()
            for client in clients:
                client.join(PATIENCE_SECONDS)
    told = _check(trace.read_text(errors="replace"))
    assert told >= NUMBERS
    assert ledger.strange == []
    print(f"\n{told} numbers told, each after its commit was synced")


def _check(trace: str) -> int:
    """How many numbers were told; fails where something written to the log was not synced before one."""
    unsynced, told, synced = 0, 0, 0
    for line in trace.splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        call, _, name, rest = found.groups()
        if (name or "").endswith(f"{FILE_NAME}-wal"):
            unsynced = unsynced + 1 if call == "pwrite64" else 0
            synced += call in ("fdatasync", "fsync")
        elif call in ("sendto", "write") and "HTTP/1.1 201" in rest:
            assert unsynced == 0, f"told with {unsynced} writes not synced: {line}"
            told += 1
    assert synced, "no sync was seen; the test did not test"
    return told


@pytest.mark.crash
def test_a_command_syncs_the_log_once_and_touches_nothing_else_on_the_disk(tmp_path: Path) -> None:
    """What brings the log into the file is done by a thread beside the one that carries commands out."""
    trace = tmp_path / "trace"
    with Server(tmp_path / "data") as server, server.client(Role.ADMIN) as admin:
        with traced(server.worker, trace):
            for checkpoints in range(1, CHECKPOINTS + 1):
                # Fewer than make SQLite think of a checkpoint by itself: so a hall presses, at ten times its load.
                for _ in range(CHECKPOINT_EVERY // 2):
                    issued = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
                    admin.post(f"/api/tickets/{issued.json()['id']}/cancel").raise_for_status()
                wait_until(
                    lambda n=checkpoints: _files_synced(trace, server.worker)[1][FILE_NAME] >= n, "no checkpoint"
                )
        commands = CHECKPOINTS * CHECKPOINT_EVERY
        (mine, beside), touched = _files_synced(trace, server.worker), _files_written(trace, server.worker)
    assert touched == {f"{FILE_NAME}-wal"}
    assert mine.keys() == {f"{FILE_NAME}-wal"}
    # A log that begins anew after a checkpoint has its head synced too; a block of versions is a commit of its own.
    assert commands <= mine[f"{FILE_NAME}-wal"] <= commands + 2 * CHECKPOINTS
    print(f"\n{commands} commands: {mine.total()} syncs by them, {beside.total()} beside them")


def _files_synced(trace: Path, main: int) -> tuple[Counter[str], Counter[str]]:
    """How often the thread that carries out commands synced each file, and how often all others did."""
    mine, beside = Counter[str](), Counter[str]()
    for thread, call, name in _of_the_database(trace):
        if call in ("fdatasync", "fsync"):
            (mine if thread == main else beside)[name] += 1
    return mine, beside


def _files_written(trace: Path, main: int) -> set[str]:
    """The files that the thread that carries out commands wrote."""
    return {name for thread, call, name in _of_the_database(trace) if thread == main and call == "pwrite64"}


def _of_the_database(trace: Path) -> Iterator[tuple[int, str, str]]:
    for line in trace.read_text(errors="replace").splitlines():
        found = re.match(rf"(\d+) +(\w+)\(\d+<[^>]*/({FILE_NAME}[^/>]*)>", line)
        if found:
            yield int(found[1]), found[2], found[3]


def test_the_check_finds_an_answer_that_comes_too_early() -> None:
    write, sync = f"1 pwrite64(9</d/{FILE_NAME}-wal>, ...) = 4", f"1 fdatasync(9</d/{FILE_NAME}-wal>) = 0"
    answer = '1 sendto(11<socket:[1]>, "HTTP/1.1 201 Cre"..., 400) = 400'
    assert _check("\n".join([write, sync, answer, write, write, sync, answer, answer])) == 2 + 1
    with pytest.raises(AssertionError, match="not synced"):
        _check("\n".join([write, sync, write, answer]))
