"""`tearsheet search`: records by words and filters, best first."""

from datetime import datetime
from typing import get_args

import click

from shared.query.errors import QueryError
from shared.query.values import filter_of
from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.search.request import Hit, Search
from shared.search.search import search as answer
from shared.settings import load
from shared.stores import open_store
from shared.stores.protocol import RecordKind
from tearsheet.record_json import hit_json
from tearsheet.terminal import harmless


@click.command(epilog='Example: tearsheet search "climate change" --kind comment --lang en --from 2021-06-01')
@click.argument("query", metavar="QUERY")
@click.option("--kind", type=click.Choice(get_args(RecordKind)), help="Only records of this kind.")
@click.option("--lang", metavar="L", help="Only in this language (BCP 47: el, en, pt-BR).")
@click.option("--site", metavar="S", help="Only from this host and its subdomains.")
@click.option("--from", "since", metavar="DATE", help="Published then or later: 2021, 2021-06, 2021-06-28.")
@click.option("--to", "until", metavar="DATE", help="Published until then, that day, month or year included.")
@click.option("--limit", metavar="N", type=click.IntRange(1, 100), default=10, show_default=True, help="Hits shown.")
@click.option("--after", metavar="CURSOR", help="What follows an earlier answer, which says its cursor.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: kind, score, page_url, snippet, record.")
def search(
    query: str,
    kind: RecordKind | None,
    lang: str | None,
    site: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Find records that hold all the words of QUERY.

    "a phrase" in quotes stands together, -word must not stand there. An empty QUERY finds all that the filters let
    through.
    """
    given = {"kind": kind, "lang": lang, "site": site, "after": since, "date": until and f"<={until}"}
    try:
        filters = tuple(filter_of(name, value) for name, value in given.items() if value)
    except QueryError as error:
        raise click.UsageError(str(error)) from None
    store = open_store(load(), write=False)
    try:
        found = answer(store, Search(query, filters, limit=limit, after=after))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        store.close()
    for hit in found.hits:
        click.echo(hit_json(hit) if as_json else harmless(_human(hit)))
    if not as_json:
        shown = f"{len(found.hits)} of {found.total}" if found.total > len(found.hits) else str(found.total)
        click.echo(f"{shown} found" if found.total else "nothing found", err=True)
        if found.next:
            click.echo(f"more: --after {found.next}", err=True)


def _human(hit: Hit) -> str:
    head = click.style(_heading(hit.record) or hit.page_url, bold=True)
    about = [hit.kind, *(part for part in _about(hit.record) if part)]
    return f"{head}\n  {' · '.join(about)}\n  {hit.page_url}\n  {hit.snippet.marked()}\n"


def _heading(record: AnyRecord) -> str | None:
    if isinstance(record, Comment):
        return f"{record.author or 'somebody'}, comment {record.position}"
    return record.title


def _about(record: AnyRecord) -> list[str | None]:
    match record:
        case Article():
            return [", ".join(record.authors), _day(record.published_at), record.language]
        case Comment():
            return [_day(record.published_at), record.language]
        case Widget():
            return [record.kind.replace("_", " "), record.region]
        case Page():
            return [record.kind, _day(record.fetched_at), record.language]


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
