"""The alerts and the runbook ask for what a server tells, from its first moment on."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from queue_server.copies.folder import BACKUP_MARK, JOURNAL_COPY_MARK
from queue_server.domain.roles import Role
from queue_server.health.measuring import COMMANDS
from tests.support.server import SITE, Server, limit_file_size

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
RULES: Mapping[str, Mapping[str, Any]] = {
    rule["alert"]: rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
}
OF_PROMETHEUS = frozenset({"job", "instance"})
"""The labels that it adds to each series."""
AGES = {"queue_backup_age_seconds": BACKUP_MARK, "queue_journal_copy_age_seconds": JOURNAL_COPY_MARK}
"""Told only where there are copies; the alerts on them ask for that as well."""
SELECTOR = re.compile(r"\b((?:queue|process)_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|on) \(([^)]*)\)")

Series = dict[str, list[Sample]]


def told(server: Server) -> Series:
    """Every series that a server tells now, by its name."""
    text = httpx.get(f"{server.url}/metrics", trust_env=False).raise_for_status().text
    found: Series = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample)
    return found


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Series, Series]]:
    """What a server tells before anybody has done anything, and again once there are copies."""
    with Server(tmp_path_factory.mktemp("alerts") / "data") as server:
        first = told(server)
        for mark in AGES.values():
            (server.data / mark).touch()
        yield first, told(server)


def lacking(expression: str, series: Series) -> list[str]:
    """The selectors of an expression that would find nothing, each value that a matcher names taken by itself."""
    missing = []
    for name, matchers in SELECTOR.findall(expression):
        if name not in series:
            missing.append(name)
        for label, operator, values in MATCHER.findall(matchers):
            if label in OF_PROMETHEUS:
                continue
            there = {sample.labels.get(label) for sample in series.get(name, [])}
            wanted = values.split("|") if operator == "=~" else [values]
            missing += [f'{name}{{{label}="{value}"}}' for value in wanted if value not in there]
    return missing


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_asks_for_series_that_are_there_before_anything_happened(
    untouched: tuple[Series, Series], alert: str
) -> None:
    """Of a series that begins at 1, increase() and rate() do not see the first."""
    first, with_copies = untouched
    expression = RULES[alert]["expr"]
    assert SELECTOR.search(expression) or expression.startswith("up{")
    absent = [name for name in AGES if f'(up{{job="queue-server"}} == 1 unless on (instance) {name})' in expression]
    assert lacking(expression, first) == [each for name in absent for each in (name, name)]
    assert lacking(expression, with_copies) == []


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_compares_and_names_labels_that_its_series_have(
    untouched: tuple[Series, Series], alert: str
) -> None:
    _, series = untouched
    rule = RULES[alert]
    asked = {label for group in GROUPING.findall(rule["expr"]) for label in re.split(r",\s*", group)}
    named = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    for name, _ in SELECTOR.findall(rule["expr"]):
        for sample in series[name]:
            assert asked <= set(sample.labels) | OF_PROMETHEUS
    first = SELECTOR.search(rule["expr"])
    assert not named or (first and named <= set(series[first[1]][0].labels) | OF_PROMETHEUS)


def test_the_runbook_names_series_that_there_are(untouched: tuple[Series, Series]) -> None:
    _, series = untouched
    named = {name for name, _ in SELECTOR.findall(RUNBOOK) if name != "queue_server"}
    assert {"queue_refused_total", "queue_http_requests_total"} <= named
    assert [name for name in named if name not in series] == []


def test_a_mistake_of_any_view_is_counted_from_0(untouched: tuple[Series, Series]) -> None:
    first, _ = untouched
    at_0 = {sample.labels["endpoint"] for sample in first["queue_http_requests_total"] if sample.value == 0}
    assert {"api.issue", "api.move_ticket", "health.ready", "display.status"} <= at_0


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_says_how_urgent_it_is_and_stands_in_the_runbook_with_what_to_do(alert: str) -> None:
    rule = RULES[alert]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert re.search(rf"^\| `{alert}` \| .{{20,}} \|$", RUNBOOK, re.MULTILINE)


def test_an_error_is_counted_whatever_the_level_of_the_log(tmp_path: Path) -> None:
    """An error of a command that no view answers with 500: the disk is full."""
    with (
        Server(tmp_path / "data", {"QUEUE_SERVER_LOG_LEVEL": "critical"}) as server,
        server.client(Role.ADMIN) as admin,
    ):
        [before] = told(server)["queue_errors_total"]
        assert (before.labels, before.value) == ({}, 0)
        assert server.process is not None
        limit_file_size(server.process, 4096)
        answers = (admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}) for _ in range(400))
        assert next(answer for answer in answers if answer.status_code != 201).status_code == 503
        after = told(server)
        assert after["queue_errors_total"][0].value >= 1
        assert after["queue_ready"][0].value == 0
    assert '"level": "error"' not in server.log.read_text()


def commands_of_the_hall() -> set[str]:
    """The first word of each command, as the source of `queue_server/hall/` has it."""
    found = set()
    for path in sorted((DEPLOY.parent / "queue_server" / "hall").glob("*.py")):
        for function in [each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.FunctionDef)]:
            named = {
                ast.unparse(each.targets[0]): each.value
                for each in ast.walk(function)
                if isinstance(each, ast.Assign) and isinstance(each.value, ast.List)
            }
            for call in [each for each in ast.walk(function) if isinstance(each, ast.Call)]:
                if ast.unparse(call.func) == "self.command":
                    words = named.get(ast.unparse(call.args[1]), call.args[1])
                    assert isinstance(words, ast.List)
                    found.add(ast.literal_eval(words.elts[0]))
    return found


def test_every_command_of_a_hall_is_timed_from_0() -> None:
    commands = commands_of_the_hall()
    assert {"issue", "call_next", "adopt", "post_notice"} <= commands
    assert commands == set(COMMANDS)
