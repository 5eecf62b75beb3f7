"""Clips on a real disk: whole or not at all, found again after a power cut, and nobody's who did not ask for them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.domain.speech import Clip
from queue_server.domain.voice import VoiceLanguage
from queue_server.voice.cache import ClipCache, clip_name
from queue_server.voice.making import make_clips
from queue_server.voice.wanted import read_wanted, write_wanted
from queue_server.voice.worker import Status
from tests.support.voice import WORKER_SECONDS, engines

E = VoiceLanguage.ENGLISH
ONE, TWO, THREE = (Clip(E, f"Number {number}.") for number in (1, 2, 3))


def keep(cache: ClipCache, clip: Clip, audio: bytes = b"sound", identity: str = "v1") -> str:
    name = clip_name(clip, identity)
    cache.keep(clip, name, audio, 1.5)
    return name


def files(cache: ClipCache) -> set[str]:
    return {path.name for path in cache.folder.iterdir()} - {"manifest.jsonl", "lock", "wanted.json"}


def test_a_clip_that_was_kept_is_there_for_this_program_and_the_next(tmp_path: Path) -> None:
    cache, other = ClipCache(tmp_path), ClipCache(tmp_path)
    assert (cache.kept(), other.kept(), cache.stamp) == ({}, {}, "0")
    name = keep(cache, ONE)
    assert cache.has(ONE, name)
    assert other.has(ONE, name)
    assert other.kept()[ONE].bytes == 5
    assert other.stamp == cache.stamp != "0"
    assert (cache.folder / f"{name}.opus").stat().st_mode & 0o077 == 0


def test_another_text_language_or_engine_has_another_name() -> None:
    clips = [ONE, TWO, Clip(VoiceLanguage.KOREAN, ONE.text)]
    assert len({clip_name(clip, identity) for clip in clips for identity in ("v1", "v2")}) == 6


def test_a_line_that_a_power_cut_has_torn_is_passed_over_and_the_next_stands_alone(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    keep(cache, ONE)
    manifest = cache.folder / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes() + b'{"language":"en","te')
    fresh = ClipCache(tmp_path)
    assert set(fresh.kept()) == {ONE}
    keep(fresh, TWO)
    assert set(ClipCache(tmp_path).kept()) == {ONE, TWO}


@pytest.mark.parametrize("line", [b"[]", b'{"language":"xx","text":"a"}', b'{"language":"en"}', b"7", b"\xff"])
def test_a_line_that_says_something_else_is_passed_over(tmp_path: Path, line: bytes) -> None:
    cache = ClipCache(tmp_path)
    cache.folder.mkdir()
    (cache.folder / "manifest.jsonl").write_bytes(line + b"\n")
    assert cache.kept() == {}


def test_a_clip_whose_file_is_gone_is_made_again(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    name = keep(cache, ONE)
    (cache.folder / f"{name}.opus").unlink()
    assert not cache.has(ONE, name)
    assert cache.file_of(name) is None


def test_only_clips_have_files_by_name(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("secret")
    cache = ClipCache(tmp_path)
    name = keep(cache, ONE)
    (cache.folder / f"{'0' * 24}.opus").write_text("nobody's")
    assert cache.file_of(name) == cache.folder / f"{name}.opus"
    for other in ("../secret.key", "manifest.jsonl", "0" * 24, "", name.upper(), f"../voice/{name}"):
        assert cache.file_of(other) is None, other


def test_what_nobody_wants_goes_and_so_does_what_was_left_half_made(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    assert cache.tidy([]) == 0
    old, new = keep(cache, ONE, identity="v1"), keep(cache, ONE, identity="v2")
    keep(cache, TWO)
    (cache.folder / ".half.part").write_bytes(b"ha")
    assert cache.tidy([ONE]) == 3
    assert files(cache) == {f"{new}.opus"}
    assert old != new
    assert set(cache.kept()) == {ONE}


def test_only_one_makes_clips_at_a_time(tmp_path: Path) -> None:
    with ClipCache(tmp_path).alone(wait=False) as first, ClipCache(tmp_path).alone(wait=False) as second:
        assert (first, second) == (True, False)
    with ClipCache(tmp_path).alone(wait=True) as third:
        assert third


def test_what_is_there_is_not_made_again_and_who_must_stop_stops_before_the_next(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    told: list[Clip] = []
    first = make_clips([ONE, TWO], cache, engines(), told=told.append)
    assert (first.made, told, first.there) == ([ONE, TWO], [ONE, TWO], 0)
    second = make_clips([ONE, TWO, THREE], cache, engines(), go_on=lambda: False)
    assert (second.made, second.there, second.stopped) == ([], 2, True)


def test_the_list_of_the_server_arrives_in_its_order(tmp_path: Path) -> None:
    write_wanted(tmp_path / "voice", [TWO, ONE])
    assert read_wanted(tmp_path / "voice") == [TWO, ONE]


def test_the_worker_makes_what_is_wanted_and_forgets_the_rest(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    keep(cache, THREE)
    write_wanted(cache.folder, [ONE, TWO])
    assert worker(tmp_path).wait(WORKER_SECONDS) == Status.DONE
    assert set(cache.kept()) == {ONE, TWO}
    assert {path.name[:24] for path in cache.folder.glob("*.opus")} == {each.name for each in cache.kept().values()}


def test_a_worker_without_its_server_makes_nothing(tmp_path: Path) -> None:
    write_wanted(ClipCache(tmp_path).folder, [ONE])
    assert worker(tmp_path, parent=1).wait(WORKER_SECONDS) == Status.DONE
    assert ClipCache(tmp_path).kept() == {}


def test_a_worker_leaves_the_directory_to_whoever_is_at_work(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    write_wanted(cache.folder, [ONE])
    with cache.alone(wait=False):
        assert worker(tmp_path).wait(WORKER_SECONDS) == Status.SOMEBODY_ELSE
    assert cache.kept() == {}


def test_a_worker_without_a_list_says_so(tmp_path: Path) -> None:
    assert worker(tmp_path).wait(WORKER_SECONDS) == Status.NO_ROOM


def test_a_worker_that_is_killed_in_the_middle_leaves_whole_clips_and_the_next_goes_on(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    clips = [Clip(E, f"Number {number}.") for number in range(20)]
    write_wanted(cache.folder, clips)
    first = worker(tmp_path)
    while len(cache.kept()) < 3:
        assert first.poll() is None
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    before = dict(cache.kept())
    assert 3 <= len(before) < 20
    for each in before.values():
        assert (cache.folder / f"{each.name}.opus").stat().st_size == each.bytes
    assert worker(tmp_path).wait(WORKER_SECONDS) == Status.DONE
    assert set(cache.kept()) == set(clips)
    assert before.items() <= cache.kept().items()
    assert list(cache.folder.glob(".*.part")) == []


def test_a_full_disk_ends_the_worker_and_keeps_what_was_made(tmp_path: Path) -> None:
    """No file of it may grow beyond the size of a clip: the first that is larger meets what a full disk gives it."""
    short, long, other = (
        Clip(VoiceLanguage.JAPANESE, text)
        for text in ("一番。", "番号ふだをお持ちのかたはお越しください。", "二番。")
    )
    cache = ClipCache(tmp_path)
    write_wanted(cache.folder, [short, long, other])
    limited = f"ulimit -f 6; exec {sys.executable} -m queue_server.voice.worker {tmp_path} {os.getpid()}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, timeout=WORKER_SECONDS)
    assert done.returncode == Status.NO_ROOM, done.stderr
    assert "File too large" in done.stderr
    assert set(cache.kept()) == {short}
    assert list(cache.folder.glob(".*.part")) == []
    assert worker(tmp_path).wait(WORKER_SECONDS) == Status.DONE
    assert set(cache.kept()) == {short, long, other}


def worker(data: Path, parent: int | None = None) -> "subprocess.Popen[bytes]":
    """The process that a server starts; never run in this one, which would stay at its lowest priority."""
    command = [sys.executable, "-m", "queue_server.voice.worker", str(data), str(parent or os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)
