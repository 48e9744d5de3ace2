"""`tearsheet watch`: pages that are looked at again and again, the sooner the more often they change."""

import json
import sys
import time
from typing import TYPE_CHECKING

import click

from shared.settings import load
from tearsheet.commands import same_folder
from tearsheet.embedded.session import open_ledger, open_session
from tearsheet.interrupt import Interrupt
from tearsheet.itself import itself
from tearsheet.page_named import page_id_of
from tearsheet.terminal import counted

if TYPE_CHECKING:
    from shared.ledger import Ledger
    from shared.ledger.watching import Watched

# Seconds between two looks of `watch run` at what has ended.
_EVERY = 1.0


@click.group(epilog="Example: tearsheet watch add https://example.com/post && tearsheet watch run")
def watch() -> None:
    """Look at pages again and again, the sooner the more often they change.

    A page's first look is at once, the next an hour later. From then on the interval is halved by a look that finds a
    change in the article or its comments, and grows by half where nothing changed: a quarter of an hour at least, a
    week at most.
    """


@watch.command(epilog="Example: tearsheet watch add https://example.com/post")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@click.option("--feed", "feeds", metavar="URL", multiple=True, help="A feed: what is new there. Repeatable.")
@click.option("--sitemap", "sitemaps", metavar="URL", multiple=True, help="A sitemap or an index of some. Repeatable.")
def add(urls: tuple[str, ...], feeds: tuple[str, ...], sitemaps: tuple[str, ...]) -> None:
    """Watch pages, feeds and sitemaps from now on.

    The new pages of a feed or sitemap are looked at again while something changes there.
    """
    from shared.ledger import watching
    from shared.stage import Line

    lines = [*map(Line, urls), *(Line(url, "feed") for url in feeds), *(Line(url, "sitemap") for url in sitemaps)]
    if not lines:
        raise click.UsageError("nothing to watch: a URL, --feed or --sitemap")

    settings = load()
    with open_ledger(settings) as ledger:
        now = ledger.clock.now()
        crawl = ledger.open_crawl(digest=f"watch add {now}", label="pages to watch", watch=True)
        taken = ledger.submit(crawl.id, lines)
        ledger.close_submission(crawl.id)
        pages = [line.page_id for line in taken if line.outcome is None]
        new = watching.watch(ledger, pages, now=now) if pages else 0
    wrong = [line for line in taken if line.outcome is not None and line.outcome.value != "duplicate"]
    for line in wrong:
        click.echo(f"not watched: {line.url}: {line.reason}", err=True)
    already = f", {len(pages) - new:,} already" if len(pages) > new else ""
    click.echo(f"{counted(new, 'page')} more {'is' if new == 1 else 'are'} watched{already}")
    if pages and not settings.redis_url:
        click.echo(f"to look at them as long as it runs: {itself()} watch run{same_folder()}", err=True)
    if wrong:
        raise click.exceptions.Exit(1)


@watch.command(name="list", epilog="Example: tearsheet watch list --json | jq -r .url")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_(as_json: bool) -> None:
    """List what is watched, the next one due first."""
    from shared.ledger import watching

    count = asked = 0
    with open_ledger(load()) as ledger:
        for page in watching.watched(ledger):
            count += 1
            asked += page.asked
            click.echo(_json(page) if as_json else _line(page))
    if not as_json:
        found = f", {count - asked:,} of them found by watching" if count > asked else ""
        click.echo(f"{count:,} watched{found}" if count else "nothing is watched", err=True)


@watch.command(epilog="Example: tearsheet watch remove https://example.com/post")
@click.argument("what", nargs=-1, required=True, metavar="URL|ID…")
def remove(what: tuple[str, ...]) -> None:
    """Watch pages no more; their records stay."""
    from shared.ledger import watching

    named = {each: _ids_of(each) for each in what}
    with open_ledger(load()) as ledger:
        gone = {each: watching.unwatch(ledger, ids) for each, ids in named.items()}
    count = sum(gone.values())
    click.echo(f"{counted(count, 'page')} {'is' if count == 1 else 'are'} watched no more")
    if others := [each for each, some in gone.items() if not some]:
        raise click.ClickException(f"not watched: {', '.join(others)}")


def _ids_of(what: str) -> list[str]:
    """Of a page, and of the feed and the sitemap that the URL may be watched as."""
    from shared.ids import source_id
    from shared.urls import NotAUrlError, page_url

    page = page_id_of(what)
    try:
        return [page, *(source_id(kind, page_url(what)) for kind in ("feed", "sitemap"))]
    except NotAUrlError:  # an id
        return [page]


@watch.command(epilog="Example: tearsheet watch run")
def run() -> None:
    """Look at the watched pages as long as this runs (Ctrl-C ends it). In a stack its scheduler does so by itself."""
    settings = load()
    if settings.redis_url:
        raise click.ClickException("TEARSHEET_REDIS_URL names a stack: its scheduler looks at watched pages by itself")
    with (
        open_session(settings, workers=True) as session,
        Interrupt("stopping: pages in flight are given back (Ctrl-C again: at once)") as interrupt,
    ):
        told = ""
        while interrupt.number is None:
            line = _state(session.ledger)
            if line != told:
                print(line, file=sys.stderr, flush=True)  # noqa: T201
                told = line
            time.sleep(_EVERY)
        raise click.exceptions.Exit(interrupt.exit_code)


def _state(ledger: "Ledger") -> str:
    """What has ended so far, and when the next page is due."""
    from shared.ledger import LedgerDownError, watching
    from tearsheet.summary import outcomes

    try:
        (flying, ended), due = ledger.totals(), watching.next_look(ledger)
    except LedgerDownError as error:
        return str(error)
    if due is None:
        return f"nothing is watched: {itself()} watch add URL{same_folder()}"
    return f"{outcomes(ended)}; {flying:,} in flight; the next look at {due:%Y-%m-%d %H:%M} UTC"


def _line(page: "Watched") -> str:
    every = f"every {_span(page.interval)}" if page.interval else "new"
    how = page.outcome.value if page.outcome else "under way"
    found = "" if page.asked else "  (found)"
    return f"{page.due:%Y-%m-%d %H:%M}  {every:<14}  {how:<11}  {page.url}{found}"


def _span(seconds: int) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:.0f} minutes"


def _json(page: "Watched") -> str:
    return json.dumps(
        {
            "url": page.url,
            "page_id": page.page_id,
            "asked": page.asked,
            "due": page.due.isoformat(),
            "interval": page.interval,
            "outcome": page.outcome,
        },
        ensure_ascii=False,
    )
