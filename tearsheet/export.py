"""`tearsheet export`: all records as JSON lines."""

import click

from shared.settings import load
from shared.stores import open_store
from tearsheet.record_json import record_json


@click.command(epilog="Example: tearsheet export | jq 'select(.kind == \"comment\") | .record.author'")
def export() -> None:
    """Write every record of the store as a JSON line {"kind", "record"}, page by page."""
    store = open_store(load(), write=False)
    count = 0
    try:
        for record in store.export():
            click.echo(record_json(record))
            count += 1
    finally:
        store.close()
    click.echo(f"{count} records", err=True)
