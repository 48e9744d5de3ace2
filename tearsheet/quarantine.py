"""`tearsheet quarantine`: pages that failed after all their attempts, and records that the store would not take."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from shared.settings import load
from tearsheet.commands import same_folder
from tearsheet.embedded.session import open_ledger, open_session
from tearsheet.itself import itself
from tearsheet.page_named import page_id_of
from tearsheet.terminal import counted, harmless

if TYPE_CHECKING:
    from shared.ledger.quarantine import Quarantined, RefusedRecord


@click.group(epilog="Example: tearsheet quarantine list")
def quarantine() -> None:
    """List, show and retry what failed after all its attempts."""


@quarantine.command("list", epilog="Example: tearsheet quarantine list --json | jq -r .url")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List pages in quarantine, and records that the store would not take."""
    from shared.ledger import quarantine as cells

    settings = load()
    count = 0
    with open_ledger(settings) as ledger:
        for page in cells.list_pages(ledger, settings.data / "quarantine"):
            count += 1
            click.echo(_json(page) if as_json else harmless(_page_line(page)))
        for record in cells.list_records(ledger):
            count += 1
            click.echo(_json(record) if as_json else harmless(f"{record.record_id}  store  {record.reason}"))
    if not as_json:
        click.echo(f"{count:,} in quarantine" if count else "the quarantine is empty", err=True)


@quarantine.command("show", epilog="Example: tearsheet quarantine show https://example.com/post --body > post.html")
@click.argument("what", metavar="URL|ID")
@click.option("--body", is_flag=True, help="Write the page's body as it was fetched, where it was kept.")
def show(what: str, body: bool) -> None:
    """Show why, where and when a page failed; or the body that it failed on."""
    from shared.ledger import quarantine as cells

    settings = load()
    page = page_id_of(what)
    folder = settings.data / "quarantine"
    with open_ledger(settings) as ledger:
        if body:
            packed = cells.body(ledger, folder, page)
            if packed is None:
                raise click.ClickException(f"no body of {what} was kept")
            from shared.raw_page import RawPage

            sys.stdout.buffer.write(RawPage.unpack(packed).body)
            return
        found = cells.one_page(ledger, folder, page)
    if found is None:
        raise click.ClickException(f"{what} is not in quarantine")
    for name, value in asdict(found).items():
        click.echo(harmless(f"{name:<10} {value}"))


@quarantine.command("retry", epilog="Example: tearsheet quarantine retry --all")
@click.argument("what", metavar="[URL|ID]…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every page in quarantine.")
def retry(what: tuple[str, ...], everything: bool) -> None:
    """Try pages again: parsed anew where their body was kept, else fetched anew. They are a crawl of their own."""
    if bool(what) == everything:
        raise click.UsageError("give either URLs or ids, or --all", click.get_current_context())
    from shared.ledger import quarantine as cells

    settings = load()
    folder = settings.data / "quarantine"
    with open_session(settings, workers=False) as session:
        held = {page.page_id for page in cells.list_pages(session.ledger, folder)}
        named = {page_id_of(each): each for each in what}
        pages = [page for page in (held if everything else named) if page in held]
        if pages:
            from shared.queues import configure, publish  # Celery, which takes its time

            retried = cells.retry(session.ledger, folder, pages)
            configure(session.settings)
            publish(retried.publish)
            click.echo(f"crawl {retried.crawl_id}: {counted(retried.pages, 'page')} tried again")
            if not settings.redis_url:
                click.echo(f"to work on them: {itself()} crawl{same_folder()}", err=True)
    if everything and not pages:
        click.echo("the quarantine is empty", err=True)
    if others := [each for page, each in named.items() if page not in held]:
        raise click.ClickException(f"not in quarantine: {', '.join(others)}")


def _json(found: "Quarantined | RefusedRecord") -> str:
    return json.dumps(asdict(found) | {"at": found.at.isoformat()}, ensure_ascii=False)


def _page_line(page: "Quarantined") -> str:
    return f"{page.page_id}  {page.stage:<5}  {page.reason}  {page.url}"
