from datetime import timedelta

import pytest

from queue_server.domain.calendar import local_minute
from queue_server.hall import CLOCK_ACTOR
from queue_server.snapshot import View
from tests.support.halls import Town


def post(town: Town, text: str, until: str | None = None) -> View:
    instant = None if until is None else local_minute(until)
    notice: View = town.hall.post_notice(town.supervisor(), text, instant)["notice"]
    return notice


def shown(town: Town) -> list[str]:
    """The texts that everybody reads, which staff read too."""
    assert town.board["notices"] == town.desk["notices"]
    return [notice["text"] for notice in town.board["notices"]]


def test_a_notice_is_shown_to_everybody_until_it_is_withdrawn(town: Town) -> None:
    first = post(town, "発券機を調整しています")
    second = post(town, "窓口を増やしました", "2026-11-24T10:00")
    assert second == {"id": second["id"], "text": "窓口を増やしました", "until": "2026-11-24T10:00:00+09:00"}
    assert town.board["notices"] == [first, second]
    assert town.hall.withdraw_notice(town.supervisor(), first["id"]) == {"notice": first}
    assert shown(town) == ["窓口を増やしました"]
    with town.knows_no("notice"):
        town.hall.withdraw_notice(town.supervisor(), first["id"])


def test_a_notice_runs_out_at_its_time(town: Town) -> None:
    post(town, "十時まで", "2026-11-24T10:00")
    town.at("2026-11-24T09:59")
    assert shown(town) == ["十時まで"]
    town.at("2026-11-24T10:00")
    assert shown(town) == []


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_notice_is_not_posted_for_a_time_that_is_past(town: Town, seconds: int) -> None:
    with town.refuses("time_is_past"):
        town.hall.post_notice(town.supervisor(), "遅い", town.clock.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("running", [True, False], ids=["running", "off over night"])
def test_a_notice_outlasts_the_night_and_a_restart(town: Town, running: bool) -> None:
    post(town, "明後日まで", "2026-11-26T12:00")
    post(town, "ずっと")
    town.restart()
    if running:
        town.at("2026-11-24T19:00")
        town.at("2026-11-25T08:30")
    else:
        town.city.close()
        town.clock.set(local_minute("2026-11-25T08:30"))
        town.restart()
    assert shown(town) == ["明後日まで", "ずっと"]
    town.restart()
    assert shown(town) == ["明後日まで", "ずっと"]
    town.at("2026-11-26T12:00")
    assert shown(town) == ["ずっと"]
    notice = town.board["notices"][0]["id"]
    town.hall.withdraw_notice(town.supervisor(), notice)
    town.restart()
    assert shown(town) == []
    town.verify()


def test_a_notice_that_ran_out_is_cleared_away_when_the_day_ends(town: Town) -> None:
    gone, stays = post(town, "十時まで", "2026-11-24T10:00"), post(town, "ずっと")
    town.at("2026-11-24T18:59")
    assert len(town.hall._day.notices) == 2
    town.at("2026-11-24T19:00")
    last = town.entries()[-1]
    assert (last.kind.value, last.actor, last.body) == ("withdraw_notice", CLOCK_ACTOR, {"id": gone["id"]})
    assert [notice.id for notice in town.hall._day.notices] == [stays["id"]]
    entries = town.entries()
    town.at("2026-11-25T19:00")
    assert town.entries() == entries
    town.verify()


def test_the_same_press_posts_one_notice(town: Town) -> None:
    first = town.hall.post_notice(town.supervisor("press"), "一度", None)
    assert town.hall.post_notice(town.supervisor("press"), "一度", None) == first
    assert shown(town) == ["一度"]
    with town.refuses("request_id_reused"):
        town.hall.post_notice(town.supervisor("press"), "一度", local_minute("2026-11-24T10:00"))


def test_a_notice_stands_at_its_own_site_alone(town: Town) -> None:
    notice = post(town, "本庁舎だけ")
    branch = town.city.hall("branch")
    assert branch.board.data["notices"] == []
    with town.knows_no("notice"):
        branch.withdraw_notice(town.supervisor(), notice["id"])
