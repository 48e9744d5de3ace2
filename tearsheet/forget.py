"""`tearsheet forget`: deletes a URL or a site everywhere; it is never fetched again."""

import sys

import click

from tearsheet.terminal import counted


@click.command(epilog="Example: tearsheet forget https://example.com/post, or: tearsheet forget example.com --yes")
@click.argument("what", metavar="URL|SITE")
@click.option("--yes", is_flag=True, help="Do not ask before a whole site goes.")
def forget(what: str, yes: bool) -> None:
    """Delete a URL, or all pages of a SITE (a host name), everywhere, and never fetch it again.

    The ledger keeps that something was forgotten, under the page's id and without its URL, so that the audit still
    adds up and a later submission is refused.
    """
    if "://" not in what and not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("--yes is needed where nobody can be asked")
        if not click.confirm(f"Forget every page of {what} for good?", err=True):
            raise click.ClickException("nothing was forgotten")
    from shared.forgetting import forget as forget_everywhere
    from shared.settings import load
    from shared.urls import NotAUrlError
    from tearsheet.embedded.session import open_ledger

    settings = load()
    which = {"url" if "://" in what else "site": what}
    with open_ledger(settings) as ledger:
        try:
            done = forget_everywhere(ledger, settings, **which)
        except NotAUrlError as error:
            raise click.ClickException(f"{what}: {error}") from None
    click.echo(
        f"forgotten: {counted(len(done.page_ids), 'page')}, {counted(done.records, 'record')}, "
        f"{counted(done.files, 'file')}"
    )
    if done.busy:
        click.echo(
            f"{done.busy:,} files of the archive still hold it, as a fetcher is writing to them: run this again "
            "when it has ended",
            err=True,
        )
    if done.pending:
        click.echo(
            f"records of {done.pending:,} pages may still be in the store: a running indexer deletes them within "
            "two minutes; without one, run this again",
            err=True,
        )
