"""Start a real server on fresh data, say where it is, and let people come until somebody presses Ctrl+C."""

import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from queue_server.accounts import Accounts
from queue_server.clock import SystemClock
from queue_server.config import Settings, load_profile
from queue_server.demo.people import People
from queue_server.domain.calendar import JST, status_at
from queue_server.domain.roles import Role
from queue_server.domain.site import Site
from queue_server.settings import child_environment
from queue_server.storage.database import Store

START_SECONDS = 60
TIME_LEFT = timedelta(hours=1)
"""A hall that closes sooner than this is shown at a simulated hour."""
STAFF_NAME = "demo"
ACTOR = "operator:demo"


class DemoFailed(Exception):  # noqa: N818 - an answer for the visitor
    """The demo's server did not come up."""


def run_demo(settings: Settings, *, quiet: bool, say: Callable[[str], None]) -> None:
    """Serve `settings.profile` on fresh data until Ctrl+C or SIGTERM; `quiet` leaves the people out.

    `say` gets each line meant for the visitor. Raises DemoFailed when the server does not come up.
    """
    site = next(iter(load_profile(settings.profile).sites.values()))
    with tempfile.TemporaryDirectory(prefix="queue-demo-", ignore_cleanup_errors=True) as directory:
        clock = settings.clock or simulated_start(site)
        settings = replace(settings, data_dir=Path(directory), clock=clock, open_kiosk=True, log_level="warning")
        store = Store(settings.data_dir)
        accounts = Accounts(store, SystemClock())
        kiosk_token = accounts.create_device("demo-kiosk", Role.KIOSK, actor=ACTOR)
        desk_token = accounts.create_device("demo-desks", Role.DESK, actor=ACTOR)
        password = secrets.token_urlsafe(9)
        accounts.create_staff(STAFF_NAME, Role.ADMINISTRATOR, password, actor=ACTOR)
        store.close()
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "queue_server.cli", "serve"],
            env=child_environment(os.environ, settings),
            start_new_session=True,
        )
        try:
            base = f"http://{settings.host}:{settings.port}"
            with httpx.Client(base_url=base, timeout=10, trust_env=False) as client:
                _wait_until_up(client, server)
                for line in welcome(base, site, password, clock):
                    say(line)
                people = None
                if not quiet:
                    people = People(client, site.id, kiosk_token, desk_token, seed=random.randrange(2**32))
                _live(people, site, server)
        finally:
            _stop(server)


def simulated_start(site: Site) -> str | None:
    """None while the real hall is open for a while; else half an hour into its next opening, in JST."""
    status = status_at(site.hours, SystemClock().now())
    now = SystemClock().now()
    if status.open and status.closes is not None and status.closes - now > TIME_LEFT:
        return None
    later = status_at(site.hours, status.closes) if status.open and status.closes else status
    if later.next_open is None:
        raise DemoFailed("this hall never opens; give a time with --clock")
    return (later.next_open.astimezone(JST) + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")


def welcome(base: str, site: Site, password: str, clock: str | None) -> list[str]:
    """What the visitor reads on the terminal: where everything is, and how to sign in."""
    last = list(site.counters.values())[-1]
    return [
        "",
        f"  {site.name}" + (f"  (simulated clock, from {clock} JST)" if clock else ""),
        "",
        f"  Everything    {base}/",
        f"  Kiosk         {base}/kiosk/{site.id}",
        f"  Desk          {base}/desk/{site.id}",
        f"  Supervisor    {base}/supervisor/{site.id}",
        f"  Administrator {base}/admin",
        f"  Board         {base}/board/{site.id}",
        f"  Phone page    {base}/status/{site.id}",
        "",
        f"  Sign in to the staff's pages as {STAFF_NAME} with password {password}",
        f"  {last.name} is yours; simulated clerks work at the others. Ctrl+C ends the demo.",
        "",
    ]


def _wait_until_up(client: httpx.Client, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DemoFailed("the server ended at once; its words stand above")
        try:
            client.get("/api/sites").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise DemoFailed(f"the server did not answer within {START_SECONDS} s")


def _live(people: People | None, site: Site, server: "subprocess.Popen[bytes]") -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if people is not None:
            people.begin(time.monotonic(), list(site.counters)[:-1])
        while server.poll() is None:
            due = people.step(time.monotonic()) if people is not None else time.monotonic() + 1
            time.sleep(min(1.0, max(0.05, due - time.monotonic())))
    except httpx.HTTPError as error:
        if server.poll() is None:
            raise DemoFailed(f"the people lost the server: {error}") from error
    except KeyboardInterrupt:
        pass


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
