"""What pages say of themselves, said well and badly."""

import html
import json
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask
from tests.services.parser.asking import ask_of

URL = "https://quay.example/2024/ferry.html"


def read(head: str, body: str = "", url: str = URL, html: str = "<html lang=en>") -> SimpleNamespace:
    source = f"<!DOCTYPE html>{html}<head>{head}</head><body>{body}</body></html>"
    return said(ask_of("metadata", source, url=url))


def said(fields: dict[str, Any]) -> SimpleNamespace:
    """What JSON has as texts and lists as moments, tuples and comments."""
    moments = {n: datetime.fromisoformat(value) for n, value in fields.items() if n.endswith("_at") and value}
    lists = {n: tuple(value) for n, value in fields.items() if isinstance(value, list)}
    comments = {n: tuple(map(said, fields[n])) for n in ("comments", "replies") if n in fields}
    return SimpleNamespace(**fields | moments | lists | comments)


def split_source(title: str, site: str | None, url: str) -> str | None:
    found: str | None = ask("split_source", title=title, site=site, url=url)
    return found


def source_in_line(text: str) -> str | None:
    found: str | None = ask("source_in_line", text=text)
    return found


def without_site(title: str, site: str | None, url: str) -> str:
    found: str = ask("without_site", title=title, site=site, url=url)
    return found


def site_in_title(document_title: str, title: str) -> str | None:
    found: str | None = ask("site_in_title", document_title=document_title, title=title)
    return found


def ld(*values: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(v)}</script>' for v in values)


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "The ferry &amp; the oranges",
    "datePublished": "2024-03-05T08:00:00+02:00",
    "dateModified": "2024-03-06",
    "author": [{"@type": "Person", "name": "Ida Lund"}, "Joss Hale", {"name": "https://quay.example/x"}],
    "publisher": {"@type": "Organization", "name": "The Quay"},
    "image": {"@type": "ImageObject", "url": "/a.jpg"},
    "keywords": "ferries, oranges",
    "isAccessibleForFree": "False",
    "commentCount": "12",
    "articleBody": "The ferry left late.\n\nNobody knew why.",
    "comment": [
        {
            "@type": "Comment",
            "text": "It floated.",
            "author": {"@type": "Person", "name": "Ann", "url": "/ann"},
            "dateCreated": "2024-03-05T09:00:00Z",
            "upvoteCount": 3,
            "url": "#c1",
            "comment": {"@type": "Comment", "text": "As oranges do.", "author": "Bo"},
        },
        {"@type": "Comment", "author": "no text"},
        "not a comment",
    ],
}


def check_article(found: SimpleNamespace) -> None:
    assert found.title == "The ferry & the oranges"
    assert found.authors == ("Ida Lund", "Joss Hale")
    assert found.published_at == datetime(2024, 3, 5, 8, tzinfo=timezone(timedelta(hours=2)))
    assert found.modified_at == datetime(2024, 3, 6, tzinfo=UTC)
    assert found.site_name == "The Quay"
    assert found.images == ("https://quay.example/a.jpg",)
    assert found.tags == ("ferries", "oranges")
    assert found.paywalled is True
    assert found.comment_count == 12
    assert found.article_body == "The ferry left late.\n\nNobody knew why."
    assert "NewsArticle" in found.types
    assert {found.provenance[f] for f in ("title", "authors", "published_at", "paywalled")} == {"json-ld"}


def test_json_ld():
    found = read(ld(ARTICLE))
    check_article(found)
    (comment,) = found.comments
    assert (comment.text, comment.author, comment.votes) == ("It floated.", "Ann", 3)
    assert comment.author_url == "https://quay.example/ann"
    assert comment.url == f"{URL}#c1"
    assert comment.published_at == datetime(2024, 3, 5, 9, tzinfo=UTC)
    assert [r.text for r in comment.replies] == ["As oranges do."]


