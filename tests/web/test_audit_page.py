"""The record of who did what when: the table, its filters, the file."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from queue_server.audit import PAGE_LINES
from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.hall import Caller
from queue_server.web.admin_csv import csv_pieces, defused
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.forms import Reader, problems_of
from tests.support.page_tree import Node
from tests.support.people import JAPANESE, sign_in, signed_in

AUDIT, FILE = "/admin/audit", "/admin/audit.csv"
HEAD = ["記録番号", "日時", "営業日", "庁舎", "だれが", "種類", "何を", "番号", "窓口"]
HALL = "厚木市役所本庁舎1階市民課"


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def rows(page: Node) -> list[list[str]]:
    """The lines of the table: when, who, where, number, what."""
    tables = page.all(class_="rows")
    return [[cell.text for cell in (*row.tags("td"), *row.tags("th"))] for row in tables[0].tags("tr")[1:]]


def told(admin: Reader, query: str) -> list[str]:
    """What the table says, newest first."""
    page = admin.open(f"{AUDIT}?{query}")
    return [row[-1] for row in rows(page)] if page.all(class_="rows") else []


def file_of(admin: Reader, query: str = "") -> list[list[str]]:
    answer = admin.client.get(f"{FILE}?{query}", headers=JAPANESE)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel takes it for Shift_JIS without"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_newest_line_comes_first_with_when_who_what_and_where(admin: Reader, api: Api) -> None:
    label = api.called("5", "todoke")["label"]
    assert rows(admin.open(AUDIT))[:2] == [
        ["2026-11-24 09:15:00", "test-desk（端末）", HALL, label, f"{label}番を5番窓口へ呼び出しました。"],
        ["2026-11-24 09:15:00", "test-desk（端末）", HALL, "", "5番窓口を開けました。"],
    ]


def test_the_filters(admin: Reader, api: Api, clock: ManualClock, city: City) -> None:
    monday = told(admin, "")
    label = api.called("5", "todoke")["label"]
    calls = [f"{label}番を5番窓口へ呼び出しました。", "5番窓口を開けました。"]
    issued = f"{label}番を発券しました（転入・転居・転出の届出）。"
    assert told(admin, "site=honchosha") == [*calls, issued]
    assert told(admin, "site=*")[-len(monday) :] == monday
    assert set(told(admin, "site=*")) & {issued, *calls} == set()
    assert told(admin, "actor=test-kiosk") == [issued]
    assert told(admin, f"label={label}") == [calls[0], issued]
    assert told(admin, "group=counters") == ["5番窓口を開けました。"]
    assert told(admin, "group=tickets&actor=desk") == [calls[0]]
    assert told(admin, "site=honchosha&group=access") == []
    clock.advance(timedelta(days=1))
    city.tick()
    sign_in(admin.client)
    api.issue("inkan")
    assert told(admin, "first=2026-11-25&group=tickets") == ["400番を発券しました（印鑑登録）。"]
    expired = f"{label}番を、一日の終わりにより終了しました。"
    assert told(admin, "last=2026-11-24&group=tickets") == [expired, calls[0], issued]
    page = admin.open(f"{AUDIT}?first=2026-11-24&last=2026-11-24&actor=clock")
    assert rows(page)[0][1] == "時刻による自動処理"
    assert page.one(name="first").attrs["value"] == "2026-11-24"
    assert page.one(name="actor").attrs["value"] == "clock"


def test_people_and_devices_are_proposed(admin: Reader, api: Api) -> None:
    names = [option.attrs["value"] for option in admin.open(AUDIT).one(id="names").tags("option")]
    assert names == ["clock", "sato", "test-admin", "test-desk", "test-display", "test-kiosk", "test-monitor"]


def test_what_is_wrong_with_a_filter_stands_beside_it(admin: Reader) -> None:
    for query, problems in (
        ("first=yesterday", {"first": "日付を入力してください。"}),
        ("first=2026-11-25&last=2026-11-24", {"last": "始まりの日より後にしてください。"}),
    ):
        for path in (AUDIT, FILE):
            page = admin.open(f"{path}?{query}", 422)
            assert problems_of(page) == problems
            assert page.all(class_="rows") == []
    assert told(admin, "before=x&site=nowhere") == []


def test_what_does_not_fit_on_a_page_stands_on_the_next(admin: Reader, city: City) -> None:
    hall = city.hall("honchosha")
    for number in range(PAGE_LINES + 20):
        hall.issue(Caller("device:kiosk", str(number)), "shomei")
    first = admin.open(f"{AUDIT}?actor=kiosk")
    link = next(each for each in first.tags("a") if each.text == "これより前の記録")
    second = admin.open(link.attrs["href"])
    labels = [row[3] for row in (*rows(first), *rows(second))]
    assert labels == [str(number) for number in range(PAGE_LINES + 20, 0, -1)]
    assert [each.text for each in second.tags("a") if each.text == "これより前の記録"] == []
    assert len(file_of(admin, "actor=kiosk")) == PAGE_LINES + 21


def test_the_file_has_what_the_filters_leave(admin: Reader, api: Api) -> None:
    label = api.called("5", "todoke")["label"]
    page = admin.open(f"{AUDIT}?site=honchosha")
    link = next(each for each in page.tags("a") if each.text == "CSVに書き出す")
    assert link.attrs["href"] == f"{FILE}?site=honchosha"
    head, newest, *others = file_of(admin, "site=honchosha")
    assert head == HEAD
    what, group = f"{label}番を5番窓口へ呼び出しました。", "番号の発券・呼出・応対"
    assert newest[1:] == [
        "2026-11-24 09:15:00",
        "2026-11-24",
        HALL,
        "test-desk（端末）",
        group,
        what,
        label,
        "5番窓口",
    ]
    assert len(others) == 2
    answer = admin.client.get(FILE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-2026-11-24.csv"'


def test_the_file_runs_nothing_in_a_spreadsheet(admin: Reader, city: City) -> None:
    hall = city.hall("honchosha")
    evil = '=HYPERLINK("http://example.invalid","x")'
    hall.issue(Caller(evil, "one"), "shomei")
    hall.post_notice(Caller("staff:sato", "two"), 'quoted "text", with, commas', None)
    lines = file_of(admin, "site=honchosha")
    assert lines[2][4] == f"'{evil}"
    assert lines[1][6] == 'お知らせ「quoted "text", with, commas」を出しました。'
    assert {len(line) for line in lines} == {len(HEAD)}


def test_no_token_leaves_by_the_record(admin: Reader, api: Api) -> None:
    ticket = api.issue().get_json()
    again = api.post(f"/api/tickets/{ticket['id']}/reissue", {}).get_json()
    for path in (AUDIT, FILE):
        text = admin.client.get(path).text
        assert not any(token in text for token in (ticket["token"], again["token"], *api.tokens.values()))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("", ""),
        ("503番", "503番"),
        ("a=b", "a=b"),
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1+1", "'＝1+1"),
    ],
)
def test_a_cell_that_would_be_computed_is_defused(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_a_long_file_comes_in_pieces_that_fit_together() -> None:
    numbers = [[str(number), f"行 {number}"] for number in range(1_000)]
    pieces = list(csv_pieces(["n", "行"], numbers))
    assert len(pieces) > 3
    text = "".join(pieces)
    assert text.count("\ufeff") == 1
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:] == numbers
