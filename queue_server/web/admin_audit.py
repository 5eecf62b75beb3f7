"""Who did what when: the journal as a table that can be narrowed down, and the same as a CSV file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from queue_server.access import requires
from queue_server.audit import AuditLine, Question
from queue_server.context import current_city
from queue_server.domain.calendar import JST, business_day
from queue_server.domain.roles import Permission
from queue_server.hall import CLOCK_ACTOR
from queue_server.web.admin_answers import Problems, admin, show
from queue_server.web.admin_csv import csv_pieces
from queue_server.web.admin_text import gettext
from queue_server.web.audit_words import GROUPS, AuditWords, actor_words, group_words
from queue_server.worker import run_blocking

WHOLE_CITY = "*"
"""What the form calls the entries of no site; no site can have this id."""
FILTERS = ("site", "first", "last", "actor", "group", "label")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for: as it was typed, what is wrong with it, and the question if nothing is."""

    typed: dict[str, str]
    problems: Problems
    question: Question


@admin.get("/audit")
@requires(Permission.ADMINISTER)
def audit() -> ResponseReturnValue:
    """The newest lines that the filters leave; `before` is where the next page begins."""
    asked, city = _asked(), current_city()
    narrowed = {name: text for name, text in asked.typed.items() if text}
    if asked.problems:
        return show("audit", 422, asked=asked, narrowed=narrowed, rows=[], before=None, **_choices())
    page = city.audit.page(asked.question)
    rows = list(_rows(iter(page.lines)))
    return show("audit", asked=asked, narrowed=narrowed, rows=rows, before=page.before, **_choices())


@admin.get("/audit.csv")
@requires(Permission.ADMINISTER)
def audit_csv() -> ResponseReturnValue:
    """Every line that the filters leave, as a file."""
    asked, city = _asked(), current_city()
    if asked.problems:
        return show("audit", 422, asked=asked, narrowed={}, rows=[], before=None, **_choices())
    lines = city.audit.lines(asked.question)
    # The first line is read before the answer begins: a disk that refuses is still a 503.
    first = list(islice(lines, 1))
    columns = _columns()
    rows = ([row[name] for name in columns] for row in _rows(chain(first, lines)))
    pieces = _politely(csv_pieces(columns.values(), rows))
    response = Response(stream_with_context(pieces), mimetype="text/csv")
    today = business_day(city.clock.now()).isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{today}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked() -> Asked:
    typed = {name: request.args.get(name, "").strip() for name in FILTERS}
    problems: Problems = {}
    first, last = (_day(name, typed[name], problems) for name in ("first", "last"))
    if first and last and last < first:
        problems["last"] = [gettext("始まりの日より後にしてください。")]
    site, before = typed["site"], request.args.get("before", "")
    question = Question(
        site={"": None, WHOLE_CITY: ""}.get(site, site),
        first_day=first,
        last_day=last,
        actor=typed["actor"],
        kinds=GROUPS.get(typed["group"], frozenset()),
        label=typed["label"],
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None,
    )
    return Asked(typed, problems, question)


def _day(name: str, text: str, problems: Problems) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[name] = [gettext("日付を入力してください。")]
        return None


def _rows(lines: Iterator[AuditLine]) -> Iterator[dict[str, str]]:
    """Lines as people read them."""
    words = AuditWords({hall.site.id: hall.site for hall in current_city().halls.values()})
    groups = {kind: name for key, name in group_words().items() for kind in GROUPS[key]}
    for line in lines:
        yield {
            "seq": str(line.seq),
            "at": line.at.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S"),
            "day": line.business_day.isoformat(),
            "site": words.site(line),
            "actor": actor_words(line.actor),
            "group": groups[line.kind],
            "what": words.sentence(line),
            "label": line.label or "",
            "counter": words.counter(line),
        }


def _politely(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces of a long file, with a pause after each in which the event loop serves the halls."""
    for piece in pieces:
        run_blocking(len, piece)
        yield piece


def _columns() -> dict[str, str]:
    """The columns of the file: names of `_rows` and their heads."""
    return {
        "seq": gettext("記録番号"),
        "at": gettext("日時"),
        "day": gettext("営業日"),
        "site": gettext("庁舎"),
        "actor": gettext("だれが"),
        "group": gettext("種類"),
        "what": gettext("何を"),
        "label": gettext("番号"),
        "counter": gettext("窓口"),
    }


def _choices() -> dict[str, Any]:
    """What the filters offer."""
    city = current_city()
    people = [record.name for record in city.accounts.list_staff()]
    devices = [record.name for record in city.accounts.list_devices()]
    return {
        "sites": [*((hall.site.id, hall.site.name) for hall in city.halls.values()), (WHOLE_CITY, gettext("市全体"))],
        "groups": group_words(),
        "names": sorted({CLOCK_ACTOR, *people, *devices}),
    }