@pytest.mark.parametrize(
    "script",
    [
        ld([{"@type": "BreadcrumbList"}, ARTICLE]),
        ld({"@graph": [{"@type": "WebSite", "name": "The Quay"}, ARTICLE]}),
        ld({"@type": "WebPage", "mainEntity": ARTICLE}),
        f'<script type="application/ld+json">{json.dumps(ARTICLE)[:-1]},}}</script>',
        f'<script type="application/ld+json">{json.dumps(ARTICLE)};</script>',
        f'<script type="application/ld+json"><!-- {json.dumps(ARTICLE)} --></script>',
        f'<script type="application/ld+json">//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]></script>',
        f'<script type="application/LD+JSON">{{"@type": "Organization"}} {json.dumps(ARTICLE)}</script>',
        '<script type="application/ld+json">{"@type": </script>' + ld(ARTICLE),
        f'<script type="application/ld+json">{json.dumps(ARTICLE, indent=1)}</script>'.replace(
            'oranges"', 'oranges\t"'
        ),
    ],
)
def test_json_ld_as_pages_write_it(script):
    check_article(read(script))


def test_json_ld_that_a_framework_wrote_as_a_meta_element():
    content = html.escape(json.dumps(ARTICLE))
    found = read(f'<meta name="script:ld+json" content="{content}">')
    assert (found.title, found.published_at, found.provenance["published_at"]) == (
        "The ferry & the oranges",
        datetime(2024, 3, 5, 8, tzinfo=timezone(timedelta(hours=2))),
        "json-ld",
    )


def test_references_by_id():
    graph = [
        {"@type": "BlogPosting", "headline": "Ferry", "author": {"@id": "#ida"}, "image": {"@id": "#img"}},
        {"@type": "Person", "@id": "#ida", "name": "Ida Lund"},
        {"@type": "ImageObject", "@id": "#img", "contentUrl": "https://quay.example/b.jpg"},
    ]
    found = read(ld({"@graph": graph}))
    assert found.authors == ("Ida Lund",)
    assert found.images == ("https://quay.example/b.jpg",)


def test_of_several_articles_the_page_own_counts():
    others = [{"@type": "Article", "headline": f"Other {n}", "url": f"/other/{n}"} for n in range(3)]
    own = {"@type": "Article", "headline": "Own", "mainEntityOfPage": {"@id": URL}}
    assert read(ld([*others, own])).title == "Own"
    assert read(ld(others) + "<title>Newest</title>").title == "Newest"


def test_question_counts_its_answers():
    question = {
        "@type": "Question",
        "name": "Why?",
        "text": "Why so late?",
        "answerCount": 2,
        "commentCount": 5,
        "acceptedAnswer": {"@type": "Answer", "text": "Oranges.", "upvoteCount": 4},
        "suggestedAnswer": [{"@type": "Answer", "text": "Fog."}],
    }
    found = read(ld({"@type": "QAPage", "mainEntity": question}))
    assert found.comment_count == 2
    assert [c.text for c in found.comments] == ["Oranges.", "Fog."]
    assert "QAPage" in found.types


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "x", [], {}, [[[]]], {"@type": None}, {"@type": ["Article", 3]}, {"@graph": {"@type": "Article"}},
        {"@type": "Article", "author": {"author": []}, "datePublished": ["never"], "image": [None, 3, {}]},
        {"@type": "Article", "headline": {"@value": 5}, "comment": {"text": {}}, "keywords": {"a": 1}},
        {"@type": "Article", "datePublished": "0000-00-00", "dateModified": "9999-99-99T99:99", "commentCount": -1},
        {"@type": "Article", "interactionStatistic": [{"interactionType": "CommentAction"}]},
        {"@type": "Article", "@id": ["list"], "url": {"@id": 5}, "publisher": [1, 2], "isAccessibleForFree": "maybe"},
    ],
)  # fmt: skip
def test_nonsense_does_no_harm(value):
    found = read(ld(value))
    assert found.published_at is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["@type", "@id", "@graph", "name", "author", "url", "image", "comment", "text", "mainEntity", "keywords",
             "datePublished", "publisher", "isAccessibleForFree", "commentCount", "interactionStatistic", "headline"]
        ),
        inner | st.sampled_from(["Article", "Comment", "Question", "WebSite"]),
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(json_values)
def test_no_json_fails(value):
    read(ld(value))


