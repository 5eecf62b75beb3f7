"""The OpenAPI document tells the truth: schemathesis tries it against a running server."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from queue_server.domain.roles import Role
from queue_server.web.api import MOVES_BY_NAME
from queue_server.web.openapi import describe
from tests.support.api import Api
from tests.support.server import SITE, Server

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]


def test_every_route_of_the_api_is_described_and_nothing_else(app: Flask, api: Api) -> None:
    described = {
        (path, method) for path, item in api.get("/api/openapi.json").get_json()["paths"].items() for method in item
    }
    routes = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<(\w+?)(?:(?<!part)_id)?>", r"{\1}", rule.rule)
            methods = {method.lower() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
            routes |= {(path, method) for method in methods}
    moves = {(f"/api/tickets/{{ticket}}/{move}", "post") for move in MOVES_BY_NAME}
    assert moves < described
    assert (described - moves) | {("/api/tickets/{ticket}/{move_name}", "post")} == routes
    assert len(moves) == 11


def test_the_document_is_openapi_3_1(api: Api) -> None:
    assert api.get("/api/openapi.json").get_json()["openapi"] == "3.1.0"


SCHEMA = schemathesis.openapi.from_dict(describe(sorted(MOVES_BY_NAME)))
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
KNOWN = {"site": SITE, "counter": "6", "service": "mynumber"}


@pytest.fixture(scope="module")
def tried_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: what is tried here leaves numbers waiting and services paused."""
    with Server(tmp_path_factory.mktemp("openapi") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def admin_headers(tried_server: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {tried_server.token(Role.ADMIN)}"}


@pytest.mark.parametrize(
    ("operation", "mode"),
    [(operation, GenerationMode.POSITIVE) for operation in OPERATIONS]
    + [(operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation.method == "post"],
    ids=lambda value: getattr(value, "label", value),
)
def test_the_running_server_answers_as_described(
    tried_server: Server, admin_headers: dict[str, str], operation: Any, mode: GenerationMode
) -> None:
    """Most tries go to things that exist, so that commands are carried out and not only refused."""

    @given(case=operation.as_strategy(generation_mode=mode), hit=st.integers(0, 3))
    @hypothesis.settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def answers(case: schemathesis.Case, hit: int) -> None:
        if hit:
            case.path_parameters.update({name: KNOWN[name] for name in case.path_parameters if name in KNOWN})
        case.call_and_validate(base_url=tried_server.url, headers=admin_headers, checks=CHECKS)

    answers()


def test_the_document_served_is_the_document_tested(server: Server) -> None:
    served = httpx.get(f"{server.url}/api/openapi.json", trust_env=False).json()
    assert served == describe(sorted(MOVES_BY_NAME))
