"""How every program of this project logs: one JSON line per event, on the error stream."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from queue_server.log_lines import scrubbed


def configure_logging(level: str) -> None:
    """One JSON line per event; local variables are never logged, they may hold what concerns a person."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The net below every call (`log_lines`)."""
    return {key: scrubbed(value) for key, value in event.items()}
