"""gunicorn around the kiosk computer's application: one process, a few threads, loopback alone."""

import os
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from queue_server.log_lines import logging_configuration

HOST = "127.0.0.1"
BOOT_REFUSED = 3
"""gunicorn's own exit code for a worker that cannot boot: the program stops instead of trying for ever."""


class LocalServer(BaseApplication):  # type: ignore[misc]
    """Makes its application in the worker process, where the file is opened and the link's thread lives."""

    def __init__(self, port: int, threads: int, log_level: str, make_app: Callable[[], Flask]) -> None:
        self._options: dict[str, Any] = {
            "bind": f"{HOST}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "timeout": 60,
            "graceful_timeout": 6,
            "keepalive": 15,
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": log_level,
            "logconfig_dict": logging_configuration(log_level),
            "proc_name": "queue-server kiosk",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 - a heartbeat
        }
        self._make_app = make_app
        super().__init__()

    def load_config(self) -> None:
        """Put the options in place."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, in the worker; a start that is refused ends the program with its words."""
        try:
            return self._make_app()
        except Exception as error:
            sys.stderr.write(f"queue-server kiosk does not start: {error}\n")
            sys.stderr.flush()
            sys.exit(BOOT_REFUSED)
