"""Titles and authors of articles: markup written for each way that pages give them."""

from datetime import UTC, datetime

import pytest

from tests.services.parser.heads import BODY, SITE, article, ld, person

# -- titles


@pytest.mark.parametrize(
    ("markup", "head"),
    [
        ("<h1><span class=article__kicker>Harbour</span> Ferry late again</h1>", ""),
        ("<h1><b class=a>Harbour</b><span class=visually-hidden>: </span><b class=c>Ferry late again</b></h1>", ""),
        ("<h1><div class=topic-label>100 years</div>Ferry late again</h1>", ""),
        ("<h1>Ferry late again<small class=sub-title>What the captain says</small></h1>", ""),
        ("<h1><time>Jun 17</time> Ferry late again</h1>", ""),
        ("<h1>27.01.2022 - Ferry late again</h1>", ""),
        ("<h1>Local News | Ferry late again</h1>", "<meta property=og:title content='Ferry late again'>"),
        ("<h1><span>Harbour news</span> <span>Ferry late again</span></h1>", ld(headline='"Ferry late again"')),
        ("<h1>Ferry late again – The Quay</h1>", SITE),
        ("<h1>The Quay</h1><h2>Ferry late again</h2>", SITE + "<meta property=og:title content='Ferry late again'>"),
        ("<h1 class=site-title>All the harbour</h1><h1>Ferry late again</h1>",
         "<title>Ferry late again All the harbour</title>"),
        ("<h2 class=card-title>Get in touch</h2><h1>Ferry late again</h1>", "<title>Home</title>"),
        ("<nav><h3>Menu</h3></nav><h1>Ferry late again</h1><h3>Menu</h3>", "<title>Ferry late again</title>"),
        ("<p>What is new?</p>", "<title>Ferry late again | The Quay</title>" + SITE),
    ],
)  # fmt: skip
def test_titles(markup, head):
    assert article(markup + BODY, head).title == "Ferry late again"


def test_a_title_stays_as_the_page_shows_it():
    head = "<meta property=og:title content='The process'>"
    assert (
        article(f"<h1>The process: seven steps to a ferry</h1>{BODY}", head).title
        == "The process: seven steps to a ferry"
    )
    head = "<meta property=og:site_name content='My Cuts'>"
    assert (
        article(f"<h1>Ferry late again | The Evening Leaf</h1>{BODY}", head).title
        == "Ferry late again | The Evening Leaf"
    )


def test_a_title_amid_a_body_that_is_the_whole_page():
    menu = "".join(f"<li><a href=/{n}>Menu {n}</a></li>" for n in range(100))
    markup = (
        f"<div id=body><ul>{menu}</ul><h1>Ferry late again</h1><p>By Ida Lund</p><span class=date>20.01.2022</span>"
    )
    found = article(f"{markup}{BODY.replace('id=body', '')}</div>", "<title>Ferry late again</title>")
    assert (found.title, found.authors) == ("Ferry late again", ["Ida Lund"])
    assert found.published_at == datetime(2022, 1, 20, tzinfo=UTC)


# -- authors


@pytest.mark.parametrize(
    "byline",
    [
        "<p>By <a href=/x>Ida Lund</a></p>",
        "<span class=Tech-Author>Por <a href=/x>Ida Lund</a></span>",
        "<p class=publish-date-author>May 19, 2024 · Ida Lund on behalf of <a href=/g>Ferry group</a></p>",
        "<a href=/author/ida>Ida Lund</a><p>Tags</p><p>Ferries</p><p>Authors: Per Dahl and others</p>",
        "<div class=articleHeader_authorName__N6j3Y>Ida Lund</div>",
        "<div class=c-intro__author><span>von</span> Ida Lund</div>",
        "<div>Written by</div><div>Ida Lund</div>",
        "<b>Contributors:</b><div>Ida Lund</div>",
        "<div class=author><h4>Ida Lund</h4><p>Former McKinsey consultant</p></div>",
        "<div class=byline><span>Ida Lund</span> <span>Staff Writer</span> <span>5 min read</span></div>",
        "<div class=author-box><img class=avatar><span>IL</span><a href=/author/ida>Ida Lund</a></div>",
        "<div class=meta><a href=/staff/ida>Ida Lund</a></div>",
        "<p>11.12.2019 - Ida Lund</p>",
        "<p><span>Ida Lund</span> <span>11.12.2019</span></p>",
        "<p>Ida Lund</p><p>Tech Writer</p>",
        "<p>Ida Lund</p><p>May 3, 2021</p>",
        "<aside class=meta><p class=authors>Von: <a href=/autor/ida>Ida Lund</a></p></aside>",
        "<p class=byline>By <a href=/x>Ida Lund</a></p><p>Fact-checked by <a href=/author/y>Per Dahl</a></p>",
        "<span class=license-author>Per Dahl</span><p>Autor <span>Ida Lund:</span></p>",
        "<p><i class=trending>new!</i> <span>| By </span><span>Ida Lund</span> | <time>April 13, 2020</time></p>",
        "<p>Text: Ida Lund Fotos: Per Dahl</p>",
    ],
)
def test_bylines(byline):
    assert article(f"<h1>Ferry late again</h1>{byline}{BODY}").authors == ["Ida Lund"]


def test_a_byline_of_one_name():
    assert article(f"<h1>Ferry late</h1><p>by <a href=/x>Ida</a> · Dec 20, 2023 at 3:00 am</p>{BODY}").authors == [
        "Ida"
    ]
    assert article(f"<h1>Ferry late</h1><p>Posted by Ida</p>{BODY}").authors == ["Ida"]


