"""`tearsheet reindex`: the store's index made anew, while writes go on."""

import click

from tearsheet.terminal import counted


@click.command(epilog="Example: tearsheet reindex && tearsheet audit")
def reindex() -> None:
    """Make the store's index anew from the records that it holds, with this version's fields and settings.

    On OpenSearch it goes into fresh indices, which take the place of the old ones in the end. Crawls may go on; for the
    last moments their pages wait. One that was interrupted or killed is run again, and goes on.
    """
    from shared.settings import load
    from shared.stores import open_store
    from shared.stores.opensearch_store import OpenSearchStore

    store = open_store(load(), write=True)
    try:
        if not isinstance(store, OpenSearchStore):
            raise click.ClickException("the embedded store cannot be reindexed: move it away and crawl again")
        done = store.reindex(lambda line: click.echo(line, err=True))
    finally:
        store.close()
    kinds = {
        "page": "page",
        "article": "article",
        "comment": "comment",
        "widget": "widget",
        "version": "earlier version",
    }
    click.echo(
        f"{', '.join(counted(done.counts[kind], word) for kind, word in kinds.items())}; "
        f"{done.seconds:.0f} s, of which pages waited {done.held_back:.1f} s"
    )
