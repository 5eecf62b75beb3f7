"""A disk that takes no more: 503, nothing half-written, reads go on, the pages say so, and it heals by itself."""

import resource
from pathlib import Path

import httpx
import pytest

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server, limit_file_size, run_cli

PATIENCE = 400


@pytest.mark.crash
def test_a_full_disk_refuses_tickets_and_nothing_else(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, server.client(Role.ADMIN) as admin:
        path = f"/api/sites/{SITE}/tickets"
        acknowledged = [admin.post(path, json={"service": "inkan"}).raise_for_status().json()["id"]]
        assert server.process is not None
        limit_file_size(server.process, 4096)
        for _ in range(PATIENCE):
            answer = admin.post(path, json={"service": "inkan"})
            if answer.status_code != 201:
                break
            acknowledged.append(answer.json()["id"])
        assert answer.status_code == 503
        assert answer.json()["code"] == "storage_unavailable"
        assert answer.headers["Retry-After"]

        board = httpx.get(f"{server.url}/api/sites/{SITE}/board", trust_env=False).raise_for_status().json()
        assert board["storage"]["writable"] is False
        services = [service for category in board["categories"] for service in category["services"]]
        assert not any(service["accepting"] for service in services)
        assert httpx.get(f"{server.url}/status/{SITE}", trust_env=False).status_code == 200
        assert httpx.get(f"{server.url}/kiosk/{SITE}", trust_env=False).status_code == 200

        limit_file_size(server.process, resource.RLIM_INFINITY)
        healed = admin.post(path, json={"service": "inkan"})
        assert healed.status_code == 201
        acknowledged.append(healed.json()["id"])
        board = httpx.get(f"{server.url}/api/sites/{SITE}/board", trust_env=False).json()
        assert board["storage"]["writable"] is True
        waiting = next(s["waiting"] for c in board["categories"] for s in c["services"] if s["id"] == "inkan")
        assert len(waiting) == len(acknowledged)
    assert "the tables are what the journal says" in run_cli("verify", "--data", str(server.data))
