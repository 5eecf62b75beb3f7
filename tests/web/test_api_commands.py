"""The commands of the JSON API: paths, fields and statuses as the design names them."""

import re

import pytest

from queue_server.domain.roles import Role
from tests.support.api import Api


def test_issue_answers_201_with_the_number_its_token_and_its_place(api: Api) -> None:
    api.issue()
    answer = api.issue()
    assert answer.status_code == 201
    body = answer.get_json()
    assert body["label"] == "501"
    assert body["ahead"] == 1
    assert body["estimate"] is None, "no counter is open, so nobody can say"
    assert body["board_seq"] == api.board()["seq"]
    assert re.fullmatch(r"[\w-]{22}", body["token"])
    assert body["ticket_url"] == f"/t/{body['token']}"


def test_the_estimate_is_a_range_once_a_counter_is_open(api: Api) -> None:
    api.counter("6", "open")
    api.issue()
    estimate = api.issue().get_json()["estimate"]
    assert 0 <= estimate["low"] < estimate["high"]


def test_open_and_close_answer_the_counter(api: Api) -> None:
    opened = api.counter("6", "open")
    assert opened.status_code == 200
    assert opened.get_json() == {
        "counter": {
            "id": "6",
            "name": "6番窓口",
            "open": True,
            "services": ["mynumber"],
            "clerk": None,
            "break_until": None,
        }
    }
    closed = api.counter("6", "close")
    assert closed.get_json()["counter"]["open"] is False


def test_call_next_answers_204_without_content_when_nobody_waits(api: Api) -> None:
    api.counter("6", "open")
    answer = api.counter("6", "call-next")
    assert answer.status_code == 204
    assert answer.data == b""


def test_call_next_answers_the_ticket_in_order_of_issue(api: Api) -> None:
    api.issue()
    api.issue()
    api.counter("6", "open")
    answer = api.counter("6", "call-next")
    assert answer.status_code == 200
    ticket = answer.get_json()["ticket"]
    assert (ticket["label"], ticket["state"], ticket["counter"]) == ("500", "called", "6")
    assert "token" not in ticket


def test_call_next_with_complete_finishes_the_current_ticket_in_the_same_step(api: Api) -> None:
    first = api.called()
    api.issue()
    answer = api.counter("6", "call-next", {"complete": True}).get_json()
    assert answer["completed"]["id"] == first["id"]
    assert answer["completed"]["state"] == "completed"
    assert answer["ticket"]["label"] == "501"


def test_call_next_with_complete_finishes_the_last_ticket_though_nobody_waits(api: Api) -> None:
    first = api.called()
    answer = api.counter("6", "call-next", {"complete": True})
    assert answer.status_code == 200
    assert answer.get_json()["ticket"] is None
    assert answer.get_json()["completed"]["id"] == first["id"]


def test_call_takes_any_number_by_its_label(api: Api) -> None:
    api.issue()
    api.issue()
    api.counter("6", "open")
    answer = api.counter("6", "call", {"label": "501"})
    assert answer.status_code == 200
    assert answer.get_json()["ticket"]["label"] == "501"


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (["recall"], "called"),
        (["start"], "serving"),
        (["start", "complete"], "completed"),
        (["complete"], "completed"),
        (["no-show"], "no_show"),
        (["no-show", "reinstate"], "waiting"),
        (["no-show", "cancel"], "cancelled"),
        (["hold"], "held"),
        (["hold", "resume"], "waiting"),
        (["hold", "cancel"], "cancelled"),
    ],
)
def test_each_move_answers_the_ticket_in_its_new_state(api: Api, moves: list[str], state: str) -> None:
    ticket = api.called()
    for move in moves:
        answer = api.move(ticket["id"], move)
        assert answer.status_code == 200
    assert answer.get_json()["ticket"]["state"] == state


def test_transfer_keeps_the_number_and_changes_the_service(api: Api) -> None:
    ticket = api.called()
    answer = api.move(ticket["id"], "transfer", {"service": "inkan"}).get_json()["ticket"]
    assert (answer["label"], answer["service"], answer["state"]) == ("500", "inkan", "waiting")
    assert "500" in api.service("inkan")["waiting"]


def test_transfer_to_a_counter_waits_for_that_counter_alone(api: Api) -> None:
    ticket = api.called()
    api.move(ticket["id"], "transfer", {"counter": "1"})
    api.counter("1", "open")
    assert api.counter("6", "call-next").status_code == 204
    assert api.counter("1", "call-next").get_json()["ticket"]["id"] == ticket["id"]


def test_advance_calls_the_same_number_again_at_the_next_stage(api: Api) -> None:
    ticket = api.called("3", "koseki")
    assert ticket["stage"] == "受付"
    advanced = api.move(ticket["id"], "advance").get_json()["ticket"]
    assert (advanced["state"], advanced["stage"], advanced["label"]) == ("waiting", "交付", ticket["label"])


def test_hold_carries_its_reason_to_the_desks_and_not_to_the_public(api: Api) -> None:
    ticket = api.called()
    assert api.move(ticket["id"], "hold", {"reason": "写真を撮りに"}).get_json()["ticket"]["reason"] == "写真を撮りに"
    assert "写真" not in api.get(f"/api/sites/{api.site}/board").text


def test_pause_and_resume_switch_the_service_for_the_public(api: Api) -> None:
    path = f"/api/sites/{api.site}/services/mynumber"
    assert api.post(f"{path}/pause").get_json()["service"]["paused"] is True
    assert api.service("mynumber")["accepting"] is False
    assert api.post(f"{path}/resume").get_json()["service"]["paused"] is False
    assert api.service("mynumber")["accepting"] is True


def test_the_same_key_gives_the_same_answer_and_no_second_ticket(api: Api) -> None:
    first, again = api.issue(key="press-1"), api.issue(key="press-1")
    assert first.get_json() == again.get_json()
    assert again.status_code == 201
    assert api.service("mynumber")["waiting"] == ["500"]


def test_a_double_tap_on_next_calls_one_ticket(api: Api) -> None:
    api.issue()
    api.issue()
    api.counter("6", "open")
    first = api.counter("6", "call-next", key="tap")
    again = api.counter("6", "call-next", key="tap")
    assert first.get_json() == again.get_json()
    assert api.service("mynumber")["waiting"] == ["501"]


def test_a_command_without_a_key_is_taken_once_a_call(api: Api) -> None:
    path, token = f"/api/sites/{api.site}/tickets", api.tokens[Role.KIOSK]
    client = api._client
    for expected in ("500", "501"):
        answer = client.post(path, json={"service": "mynumber"}, headers={"Authorization": f"Bearer {token}"})
        assert answer.get_json()["label"] == expected
