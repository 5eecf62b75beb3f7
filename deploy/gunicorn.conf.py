"""gunicorn's configuration: `queue-server serve` runs it, and so may any service manager.

    gunicorn --config deploy/gunicorn.conf.py

Everything comes from the QUEUE_SERVER_* variables (README.md, "Settings"). One worker process: one writer
on the data directory, and every socket in the process that makes the boards.
"""

import gc
import os
import sys
import warnings
from typing import Any

from gunicorn.glogging import Logger

from queue_server.log_lines import logging_configuration
from queue_server.settings import NO_PROXY, Settings

# eventlet announces its own retirement; the choice stands in queue_server/NOTES.md, note 1.
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated", Warning)

# What a start makes is kept for as long as the server runs: looking through it for garbage is an eighth of the start.
# The application begins to collect when it stands (queue_server/app.py, `keep_for_ever`).
gc.disable()

settings = Settings.from_environment(os.environ)


class OfNobody(Logger):
    """gunicorn's own log without a line for each request, which it would compose even where nobody writes it, and
    without what it says of who asked and for what (gunicorn/workers/base.py, `handle_error`)."""

    def access(self, *_request: object) -> None:
        """Nothing: queue_server/web/request_log.py says what there is to say."""

    def warning(self, msg: object, *args: object, **more: Any) -> None:
        """A warning; of a request that cannot be read the kind alone, not its address and not what stood in it."""
        if isinstance(msg, str) and msg.startswith("Invalid request from"):
            kind = sys.exc_info()[0]
            msg, args = "Invalid request: %s", (kind.__name__ if kind is not None else "unknown",)
        super().warning(msg, *args, **more)

    def exception(self, msg: object, *args: object, **more: Any) -> None:
        """An error with its traceback; of a request that it befell not the path and the query."""
        if isinstance(msg, str) and msg.startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **more)


wsgi_app = "queue_server.app:serve_app()"
bind = f"{settings.host}:{settings.port}"
workers = 1
worker_class = settings.worker.value
worker_connections = 10_000
# A page of ours sends a dozen headers. A line may hold the answer of an identity provider, a header two cookies.
limit_request_line = 4_094
limit_request_fields = 50
limit_request_field_size = 8_190
# Whose word on https is taken; the same proxies are believed about addresses (queue_server/access/addresses.py).
forwarded_allow_ips = "" if settings.trusted_proxies == NO_PROXY else settings.trusted_proxies
# A press of a button takes milliseconds; open sockets are cut and their pages come back by themselves.
graceful_timeout = 2
timeout = 60
# Also the time that the head of a request may take; a body has ten seconds (queue_server/reading_ahead.py).
keepalive = 15
backlog = 4_096
# One worker, always: nobody adds another through gunicorn's control socket.
control_socket_disable = True
# Paths carry ticket tokens: no access log. nginx in front logs without them (deploy/README.md).
accesslog = None
logger_class = OfNobody
errorlog = "-"
loglevel = settings.log_level
logconfig_dict = logging_configuration(settings.log_level)
proc_name = "queue-server"
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
