"""Titles, authors and dates of articles: markup written for each way that pages give them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.parser.article import Context, build_article
from services.parser.article_dates import date_in_url
from services.parser.dates import in_zone_of
from services.parser.heading_rules import find_heading
from services.parser.labels import Part
from services.parser.metadata import read_metadata
from services.parser.parts import PartTexts
from services.parser.reader import read
from services.parser.segments import SegmentedPage
from services.parser.visible_text import Element, VisiblePage
from shared.records import Article, Role

URL = "https://quay.example/ferry.html"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PROSE = "The ferry left late, and nobody on the quay knew why it did. " * 12
BODY = f"<div id=body><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p></div>"


def article(markup: str, head: str = "", url: str = URL, lang: str = "en") -> Article:
    """The article of a page, its body the element with that id; as a labeller would label it."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><html lang={lang}><head>{head}</head><body>{markup}</body></html>")
    visible = read(tree)
    page = SegmentedPage(visible, read_metadata(tree, url, base=NOW), url)
    body = next(e for e in visible.elements if e.get("id") == "body")
    roles = labelled(visible, page, body)
    texts = PartTexts(Part("article", body), page, list(roles), list(roles.values()))
    return build_article(texts, Context("page", url, lang, NOW))


def labelled(visible: VisiblePage, page: SegmentedPage, body: Element) -> dict[int, Role]:
    heading = find_heading(page, body, set())
    roles: dict[int, Role] = dict.fromkeys(range(body.first, body.last), "body")
    found: list[tuple[Element | None, int | None, Role]] = [
        (heading.title, None, "title"),
        (heading.byline, heading.byline_text, "byline"),
        (heading.date, heading.date_text, "date"),
    ]
    for e, n, role in found:
        roles.update(dict.fromkeys(range(e.first, e.last) if e is not None else [] if n is None else [n], role))
    return dict(sorted(roles.items()))


SITE = "<meta property=og:site_name content='The Quay'>"


def person(name: str, kind: str = "Person") -> str:
    return ld(author=f'{{"@type": "{kind}", "name": "{name}"}}')


def ld(**values: object) -> str:
    fields = ", ".join(f'"{k}": {v}' for k, v in values.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'


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


# -- dates

DAY = datetime(2022, 1, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "markup"),
    [
        ("de", "<p>Handball Schweiz • 28.01.2022</p>"),
        ("de", "<span class=label>Datum</span> <span class=value>28.01.2022</span>"),
        ("de", "<p>Veröffentlicht am 28. Januar 2022</p>"),
        ("en", "<div>Published</div><div>January 28, 2022</div>"),
        ("fr", "<p class=title>Mise en ligne</p><p>28 janvier 2022</p>"),
        ("pl", "<p>Opublikowano: 28 stycznia 2022</p>"),
        ("en", "<aside><time datetime=2022-01-28>Fri</time></aside>"),
        (
            "en",
            "<time class=updated datetime=2022-02-03>3</time><time class=entry-date datetime=2022-01-28>28</time>",
        ),
        ("en", "<p>Last updated: Feb 3, 2022</p><p>Posted Jan 28, 2022</p>"),
        ("en", "<p class=byline>By Ida Lund on Jan 28, 2022</p>"),
        ("en", "<aside class=related><time datetime=2022-02-03>3 Feb 2022</time></aside><p>28 Jan 2022</p>"),
        ("de", "<div class=postdate><span>28</span> Jän 2022</div>"),
        ("fr", "<p>28 janv. 2022</p>"),
        ("de", "<p>Mitglied seit: 12.03.2014</p><p class=author>Ida Lund » 28.01.2022</p>"),
        ("de", "<p>28.01.2022</p><p>Termin: 21.02.2022, 19 Uhr</p>"),
        ("en", f"<aside class=meta><time>28 Jan 2022</time><p>{'Photographs by several. ' * 15}</p></aside>"),
    ],
)
def test_dates(lang, markup):
    assert article(f"<h1>Ferry late again</h1>{markup}{BODY}", lang=lang).published_at == DAY


