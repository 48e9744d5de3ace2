"""`tearsheet show`: a page with its article, its thread and its widgets; or one record."""

from collections.abc import Iterator
from datetime import datetime

import click

from shared.ids import PAGE_ID, page_of
from shared.records import AnyRecord, Article, Comment, Page, ParsedPage, Widget
from shared.settings import Settings, load
from shared.stores import open_store
from shared.stores.protocol import Store
from tearsheet.page_named import page_id_of
from tearsheet.record_json import page_json, record_json
from tearsheet.terminal import harmless


@click.command(epilog="Example: tearsheet show https://example.com/post --json | jq '.comments[].author'")
@click.argument("what", metavar="URL|ID")
@click.option("--json", "as_json", is_flag=True, help="As `tearsheet parse` gives a page; a record as export does.")
def show(what: str, as_json: bool) -> None:
    """Show what the store holds of a page (by URL or id), or one record (by its id)."""
    settings = load()
    store = open_store(settings, write=False)
    try:
        if ":" in what and PAGE_ID.fullmatch(what.partition(":")[0]):
            _show_record(store, what, as_json=as_json)
            return
        page = page_id_of(what)
        parsed = store.page(page)
        like = _like(store, parsed.article) if parsed is not None else None
    finally:
        store.close()
    if parsed is None:
        raise click.ClickException(f"nothing is stored of {what}{why_not(settings, page)}")
    click.echo(page_json(parsed) if as_json else harmless("\n".join(_page(parsed, like))))


def _show_record(store: Store, record_id: str, *, as_json: bool) -> None:
    record = store.record(record_id)
    if record is None:
        raise click.ClickException(f"no record has the id {record_id}")
    click.echo(record_json(record) if as_json else harmless("\n".join(_record(record, _like(store, record)))))


def _like(store: Store, record: AnyRecord | None) -> str | None:
    """In words, what an article is a near-duplicate of."""
    if not isinstance(record, Article) or record.near_duplicate_of is None:
        return None
    first = store.record(page_of(record.near_duplicate_of))
    where = first.url if isinstance(first, Page) else f"{record.near_duplicate_of}, which is no longer stored"
    return f"nearly the same as {where}"


def why_not(settings: Settings, page: str) -> str:
    """What the ledger knows of a page that the store does not hold."""
    from shared.ledger import LedgerDownError
    from tearsheet.embedded.session import open_ledger

    if not settings.redis_url and not settings.data.exists():
        return ": nothing was crawled into this data folder"
    try:
        with open_ledger(settings, workers=False) as ledger:
            entry = ledger.page(page)
    except LedgerDownError:
        return ""
    if entry is None:
        return ": it was never submitted"
    return harmless(f": it is {entry.state}" + (f" ({entry.reason})" if entry.reason else ""))


def _page(parsed: ParsedPage, like: str | None) -> Iterator[str]:
    yield from _record(parsed.page)
    if parsed.article is not None:
        yield ""
        yield from _record(parsed.article, like)
    if parsed.comments:
        yield from ("", click.style(f"{len(parsed.comments)} comments", bold=True))
        for comment in parsed.comments:
            yield ""
            yield from _record(comment)
    if parsed.widgets:
        yield from ("", click.style(f"{len(parsed.widgets)} widgets", bold=True))
        for widget in parsed.widgets:
            yield ""
            yield from _record(widget)


def _record(record: AnyRecord, like: str | None = None) -> Iterator[str]:
    match record:
        case Page():
            yield click.style(record.title or record.url, bold=True)
            yield _line(record.url, record.site_name, record.kind, record.language)
            gone = f"gone since {_moment(record.gone_at)}" if record.gone_at else None
            yield _line(record.id, f"fetched {_moment(record.fetched_at)}", gone)
        case Article():
            yield click.style(record.title or "(no title)", bold=True)
            source = f"from {record.source}" if record.source else None
            about = _line(", ".join(record.authors), _moment(record.published_at), source, record.language)
            yield from filter(None, (record.subtitle, about, like))
            yield from ("", record.text)
        case Comment():
            indent = "  " * record.depth
            gone = f"gone since {_moment(record.gone_since)}" if record.gone_since else None
            when = _moment(record.published_at) or record.published_raw
            state = None if record.status == "shown" else record.status
            head = click.style(f"{record.position} {record.author or '(no name)'}", bold=True)
            yield indent + _line(head, when, record.language, state, gone)
            yield from (indent + line for line in record.text.splitlines())
        case Widget():
            head = click.style(record.kind.replace("_", " "), bold=True)
            yield _line(head, record.title, record.region, record.language)
            yield from (f"  {line}" for line in record.text.splitlines() if line.strip())


def _line(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(sep=" ", timespec="minutes") if moment else None
