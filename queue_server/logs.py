"""How every program of this project logs: one JSON line per event, on the error stream."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from queue_server.log_lines import ERRORS, scrubbed

LEVELS = logging.getLevelNamesMapping()


def configure_logging(level: str) -> None:
    """One JSON line per event from `level` on; local variables are never logged, they may hold what concerns a
    person.

    What is logged at the level of error or above is counted (`log_lines.ERRORS`), also where `level` leaves it out.
    """
    lowest = LEVELS[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _counted,
            _from_level(lowest),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(min(lowest, logging.ERROR)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _counted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if LEVELS[event["level"].upper()] >= logging.ERROR:
        ERRORS.add()
    return event


def _from_level(lowest: int) -> Processor:
    def keep(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if LEVELS[event["level"].upper()] < lowest:
            raise structlog.DropEvent
        return event

    return keep


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The net below every call (`log_lines`)."""
    return {key: scrubbed(value) for key, value in event.items()}
