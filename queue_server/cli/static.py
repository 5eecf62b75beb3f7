"""static: the files that a web server in front serves by itself."""

from pathlib import Path

import click


@click.command("static")
@click.option("--to", "target", type=click.Path(path_type=Path, file_okay=False), required=True)
def static_command(target: Path) -> None:
    """Copy style sheets, scripts and pictures, and what gzip makes of them, into a folder for the web server.

    Run it again after each update, before the server is started again.
    """
    # `serve` does not wait for these imports.
    from queue_server.app import static_folders
    from queue_server.static_files import collect

    target.mkdir(parents=True, exist_ok=True)
    click.echo(collect(static_folders(), target))
