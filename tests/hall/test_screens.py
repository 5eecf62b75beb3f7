"""Screens say that they are alive, and staff see it."""

from tests.support.halls import Town


def test_staff_see_which_screens_are_alive_and_since_when(port: Town) -> None:
    heard: list[str] = []
    port.hall.listen(heard.append)
    (screen,) = port.hall.site.screens.values()
    never = {"heard": False, "silent": False, "since": None, "heard_at": None, "pages": 0}
    assert port.desk["screens"] == [{"id": screen.id, "name": screen.name, **never}]
    port.hall.report_screen(screen.id, "a")
    port.pass_minutes(0.5)
    port.hall.report_screen(screen.id, "a")
    assert len(heard) == 1, "the same once more is no news"
    port.hall.report_screen(screen.id, "b")
    (shown,) = port.desk["screens"]
    assert (len(heard), shown["pages"], shown["since"]) == (2, 2, "2026-11-24T09:00:00+09:00")
    port.at("2026-11-24T09:05")
    (shown,) = port.desk["screens"]
    assert (shown["silent"], shown["pages"], shown["heard_at"]) == (True, 0, "2026-11-24T09:00:30+09:00")
    assert port.kinds() == [], "news is no record"


def test_a_screen_that_the_profile_does_not_name_is_unknown(port: Town) -> None:
    with port.knows_no("screen"):
        port.hall.report_screen("none", "a")
