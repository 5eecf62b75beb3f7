"""replay: what the estimator would have said, over a recorded queue."""

import csv
import gzip
import sys
from pathlib import Path

import click

from queue_server.cli.common import fail

HEADING = ("site", "day", "service", "ticket", "low", "point", "high")


@click.command("replay")
@click.argument("events", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(events: Path) -> None:
    """Predict the waits of a recorded queue, EVENTS.csv or .csv.gz, as CSV on the standard output.

    Each number is predicted as it is issued, by the estimator of the hall, from the rows before it. The
    columns of EVENTS are site, day, minute, event, service, ticket and value, in the order in which things
    happened; the wait (minutes) lies within low and high in 80 of 100 cases.
    """
    # See `accounts_in`: `serve` does not wait for this import.
    from queue_server.domain.waits.recording import COLUMNS, BadRow, Recording, row_of

    recording, line = Recording(), 1
    out = csv.writer(sys.stdout, lineterminator="\n")
    opener = gzip.open if events.suffix == ".gz" else open
    try:
        with opener(events, "rt", encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise BadRow(f"the column {missing[0]} is missing")
            out.writerow(HEADING)
            for columns in rows:
                line = rows.line_num
                row = row_of(columns)
                expected = recording.play(row)
                if expected is not None:
                    figures = (f"{minutes:.2f}" for minutes in (expected.low, expected.point, expected.high))
                    out.writerow((row.site, row.day, row.service, row.ticket, *figures))
    except BadRow as error:
        fail(f"{events}:{line}: {error}")
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        fail(f"{events} cannot be read: {error}")