def test_a_date_in_the_title():
    found = article(f"<h1>Ferry late again <small>28.01.2022 • </small></h1>{BODY}")
    assert (found.title, found.published_at) == ("Ferry late again", DAY)


def test_a_date_that_the_text_begins_with():
    places = (
        "Kaihafen, 28 Januar 2022 - O",
        "( Kaihafen, 28 January 22 ) O",
        "Kaihafen (28.01.2022). Once",
        "Kaihafen | Moorburg, 28. Januar 2022 – Once",
        "Kaihafen, den 28.01.2022 – O",
    )
    for begin in ("28.01.2022 – Once", "(28. Januar 2022) Once", "28.01.2022 „Once“", *places):
        found = article(f"<h1>Ferry late again</h1>{BODY.replace('<p>', f'<p>{begin} ', 1)}", lang="de")
        assert found.published_at == DAY
        assert begin in found.text


def test_a_line_of_place_and_date_below_the_title():
    place = "<p>Kaihafen, Jan 28, 2022</p>"
    assert article(f"<h1>Ferry late again</h1>{BODY.replace('<p>', f'{place}<p>', 1)}").published_at == DAY


def test_the_dates_of_teasers_below_are_not_the_article_s():
    teaser = "<div class=teaser><a href=/x>Pier closed</a><span class=item-date>3 Feb 2022</span></div>"
    meta = "<p>Ferry news from the quay</p><div>Friday, 28 January 2022 - <a href=/n>News</a></div>"
    body = BODY.replace("</div>", f"{'<p>And late again.</p>' * 15}{teaser * 3}</div>")
    assert article(f"<h1>Ferry late again</h1>{meta}{body}").published_at == DAY


def test_a_day_shown_after_the_last_change_is_that_of_publication():
    head = ld(datePublished='"2022-01-27T19:00:00+01:00"', dateModified='"2022-01-27T17:00:00+01:00"')
    shown = f"<h1>Ferry late</h1><p>28 Jan 2022</p>{BODY}"
    assert article(shown, head.replace("T17:00", "T20:00")).published_at == DAY
    changed = head.replace("2022-01-27T17:00", "2022-01-28T09:00")
    assert str(article(shown, changed).published_at) == "2022-01-27 19:00:00+01:00"


def test_only_a_date_by_the_title_says_the_zone():
    head = "<meta property=article:published_time content=2022-05-04T02:41:00Z>"
    far = "".join(f"<p>Ferry number {n} left late.</p>" for n in range(20))
    found = article(f"<h1>Ferry</h1>{far}<p class=date>3 May 2022</p>{BODY}", head)
    assert str(found.published_at) == "2022-05-04 02:41:00+00:00"


def test_a_date_of_an_update_where_nothing_better_stands():
    found = article(f"<h1>Ferry late again</h1><p>Last updated: Jan 28, 2022</p>{BODY}")
    assert found.published_at == DAY


def test_the_head_goes_before_the_page():
    head = "<meta property=article:published_time content=2022-01-28T10:00:00+01:00>"
    changed = "<meta property=article:modified_time content=2022-02-03T10:00:00+01:00>"
    shown = f"<h1>Ferry late</h1><time datetime=2022-02-03>3 Feb 2022</time>{BODY}"
    found = article(shown, head + changed)
    assert str(found.published_at) == "2022-01-28 10:00:00+01:00"
    assert found.provenance["published_at"] == "opengraph"
    # A later day that the head does not call one of change is when the article came out anew.
    assert article(shown, head).published_at.date() == date(2022, 2, 3)


