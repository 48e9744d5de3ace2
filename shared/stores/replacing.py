"""What a newer version of a page replaces, the same for every store.

An article's earlier version is kept where its words changed, a comment that is gone from its page stays and says
since when, widgets go; a page that is gone stays, marked. What is parsed again replaces what the same fetch gave.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.records import AnyRecord, Article, Comment, Page, ParsedPage, Widget
from shared.stores.protocol import PageWrite

# Sources of comments that a page's visible text does not hold (docs/records.md).
_ELSEWHERE = frozenset({"comments feed", "comments api", "further page", "json-ld"})


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds of a page."""

    version: int
    parsed: ParsedPage
    leads_since: int | None = None
    """The version since which its article leads near-duplicates, itself the only one perhaps; None: it does not."""


@dataclass(frozen=True, slots=True)
class Leader:
    """The first known article of near-duplicates, or the only one yet: what later ones are compared with."""

    id: str
    since: int
    """The page's version at which it became one."""
    signature: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What a store is to hold of a page from now on."""

    version: int
    parsed: ParsedPage
    earlier: tuple[Article, int] | None
    """The article as it was and its version, to be kept among the versions."""
    changed: bool
    """Whether the article's words or the comments are others than before."""
    leader: Leader | None = None
    """Where the article is one, what the store keeps of it beside the record (`linking`)."""


def change(held: Held | None, write: PageWrite) -> Change | None:
    """What `write` makes of what is held; None where it changes nothing."""
    if held is not None and write.version < held.version:
        return None
    if write.parsed is None:
        return _gone(held, write) if held is not None else None
    parsed = write.parsed.model_copy(update={"segments": None})
    if held is None:
        return Change(write.version, parsed, None, changed=True)
    if parsed.page.fetched_at == held.parsed.page.fetched_at:
        return _parsed_again(held, write.version, parsed)
    now = {comment.id for comment in parsed.comments}
    missing = [_marked(c, parsed.page) for c in held.parsed.comments if c.id not in now]
    if missing:
        parsed = parsed.model_copy(update={"comments": in_order([*parsed.comments, *missing])})
    before = held.parsed.article
    differs = _words(before) != _words(parsed.article)
    earlier = (before, held.version) if before is not None and differs else None
    return Change(write.version, parsed, earlier, changed=differs or _thread(held.parsed) != _thread(parsed))


def version_id(article: Article, version: int) -> str:
    """The id of an article's earlier version."""
    return f"{article.id}@{version}"


def in_order(comments: Iterable[Comment]) -> list[Comment]:
    """Comments by position as a reader counts (1.9 before 1.10); one that is gone follows the one in its place."""
    return sorted(comments, key=lambda c: ([int(n) if n.isdigit() else 0 for n in c.position.split(".")], _is_gone(c)))


def gather(records: Iterable[AnyRecord]) -> ParsedPage | None:
    """A page from its records, widgets in the order given; None where its own record is not among them."""
    page: Page | None = None
    article: Article | None = None
    comments: list[Comment] = []
    widgets: list[Widget] = []
    for record in records:
        match record:
            case Page():
                page = record
            case Article():
                article = record
            case Comment():
                comments.append(record)
            case Widget():
                widgets.append(record)
    if page is None:
        return None
    return ParsedPage(page=page, article=article, comments=in_order(comments), widgets=widgets)


def spread(parsed: ParsedPage) -> list[AnyRecord]:
    """A page's records in the order of exports: page, article, comments, widgets."""
    article = [parsed.article] if parsed.article is not None else []
    return [parsed.page, *article, *parsed.comments, *parsed.widgets]


def each_page_once(writes: Sequence[PageWrite]) -> Iterator[list[PageWrite]]:
    """The writes in order, in groups in which no page comes twice."""
    group: dict[str, PageWrite] = {}
    for write in writes:
        if write.page_id in group:
            yield list(group.values())
            group = {}
        group[write.page_id] = write
    if group:
        yield list(group.values())


def _parsed_again(held: Held, version: int, parsed: ParsedPage) -> Change:
    """The same fetch in other records: nothing is gone or changed on the page, it was read otherwise before.

    Comments that did not come from the page itself stay.
    """
    now = {comment.id for comment in parsed.comments}
    others = [c for c in held.parsed.comments if c.id not in now and (_is_gone(c) or _is_from_elsewhere(c))]
    comments = in_order([*parsed.comments, *others]) if others else parsed.comments
    return Change(version, parsed.model_copy(update={"comments": comments}), None, changed=False)


def _gone(held: Held, write: PageWrite) -> Change:
    page = held.parsed.page.model_copy(update={"gone_at": held.parsed.page.gone_at or write.gone_at})
    return Change(
        write.version, held.parsed.model_copy(update={"page": page}), None, changed=held.parsed.page.gone_at is None
    )


def _marked(comment: Comment, page: Page) -> Comment:
    return comment if _is_gone(comment) else comment.model_copy(update={"gone_since": page.fetched_at})


def _is_gone(comment: Comment) -> bool:
    return comment.gone_since is not None


def _is_from_elsewhere(comment: Comment) -> bool:
    return comment.provenance.get("text") in _ELSEWHERE


def _words(article: Article | None) -> tuple[str | None, str] | None:
    return None if article is None else (article.title, article.text)


def _thread(parsed: ParsedPage) -> list[tuple[str, str, bool]]:
    return [(c.id, c.text, _is_gone(c)) for c in parsed.comments]
