from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.kiosks import SILENT_AFTER, KioskReport, PrinterState, heard, says_news

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = NOW + timedelta(seconds=30)
READY = KioskReport(PrinterState.READY)


def test_a_printer_is_as_it_is_since_the_first_report_that_said_so() -> None:
    state = heard(None, READY, NOW)
    assert (state.since, heard(state, KioskReport(PrinterState.READY, 3), LATER).since) == (NOW, NOW)
    assert heard(state, KioskReport(PrinterState.OFF), LATER).since == LATER


def test_a_kiosk_is_silent_when_a_minute_passed_without_a_report() -> None:
    state = heard(None, READY, NOW)
    assert not state.silent_at(NOW + SILENT_AFTER - timedelta(seconds=1))
    assert state.silent_at(NOW + SILENT_AFTER)


@pytest.mark.parametrize(
    ("report", "at", "news"),
    [
        (READY, LATER, False),
        (KioskReport(PrinterState.READY, 1), LATER, True),
        (READY, NOW + SILENT_AFTER, True),
    ],
    ids=["the same", "another", "after a silence"],
)
def test_staff_are_told_what_is_new(report: KioskReport, at: datetime, news: bool) -> None:
    state = heard(None, READY, NOW)
    assert says_news(state, heard(state, report, at)) is news


def test_the_first_report_is_news() -> None:
    assert says_news(None, heard(None, READY, NOW))


def test_a_printer_prints_while_it_has_paper() -> None:
    assert [state.value for state in PrinterState if state.prints] == ["ready", "paper_low"]