def test_where_the_head_s_sources_disagree_the_one_that_the_page_shows_is_right():
    head = ld(datePublished='"2015-01-16T14:53:00+01:00"')
    head += "<meta property=article:published_time content=2022-01-28T10:00:00+01:00>"
    found = article(f"<h1>Ferry late</h1><time>28 Jan 2022</time>{BODY}", head)
    assert str(found.published_at) == "2022-01-28 10:00:00+01:00"
    assert found.provenance["published_at"] == "opengraph"
    assert article(f"<h1>Ferry late</h1>{BODY}", head).published_at.year == 2015


@pytest.mark.parametrize(
    ("lang", "markup"),
    [
        ("de", "<p>Letzte Änderung: 31.01.2022 - 14:49:39<br>Erschienen am: 28.01.2022<br>Lesungen: 61</p>"),
        ("de", "<p><span>Erschienen am</span> <time datetime=2022-01-28>28. Jan 2022</time></p>"),
        ("fr", "<ul><li><p>Durée</p><p>12 minutes</p></li><li><p>Mise en ligne</p><p>28 janvier 2022</p></li></ul>"),
        ("en", "<h3>Publish date</h3> <time datetime=2022-01-28T12:00:00Z>28 January 2022</time>"),
        ("en", "<p>Published on January 28, 2022</p><p>First published: 28 January 2022</p>"),
    ],
)
def test_what_the_page_calls_the_day_of_publication_far_below(lang, markup):
    far = "".join(f"<p>Timetable of pier {n}</p>" for n in range(40))
    found = article(f"<h1>Ferry late again</h1>{BODY}<footer>{far}{markup}</footer>", lang=lang)
    assert found.published_at.date() == DAY.date()


@pytest.mark.parametrize(
    ("lang", "claimed", "said"),
    [
        ("de", "2022-01-27T23:00:00.000Z", "2022-01-28 00:00:00+01:00"),
        ("de", "2022-07-27T22:00:00Z", "2022-07-28 00:00:00+02:00"),
        ("de", "2022-01-27T23:01:00Z", "2022-01-27 23:01:00+00:00"),
        ("de", "2022-07-27T23:00:00Z", "2022-07-27 23:00:00+00:00"),
        ("en", "2022-01-27T23:00:00Z", "2022-01-27 23:00:00+00:00"),
    ],
)
def test_a_day_that_the_head_gives_as_its_midnight_in_utc(lang, claimed, said):
    head = f"<meta property=article:published_time content='{claimed}'>"
    german = "Die Fähre fuhr spät ab, und niemand am Kai wusste, warum das so war. "
    body = BODY.replace(PROSE, german * 12) if lang == "de" else BODY
    assert str(article(f"<h1>Ferry late again</h1>{body}", head, lang=lang).published_at) == said


def test_a_title_that_begins_with_its_day():
    head = "<title>28.01.2022 | Ferry late again</title>"
    assert article(f"<h1>Ferry late again</h1>{BODY}", head, lang="de").published_at == DAY


def test_the_only_day_of_the_page_is_the_article_s():
    far = "<p>Timetable of piers</p>" * 40
    shown = f"<h1>Ferry late again</h1>{BODY}{far}<p>Kai</p><p>January 28, 2022</p>"
    assert article(shown).published_at == DAY
    assert article(f"{shown}<p>January 30, 2022</p>").published_at is None
    assert article(f"<h1>Ferry late again</h1>{BODY}<aside>{far}<p>January 28, 2022</p></aside>").published_at is None


def test_a_minute_far_from_the_title_says_the_zone():
    head = "<meta property=article:published_time content=2022-05-04T02:41:00Z>"
    far = "".join(f"<p>Ferry number {n} left late.</p>" for n in range(20))
    found = article(f"<h1>Ferry</h1>{far}<p class=date>3 May 2022 | 10:41pm</p>{BODY}", head)
    assert str(found.published_at) == "2022-05-03 22:41:00-04:00"


def test_of_several_days_of_publication_none_is_the_article_s():
    piers = "".join(f"<p>Pier {n}</p><p>Published on January {n + 1}, 2022</p>" for n in range(20))
    far = "<p>Timetable</p>" * 40
    assert article(f"<h1>Ferry late again</h1>{BODY}<footer>{far}{piers}</footer>").published_at is None


