"""How a line of the log looks, how many of them were errors, and the net below: what looks like a secret or an
address of a person is taken out.

No call logs such a thing. But an error of a library may say with what it was called, and gunicorn the address that it
was asked for. Only the standard library is used here, since gunicorn reads its configuration before its worker is
patched (NOTES.md, note 1).
"""

import json
import logging
import re
import threading
from datetime import UTC, datetime
from typing import Any

TAKEN_OUT = "[removed]"
_SECRETS = re.compile(
    r"""
    (?<=/t/)[A-Za-z0-9_-]{8,}                     # a ticket's page
    | (?<=/qr/)[A-Za-z0-9_-]{8,}                  # and its QR code
    | (?<=Bearer[ ])\S+
    | (?<=queue_session=)[^;\s]+
    | (?<=\bip=)\S+                               # gunicorn: "Invalid request from ip=..."
    | [A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+
    | \b(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[\d_-])([\w-]{43}|[\w-]{22})(?![\w-])   # tokens of devices, of tickets
    """,
    re.VERBOSE | re.ASCII,
)


def scrubbed(value: Any) -> Any:
    """A value of a log line without what looks like a token, a mail address or a session, however deep it stands."""
    if isinstance(value, str):
        return _SECRETS.sub(TAKEN_OUT, value)
    if isinstance(value, dict):
        return {key: scrubbed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(each) for each in value]
    return value


class ErrorCount:
    """How often this process had an error to log, also where the level of the log leaves it out."""

    def __init__(self) -> None:
        # Not all that logs is a coroutine: passwords, for one, are computed in threads.
        self._lock = threading.Lock()
        self._count = 0

    def add(self) -> None:
        """There was one more."""
        with self._lock:
            self._count += 1

    @property
    def count(self) -> int:
        """How many there were since the process began."""
        return self._count


ERRORS = ErrorCount()


class CountingHandler(logging.Handler):
    """Counts what gunicorn and other libraries log at the level of error or above."""

    def emit(self, _record: logging.LogRecord) -> None:
        """Count it; nothing is written."""
        ERRORS.add()


class JsonLine(logging.Formatter):
    """The lines of gunicorn and other libraries, in the form of our own."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object; a traceback stands in it as text, without local variables."""
        line: dict[str, Any] = {
            "logger": record.name,
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(scrubbed(line), ensure_ascii=False)


def logging_configuration(level: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` needs for all of it to go to the error stream; `level` is gunicorn's own.

    Errors are counted also where `level` leaves them out: loggers let them through, the handler keeps them back.
    """
    handlers = ["stderr", "counting"]
    through = min(level.upper(), "ERROR", key=lambda name: logging.getLevelNamesMapping()[name])
    loud = {"handlers": handlers, "propagate": False, "level": through}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "queue_server.log_lines.JsonLine"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
                "level": level.upper(),
            },
            "counting": {"class": "queue_server.log_lines.CountingHandler", "level": "ERROR"},
        },
        "root": {"handlers": handlers, "level": "WARNING"},
        "loggers": {"gunicorn.error": loud, "gunicorn.access": {**loud, "level": "CRITICAL"}},
    }
