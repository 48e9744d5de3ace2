"""`tearsheet status`: what is in flight, what has ended, what is wrong."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from tearsheet.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.ledger import CrawlStatus, Ledger, Status
    from shared.ledger.keys import State

# Seconds between two looks with --watch, on a terminal and elsewhere (where each look leaves its lines).
_EVERY = 1.0
_PLAIN_EVERY = 10.0


@click.command(epilog="Example: tearsheet status --watch")
@click.option("--watch", is_flag=True, help="Look again and again: until the crawl has ended, or Ctrl-C.")
@click.option("--crawl", "crawl_id", metavar="ID", help="One crawl alone (`tearsheet status` lists the ids).")
def status(watch: bool, crawl_id: str | None) -> None:
    """Show what is in flight, what has ended and what is wrong.

    It joins a crawl that runs in the folder; where none does, it starts the queue for as long as it looks.
    """
    from shared.settings import load
    from tearsheet.embedded.session import open_ledger

    with open_ledger(load(), workers=False) as ledger:
        if not watch:
            click.echo(harmless(_look(ledger, crawl_id)[0]))
        elif sys.stdout.isatty():
            _redraw(_again(ledger, crawl_id))
        else:
            for text in _again(ledger, crawl_id):
                click.echo(harmless(text))
                time.sleep(_PLAIN_EVERY)


def _look(ledger: "Ledger", crawl_id: str | None) -> tuple[str, bool]:
    """The state of everything, or of one crawl, and whether that one has ended."""
    from shared.ledger import UnknownCrawlError

    if crawl_id is None:
        return describe(ledger.status()), False
    try:
        crawl = ledger.crawl(crawl_id)
    except UnknownCrawlError as error:
        raise click.ClickException(f"{error} (`tearsheet status` lists those that have not ended)") from None
    return "\n".join([*describe_crawl(crawl), *_wrong(troubles(ledger.status()))]), crawl.finished is not None


def _again(ledger: "Ledger", crawl_id: str | None) -> Iterator[str]:
    """The state again and again, until the crawl has ended; a queue that is away comes back."""
    from shared.ledger import LedgerDownError

    ended = False
    while not ended:
        try:
            text, ended = _look(ledger, crawl_id)
        except LedgerDownError as error:
            text = f"wrong      {error}"
        yield text


def _redraw(look: Iterator[str]) -> None:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(console=Console(), auto_refresh=False) as live:
        for text in look:
            live.update(Text(harmless(text)), refresh=True)
            time.sleep(_EVERY)


def describe(found: "Status") -> str:
    """The whole state in lines."""
    from tearsheet.summary import outcomes, records

    in_flight = sum(found.in_flight.values())
    lines = [
        f"submitted  {found.submitted:,}: {outcomes(found.outcomes)}",
        f"in flight  {in_flight:,}{_named(found.in_flight)}",
        f"records    {records(found.records) or 'none'}",
    ]
    for stage, (ready, leased) in found.backlog.items():
        if ready or leased:
            oldest = found.oldest.get(stage)
            since = f", the oldest for {oldest:.0f} s" if oldest is not None and ready else ""
            lines.append(f"{stage:<9}  {ready:,} ready{since}, {leased:,} in work")
    limit = f" of {_mb(found.memory.limit)}" if found.memory.limit else ""
    lines.append(f"memory     {_mb(found.memory.used)}{limit}")
    if found.errors:
        failures = sorted(found.errors.items(), key=lambda item: -item[1])
        lines.append(f"failures   {', '.join(f'{cause} {count:,}' for cause, count in failures)}")
    for crawl in found.crawls:
        lines += describe_crawl(crawl)
    return "\n".join([*lines, *_wrong(troubles(found))])


def troubles(found: "Status") -> Iterator[str]:
    """What is wrong, a line each."""
    from shared.ledger.troubles import troubles_of
    from shared.settings import load

    return troubles_of(found, load().memory_mark)


def describe_crawl(crawl: "CrawlStatus") -> Iterator[str]:
    """A crawl in two lines."""
    from tearsheet.progress import describe as describe_progress
    from tearsheet.summary import of_pages, outcomes, records, requisites

    yield f"crawl {crawl.id:<5}{_word(crawl)}{crawl.label}"
    ended = outcomes(of_pages(crawl))
    counts = records(crawl.records)
    where = describe_progress(crawl, 0.0)
    yield "           " + "; ".join(part for part in (where, ended, counts) if part)
    for line in requisites(crawl):
        yield "         " + line


def _word(crawl: "CrawlStatus") -> str:
    if crawl.cancelled:
        return "cancelled: "
    if crawl.finished is not None:
        return "ended: "
    if crawl.paused:
        return "paused: "
    return "" if crawl.closed else "its URLs are not all in: "


def _named(counts: "Mapping[State, int]") -> str:
    named = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return f": {named}" if named else ""


def _wrong(lines: Iterable[str]) -> Iterator[str]:
    for text in lines:
        yield f"wrong      {text}"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