@given(st.text(alphabet='{}[]",:\\/*<!->@typeArticle \n0', max_size=200))
def test_no_broken_json_fails(text):
    read(f'<script type="application/ld+json">{text}</script>')


def test_deep_and_huge_json():
    assert read(f'<script type="application/ld+json">{"[" * 200_000}</script>').types == ()
    assert read(f'<script type="application/ld+json">[{"1," * 1_000_000}1]</script>').types == ()
    nested: dict[str, object] = {"@type": "Comment", "text": "deepest"}
    for _ in range(300):
        nested = {"@type": "Comment", "text": "deep", "comment": nested}
    assert read(ld({"@type": "Article", "comment": nested})).comments


def test_open_graph_and_meta():
    found = read(
        """<title>Ferry late - The Quay</title><meta property="og:title" content="Ferry late | The Quay">
        <meta property="og:site_name" content="The Quay"><meta name="author" content="Ida Lund">
        <meta property="article:author" content="https://facebook.com/quay">
        <meta property="article:published_time" content="2024-03-05T08:00:00Z">
        <meta property="article:tag" content="ferries"><meta property="article:tag" content="fog">
        <meta name="description" content="A ferry   left late."><meta property="og:image" content="/x.jpg">
        <meta name="generator" content="WordPress 6.5"><meta property="og:type" content="article">
        <link rel="canonical" href="/2024/ferry.html">"""
    )
    assert (found.title, found.headline, found.document_title) == ("Ferry late", "Ferry late", "Ferry late - The Quay")
    assert found.authors == ("Ida Lund",)
    assert found.tags == ("ferries", "fog")
    assert found.description == "A ferry left late."
    assert found.canonical_url == URL
    assert found.generator == "WordPress 6.5"
    assert found.og_type == "article"
    assert found.provenance["published_at"] == "opengraph"
    assert found.provenance["authors"] == "markup"


def test_several_authors_in_meta():
    metas = "".join(f'<meta name="citation_author" content="{n}">' for n in ("Lund, Ida", "Hale, Joss"))
    assert read(metas).authors == ("Ida Lund", "Joss Hale")


def test_site_as_author_is_a_weak_one():
    found = read('<meta property="og:site_name" content="The Quay"><meta name="author" content="the quay">')
    assert (found.authors, found.has_weak_authors) == (("the quay",), True)


def test_microdata():
    found = read(
        "",
        """<div itemscope itemtype="http://schema.org/BlogPosting"><h3 itemprop="name headline">Ferry</h3>
        <span itemprop="author" itemscope itemtype="http://schema.org/Person"><b itemprop="name">Ida Lund</b></span>
        <time itemprop="datePublished" datetime="2024-03-05">5 March</time>
        <meta itemprop="interactionCount" content="UserComments:7">
        <div itemprop="comment" itemscope itemtype="http://schema.org/Comment">
        <i itemprop="author">Ann</i><time itemprop="datePublished" datetime="2024-03-07">then</time></div></div>""",
    )
    assert found.title == "Ferry"
    assert found.authors == ("Ida Lund",)
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert found.comment_count == 7
    assert found.types == ("BlogPosting", "Person", "Comment")
    assert found.provenance["authors"] == "microdata"


def test_microdata_of_a_list_of_articles_says_nothing():
    one = '<div itemscope itemtype="http://schema.org/BlogPosting"><b itemprop="headline">Ferry</b></div>'
    assert read("<title>All</title>", one * 3).title == "All"


@pytest.mark.parametrize(
    ("html", "head", "language"),
    [
        ("<html lang=en-us>", "", "en-US"),
        ("<html lang=el>", "", "el"),
        ("<html xml:lang='pt_BR'>", "", "pt-BR"),
        ("<html lang='{{ lang }}'>", '<meta property="og:locale" content="el_GR">', "el-GR"),
        ("<html>", '<meta http-equiv="Content-Language" content="tr">', "tr"),
        ("<html lang=''>", "", None),
        ("<html lang=und>", "", None),
    ],
)
def test_language(html, head, language):
    assert read(head, html=html).language == language


