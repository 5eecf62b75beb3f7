"""verify: is the database what its journal says?"""

from pathlib import Path

import click

from queue_server.cli.common import data_option, fail


@click.command("verify")
@data_option
def verify_command(data: Path) -> None:
    """Fold the journal and compare it with the tables; exit 1 with the first difference."""
    # See `accounts_in`: `serve` does not wait for this import.
    from queue_server.storage.database import FILE_NAME, StorageUnavailable
    from queue_server.storage.rows import reading
    from queue_server.storage.verification import Difference, verify

    if not (data / FILE_NAME).is_file():
        fail(f"There is no database in {data}.")
    try:
        # It may be a backup: nothing of it is changed by looking.
        with reading(data) as database:
            entries = verify(database)
    except (Difference, StorageUnavailable) as error:
        fail(str(error))
    click.echo(f"{entries} entries: the tables are what the journal says.")
