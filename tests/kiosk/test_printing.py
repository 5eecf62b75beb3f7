"""Slips on a real line to a printer that parses them: printed once, in order, and never half without a word."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.printing import PrintFailed, PrintQueue, PrintResult, printer_of
from kiosk.slip.content import Bilingual, SlipContent
from kiosk.slip.layout import draw_slip
from queue_server.domain.kiosks import PrinterState
from tests.support.printer import FakePrinter

ADDRESS = "https://queue.example.lg.jp/t/Zk3x0a5vQ0mC2r8TtYw1Xg"


def slip(label: str = "503", dots: int = 576) -> Image.Image:
    content = SlipContent(
        label, Bilingual("あなたの番号"), Bilingual("マイナンバー関係"), (), ADDRESS, Bilingual(""), "町役場"
    )
    return draw_slip(content, dots)


@pytest.fixture(scope="module")
def shared() -> Iterator[FakePrinter]:
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def fake(shared: FakePrinter) -> FakePrinter:
    for words in ("ready", "after ", "cut 0", "deaf no"):
        shared.tell(words)
    return shared


def queue_for(fake: FakePrinter) -> tuple[PrintQueue, list[PrinterState]]:
    heard: list[PrinterState] = []
    return PrintQueue(printer_of(fake.address), heard.append), heard


@pytest.mark.parametrize("dots", [384, 512, 576])
def test_what_comes_out_is_what_was_drawn_and_phones_read_its_code(
    fake: FakePrinter, tmp_path: Path, dots: int
) -> None:
    queue, heard = queue_for(fake)
    drawn = slip(dots=dots)
    assert queue.submit(f"width {dots}", lambda: drawn) == PrintResult(True, PrinterState.READY)
    printed = fake.last(tmp_path)
    assert printed.size == drawn.size
    assert printed.tobytes() == drawn.tobytes()
    assert [code.text for code in zxingcpp.read_barcodes(printed.convert("L"))] == [ADDRESS]
    assert heard == [PrinterState.READY]


def test_a_job_given_twice_prints_once(fake: FakePrinter) -> None:
    queue, _ = queue_for(fake)
    before = fake.slips
    results = {queue.submit("once", slip) for _ in range(3)}
    assert results == {PrintResult(True, PrinterState.READY)}
    assert fake.slips == before + 1


def test_ten_at_once_come_out_one_after_the_other(fake: FakePrinter) -> None:
    queue, _ = queue_for(fake)
    before = fake.slips
    results: list[PrintResult] = []
    jobs = [
        threading.Thread(target=lambda n=n: results.append(queue.submit(f"burst {n % 5}", slip)))  # type: ignore[misc]
        for n in range(10)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert fake.slips == before + 5
    assert all(result.printed for result in results)


@pytest.mark.parametrize("state", ["paper_out", "cover_open", "error"])
def test_a_printer_that_cannot_print_gets_no_job(fake: FakePrinter, state: str) -> None:
    queue, heard = queue_for(fake)
    before = fake.slips
    fake.tell(state)
    assert queue.submit("kept", slip) == PrintResult(False, PrinterState(state))
    assert (fake.slips, heard) == (before, [PrinterState(state)])
    fake.tell("ready")
    assert queue.submit("kept", slip).printed, "the same job again, once there is paper"
    assert heard == [PrinterState(state), PrinterState.READY]


def test_low_paper_prints_and_says_so(fake: FakePrinter) -> None:
    queue, heard = queue_for(fake)
    fake.tell("paper_low")
    assert queue.submit("low", slip) == PrintResult(True, PrinterState.PAPER_LOW)
    assert heard == [PrinterState.PAPER_LOW]


def test_the_paper_is_looked_at_again_after_the_job(fake: FakePrinter) -> None:
    queue, _ = queue_for(fake)
    fake.tell("after paper_out")
    assert queue.submit("the last", slip) == PrintResult(True, PrinterState.PAPER_OUT)


def test_a_job_cut_in_half_is_no_slip(fake: FakePrinter) -> None:
    queue, _ = queue_for(fake)
    before = fake.slips
    fake.tell("cut 20000")
    result = queue.submit("half", slip)
    assert (result.printed, result.state) == (False, PrinterState.ERROR)
    assert fake.slips == before
    fake.tell("cut 0")
    assert queue.submit("half", slip).printed


def test_a_printer_that_is_off_is_off() -> None:
    with FakePrinter() as gone:
        address = gone.address
    printer = printer_of(address)
    assert printer is not None
    assert printer.status() is PrinterState.OFF
    with pytest.raises(PrintFailed) as failed:
        printer.print(slip())
    assert failed.value.state is PrinterState.OFF


def test_a_printer_that_says_nothing_is_off(fake: FakePrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.printing.printers.TIMEOUT_SECONDS", 0.3)
    fake.tell("deaf yes")
    printer = printer_of(fake.address)
    assert printer is not None
    assert printer.status() is PrinterState.OFF


def test_no_question_comes_inside_a_job(fake: FakePrinter) -> None:
    queue, _ = queue_for(fake)
    asker = threading.Thread(target=lambda: [queue.check() for _ in range(5)])
    asker.start()
    for number in range(3):
        queue.submit(f"asked {number}", slip)
    asker.join()
    assert fake.tell("inside") == "0"


def test_a_kiosk_without_a_printer_prints_nothing() -> None:
    queue = PrintQueue(printer_of(""))
    assert queue.submit("any", slip) == PrintResult(False, None)
    assert queue.check() is None
    queue.watch()


def test_an_idle_printer_is_watched(fake: FakePrinter) -> None:
    changed = threading.Event()
    heard: list[PrinterState] = []

    def hear(state: PrinterState) -> None:
        heard.append(state)
        if state is PrinterState.PAPER_OUT:
            changed.set()

    queue = PrintQueue(printer_of(fake.address), hear, watch_seconds=0.05)
    queue.watch()
    try:
        fake.tell("paper_out")
        assert changed.wait(10)
    finally:
        queue.stop()
    assert heard[-1] is PrinterState.PAPER_OUT


def test_a_printer_behind_a_device_file_gets_the_same_bytes(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    printer = printer_of(f"file://{device}")
    assert printer is not None
    assert printer.status() is PrinterState.READY
    assert printer.print(slip()) is PrinterState.READY
    data = device.read_bytes()
    assert data.startswith(b"\x1b\x40")
    assert b"\x1dv0\x00" in data
    assert data.endswith(b"\x1d\x56\x01")


@pytest.mark.parametrize("address", ["serial:///dev/none?baud=9600", "usb://ffff:ffff", "file:///none/lp0"])
def test_a_device_that_is_not_there_is_off(address: str) -> None:
    printer = printer_of(address)
    assert printer is not None
    assert printer.status() is PrinterState.OFF


def test_what_is_no_printer_is_refused() -> None:
    with pytest.raises(ValueError, match="no printer"):
        printer_of("http://192.0.2.1")


@pytest.mark.parametrize("worker", ["eventlet", "gevent"])
def test_the_event_loop_goes_on_while_a_slip_is_drawn_and_sent(fake: FakePrinter, worker: str) -> None:
    """In a patched process, as the server's: a heartbeat beats between the beginning and the end of one job."""
    before = fake.slips
    program = Path(__file__).with_name("printing_heartbeat.py")
    done = subprocess.run(
        [sys.executable, program, worker, fake.address], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    printed, beats = done.stdout.splitlines()[-1].split()
    assert printed == "True"
    assert int(beats) > 10, "beats while the job ran"
    assert fake.slips == before + 1
