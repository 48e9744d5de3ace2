"""Pages for the web page's tests, written into the embedded store: one with everything, one in Arabic, one of a huge
thread, one with nothing in it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.ids import article_id, page_id
from shared.records import Article, Comment, Image, Link, Page, ParsedPage, Update, Widget, WidgetItem
from shared.settings import Settings
from shared.stage import version_of
from shared.stores import open_store
from shared.stores.protocol import PageWrite

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4


def id_of(name: str) -> str:
    """The id of the page `name` of the test site."""
    return page_id(f"https://news.example/{name}")


def page_of(name: str, **fields: object) -> Page:
    values: dict[str, object] = {
        "id": id_of(name),
        "url": f"https://news.example/{name}",
        "final_url": f"https://news.example/{name}",
        "site_name": "The News",
        "fetched_at": AT,
        "status": 200,
        "kind": "article",
        "language": "en",
        "title": name,
        "content_hash": "h",
        "parser_version": "4",
        **fields,
    }
    return Page.model_validate(values)


def article_of(name: str, **fields: object) -> Article:
    values: dict[str, object] = {"id": article_id(id_of(name)), "page_id": id_of(name), "language": "en", **fields}
    return Article.model_validate(values)


def comment_of(name: str, position: str, parent: str | None = None, **fields: object) -> Comment:
    values: dict[str, object] = {
        "id": f"{id_of(name)}:c:{position}",
        "page_id": id_of(name),
        "parent_id": parent and f"{id_of(name)}:c:{parent}",
        "position": position,
        "depth": position.count("."),
        "language": "en",
        **fields,
    }
    return Comment.model_validate(values)


def widget_of(name: str, kind: str, **fields: object) -> Widget:
    values: dict[str, object] = {"id": f"{id_of(name)}:w:{kind}:x", "page_id": id_of(name), "kind": kind, **fields}
    return Widget.model_validate(values)


def full() -> ParsedPage:
    """A page with all that a page can have."""
    name = "bridge"
    html = (
        "<h1>Piers</h1><p>The bridge over the <a href='https://news.example/river'>river</a> opens on Monday.</p>"
        "<h4>Cost</h4><table><tr><th>Year</th><th>Millions</th></tr><tr><td>2023</td><td>4</td></tr></table>"
        "<figure><img src='https://news.example/b.jpg' alt='The bridge at dawn'><figcaption>At dawn</figcaption>"
        "</figure>"
        "<a href='https://news.example/more'><img src='https://news.example/c.jpg' alt=''></a><li>a stray entry</li>"
        "<pre>a   b</pre>"
    )
    article = article_of(
        name,
        title="The bridge opens on Monday",
        subtitle="Eleven years late, and a metre short",
        authors=["Ada Marsh", "Ben Ó Néill"],
        published_at=AT - timedelta(days=3),
        modified_at=AT - timedelta(days=1),
        source="Reuters",
        text="The bridge over the river opens on Monday.\n\nIt cost four million.",
        html=html,
        description="A bridge opens.",
        tags=["bridges", "river works"],
        images=[Image(url="https://news.example/b.jpg", alt="The bridge at dawn")],
        links=[Link(url="https://news.example/river", text="river")],
        comment_count=9,
        paywalled=True,
        updates=[Update(published_at=AT, title="Ribbon", text="It was cut.")],
        provenance={"authors": "json-ld", "published_at": "opengraph"},
    )
    comments = [
        comment_of(
            name,
            "1",
            author="Cleo",
            author_url="https://news.example/u/cleo",
            published_at=AT,
            edited_at=AT + timedelta(hours=1),
            text="About time.",
            html="<p>About <b>time</b>.</p>",
            votes=12,
            permalink="https://news.example/bridge#c1",
        ),
        comment_of(name, "1.1", "1", author="Dov", text="Quite so.", quotes=["About time."], published_raw="yesterday"),
        *(
            comment_of(name, "1.1" + ".1" * n, "1.1" + ".1" * (n - 1), author=f"Deep {n}", text=f"Level {n}.")
            for n in range(1, 9)
        ),
        comment_of(name, "1.2", "1", author="Eve", text="", status="deleted"),
        comment_of(name, "2", text=LONG, gone_since=AT),
        comment_of(name, "3", author="سلمى", text="مرحبا بالجسر", language="ar"),
    ]
    items = [
        WidgetItem(
            title="Ferry ends", url="https://news.example/ferry", author="Ada Marsh", published_at=AT, text="So."
        ),
        WidgetItem(text="No link"),
        WidgetItem(),
    ]
    widgets = [
        widget_of(name, "related_posts", title="Related", text="Ferry ends So. No link", items=items, region="right"),
        widget_of(name, "navigation", text="Home News Sport", region="header"),
        widget_of(name, "embed", embed_url="https://video.example/1", text="Play"),
        widget_of(name, "footer", title=LONG, region="footer"),
    ]
    page = page_of(name, canonical_url="https://news.example/the-bridge", gone_at=AT)
    return ParsedPage(page=page, article=article, comments=comments, widgets=widgets)


def arabic() -> ParsedPage:
    """A page from right to left."""
    name = "suq"
    article = article_of(
        name, title="سوق الكتب القديمة", language="ar", text="عاد السوق إلى الحياة.\n\nوالكتب معه.", authors=["سلمى"]
    )
    page = page_of(name, language="ar", title="سوق", site_name="الأخبار")
    return ParsedPage(page=page, article=article, comments=[comment_of(name, "1", text="جميل", language="ar")])


def huge(count: int = 5000) -> ParsedPage:
    """A thread of so many comments: fifty under each of the first, each under the one before."""
    name = "huge"
    comments: list[Comment] = []
    for n in range(count):
        top, below = n // 50 + 1, n % 50
        position = ".".join([str(top)] + ["1"] * below)
        parent = ".".join([str(top)] + ["1"] * (below - 1)) if below else None
        comments.append(comment_of(name, position, parent, author=f"Reader {n}", text=f"Comment number {n}."))
    return ParsedPage(
        page=page_of(name), article=article_of(name, title="Much discussed", text="Yes."), comments=comments
    )


def bare() -> ParsedPage:
    """A page of which nothing is known."""
    page = page_of("bare", title=None, site_name=None, language=None, status=None, kind="other")
    return ParsedPage(page=page)


def revised() -> list[ParsedPage]:
    """Three versions of one page's article."""
    texts = [
        "The mayor said no.\n\nNobody cheered.",
        "The mayor said yes.\n\nNobody cheered.",
        "The mayor said yes.\n\nAll cheered.",
    ]
    return [
        ParsedPage(
            page=page_of("mayor", fetched_at=AT + timedelta(days=n)),
            article=article_of("mayor", title=f"The mayor speaks{'!' * n}", text=text),
        )
        for n, text in enumerate(texts)
    ]


def fill(settings: Settings, *batches: Sequence[ParsedPage]) -> None:
    """Writes pages into a new embedded store, a batch at once."""
    store = open_store(settings, write=True)
    store.prepare()
    for batch in batches:
        versions = [version_of(round(parsed.page.fetched_at.timestamp() * 1000)) for parsed in batch]
        store.write([PageWrite(p.page.id, version, p) for p, version in zip(batch, versions, strict=True)])
    store.close()
