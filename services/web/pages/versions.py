"""`/pages/{id}/versions`: two versions of an article side by side, and what changed between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from services.web.dependencies import parts_of
from services.web.pages.page_view import stored
from services.web.pages.rendering import page
from services.web.parts import Parts
from shared.records import Article
from shared.word_diff import Piece, word_diff, words_in

router = APIRouter(include_in_schema=False)

# Characters of an article that are compared: a text made to take long takes two seconds.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was."""

    number: int
    """From 1, the oldest."""
    fetched_at: datetime
    """When it was last seen so."""
    article: Article


@router.get("/pages/{page_id}/versions")
def show(
    request: Request,
    page_id: str,
    parts: Annotated[Parts, Depends(parts_of)],
    before: int | None = None,
    after: int | None = None,
) -> HTMLResponse:
    """Versions `before` and `after`, numbered from 1; the last two where none are named."""
    store = parts.store()
    parsed = stored(store, page_id, parts)
    if parsed.article is None:
        raise HTTPException(404, "This page has no article.")
    versions = [Version(n, v.fetched_at, v.article) for n, v in enumerate(store.versions(page_id), 1)]
    versions.append(Version(len(versions) + 1, parsed.page.fetched_at, parsed.article))
    last = len(versions)
    new = _chosen(versions, last if after is None else after)
    old = _chosen(versions, max(1, new.number - 1) if before is None else before)
    pieces = word_diff(old.article.text[:_MOST], new.article.text[:_MOST])
    return page(
        request,
        "versions.html",
        of=parsed.page,
        versions=versions,
        old=old,
        new=new,
        title=new.article.title or parsed.page.title or parsed.page.url,
        pieces=pieces,
        titles=word_diff(old.article.title or "", new.article.title or ""),
        removed=words_in(pieces, "removed"),
        added=words_in(pieces, "added"),
        cut=max(len(old.article.text), len(new.article.text)) > _MOST,
        sides=[_side(pieces, "removed"), _side(pieces, "added")],
    )


def _chosen(versions: Sequence[Version], number: int) -> Version:
    if not 1 <= number <= len(versions):
        raise HTTPException(404, f"This article has no version {number}; it has {len(versions)}.")
    return versions[number - 1]


def _side(pieces: Sequence[Piece], op: str) -> list[list[Piece]]:
    """One version's pieces in paragraphs."""
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.op not in ("same", op):
            continue
        first, *others = piece.text.split("\n\n")
        paragraphs[-1].append(Piece(piece.op, first))
        paragraphs += [[Piece(piece.op, other)] for other in others]
    return [kept for kept in paragraphs if any(piece.text.strip() for piece in kept)]
