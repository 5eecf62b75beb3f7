"""A browser without scripts: it shows pages, and sends a page's form with what stands in it and what is typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.page_tree import Node, parse
from tests.support.people import JAPANESE

Typed = Mapping[str, str | Sequence[str]]


class Reader:
    """Somebody in front of a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str, status: int = 200) -> Node:
        """A page; it must be answered with this status, kept by no cache, and hold no inline style or script."""
        answer = self.client.get(path, headers=JAPANESE)
        assert answer.status_code == status, f"{answer.status_code} {path}"
        return page_of(answer)

    def send(self, page: Node, action: str, typed: Typed | None = None) -> TestResponse:
        """Press the button of the form that goes to `action`, after typing over some of its controls."""
        form = next(node for node in page.tags("form") if node.attrs.get("action") == action)
        assert form.attrs["method"] == "post"
        fields = {**controls_of(form), **(typed or {})}
        unknown = set(typed or {}) - {node.attrs.get("name") for node in form.walk()}
        assert not unknown, f"the form has no {unknown}"
        return self.client.post(action, data=fields, headers=JAPANESE)

    def follow(self, answer: TestResponse) -> Node:
        """Where a form leads to when it was taken."""
        assert answer.status_code == 303, problems_of(page_of(answer))
        assert answer.location is not None
        return self.open(answer.location)


def page_of(answer: TestResponse) -> Node:
    """The page of an answer."""
    assert answer.headers["Cache-Control"] == "no-store"
    page = parse(answer.text)
    assert all("style" not in node.attrs for node in page.walk())
    assert all("src" in script.attrs for script in page.tags("script"))
    return page


def controls_of(form: Node) -> dict[str, Any]:
    """What a form sends as it stands."""
    fields: dict[str, Any] = {}
    for node in form.walk():
        name, kind = node.attrs.get("name"), node.attrs.get("type", "text")
        if name is None:
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in node.attrs:
                fields.setdefault(name, []).append(node.attrs["value"])
        elif node.tag == "textarea":
            fields[name] = "".join(part for part in node.parts if isinstance(part, str))
        else:
            fields[name] = node.attrs.get("value", "")
    return fields


def problems_of(page: Node) -> dict[str, str]:
    """What a page says is wrong, by the control that the sentence stands beside; each is tied to its control."""
    found = {}
    for node in page.all(class_="field__problem"):
        name = node.attrs["id"].removesuffix("-problem")
        tied = [each for each in page.walk() if node.attrs["id"] in each.attrs.get("aria-describedby", "").split()]
        assert tied, f"no control is described by {node.attrs['id']}"
        found[name] = node.text
    return found


def done(page: Node) -> str:
    """The sentence that says what was done."""
    return page.one(class_="form-done").text
