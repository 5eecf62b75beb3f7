"""backup, restore, journal-copy: copies of a data directory, and the way back."""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from queue_server.cli.common import data_option, fail
from queue_server.domain.retention import Retention

if TYPE_CHECKING:
    from queue_server.copies.follower import Follower

to_option = click.option(
    "--to", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of copies."
)
LONGEST_LAG_SECONDS = 10
PAUSE_AFTER_FAILURE_SECONDS = 1.0
"""After a failure the last day of the copy is read anew: too much for each interval of a night with a full disk."""
KEEP = Retention()


@click.command()
@data_option
@to_option
@click.option("--keep-last", default=KEEP.last, show_default=True, type=click.IntRange(1), help="The last ones.")
@click.option("--keep-days", default=KEEP.days, show_default=True, type=click.IntRange(0), help="One a day.")
@click.option("--keep-weeks", default=KEEP.weeks, show_default=True, type=click.IntRange(0), help="One a week.")
@click.option("--keep-months", default=KEEP.months, show_default=True, type=click.IntRange(0), help="One a month.")
def backup(data: Path, to: Path, keep_last: int, keep_days: int, keep_weeks: int, keep_months: int) -> None:
    """Copy the data directory while the server writes, verify the copy, and delete what the rules do not keep."""
    # See `accounts_in`: `serve` does not wait for these imports.
    from queue_server.clock import SystemClock
    from queue_server.copies.backup import make_backup
    from queue_server.copies.folder import CopyFailed, thin_out
    from queue_server.copies.forgetting import forget_what_backups_hold

    try:
        made = make_backup(data, to, SystemClock().now())
        click.echo(f"{made.path}: {made.seq} entries, the tables are what the journal says.")
        for gone in thin_out(to, Retention(keep_last, keep_days, keep_weeks, keep_months)):
            click.echo(f"deleted {gone.path.name}")
        forget_what_backups_hold(to)
    except CopyFailed as error:
        fail(str(error))
    except OSError as error:
        fail(f"{to}: {error.strerror}")


@click.command("journal-copy")
@data_option
@to_option
@click.option("--interval", default=0.2, show_default=True, type=click.FloatRange(0.05, 60), help="Seconds.")
@click.option("--once", is_flag=True, help="Copy what is there, and end.")
@click.option("--check", is_flag=True, help="Say how far the copy is; exit 1 when it lacks what is older than 10 s.")
def journal_copy(data: Path, to: Path, interval: float, once: bool, check: bool) -> None:
    """Append each entry of the journal to files in the folder of copies, as the server commits it; for ever."""
    from queue_server.clock import SystemClock
    from queue_server.copies.folder import CopyFailed, alone_in
    from queue_server.copies.follower import Follower, lag_of

    try:
        if check:
            lag = lag_of(data, to)
            behind = (SystemClock().now() - lag.oldest).total_seconds() if lag.oldest else 0
            click.echo(f"copied to entry {lag.copied} of {lag.written}")
            if lag.copied > lag.written or behind > LONGEST_LAG_SECONDS:
                fail(f"The journal copy does not follow: {behind:.0f} seconds behind.")
            return
        with alone_in(to, "journal-copy"), closing(Follower(data, to, SystemClock().now)) as follower:
            if once:
                follower.catch_up()
                click.echo(f"copied to entry {follower.copied}")
                return
            _follow(follower, interval)
    except CopyFailed as error:
        fail(str(error))
    except OSError as error:
        fail(f"{to}: {error.strerror}")


def _follow(follower: "Follower", interval: float) -> None:
    """Copy for ever; what fails is said once, and tried again."""
    import structlog

    from queue_server.copies.folder import CopyFailed
    from queue_server.logs import configure_logging

    configure_logging("info")
    log = structlog.get_logger()
    said = None
    while True:
        pause = interval
        try:
            if follower.catch_up() or said is not None:
                if said != "":
                    log.info("journal_copy_live", entry=follower.copied)
                said = ""
        except CopyFailed as error:
            if str(error) != said:
                log.error("journal_copy_failed", reason=str(error))
            said = str(error)
            pause = max(interval, PAUSE_AFTER_FAILURE_SECONDS)
        time.sleep(pause)


@click.command()
@data_option
@click.option(
    "--from", "source", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of copies."
)
@click.option("--backup", "name", help="The name of a backup; without it the newest that verifies.")
@click.option("--until", type=click.IntRange(1), help="The last entry wanted.")
@click.option("--without-journal", is_flag=True, help="The backup alone.")
@click.option("--without-backup", is_flag=True, help="The journal copy alone, from its first entry.")
@click.option(
    "--with-set-aside",
    "set_asides",
    multiple=True,
    metavar="set-aside-TIME",
    help="After the journal copy, also what was set aside beside it; may be given several times, in their order.",
)
@click.option("--force", is_flag=True, help="Also over a database that is whole; it is set aside.")
def restore(
    data: Path,
    source: Path,
    name: str | None,
    until: int | None,
    without_journal: bool,
    without_backup: bool,
    set_asides: tuple[str, ...],
    force: bool,
) -> None:
    """Bring the database back: the newest backup that verifies, and what the journal copy has after it.

    The server must not run. What was there is set aside in the data directory, never deleted.
    """
    from queue_server.clock import SystemClock
    from queue_server.copies.folder import CopyFailed
    from queue_server.copies.restoring import Wish, restore

    if without_backup and name:
        fail("--backup names one, and --without-backup wants none.")
    wish = Wish(name, until, not without_journal, force, not without_backup, set_asides)
    try:
        done = restore(data, source, wish, SystemClock().now())
    except CopyFailed as error:
        fail(str(error))
    for rejected in done.rejected:
        click.echo(f"passed over {rejected}", err=True)
    for note in done.notes:
        click.echo(note, err=True)
    base = f"{done.backup.path.name} and " if done.backup else ""
    more = "".join(f" and {count} of {name}" for name, count in done.from_set_asides.items())
    click.echo(f"Restored from {base}{done.from_journal} entries of the journal copy{more}.")
    if done.set_aside is not None:
        click.echo(f"What was there before is in {done.set_aside}")
    click.echo(f"{done.seq} entries: the tables are what the journal says.")
