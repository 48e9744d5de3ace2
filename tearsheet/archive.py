"""`tearsheet archive`: the WARC files that were kept, and their index."""

import sqlite3

import click

from shared.settings import load
from tearsheet.terminal import counted


@click.group(epilog="Example: tearsheet archive rebuild")
def archive() -> None:
    """Care for the archive of what came over the wire."""


@archive.command(epilog="Example: tearsheet archive rebuild")
def rebuild() -> None:
    """Make the index anew from the WARC files, here and in the bucket, where it was lost or files were moved.

    No fetcher may be running.
    """
    from shared.archive import house
    from shared.archive.bucket import bucket_of

    settings = load()
    folder = settings.data / "warc"
    if not folder.is_dir():
        raise click.ClickException(f"there is no archive in {folder}")
    total = files = 0
    try:
        for name, found in house.rebuild(folder, bucket_of(settings)):
            click.echo(f"{name}: {counted(found, 'answer')}", err=True)
            total, files = total + found, files + 1
    except house.InUseError as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"the index in {folder} cannot be written: {error}") from None
    click.echo(f"{counted(files, 'file')}, {counted(total, 'answer')}")
