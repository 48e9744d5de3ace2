"""Dates of articles: markup written for each way that pages give them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask
from tests.services.parser.heads import BODY, URL, article, ld

DAY = datetime(2022, 1, 28, tzinfo=UTC)


def in_zone_of(claimed: datetime, shown: datetime) -> datetime:
    return datetime.fromisoformat(ask("in_zone_of", claimed=claimed.isoformat(), shown=shown.isoformat()))


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


def test_a_title_that_begins_with_its_day():
    head = "<title>28.01.2022 | Ferry late again</title>"
    assert article(f"<h1>Ferry late again</h1>{BODY}", head, lang="de").published_at == DAY


def test_the_only_day_of_the_page_is_the_article_s():
    far = "<p>Timetable of piers</p>" * 40
    shown = f"<h1>Ferry late again</h1>{BODY}{far}<p>Kai</p><p>January 28, 2022</p>"
    assert article(shown).published_at == DAY
    assert article(f"{shown}<p>January 30, 2022</p>").published_at is None
    assert article(f"<h1>Ferry late again</h1>{BODY}<aside>{far}<p>January 28, 2022</p></aside>").published_at is None


@pytest.mark.parametrize(
    "script",
    [
        '"id":7,"published_at":"2022-01-28T06:22:28+01:00","created_at":"2021-12-01T06:27:24+01:00"',
        r'push("{\"publishedDate\":\"2022-01-28T06:22:28Z\",\"updatedDate\":\"2022-02-03T06:22:28Z\"}")',
        "let page = {datePublished: '2022-01-28'}",
        '{"publicationDate" : "2022-01-28 06:22:28"}; {"publishedAt":"2022-01-28T08:00:00Z"}',
    ],
)
def test_the_only_day_of_publication_in_the_page_s_scripts(script):
    found = article(f"<h1>Ferry</h1>{BODY}<script>{script}</script>")
    assert found.published_at.date() == DAY.date()
    assert found.provenance["published_at"] == "heuristic"


@pytest.mark.parametrize(
    "script",
    [
        '[{"published_at":"2022-01-28T06:22:28Z"},{"published_at":"2022-02-03T06:22:28Z"}]',
        '{"unpublished_at":"2022-01-28"}',
        '{"published_at":"28"}',
        '{"published_at":"2022-31-28"}',
        '{"published_at":"0001-01-01T00:00:00"}',
    ],
)
def test_no_day_of_publication_in_scripts(script):
    assert article(f"<h1>Ferry</h1>{BODY}<script>{script}</script>").published_at is None


def test_what_the_page_shows_goes_before_its_scripts():
    script = '<script>{"published_at":"2022-02-03T06:22:28Z"}</script>'
    assert article(f"<h1>Ferry</h1><p>28 Jan 2022</p>{BODY}{script}").published_at == DAY
    assert article(f"<h1>Ferry</h1>{BODY}{script}", url="https://quay.example/2022/01/28/ferry/").published_at == DAY


def test_the_only_section_of_the_text_that_begins_with_a_date():
    begin = "<strong>28.01.2022 – The ferry was late all winter, say its captains</strong>"
    section = f"<h3>Late all winter</h3><p>{begin}, and nobody knew why.</p>"
    body = BODY.replace("</div>", f"<h2>Ferries</h2>{section}</div>")
    assert article(f"<h1>Ferry late again</h1>{body}", lang="de").published_at == DAY
    twice = body.replace("</div>", f"{section.replace('28.01.', '28.02.')}</div>")
    assert article(f"<h1>Ferry late again</h1>{twice}", lang="de").published_at is None
    amid = body.replace("<h3>Late all winter</h3>", "<p>The ferry was late all winter.</p>")
    assert article(f"<h1>Ferry late again</h1>{amid}", lang="de").published_at is None


def test_a_day_right_above_the_title_is_shown_by_it():
    head = ld(datePublished='"2022-01-27T19:00:00+01:00"', dateModified='"2022-01-27T17:00:00+01:00"')
    assert article(f"<div>Friday</div><p class=date>28.01.22</p><h1>Ferry late</h1>{BODY}", head).published_at == DAY


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
    ("shown", "head", "url"),
    [
        ("10.09.2021", ld(datePublished='"2021-10-09T16:07:00Z"'), URL),
        ("09/10/2021", "", "https://quay.example/2021/october/09/ferry/"),
        ("9/10/21", "", "https://quay.example/2021/10/09/ferry/"),
    ],
)
def test_day_and_month_are_told_apart_by_head_and_address(shown, head, url):
    found = article(f"<h1>Ferry late again</h1><p class=date>{shown}</p>{BODY}", head, url=url)
    assert found.published_at.date() == date(2021, 10, 9)


def test_a_month_in_words_is_not_its_day():
    head = ld(datePublished='"2022-10-09T16:07:00Z"')
    assert article(f"<h1>Ferry late</h1><p>September 10, 2022</p>{BODY}", head).published_at.month == 9


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
        ("", "", "https://quay.example/news/2022/jan/28/ferry", "heuristic"),
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
    "url",
    [
        "https://quay.example/2022/13/45/", "https://quay.example/2022/ferry/28/", "https://quay.example/a/123456789/", "https://quay.example/",
    ],
)  # fmt: skip
def test_no_dates_in_addresses(url):
    assert ask("date_in_url", url=url) is None


@given(st.text(max_size=80))
def test_no_address_fails(path):
    ask("date_in_url", url=f"https://quay.example/{path}")


pieces = st.sampled_from(
    ["<h1>Ferry late</h1>", "<p>By Ida Lund</p>", "<div class=author>", "</div>", "<span class=date>", "</span>", "by ",
     "Ida", "28.01.2022", " | ", "<time>", "</time>", "<a href=/author/x>", "</a>", "<aside>", "</aside>", "<h1>", ":"]
)  # fmt: skip


@given(st.lists(pieces, max_size=12), st.lists(pieces, max_size=6))
def test_no_markup_fails(before, after):
    found = article(f"{''.join(before)}{BODY}{''.join(after)}")
    assert found.published_at is None or found.published_at.tzinfo is not None
