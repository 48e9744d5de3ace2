"""`/pages/{id}`: a page cut into its article, its thread and its widgets; `/records/{id}` leads to a record's place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from services.web.absent import why_absent
from services.web.dependencies import parts_of
from services.web.pages import threads
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.ids import PAGE_ID, group_of, page_of
from shared.records import Article, Page, ParsedPage, Widget
from shared.search.request import Hit
from shared.search.search import more_like
from shared.stores.clauses import Keyword
from shared.stores.protocol import Find, Finding, NothingStoredError, Store

router = APIRouter(include_in_schema=False)

# Languages without spaces between words: their letters are counted.
_UNSPACED = frozenset(["zh", "ja", "th", "lo", "km", "my"])
_LONGEST_ID = 300
_MOST_ALIKE, _LIKE = 20, 5


@dataclass(frozen=True, slots=True)
class Share:
    """What one of the three kinds has of a page's text."""

    kind: str
    at: float
    width: float
    """Of 100."""


@router.get("/pages/{page_id}")
def show(request: Request, page_id: str, parts: Annotated[Parts, Depends(parts_of)], part: int = 1) -> HTMLResponse:
    """A page. `part`: of its thread, from 1."""
    store = parts.store()
    parsed = stored(store, page_id, parts)
    if not 1 <= part <= threads.parts_of(len(parsed.comments)):
        raise HTTPException(404, f"This page's thread has no part {part}.")
    article = parsed.article
    return page(
        request,
        "page.html",
        parsed=parsed,
        of=parsed.page,
        article=article,
        title=(article and article.title) or parsed.page.title or parsed.page.url,
        words=_words(article) if article else None,
        part=threads.part(parsed.comments, part),
        gone=sum(comment.gone_since is not None for comment in parsed.comments),
        widgets=_by_kind(parsed.widgets),
        shares=_shares(parsed),
        first=_first(store, article),
        same=_same(store, article),
        like=_like(store, article),
        versions=len(store.versions(page_id)),
    )


@router.get("/records/{record_id:path}")
def record(record_id: str, parts: Annotated[Parts, Depends(parts_of)]) -> RedirectResponse:
    """To the place of a record on its page."""
    page_id = page_of(record_id)
    if len(record_id) > _LONGEST_ID:
        raise HTTPException(404)
    parsed = stored(parts.store(), page_id, parts)
    kept = [parsed.page, *([parsed.article] if parsed.article else []), *parsed.comments, *parsed.widgets]
    if all(each.id != record_id for each in kept):
        raise HTTPException(404, "Its page holds no such record any more.")
    number = threads.part_with(parsed.comments, record_id)
    query = f"?part={number}" if number > 1 else ""
    place = f"#{quote(threads.anchor(record_id), safe='~')}" if record_id != page_id else ""
    return RedirectResponse(f"/pages/{page_id}{query}{place}", 303)


def stored(store: Store, page_id: str, parts: Parts) -> ParsedPage:
    """A page's records. Raises HTTPException (404) that says what is known of it, StoreDownError."""
    if not PAGE_ID.fullmatch(page_id):
        raise HTTPException(404, "A page's id has 20 letters and digits.")
    found: ParsedPage | None = None
    with suppress(NothingStoredError):
        found = store.page(page_id)
    if found is None:
        raise HTTPException(404, why_absent(parts, page_id))
    return found


def _words(article: Article) -> str:
    unspaced = (article.language or "").partition("-")[0] in _UNSPACED
    count = sum(map(str.isalnum, article.text)) if unspaced else len(article.text.split())
    return f"{count:,} {'characters' if unspaced else 'word' if count == 1 else 'words'}"


def _by_kind(widgets: Sequence[Widget]) -> list[tuple[str, list[Widget]]]:
    """Widgets by kind, kinds with the most text first, as menus and footers are what nobody came for."""

    def named(widget: Widget) -> str:
        return widget.kind

    groups = [(kind, list(found)) for kind, found in groupby(sorted(widgets, key=named), key=named)]
    return sorted(groups, key=lambda group: -sum(len(widget.text) for widget in group[1]))


def _shares(parsed: ParsedPage) -> list[Share]:
    """How a page's text is shared out among the three kinds, one after the other."""
    lengths = {
        "article": len(parsed.article.text) if parsed.article else 0,
        "comment": sum(len(comment.text) for comment in parsed.comments),
        "widget": sum(len(widget.text) for widget in parsed.widgets),
    }
    return list(laid(lengths))


def laid(amounts: Mapping[str, int]) -> Iterator[Share]:
    """Amounts by kind as shares of their sum, one after the other."""
    total = sum(amounts.values())
    at = 0.0
    for kind, amount in amounts.items():
        if amount:
            width = 100 * amount / total
            yield Share(kind, round(at, 2), round(width, 2))
            at += width


def _same(store: Store, article: Article | None) -> list[Finding]:
    """Articles of other pages that are nearly the same."""
    if article is None:
        return []
    lead = page_of(article.near_duplicate_of or article.id)
    found = store.find(Find(Keyword("group", (group_of(lead),)), ("article",), "oldest", _MOST_ALIKE + 1)).findings
    return [finding for finding in found if finding.record.id != article.id][:_MOST_ALIKE]


def _like(store: Store, article: Article | None) -> list[Hit]:
    """Articles of other pages that are about the same."""
    return (more_like(store, article.id, _LIKE) or []) if article else []


def _first(store: Store, article: Article | None) -> Page | None:
    """The page whose article this one's nearly repeats."""
    if article is None or article.near_duplicate_of is None:
        return None
    found = store.record(page_of(article.near_duplicate_of))
    return found if isinstance(found, Page) else None
