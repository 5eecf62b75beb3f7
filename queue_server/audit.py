"""Who did what when: the journal, read for those who answer for it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from queue_server.storage.audit import AuditLine, Question, search
from queue_server.storage.database import Store
from queue_server.worker import run_blocking

__all__ = ["Audit", "AuditLine", "Page", "Question"]

PAGE_LINES = 100
EXPORT_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of the journal, newest first; `before` asks for the next page, None after the last one."""

    lines: list[AuditLine]
    before: int | None


class Audit:
    """Reads the journal on connections of its own, beside the hall's work and never in its way."""

    def __init__(self, store: Store) -> None:
        self._path = store.path

    def page(self, question: Question, lines: int = PAGE_LINES) -> Page:
        """The newest lines that a question asks for, at most so many. Raises StorageUnavailable."""
        found = run_blocking(search, self._path, question, lines + 1)
        kept = found[:lines]
        return Page(kept, kept[-1].seq if len(found) > lines else None)

    def lines(self, question: Question) -> Iterator[AuditLine]:
        """All lines that a question asks for, newest first, read in pieces. Raises StorageUnavailable."""
        before = question.before
        while True:
            page = self.page(replace(question, before=before), EXPORT_LINES)
            yield from page.lines
            if page.before is None:
                return
            before = page.before