def test_site_name_where_only_titles_tell():
    head = '<link rel="alternate" type="application/atom+xml" title="Only News - Atom" href="/feed">'
    head += "<title>Only News: US carries out air raids | Al Jazeera</title>"
    found = read(head, url="https://only-news.example/2021/06/us.html")
    assert found.site_name == "Only News"
    assert found.title == "US carries out air raids | Al Jazeera"
    assert split_source(found.title, found.site_name, "https://only-news.example/") == "Al Jazeera"


@pytest.mark.parametrize(
    ("title", "site", "url", "source"),
    [
        ("US carries out air raids on militias | Al Jazeera", "Only News", "https://only-news.example/", "Al Jazeera"),
        ("US carries out air raids on militias | Al Jazeera", "Al Jazeera", "https://a.example/", None),
        ("US carries out air raids on militias | Al Jazeera", None, "https://www.aljazeera.com/x", None),
        ("Ferry strike ends after days - The New York Times", "My Cuts", "https://cuts.example/", "The New York Times"),
        ("Ferry strike ends - a long story", "My Clippings", "https://clips.example/", None),
        ("Ferry strike ends after eleven days | Opinion", "My Clippings", "https://clips.example/", None),
        ("Ferry strike ends after eleven days | Part 2", "My Clippings", "https://clips.example/", None),
        ("Ferry strike ends after eleven days | The Quay Daily", "The Quay", "https://quay.example/", None),
        ("Η απεργία των πλοίων έληξε | Καθημερινή", "Τα Νέα μου", "https://nea.example/", "Καθημερινή"),
        ("Functions in depth | MDN", "MDN Web Docs", "https://developer.example/", None),
        ("About us and our people | Acme Research Labs", None, "https://arl.example/", None),
        ("No tail", "x", "https://quay.example/", None),
        ("|", None, "https://quay.example/", None),
        ("", None, "https://quay.example/", None),
    ],
)  # fmt: skip
def test_source(title, site, url, source):
    assert split_source(title, site, url) == source


def test_source_lines():
    assert source_in_line("Source: Reuters") == "Reuters"
    assert source_in_line("Πηγή: Η Καθημερινή.") == "Η Καθημερινή"
    assert source_in_line("出典：朝日新聞") == "朝日新聞"
    assert source_in_line("The source: a spring in the hills") is None


def test_titles_without_the_site():
    assert without_site("Ferry late - The Quay", "The Quay", URL) == "Ferry late"
    assert without_site("The Quay: Ferry late", "The Quay", URL) == "Ferry late"
    assert without_site("The Quay", "The Quay", URL) == "The Quay"
    assert without_site("War - what is it good for", "The Quay", URL) == "War - what is it good for"
    assert site_in_title("Go ahead | Pierce Freeman", "Go ahead") == "Pierce Freeman"
    assert site_in_title("Go ahead", "Go ahead") is None


@given(st.text(max_size=80), st.none() | st.text(max_size=20))
def test_no_title_fails(title, site):
    source = split_source(title, site, URL)
    assert source is None or source in title
    assert without_site(title, site, URL) in title
    site_in_title(title, title[:5])


def test_a_reference_to_no_character_is_no_error() -> None:
    endless = "9" * 5000
    found = read(
        f"<title>Quay &amp;#39;n&amp;#39; ferry &amp;#{endless};</title>"
        f'<meta name="description" content="&amp;#{endless}">'
        + ld({"@type": "Article", "articleBody": f"Text&#{endless};", "keywords": [f"&#x{endless};", "sea"]}, {"n": 1})
    )
    assert (found.title, found.description) == ("Quay 'n' ferry \ufffd", "\ufffd")
    assert (found.article_body, found.tags) == ("Text\ufffd", ("\ufffd", "sea"))
