"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from services.fetcher.entries import LONGEST_URL, Entry, Source
from services.fetcher.source_dates import read_date
from shared.urls import join


def _text(value: object) -> str | None:
    """A text, whatever stands in its place; numbers are ids that somebody wrote without quotes."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return " ".join(str(value).split())[:LONGEST_URL] or None
    return None


def _list(value: object) -> list[object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


_Text = Annotated[str | None, BeforeValidator(_text)]


class _Item(BaseModel):
    id: _Text = None
    url: _Text = None
    external_url: _Text = None
    date_published: _Text = None
    date_modified: _Text = None


class _Feed(BaseModel):
    items: Annotated[list[_Item], BeforeValidator(_list)] = Field(default_factory=list)


def read_json_feed(text: str, url: str) -> Source | None:
    """A feed as far as it can be read; None where the text is JSON of another kind, or none at all."""
    try:
        # Huge numbers would be read digit by digit, in quadratic time; nested brackets end at Python's own limit.
        found: Any = json.loads(text, parse_int=lambda digits: digits[:40], parse_float=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return None
    try:
        feed = _Feed.model_validate(found)
    except ValidationError:
        return None
    source = Source("feed")
    for item in feed.items:
        _add(source, item, url)
    return source


def _add(source: Source, item: _Item, base: str) -> None:
    named = item.url or item.external_url or (item.id if item.id and item.id.startswith("http") else None)
    url = join(base, named) if named and len(named) < LONGEST_URL else None
    if url is None:
        source.unusable += 1
    elif source.take(url):
        source.entries.append(Entry(url, read_date(item.date_modified) or read_date(item.date_published)))