def test_a_signature():
    signed = BODY.replace("</div>", "<p><strong>Ida Lund</strong></p></div>")
    assert article(f"<h1>Ferry late again</h1>{signed}").authors == ["Ida Lund"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>By the sea</p>",
        "<ul><li id=user-content-fn-2>This was a phrase of Per Dahl's, and it stuck. <a href=#r>back</a></li></ul>",
        "<p>Published by Quay Horse and released in May 2025, the boat was soon the best of all.</p>",
        "<a href=/people/7>Ferries in the Fog: How to Wait and Effective Boats</a>",
        "<div class=byline><a href=/tag/money>Personal money</a> May 2, 2024</div>",
        "<a href=https://learn.example/skills?team=marketing>Ferry Skill Badges</a>",
        "<div class=author-bio>Somebody who writes.</div>",
        "<span class=author>Alle Beiträge</span>",
        "<span class=authored-on>Sunday, May 2023</span>",
        "<p>Foto: Per Dahl</p>",
        "<aside class=related><p>By Per Dahl</p></aside>",
        "<span class=author>News / Ferries / Quays / Boats</span>",
    ],
)
def test_no_bylines(markup):
    assert article(f"<h1>Ferry late again</h1>{markup}{BODY}").authors == []


@pytest.mark.parametrize(
    ("head", "shown", "authors"),
    [
        # A person in the head before whoever stands on the page;
        (person("Ida Lund"), "<span class=author>Per Dahl</span>", ["Ida Lund"]),
        # but not before 'By …' right below the title.
        (person("Per Dahl"), "<p>By: Ida Lund</p>", ["Ida Lund"]),
        (person("Ida Lund"), "<p>von Ida Lund, Per Dahl</p>", ["Ida Lund", "Per Dahl"]),
        # A person on the page before the site, an organisation or a login in the head; these where no person stands.
        (person("Lund Media", "Organization"), "<span class=author>Ida Lund</span>", ["Ida Lund"]),
        (person("Lund Media", "Organization"), "", ["Lund Media"]),
        (ld(author='"idalund"'), "<div class=author>Ida Lund</div>", ["Ida Lund"]),
        (ld(author='"idalund"'), "", ["idalund"]),
        (SITE + "<meta name=author content='The Quay'>",
         "<span class=author>Ida Lund</span>", ["Ida Lund"]),
        (SITE + "<meta name=author content='The Quay'>", "", ["The Quay"]),
        ("<meta name=author content='Quay Press'><title>Quay Press Home | Ferry late</title>",
         "<span class=author>Ida Lund</span>", ["Ida Lund"]),
        ("<meta name=author content='admin'>", "", []),
        ("<meta name=author content='wordpressadmin'>", "", []),
        ("<meta name=author content='page.head.extra.author'>", "", []),
        ("<meta name=author content='Von Ida Lund'>", "", ["Ida Lund"]),
        ("<meta name=author content='Ida Lund,Per Dahl'>", "", ["Ida Lund", "Per Dahl"]),
        ("<meta name=author content='Quay - Ida Lund'>", "", ["Ida Lund"]),
        ("<meta name=author content='Center for Ferry Evaluation and Research'>", "",
         ["Center for Ferry Evaluation and Research"]),
        ("<meta property=cXenseParse:author content='Ida Lund'>", "", ["Ida Lund"]),
        ("<meta name=twitter:label1 content='Verfasst von'><meta name=twitter:data1 content='Ida Lund'>", "",
         ["Ida Lund"]),
        ("<meta name=twitter:label1 content='Est. reading time'><meta name=twitter:data1 content='5 minutes'>", "", []),
        (ld(author='"Ida Lund"', creator='["Ida Lund", "Per Dahl"]'), "", ["Ida Lund", "Per Dahl"]),
        (ld(author='["<a href=/x>Ida Lund</a>"]'), "", ["Ida Lund"]),
        (ld(author='", THE QUAY"'), "<p>By Ida Lund</p>", ["Ida Lund"]),
    ],
)  # fmt: skip
def test_head_and_page(head, shown, authors):
    assert article(f"<h1>Ferry late</h1>{shown}{BODY}", head).authors == authors


@pytest.mark.parametrize(
    ("foot", "authors"),
    [
        ("<h3>Author</h3><p>Ida Lund</p>", ["Ida Lund"]),
        ("<h6>Author(s)</h6><p>Ida Lund</p>", ["Ida Lund"]),
        ("<h3>Written by Ida Lund</h3><p>Ida Lund is a writer.</p>", ["Ida Lund"]),
        ("<h3>Written by Ida Lund</h3><h3>Written by Per Dahl</h3>", []),
        ("<h3>By</h3><p>Ida Lund</p>", []),
    ],
)
def test_an_author_that_is_labelled_far_from_the_text(foot, authors):
    between = "<p>Nothing about it here.</p>" * 40
    assert article(f"<h1>Ferry late</h1>{BODY}{between}{foot}").authors == authors


def test_a_log_of_changes_names_no_author():
    log = "<ul><li>2022-04-12 Link to <a href=/c>Choosing Boats · quay.example</a></li></ul>"
    body = BODY.replace("<div id=body>", f"<div id=body>{log}")
    assert article(f"<h1>Ferry late</h1>{body}").authors == []


def test_comments_of_an_item_are_no_authors_of_it():
    person = "<span itemprop=author itemscope itemtype=http://schema.org/Person><b itemprop=name>{}</b></span>"
    item = "<div itemscope itemtype=http://schema.org/Article><h1>Ferry late</h1><p>By Ida Lund</p>{}</div>"
    found = article(item.format(BODY + "".join(person.format(n) for n in ("Ida Lund", "Per Dahl", "Bo Ek"))))
    assert found.authors == ["Ida Lund"]
