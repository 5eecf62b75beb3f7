"""Pages as bytes: rendered for whoever asks first after a change, and kept for everybody else until the next.

A page is made from a board, so the board's `version`, which also rises when only time went on, says whether what is
kept is still right. Whoever has the newest page already is told so before anything is rendered.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import cast

from flask import Flask, Response, current_app, request

from queue_server.languages import tag_of_request
from queue_server.page_headers import FRESH
from queue_server.snapshot import Board

EXTENSION, TICKETS_EXTENSION = "display.prepared", "display.prepared_tickets"
PUBLIC_PAGES, TICKET_PAGES = 200, 500
"""So many pages are kept at most, the last asked for; some 20 kB each."""


class Prepared:
    """The bytes of pages by name, each with the stamp of what it was made from."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[str, ...], tuple[str, bytes]] = OrderedDict()

    def page(self, name: tuple[str, ...], stamp: str, render: Callable[[], str]) -> bytes:
        """The page of that name as it is at that stamp."""
        kept = self._pages.get(name)
        if kept is None or kept[0] != stamp:
            kept = self._pages[name] = (stamp, render().encode())
        self._pages.move_to_end(name)
        while len(self._pages) > self._most:
            self._pages.popitem(last=False)
        return kept[1]


def install(app: Flask) -> None:
    """Give an application room for its pages."""
    app.extensions[EXTENSION] = Prepared(PUBLIC_PAGES)
    app.extensions[TICKETS_EXTENSION] = Prepared(TICKET_PAGES)


def public_page(name: Sequence[str], boards: Sequence[Board], render: Callable[[], str]) -> Response:
    """A page that is the same for everybody in one language, with an ETag; 304 for a reader who has it.

    `boards` are all that it is made from, and `name` is everything else that it says besides the language.
    """
    language = tag_of_request()
    stamp = ".".join(board.etag for board in boards)
    etag = f"{stamp}-{language}"
    if request.if_none_match.contains_weak(etag):
        answer = Response(status=304)
    else:
        kept = cast(Prepared, current_app.extensions[EXTENSION])
        answer = Response(kept.page((*name, language), stamp, render), content_type="text/html; charset=utf-8")
    answer.set_etag(etag)
    return shared(answer)


def shared(answer: Response) -> Response:
    """Let caches keep a page for the second that it is good for, a version for each language."""
    answer.headers["Cache-Control"] = FRESH
    # The language is the visitor's choice, kept in a cookie, or their browser's.
    answer.vary.update(("Accept-Language", "Cookie"))
    return answer


def ticket_page(token: str, board: Board, choices: str, render: Callable[[], str]) -> bytes:
    """The page of one ticket, for a holder who loads it again; `choices`: what of it the board does not decide."""
    kept = cast(Prepared, current_app.extensions[TICKETS_EXTENSION])
    return kept.page((token, tag_of_request()), f"{board.etag} {choices}", render)
