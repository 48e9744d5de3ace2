"""Pages to store, and what a store finds of them, in a few words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from shared.ids import RecordIds, article_id, page_id
from shared.query.values import filter_of
from shared.records import Article, Comment, Page, ParsedPage, Widget, WidgetItem
from shared.search.request import Result, Search
from shared.search.search import search
from shared.stores.protocol import PageWrite, Store

OpenStore = Callable[..., Store]
"""Opens a test's store: `open(write=False)`."""
START = datetime(2026, 1, 1, tzinfo=UTC)


def fetched(version: int) -> datetime:
    return START + timedelta(hours=version)


def make(
    url: str = "https://blog.example.com/post",
    *,
    version: int = 1,
    title: str | None = "A title",
    text: str | None = "The text of an article",
    comments: Sequence[str] = (),
    widgets: Sequence[str] = (),
    language: str | None = "en",
    published_at: datetime | None = None,
    final_url: str | None = None,
) -> ParsedPage:
    """A page; its comments and widgets by their texts, the second comment and later ones replies to the first."""
    page = page_id(url)
    ids = RecordIds(page)
    article = Article(
        id=article_id(page), page_id=page, title=title, text=text or "", language=language, published_at=published_at
    )
    made: list[Comment] = []
    for n, words in enumerate(comments):
        parent = made[0].id if made else None
        made.append(
            Comment(
                id=ids.comment(None, None, "Ann", words),
                page_id=page,
                parent_id=parent,
                position="1" if parent is None else f"1.{n}",
                depth=int(parent is not None),
                author="Ann",
                text=words,
                published_at=published_at,
            )
        )
    return ParsedPage(
        page=Page(
            id=page,
            url=url,
            final_url=final_url or url,
            fetched_at=fetched(version),
            content_hash=str(version),
            parser_version="test",
            title=title,
            language=language,
        ),
        article=article if text is not None else None,
        comments=made,
        widgets=[
            Widget(
                id=ids.widget("links", words), page_id=page, kind="links", text=words, items=[WidgetItem(title=words)]
            )
            for words in widgets
        ],
    )


def signed(parsed: ParsedPage, *authors: str, tags: tuple[str, ...] = (), source: str | None = None) -> ParsedPage:
    assert parsed.article is not None
    news = {"authors": list(authors), "tags": list(tags), "source": source}
    return parsed.model_copy(update={"article": parsed.article.model_copy(update=news)})


def write(parsed: ParsedPage, version: int) -> PageWrite:
    return PageWrite(parsed.page.id, version, parsed)


def gone(parsed: ParsedPage, version: int) -> PageWrite:
    return PageWrite(parsed.page.id, version, None, fetched(version))


def ask(store: Store, text: str = "", **filters: str) -> Result:
    """All that a query finds, with filters by the names of their fields."""
    return search(store, Search(text, tuple(filter_of(name, value) for name, value in filters.items()), limit=100))


def found(store: Store, text: str = "", **filters: str) -> list[str]:
    """The ids of what a query finds, sorted."""
    result = ask(store, text, **filters)
    assert result.total == len(result.hits)
    return sorted(hit.record.id for hit in result.hits)


def texts(store: Store, text: str = "", **filters: str) -> set[str]:
    return {hit.record.text for hit in ask(store, text, **filters).hits}  # type: ignore[union-attr]
