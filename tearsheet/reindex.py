"""`tearsheet reindex`: the store's index made anew, on OpenSearch while writes go on."""

import click

from tearsheet.terminal import counted

_KINDS = {"page": "page", "article": "article", "comment": "comment", "widget": "widget", "version": "earlier version"}


@click.command(epilog="Example: tearsheet reindex && tearsheet audit")
def reindex() -> None:
    """Make the store's index anew from the records that it holds, with this version's fields and settings.

    On OpenSearch it goes into fresh indices, which take the place of the old ones in the end. Crawls may go on; for the
    last moments their pages wait. The embedded store is made anew while no crawl runs. One that was interrupted or
    killed is run again.
    """
    from shared.settings import load
    from shared.stores import open_store

    store = open_store(load(), write=True)
    try:
        done = store.reindex(lambda line: click.echo(line, err=True))
    finally:
        store.close()
    waited = f", of which pages waited {done.held_back:.1f} s" if done.held_back else ""
    records = ", ".join(counted(done.counts[kind], word) for kind, word in _KINDS.items())
    click.echo(f"{records}; {done.seconds:.0f} s{waited}")
