"""What `parse` makes of pages of well-known markup: article, thread and widgets."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from services.parser import parse
from services.parser.engine import WEIGHTS, core_with
from shared.records import ParsedPage, WidgetKind

PAGES = Path(__file__).parent / "pages"


def read(name: str, url: str = "https://site.example/2023/05/page.html") -> ParsedPage:
    return parse((PAGES / name).read_bytes(), url)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        parse(b"<p>words", "https://site.example/", fetched_at=datetime(2026, 5, 1))


def test_article_of_a_blog_post() -> None:
    page = read("blog-post.html", "https://garden.example/2023/05/slugs.html")
    article = page.article
    assert article is not None
    assert article.title == "Slugs and how to live with them | The Evening Leaf"
    assert article.source == "The Evening Leaf"
    assert str(article.published_at) == "2023-05-08 00:00:00+00:00"
    assert article.text.startswith("Every spring")
    assert article.text.endswith("one row more than we need.")
    assert "\n\nThe longer answer" in article.text
    assert "<blockquote>A garden" in article.html
    assert (article.language, article.comment_count, page.page.kind) == ("en", 3, "article")


def test_tags_that_the_page_shows_go_before_the_head_s() -> None:
    body = (PAGES / "blog-post.html").read_text("utf-8")
    head = body.replace("</head>", "<meta property='article:tag' content='Molluscs'></head>")
    assert "Molluscs" in head
    article = parse(head.encode(), "https://garden.example/2023/05/slugs.html").article
    assert article is not None
    assert article.tags == ["soil", "spring"]


def test_a_line_that_points_elsewhere_is_no_part_of_the_article() -> None:
    body = (PAGES / "blog-post.html").read_text("utf-8")
    line = "<p>Read also: <a href=/2023/04/hens.html>What the hens do with a bed of young lettuce</a></p>"
    page = parse(
        body.replace("<p>The longer answer", f"{line}<p>The longer answer", 1).encode(), "https://garden.example/"
    )
    assert page.article is not None
    assert "The longer answer" in page.article.text
    assert "hens do with" not in page.article.text
    assert any("hens do with" in w.text for w in page.widgets)


def test_how_a_word_is_read_is_chrome() -> None:
    word = "<ruby>\u5b50<rp>(</rp><rt>\u3053</rt><rp>)</rp></ruby>\u3069\u3082"
    body = (PAGES / "blog-post.html").read_text("utf-8").replace("Every spring", f"{word} Every spring")
    page = parse(body.replace("Slugs and", f"{word} and").encode(), "https://garden.example/", explain=True)
    assert page.article is not None
    assert page.article.text.startswith("\u5b50\u3069\u3082 Every spring")
    assert (page.article.title or "").startswith("\u5b50\u3069\u3082 and")
    assert [s.role for s in page.segments or [] if s.text == "(\u3053)"] == ["chrome", "chrome"]


def test_source_at_an_articles_end() -> None:
    body = (PAGES / "blog-post.html").read_text("utf-8").replace(" | The Evening Leaf", "")
    assert "one row more than we need.</p>" in body
    signed = body.replace("one row more than we need.</p>", "one row more than we need.</p><p>Source: Reuters</p>")
    for page, source in ((body, None), (signed, "Reuters")):
        article = parse(page.encode(), "https://garden.example/2023/05/slugs.html").article
        assert article is not None
        assert article.source == source


def test_a_text_that_stands_twice_is_the_article_once_and_no_widget() -> None:
    body = (PAGES / "blog-post.html").read_text("utf-8")
    start, end = body.index("<p>Every spring"), body.index("one row more than we need.</p>") + 30
    copy = f'<div class="phone">{body[start:end]}</div>'
    once = parse(body.encode(), "https://garden.example/2023/05/slugs.html")
    twice = parse((body[:end] + copy + body[end:]).encode(), "https://garden.example/2023/05/slugs.html")
    assert once.article is not None
    assert twice.article is not None
    assert twice.article.text == once.article.text
    assert [w.kind for w in twice.widgets] == [w.kind for w in once.widgets]


def test_thread_of_a_blog_post() -> None:
    comments = read("blog-post.html").comments
    assert [(c.position, c.depth, c.author) for c in comments] == [
        ("1", 0, "Mira"),
        ("1.1", 1, "Jon"),
        ("2", 0, "Tilda"),
    ]
    assert comments[1].parent_id == comments[0].id
    assert comments[0].text == "We put out boards, and turn them over in the morning.\n\nThe hens do the rest."
    assert comments[0].author_url == "https://people.example/mira"
    assert comments[0].permalink == "https://site.example/2023/05/slugs.html?c=11"
    assert comments[0].published_raw == "May 9, 2023 at 8:15 AM"
    assert comments[0].published_at is not None
    assert comments[0].published_at.date().isoformat() == "2023-05-09"
    assert comments[0].id.endswith(":c:c11")


def test_widgets_of_a_blog_post() -> None:
    widgets = {w.kind: w for w in read("blog-post.html").widgets}
    assert set(widgets) == {
        "header",
        "navigation",
        "social",
        "labels",
        "comment_form",
        "popular_posts",
        "recent_posts",
        "footer",
    }
    assert [(i.title, i.url) for i in widgets["popular_posts"].items] == [
        ("Compost in a small yard", "https://site.example/2022/04/compost.html"),
        ("Pears on a wall", "https://site.example/2021/09/pears.html"),
    ]
    assert widgets["popular_posts"].title == "Popular Posts"
    assert (widgets["recent_posts"].language, widgets["popular_posts"].language) == ("el", "en")
    assert widgets["footer"].region == "footer"


def test_a_forum_thread() -> None:
    page = read("forum-thread.html")
    assert page.page.kind == "forum"
    assert page.article is not None
    assert page.article.text.startswith("The roads are salted")
    assert "Ride on" not in page.article.text
    assert page.article.title == "Which chain oil in winter?"
    assert [c.author for c in page.comments] == ["Ole", "M. Duarte"]
    assert page.comments[0].text.startswith("A thick wet lube")
    assert page.comments[0].quotes == ["lena_k wrote: Which oil do you use when it is wet for weeks?"]
    assert [str(c.published_at) for c in page.comments] == ["2022-11-03 19:01:00+00:00", "2022-11-04 07:44:00+00:00"]


def test_a_shell_is_read_from_its_noscript() -> None:
    page = parse((PAGES / "shell.html").read_bytes(), "https://talk.example/t/moss", explain=True)
    assert page.article is not None
    assert page.article.text.startswith("How do I get moss")
    assert page.article.provenance["text"] == "noscript"
    assert page.segments == []


def test_links_are_absolute_and_html_is_clean() -> None:
    page = parse(
        "<base href='/b/'><main><h1>T</h1><p>See <a href='c' onclick='x()'>the c page</a> and "
        "<a href='javascript:x()'>nothing</a> for what is said of it, at length, by those who know.</p>"
        "<p><img src='i.png' alt='An i'>More words, as many as it takes.<script>x()</script></p></main>",
        "https://site.example/a/",
    )
    article = page.article
    assert article is not None
    assert [link.url for link in article.links] == ["https://site.example/b/c"]
    assert [(i.url, i.alt) for i in article.images] == [("https://site.example/b/i.png", "An i")]
    assert '<a href="https://site.example/b/c">the c page</a>' in article.html
    assert "x()" not in article.html


def test_ids_are_the_same_each_time() -> None:
    first, second = read("blog-post.html"), read("blog-post.html")
    assert [r.id for r in first.widgets + first.comments] == [r.id for r in second.widgets + second.comments]


def test_what_a_tab_hides_is_of_the_article_or_of_nothing() -> None:
    body = (PAGES / "blog-post.html").read_text("utf-8")
    prose = "The barley straw that some swear by keeps nothing away, as we found out in the second spring. " * 4
    first = body.index("<p>", body.index("Every spring")) if "<p>" in body else 0
    tab = f"<div class=tab-pane style='display:none'><p>{prose}</p><p>{prose}</p></div>"
    offer = f"<div class=promotion style='display:none'><p>{prose.replace('barley', 'cheap')}</p></div>"
    page = parse(body[:first] + tab + body[first:].replace("</footer>", f"{offer}</footer>"), "https://site.example/a")
    assert page.article is not None
    assert "barley straw" in page.article.text
    assert page.article.provenance["text"] == "hidden"
    assert "cheap straw" not in page.model_dump_json()


COMMENT = (
    "<div class=comment id=c{0}><a class=username href=/u/{0}>Ida {0}</a>{1}<div class=comment-body><p>The straw keeps "
    "nothing away, as we found out in the second spring of number {0}.</p></div></div>"
)


def days_of(*whens: str, whole: bool = False) -> list[str | None]:
    """The days of a thread whose comments say when in these ways, or that are these."""
    thread = "".join(when if whole else COMMENT.format(n, when) for n, when in enumerate(whens))
    body = (PAGES / "blog-post.html").read_text("utf-8").partition("<body")[2].partition(">")[2]
    page = parse(
        f"<html lang=en><body>{body.partition('<section')[0]}<section id=comments>{thread}</section>",
        "https://s.example/a",
    )
    return [str(c.published_at)[:10] if c.published_at else None for c in page.comments if "straw keeps" in c.text]


def test_a_comment_s_day_is_the_one_that_it_shows() -> None:
    shown = "<time datetime=2023-08-0{0}T22:42:36-0400>Aug {1}, 2023</time>"
    assert days_of(shown.format(5, 6), shown.format(5, 5), shown.format(1, 9)) == [
        "2023-08-06",
        "2023-08-05",
        "2023-08-01",
    ]


def test_a_comment_s_day_may_stand_in_an_attribute_alone() -> None:
    given = "<span class=timeago title=2023-08-0{0}T08:00:18.032Z></span>"
    meta = "<meta itemprop=datePublished content=2023-08-03T08:00:18.032Z>"
    judged = "<span class=stamp data-content='2023-08-04 15:23:13 UTC'></span>"
    assert days_of(given.format(1), given.format(2), meta, judged) == [f"2023-08-0{n}" for n in (1, 2, 3, 4)]


def test_days_of_members_and_of_edits_are_not_the_comment_s() -> None:
    joined = "<dl class=postprofile><dd>Founded: May 15, 2019</dd></dl>"
    edited = "<div>edited <span title='2023-08-09 10:00:00Z'>Aug 9, 2023</span></div>"
    asked = "<div>answered <span title='2023-08-0{0} 10:00:00Z'>Aug {0}, 2023</span></div>"
    said = days_of(joined, joined, edited + asked.format(2), asked.format(3))
    assert said == [None, None, "2023-08-02", "2023-08-03"]


def test_a_bit_beside_what_is_hidden_is_of_what_stands_before_that(tmp_path: Path) -> None:
    prose = "The barley straw that some swear by keeps nothing away, as we found out in the second spring. " * 4
    # A model to which every short block is a bit of its neighbour.
    kinds = len(get_args(WidgetKind)) + 1
    weights = shutil.copytree(WEIGHTS, tmp_path / "weights")
    np.savez(
        weights / "widget.npz",
        feature=np.zeros((1, 1), np.int16),
        border=np.full((1, 1), np.inf, np.float32),
        leaves=np.zeros((1, 2, kinds), np.float16),
        bias=np.array([0.0] * (kinds - 1) + [9.0], np.float32),
    )
    terms = "These terms of use apply to all orders of the shop; liability is limited as far as the law allows it. " * 3
    html = f"<h1>Slugs</h1><article><p>{prose * 4}</p></article><footer><div hidden><p>{terms}</p></div><i>3 min</i>"
    page = parse(html, "https://site.example/a", explain=True, core=core_with(weights))
    assert page.article is not None
    assert [(s.text, s.record, s.role) for s in page.segments or []][-1] == ("3 min", page.article.id, "chrome")


def test_a_comment_has_no_moment_of_an_answer_in_it() -> None:
    when = "<span class=timeago title=2023-08-0{0}T08:00:18Z></span>"
    answer = COMMENT.format(2, when.format(2))
    outer = COMMENT.format(1, "").removesuffix("</div>") + f"<div class=replies>{answer}</div></div>"
    assert days_of(outer, COMMENT.format(3, when.format(3)), whole=True)[-3:] == [None, "2023-08-02", "2023-08-03"]
