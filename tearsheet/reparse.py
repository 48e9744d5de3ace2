"""`tearsheet reparse`: stored pages cut into records anew, by the present parser, from what the archive holds."""

import click

from tearsheet.commands import same_folder


@click.command(epilog="Example: tearsheet reparse --site example.com")
@click.argument("what", metavar="[URL|ID]…", nargs=-1)
@click.option("--site", metavar="HOST", help="All stored pages of a site.")
@click.option("--all", "everything", is_flag=True, help="All stored pages.")
@click.pass_context
def reparse(context: click.Context, what: tuple[str, ...], site: str | None, everything: bool) -> None:
    """Make the records of stored pages anew from the archive; nothing is fetched.

    They are a crawl of their own. Each page's records say by which version of the parser they were made. Exit code 1
    where a page could not be parsed again: it is not in the archive, or the store does not hold it.
    """
    if (bool(what) + (site is not None) + everything) != 1:
        raise click.UsageError("give either URLs or ids, or --site, or --all", context)
    from shared.archive import Archive
    from shared.settings import load
    from tearsheet.crawl import run_crawl
    from tearsheet.reparsing import Again

    settings = load()
    pages = Again(what, site, Archive(settings))
    try:
        code = run_crawl(pages, None, same_folder())
    finally:
        pages.close()
    for line in pages.left_out():
        click.echo(line, err=True)
    context.exit(code or int(pages.any_left_out))
