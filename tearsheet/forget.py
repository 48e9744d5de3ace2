"""`tearsheet forget`: deletes a URL or a site everywhere; it is never fetched again."""

import click

from shared.ledger.forget import forget as forget_all
from shared.settings import load
from shared.stores import open_store
from shared.urls import NotAUrlError
from tearsheet.embedded.session import open_ledger


@click.command(epilog="Example: tearsheet forget https://example.com/post, or: tearsheet forget example.com --yes")
@click.argument("what", metavar="URL|SITE")
@click.option("--yes", is_flag=True, help="Do not ask before a whole site goes.")
def forget(what: str, yes: bool) -> None:
    """Delete a URL, or all pages of a SITE (a host name), from ledger, store and files, and never fetch it again.

    The ledger keeps that something was forgotten, under the page's id and without its URL, so that the audit still
    adds up and a later submission is refused.
    """
    if "://" not in what and not yes:
        click.confirm(f"Forget every page of {what} for good?", abort=True, err=True)
    settings = load()
    with open_ledger(settings) as ledger:
        store = open_store(settings, write=True)
        try:
            if "://" in what:
                done = forget_all(ledger, store, settings.data, url=what)
            else:
                done = forget_all(ledger, store, settings.data, site=what)
        except NotAUrlError as error:
            raise click.ClickException(f"{what}: {error}") from None
        finally:
            store.close()
    click.echo(f"forgotten: {done.pages:,} pages, {done.records:,} records, {done.files:,} files")
    if done.pending:
        click.echo(
            f"records of {done.pending:,} pages may still be in the store: a running indexer deletes them within "
            "two minutes; without one, run this again",
            err=True,
        )