def test_no_page_shows_a_day_before_it_is_published():
    head = ld(datePublished='"2023-05-01T10:00:00Z"', dateModified='"2023-05-01T10:00:00Z"')
    assert article(f"<h1>Ferry late again</h1><p>28 Jan 2022</p>{BODY}", head).published_at == DAY


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("3.5.2022 22:41", "2022-05-03 22:41:00-04:00"),
        ("3 May 2022", "2022-05-03 23:41:00-03:00"),
        ("4 May 2022", "2022-05-04 02:41:00+00:00"),
        ("9 May 2022", "2022-05-09 00:00:00+00:00"),
    ],
)
def test_a_time_in_utc_is_told_in_the_zone_of_the_page(shown, expected):
    head = "<meta property=article:published_time content=2022-05-04T02:41:00Z>"
    assert str(article(f"<h1>Ferry</h1><time>{shown}</time>{BODY}", head, lang="es").published_at) == expected


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),
)
def test_a_zone_moves_no_time(claimed, shown):
    assert in_zone_of(claimed, shown) == claimed
    assert in_zone_of(claimed, claimed + timedelta(hours=5)) == claimed


def test_a_zone_that_the_head_gives_stays():
    claimed = datetime(2022, 5, 4, 2, tzinfo=timezone(timedelta(hours=2)))
    assert in_zone_of(claimed, datetime(2022, 5, 3, tzinfo=UTC)).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("head", "markup", "url", "source"),
    [
        ("", "", "https://quay.example/2022/01/28/ferry/", "heuristic"),
        ("<link rel=canonical href=/news/28-01-2022-ferry>", "", URL, "heuristic"),
        ("", "<p>Feb 3</p>", "https://quay.example/20220128/ferry", "heuristic"),
        ("<meta itemprop=datePublished content=2022-01-28>", "<span class=date>Jan 28</span>", URL, "microdata"),
        ("<meta name=w-published-date content=2022-01-28>", "", URL, "markup"),
        ("<meta name=ms.date content=2022-01-28>", "", URL, "markup"),
    ],
)
def test_last_resorts(head, markup, url, source):
    found = article(f"<h1>Ferry late again</h1>{markup}{BODY}", head, url=url)
    assert found.published_at == DAY
    assert found.provenance["published_at"] == source


def test_what_is_dated_at_a_computers_zero_has_no_date():
    assert article(f"<h1>Ferry late</h1>{BODY}", ld(datePublished='"1970-01-01T01:00:00+01:00"')).published_at is None


def test_of_a_list_in_microdata_no_day_is_the_page_s():
    metas = "<meta itemprop=datePublished content=2022-01-28><meta itemprop=datePublished content=2022-02-03>"
    assert article(f"<h1>Ferry late</h1>{BODY}", metas).published_at is None


@pytest.mark.parametrize(
    "url", ["https://quay.example/2022/13/45/", "https://quay.example/a/123456789/", "https://quay.example/"]
)
def test_no_dates_in_addresses(url):
    assert date_in_url(url) is None


@given(st.text(max_size=80))
def test_no_address_fails(path):
    date_in_url(f"https://quay.example/{path}")


pieces = st.sampled_from(
    ["<h1>Ferry late</h1>", "<p>By Ida Lund</p>", "<div class=author>", "</div>", "<span class=date>", "</span>", "by ",
     "Ida", "28.01.2022", " | ", "<time>", "</time>", "<a href=/author/x>", "</a>", "<aside>", "</aside>", "<h1>", ":"]
)  # fmt: skip


@given(st.lists(pieces, max_size=12), st.lists(pieces, max_size=6))
def test_no_markup_fails(before, after):
    found = article(f"{''.join(before)}{BODY}{''.join(after)}")
    assert found.published_at is None or found.published_at.tzinfo is not None
