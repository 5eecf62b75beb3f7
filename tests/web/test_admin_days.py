"""Special days and the hours of one day."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.audit import Question
from queue_server.city import City
from queue_server.config import Settings, load_profile
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.forms import Reader, Typed, done, page_of, problems_of
from tests.support.people import JAPANESE, signed_in

SITE = "/admin/sites/honchosha"
DAYS = f"{SITE}/days"
TODAY = f"{SITE}/special_day/2026-11-24"
YEAR_END = f"{SITE}/special_day/2026-12-28"
HOLIDAY = f"{SITE}/special_day/2026-12-31"


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def save(admin: Reader, path: str, typed: Typed) -> str:
    """What is said after the form of a day was taken."""
    return done(admin.follow(admin.send(admin.open(path), path, typed)))


def rows(admin: Reader) -> list[list[str]]:
    """The list of special days."""
    found = admin.open(DAYS).all(class_="rows")
    body = found[0].tags("tbody")[0].tags("tr") if found else []
    return [[cell.text for cell in (*row.tags("th"), *row.tags("td"))] for row in body]


def value(city: City, day: str) -> Any:
    parts = city.hall("honchosha").structure()["parts"]
    return next((each["value"] for each in parts if each["id"] == day), None)


def test_a_day_opened_in_two_intervals(admin: Reader, city: City) -> None:
    page = admin.open(HOLIDAY)
    assert "終日閉庁（年末年始）" in page.text
    answer = admin.send(
        page,
        HOLIDAY,
        {"mode": "open", "open-0": "８：３０〜１２：００", "open-2": "13:00-15:00", "reason": " 臨時開庁 "},
    )
    said = "2026年12月31日(木) を変えました（受付: 08:30〜12:00、13:00〜15:00／理由: 臨時開庁）。"
    assert done(admin.follow(answer)) == said
    assert value(city, "2026-12-31") == {"open": ["08:30-12:00", "13:00-15:00"], "reason": "臨時開庁"}
    assert rows(admin) == [
        ["2026年12月31日(木)", "08:30〜12:00、13:00〜15:00", "臨時開庁", "終日閉庁（年末年始）", "変更あり sato"]
    ]


def test_closing_today_takes_effect_at_once(admin: Reader, api: Api) -> None:
    save(admin, TODAY, {"mode": "closed", "reason": "システムの点検"})
    status = api.board()["status"]
    assert (status["open"], status["phase"], status["reason"]) == (False, "closed_day", "システムの点検")
    assert api.issue().status_code == 409
    assert "本日は受付を行っていません" in admin.open(SITE).text


def test_other_hours_today(admin: Reader, api: Api) -> None:
    save(admin, TODAY, {"open-0": "8:30-10:00", "reason": "半日"})
    assert api.board()["status"]["closes"] == "2026-11-24T10:00:00+09:00"


def test_a_day_is_changed_and_removed(admin: Reader, city: City) -> None:
    save(admin, YEAR_END, {"mode": "closed", "reason": "点検"})
    page = admin.open(YEAR_END)
    assert page.one(name="reason").attrs["value"] == "点検"
    save(admin, YEAR_END, {"mode": "open", "open-0": "13:00-15:00", "reason": "午後だけ"})
    page = admin.open(YEAR_END)
    assert "消すと、ふだんの決まりどおり（08:30〜17:15）になります。" in page.text
    said = done(admin.follow(admin.send(page, f"{YEAR_END}/remove")))
    assert said == "2026年12月28日(月) を、プロファイルの内容に戻しました。"
    assert value(city, "2026-12-28") is None
    assert rows(admin) == []


def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(admin: Reader, city: City) -> None:
    sato = city.audit.page(Question()).lines
    for typed, problems in (
        ({"reason": ""}, {"reason": "理由を入力してください。"}),
        ({"reason": "点\t検"}, {"reason": "1文字以上、改行なしで入力してください。前後に空白は入れられません。"}),
        (
            {"mode": "open", "open-0": "", "reason": ""},
            {"open-0": "開ける時間を一つ以上入力してください。", "reason": "理由を入力してください。"},
        ),
        ({"reason": "長" * 81}, {"reason": "80文字以内で入力してください。"}),
        ({"mode": "open", "open-0": "", "reason": "点検"}, {"open-0": "開ける時間を一つ以上入力してください。"}),
        ({"open-1": "午後", "reason": "点検"}, {"open-1": "時間は「08:30-17:15」のように入力してください。"}),
        (
            {"open-0": "12:00-9:00", "reason": "点検"},
            {"open-0": "終わりの時刻は、始まりの時刻より後にしてください。"},
        ),
        (
            {"open-0": "9:00-12:00", "open-2": "11:00-13:00", "reason": "点検"},
            {"open-2": "前の時間帯と重なっています。早い順に、重ならないように入力してください。"},
        ),
        (
            {"open-0": "9:00-20:00", "reason": ""},
            {
                "open-0": "番号札が無効になる19:00より後まで開けることはできません。",
                "reason": "理由を入力してください。",
            },
        ),
    ):
        answer = admin.send(admin.open(YEAR_END), YEAR_END, typed)
        assert answer.status_code == 422
        page = page_of(answer)
        assert problems_of(page) == problems
        assert {name: page.one(name=name).attrs["value"] for name in typed if name != "mode"} == {
            name: text for name, text in typed.items() if name != "mode"
        }, "what was typed is kept"
        assert {node.attrs["name"] for node in page.walk() if "aria-invalid" in node.attrs} == set(problems)
        assert len(page.all(autofocus="")) == 1
        assert page.one(role="alert").text == "まだ変えていません。入力した内容を確かめてください。"
    assert city.audit.page(Question()).lines == sato


def test_a_form_that_says_neither_open_nor_closed(admin: Reader) -> None:
    answer = admin.send(admin.open(YEAR_END), YEAR_END, {"mode": "", "reason": "点検"})
    assert problems_of(page_of(answer)) == {"mode": "どちらかを選んでください。"}


def test_any_day_can_be_chosen(admin: Reader) -> None:
    assert admin.client.get(f"{DAYS}?day=2026-12-28").location == YEAR_END
    for typed in ("", "2026-11-23", "2029-01-01", "tomorrow", "2026-02-30"):
        page = admin.open(f"{DAYS}?day={typed}", 422)
        assert problems_of(page) == {"day": "きょうから2028年11月24日(金)までの日付を入力してください。"}
        assert page.one(name="day").attrs["value"] == typed


def test_more_intervals_than_rows_have_room(admin: Reader, city: City) -> None:
    hours = {f"open-{row}": f"{9 + row}:00-{9 + row}:30" for row in range(3)}
    save(admin, YEAR_END, {**hours, "mode": "open", "reason": "試し"})
    assert "open-3" in {node.attrs.get("name") for node in admin.open(YEAR_END).tags("input")}
    assert len(value(city, "2026-12-28")["open"]) == 3


def test_saving_what_stands_there_changes_nothing(admin: Reader, city: City) -> None:
    save(admin, YEAR_END, {"mode": "closed", "reason": "点検"})
    before = city.audit.page(Question()).lines
    assert save(admin, YEAR_END, {}) == "変わったところはありません。"
    assert city.audit.page(Question()).lines == before


def test_today_says_when_the_reception_was_switched_by_hand(admin: Reader, api: Api) -> None:
    api.post("/api/sites/honchosha/reception/close", {"reason": ""})
    assert "この日の時間より、手動の設定が優先されます。" in admin.open(TODAY).text
    assert "手動の設定" not in admin.open(YEAR_END).text


def test_a_restart_keeps_the_days(settings: Settings, clock: ManualClock) -> None:
    with make_app(settings, clock) as app:
        admin = Reader(signed_in(app.test_client(), city_of(app), role=Role.ADMINISTRATOR))
        save(admin, YEAR_END, {"mode": "closed", "reason": "点検"})
        cookie = admin.client.get_cookie("queue_session")
        assert cookie is not None
    with make_app(settings, clock) as app:
        later = app.test_client()
        later.set_cookie(cookie.key, cookie.value)
        assert rows(Reader(later))[0][:3] == ["2026年12月28日(月)", "終日閉庁", "点検"]


def test_a_day_of_the_profile_can_be_taken_out_and_put_back(
    settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    special = '[{ day = "2027-03-28", open = ["08:30-12:00"], reason = "繁忙期" }]'
    key = "closed_on_holidays = true"
    text = load_profile("atsugi").text.replace(key, f"{key}\nspecial_day = {special}")
    profile = tmp_path / "city.toml"
    profile.write_text(text, encoding="utf-8")
    march = f"{SITE}/special_day/2027-03-28"
    with make_app(Settings(tmp_path / "city", str(profile), log_level="critical"), clock) as app:
        admin = Reader(signed_in(app.test_client(), city_of(app), role=Role.ADMINISTRATOR))
        assert rows(admin)[0][1:] == ["08:30〜12:00", "繁忙期", "終日閉庁", ""]
        said = done(admin.follow(admin.send(admin.open(march), f"{march}/remove")))
        assert "特別な設定はありません（ふだんの決まりどおり）" in said
        assert rows(admin)[0][1] == "特別な設定を消しました（終日閉庁）"
        page = admin.open(march)
        assert "プロファイルでは次のとおりです。 受付 08:30〜12:00 理由 繁忙期" in page.text
        admin.follow(admin.send(page, f"{march}/profile"))
        assert rows(admin)[0][1:] == ["08:30〜12:00", "繁忙期", "終日閉庁", ""]


def test_an_old_page_keeps_what_was_typed(admin: Reader, city: City) -> None:
    form = {
        "csrf_token": "old",
        "typed": "1",
        "revision": "0",
        "mode": "open",
        "open-0": "9:00-10:00",
        "reason": "試し",
    }
    answer = admin.client.post(YEAR_END, data=form, headers=JAPANESE)
    assert answer.location == YEAR_END
    page = admin.open(YEAR_END)
    assert "まだ行っていません。" in page.one(class_="form-notice").text
    assert page.one(name="reason").attrs["value"] == "試し"
    save_again = admin.send(page, YEAR_END)
    assert done(admin.follow(save_again)).startswith("2026年12月28日(月) を変えました")
    assert value(city, "2026-12-28")["open"] == ["09:00-10:00"]


def test_a_disk_that_refuses_loses_nothing_that_was_typed(admin: Reader, city: City) -> None:
    page = admin.open(YEAR_END)
    database = city.hall("honchosha")._store.database
    database.execute("PRAGMA query_only = ON")
    answer = admin.send(page, YEAR_END, {"mode": "closed", "reason": "点検"})
    database.execute("PRAGMA query_only = OFF")
    assert answer.status_code == 503
    page = page_of(answer)
    assert "ただいま記録できません。" in page.one(class_="form-problem").text
    assert page.one(name="reason").attrs["value"] == "点検"
    assert "点検" in done(admin.follow(admin.send(page, YEAR_END)))


def test_after_the_day_has_passed_its_page_is_gone(admin: Reader, clock: ManualClock, city: City) -> None:
    save(admin, TODAY, {"mode": "closed", "reason": "点検"})
    clock.set(local_minute("2026-11-24T10:00"))
    assert admin.client.get(TODAY).status_code == 200
    clock.set(local_minute("2026-11-25T00:10"))
    city.tick()
    admin = Reader(signed_in(admin.client, city, "other", Role.ADMINISTRATOR))
    assert admin.client.get(TODAY).status_code == 404
    assert rows(admin) == []
