"""What `tearsheet search` prints: of an answer's hits or groups and facets a text for people, or JSON lines."""

import json
from collections.abc import Iterator
from datetime import datetime

import click

from shared.records import AnyRecord, Article, Comment, Page, Widget
from shared.search.request import Group, Hit, Result
from tearsheet.record_json import hit_json
from tearsheet.terminal import harmless


def as_json(result: Result) -> Iterator[str]:
    """A line a hit, or a group, and one of the facets where there are any."""
    yield from (hit_json(hit) for hit in result.hits)
    yield from (_group_json(group) for group in result.groups)
    if result.facets:
        facets = {name: [{"value": v, "count": n} for v, n in values] for name, values in result.facets.items()}
        yield json.dumps({"facets": facets}, ensure_ascii=False)


def as_text(result: Result) -> Iterator[str]:
    """Pieces of text, safe for a terminal."""
    yield from (harmless(_hit(hit)) for hit in result.hits)
    yield from (harmless(_group(group)) for group in result.groups)
    yield from (harmless(_facet(name, values)) for name, values in result.facets.items())


def told(result: Result) -> Iterator[str]:
    """What is said beside the answer."""
    if result.corrected is not None:
        yield harmless(f"nothing found as typed; shown is: {result.corrected}")
    if result.did_you_mean is not None:
        yield harmless(f"did you mean: {result.did_you_mean}")
    shown = len(result.hits) if result.hits else sum(len(g.hits) + len(g.reprints) for g in result.groups)
    if shown < result.total:
        yield f"{shown:,} of {result.total:,} found"
    else:
        yield f"{shown:,} found" if shown else "nothing found"
    if result.next is not None:
        yield f"next page: --after {result.next}"


def _group_json(group: Group) -> str:
    page = group.page.model_dump_json() if group.page else "null"
    hits, reprints = (", ".join(hit_json(hit) for hit in found) for found in (group.hits, group.reprints))
    return (
        f'{{"page_url": {json.dumps(group.page_url)}, "page": {page}, "hits": [{hits}], "more": {group.more}, '
        f'"reprints": [{reprints}]}}'
    )


def _hit(hit: Hit) -> str:
    heading = _heading(hit.record)
    lines = [click.style(heading or hit.page_url, bold=True), f"  {_about(hit)}"]
    lines += [f"  {hit.page_url}"] if heading else []
    return "\n".join([*lines, f"  {hit.snippet.marked()}", ""])


def _group(group: Group) -> str:
    """A page's title and address, then what was found of it."""
    title = group.page.title if group.page else None
    lines = [click.style(title or group.page_url, bold=True), f"  {group.page_url}"]
    for hit in group.hits:
        heading = _heading(hit.record)
        about = _about(hit) if heading in {None, title} else f"{heading} · {_about(hit)}"
        lines += [f"  {about}", f"    {hit.snippet.marked()}"]
    if group.more:
        lines.append(f"  and {group.more:,} more")
    lines += [f"  nearly the same: {hit.page_url}" for hit in group.reprints]
    return "\n".join([*lines, ""])


def _facet(name: str, values: list[tuple[str, int]]) -> str:
    return "\n".join([click.style(name, bold=True), *(f"{count:>9,}  {value}" for value, count in values), ""])


def _heading(record: AnyRecord) -> str | None:
    if isinstance(record, Comment):
        return f"{record.author or 'somebody'}, comment {record.position}"
    return record.title


def _about(hit: Hit) -> str:
    return " · ".join([hit.kind, *(part for part in _parts(hit.record) if part)])


def _parts(record: AnyRecord) -> list[str | None]:
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
