"""`tearsheet search`: records by words and filters, best first."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import click

from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.settings import load
from shared.stores import open_store
from shared.stores.protocol import Hit, Query, RecordKind
from tearsheet.record_json import hit_json
from tearsheet.terminal import harmless


class _Day(click.ParamType[datetime]):
    """A date, or a date and a time (ISO 8601); without a zone it is UTC."""

    name = "DATE"

    def __init__(self, *, through: bool) -> None:
        """`through`: a date alone means the end of that day."""
        self._through = through

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Reads it."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no date like 2021-06-28 or 2021-06-28T14:30+03:00", param, ctx)
        if self._through and len(text) <= len("2021-06-28"):
            moment += timedelta(days=1)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command(epilog='Example: tearsheet search "climate change" --kind comment --lang en --from 2021-06-01')
@click.argument("query", metavar="QUERY")
@click.option("--kind", type=click.Choice(get_args(RecordKind)), help="Only records of this kind.")
@click.option("--lang", metavar="L", help="Only in this language (BCP 47: el, en, pt-BR).")
@click.option("--site", metavar="S", help="Only from this host and its subdomains.")
@click.option("--from", "since", metavar="DATE", type=_Day(through=False), help="Published then or later.")
@click.option("--to", "until", metavar="DATE", type=_Day(through=True), help="Published until then, that day included.")
@click.option("--limit", metavar="N", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits shown.")
@click.option("--offset", metavar="N", type=click.IntRange(0), default=0, help="Hits left out at the start.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: kind, score, page_url, snippet, record.")
def search(
    query: str,
    kind: RecordKind | None,
    lang: str | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    offset: int,
    as_json: bool,
) -> None:
    """Find records that hold all the words of QUERY.

    "a phrase" in quotes stands together, -word must not stand there. An empty QUERY finds all that the filters let
    through.
    """
    store = open_store(load(), write=False)
    try:
        found = store.search(Query(query, kind, lang, site, since, until, limit, offset))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        store.close()
    for hit in found.hits:
        click.echo(hit_json(hit) if as_json else harmless(_human(hit)))
    if not as_json:
        shown = f"{len(found.hits)} of {found.total}" if found.total > len(found.hits) else str(found.total)
        click.echo(f"{shown} found" if found.total else "nothing found", err=True)


def _human(hit: Hit) -> str:
    head = click.style(_heading(hit.record) or hit.page_url, bold=True)
    about = [hit.kind, *(part for part in _about(hit.record) if part)]
    return f"{head}\n  {' · '.join(about)}\n  {hit.page_url}\n  {' '.join(hit.snippet.split())}\n"


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
