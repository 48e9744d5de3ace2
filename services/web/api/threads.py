"""`/threads` and `/comments`: a page's comments, flat or as a tree; a comment among those around it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.web.absent import why_absent
from services.web.access import Reader
from services.web.api.answers import TAGGED, tagged
from services.web.api.checked import CheckedRoute
from services.web.api.description import problem_responses
from services.web.api.ids import CommentId, PageId
from services.web.dependencies import TheParts, TheStore
from services.web.problems import ProblemError
from shared.ids import page_of
from shared.records import Comment, ParsedPage
from shared.stores.protocol import Store

router = APIRouter(tags=["records"], route_class=CheckedRoute)
_RESPONSES = {**problem_responses(404), **TAGGED}

DEEPEST = 100
"""Levels of a tree; what is deeper stands on the last one. Readers of JSON take a few hundred at most."""


class NestedComment(Comment):
    """A comment with its replies."""

    replies: list["NestedComment"] = Field([], description=f"To {DEEPEST} levels; what is deeper stands on the last.")


class Thread(BaseModel):
    """A page's comments."""

    page_id: str
    page_url: str
    title: str | None = Field(description="Of the article, else of the page.")
    total: int = Field(description="Comments, those that are gone from the page included.")
    comments: list[NestedComment] = Field(
        description="In the order of the page; nested, those that answer none; flat, all of them, without replies."
    )


class CommentAnswer(BaseModel):
    """A comment in its thread."""

    page_id: str
    page_url: str
    title: str | None = Field(description="Of the article, else of the page.")
    comment: Comment
    ancestors: list[Comment] = Field(description="What it answers, the thread's beginning first.")
    replies: list[NestedComment]


@router.get("/threads/{page_id}", summary="A page's thread", response_model=Thread, responses=_RESPONSES)
def thread(
    _: Reader,
    page_id: PageId,
    request: Request,
    store: TheStore,
    parts: TheParts,
    shape: Annotated[
        Literal["nested", "flat"], Query(description="`nested`: replies within what they answer; `flat`: one list.")
    ] = "nested",
) -> Response:
    """The page's comments, all of them."""
    parsed = _stored(store, parts, page_id)
    roots, replies = _tree(parsed.comments)
    if shape == "flat":
        comments = [f'{comment.model_dump_json()[:-1]},"replies":[]}}' for comment in parsed.comments]
    else:
        comments = _nested(roots, replies)
    return tagged(request, f'{_head(parsed)},"total":{len(parsed.comments)},"comments":[{",".join(comments)}]}}')


@router.get(
    "/comments/{comment_id}",
    summary="A comment, what it answers and its replies",
    response_model=CommentAnswer,
    responses=_RESPONSES,
)
def comment(_: Reader, comment_id: CommentId, request: Request, store: TheStore, parts: TheParts) -> Response:
    """A comment in its place."""
    parsed = _stored(store, parts, page_of(comment_id))
    known = {each.id: each for each in parsed.comments}
    found = known.get(comment_id)
    if found is None:
        raise ProblemError(404, f"The page {parsed.page.id} is stored, and has no comment of this id.")
    replies = _tree(parsed.comments)[1]
    above = ",".join(each.model_dump_json() for each in _ancestors(found, known))
    below = ",".join(_nested(replies.get(found.id, ()), replies))
    own = found.model_dump_json()
    return tagged(request, f'{_head(parsed)},"comment":{own},"ancestors":[{above}],"replies":[{below}]}}')


def _stored(store: Store, parts: TheParts, page_id: str) -> ParsedPage:
    parsed = store.page(page_id)
    if parsed is None:
        raise ProblemError(404, why_absent(parts, page_id))
    return parsed


class _Head(BaseModel):
    page_id: str
    page_url: str
    title: str | None


def _head(parsed: ParsedPage) -> str:
    """The beginning of an answer, its object still open."""
    title = (parsed.article and parsed.article.title) or parsed.page.title
    return _Head(page_id=parsed.page.id, page_url=parsed.page.url, title=title).model_dump_json()[:-1]


def _tree(comments: Sequence[Comment]) -> tuple[list[Comment], dict[str, list[Comment]]]:
    """Comments that answer none that is there, and the replies of each."""
    before: set[str] = set()
    roots: list[Comment] = []
    replies: dict[str, list[Comment]] = {}
    for each in comments:
        # A parent stands before its replies; so nothing answers itself, by whatever way.
        if each.parent_id is not None and each.parent_id in before:
            replies.setdefault(each.parent_id, []).append(each)
        else:
            roots.append(each)
        before.add(each.id)
    return roots, replies


def _ancestors(found: Comment, known: Mapping[str, Comment]) -> list[Comment]:
    above: list[Comment] = []
    seen = {found.id}
    parent = known.get(found.parent_id or "")
    while parent is not None and parent.id not in seen:
        seen.add(parent.id)
        above.append(parent)
        parent = known.get(parent.parent_id or "")
    return above[::-1]


def _nested(roots: Iterable[Comment], replies: Mapping[str, Sequence[Comment]]) -> list[str]:
    """`NestedComment`s as JSON, without recursion: a thread may be deeper than Python's stack."""
    order: list[tuple[Comment, int]] = []
    waiting = [(root, 1) for root in reversed(list(roots))]
    while waiting:
        each, level = waiting.pop()
        order.append((each, level))
        waiting.extend((reply, level + 1) for reply in reversed(replies.get(each.id, ())))
    # From the last one back: the replies of each are complete when it comes.
    levels: dict[int, list[str]] = {}
    for each, deep in reversed(order):
        level = min(deep, DEEPEST)
        below = levels.pop(level + 1, [])
        text = f'{each.model_dump_json()[:-1]},"replies":[{",".join(reversed(below))}]}}'
        levels.setdefault(level, []).append(text)
    return levels.get(1, [])[::-1]
