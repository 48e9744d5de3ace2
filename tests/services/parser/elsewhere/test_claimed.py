"""Comments in a page's JSON-LD that its visible text has not."""

import json
from typing import Any

from bench.parser.elsewhere import raw_page
from services.parser import parse
from services.parser.elsewhere import complete
from shared.records import ParsedPage

URL = "https://quay.example/2024/05/otters"
WORDS = "Otters live along rivers and hold hands when they sleep, so that none drifts away. " * 9
ANN = {
    "@type": "Comment",
    "text": "Do they hold hands all night?",
    "author": {"@type": "Person", "name": "Ann"},
    "dateCreated": "2024-05-01T10:00:00Z",
    "comment": {"@type": "Comment", "text": "They do, I have seen it.", "author": "Bo"},
}
CY = {"@type": "Comment", "text": "Mine let go at three.", "author": {"name": "Cy"}}


def completed(shown: str = "", **said: Any) -> ParsedPage:
    claims = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Of otters"} | said
    html = (
        f"<html lang=en><head><title>Of otters</title><script type='application/ld+json'>{json.dumps(claims)}</script>"
        f"</head><body><article><h1>Of otters</h1><p>{WORDS}</p></article>{shown}</body></html>"
    )
    raw = raw_page(html.encode(), URL)
    page = complete(raw, parse(html, URL, fetched_at=raw.fetched_at), [])
    assert isinstance(page, ParsedPage)
    return page


def rows(page: ParsedPage) -> list[tuple[str, str | None, str, str | None]]:
    return [(c.position, c.author, c.text, c.provenance.get("text")) for c in page.comments]


def test_they_become_the_pages_with_their_source() -> None:
    page = completed(comment=[ANN, CY], commentCount=3)
    assert rows(page) == [
        ("1", "Ann", "Do they hold hands all night?", "json-ld"),
        ("1.1", "Bo", "They do, I have seen it.", "json-ld"),
        ("2", "Cy", "Mine let go at three.", "json-ld"),
    ]
    assert page.comments[0].published_at is not None


def test_what_the_page_shows_is_not_told_twice() -> None:
    comment = (
        '<li id="comment-{0}" class="comment"><article class="comment-body"><footer class="comment-meta">'
        '<div class="comment-author vcard"><b class="fn">{1}</b> says:</div><a href="#comment-{0}">'
        '<time datetime="2024-05-01T10:00:00+00:00">1 May 2024 at 10:00</time></a></footer>'
        '<div class="comment-content"><p>{2}</p></div></article></li>'
    )
    shown = comment.format(1, "Ann", ANN["text"]) + comment.format(2, "Bo", "They do, I have seen it.")
    page = completed(
        f"<section id=comments><ol class=comment-list>{shown}</ol></section>", comment=[ANN, CY], commentCount=3
    )
    assert sorted(c.author or "" for c in page.comments) == ["Ann", "Bo", "Cy"]
    assert [c.provenance.get("text") for c in page.comments if c.author != "Cy"] == [None, None]


def test_an_articles_own_review_is_no_comment() -> None:
    review = {"@type": "Review", "reviewBody": WORDS, "author": "the paper"}
    assert completed(review=review, comment=[]).comments == []


def test_a_sites_answers_to_its_own_questions_are_no_comments() -> None:
    answer = {"@type": "Answer", "text": "They sleep for some eleven hours a day."}
    assert completed(acceptedAnswer=answer).comments == []
