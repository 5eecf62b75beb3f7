"""schemathesis with all its checks against a running server, for some seconds (FUZZ_SECONDS=300 for minutes)."""

import itertools
import os
import time
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from queue_server.domain.roles import Role
from queue_server.web.api import MOVES_BY_NAME
from queue_server.web.openapi import describe
from tests.fuzz.bystander import STALL_SECONDS, Bystander, metric, resident_kb, worker_of
from tests.support.server import SITE, Server

SECONDS = float(os.environ.get("FUZZ_SECONDS", "4"))
LONG = SECONDS >= 60
EXAMPLES = 8 if LONG else 1
"""Of one operation, then the next: all of them have their turn, again and again."""
LARGEST_GROWTH_KB = 40 * 1024
"""The day's tickets and answers are held; a minute of it makes thousands."""
KNOWN = {"site": SITE, "counter": "6", "service": "mynumber"}
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # What is well-formed may still name something that is not there, or come at the wrong time, or too often.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "410", "422", "429"]},
        }
    }
)
load_all_checks()
ALL_CHECKS = list(CHECKS.get_all())


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(describe(sorted(MOVES_BY_NAME)), config=CONFIG)
    return [found.ok() for found in schema.get_all_operations()]


def try_out(operation: Any, mode: GenerationMode, server: Server, headers: dict[str, str], round_number: int) -> None:
    """Some examples of one operation, other ones each round."""

    @hypothesis.seed(round_number)
    @given(case=operation.as_strategy(generation_mode=mode), hit=st.integers(0, 3))
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    def answers(case: schemathesis.Case, hit: int) -> None:
        if hit:
            case.path_parameters.update({name: KNOWN[name] for name in case.path_parameters if name in KNOWN})
        case.call_and_validate(base_url=server.url, headers=headers, checks=ALL_CHECKS)

    answers()


def test_every_answer_is_as_described_whatever_is_asked(tmp_path: Path) -> None:
    """In a short run, as many operations as there is time for, both with what fits and with what does not."""
    with Server(tmp_path / "data", {"QUEUE_SERVER_LOG_LEVEL": "warning"}) as server:
        headers = {"Authorization": f"Bearer {server.token(Role.ADMIN)}"}
        worker = worker_of(server)
        tried, memory = 0, resident_kb(worker)
        with Bystander(server) as bystander:
            end = time.monotonic() + SECONDS
            for round_number in itertools.count():
                # The operations of a short run differ from those that tests/web/test_openapi.py begins with.
                for operation in reversed(operations()):
                    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                        if time.monotonic() < end and not (
                            mode is GenerationMode.NEGATIVE and _takes_nothing(operation)
                        ):
                            try_out(operation, mode, server, headers, round_number)
                            tried += 1
                if time.monotonic() >= end:
                    break
        growth = resident_kb(worker) - memory
        requests = metric(server, "queue_http_requests_total")
        slow = {
            name: metric(server, f"{name}_count")[labels] - metric(server, f"{name}_bucket")[bucket]
            for name, labels, bucket in (
                ("queue_command_seconds", '{command="issue"}', '{command="issue",le="1.0"}'),
                ("queue_loop_late_seconds", "", '{le="1.0"}'),
            )
        }
        print(
            {
                "slower than a second": slow,
                "tried": tried,
                "longest": bystander.longest,
                "growth": growth,
                "requests": sum(requests.values()),
            }
        )
        assert tried > 0
        assert bystander.errors == []
        assert max(bystander.longest.values()) < STALL_SECONDS
        assert [labels for labels, count in requests.items() if count and 'status="5' in labels] == []
        assert metric(server, "queue_errors_total") == {"": 0}
        assert "Traceback" not in server.log.read_text()
        assert growth < LARGEST_GROWTH_KB


def _takes_nothing(operation: Any) -> bool:
    """Whether there is nothing to get wrong: no parameter and no body."""
    return operation.method == "get"
