"""WordPress: the RSS feed of a post's comments, where its API is closed. It has but the latest, ten as a rule.

A reply begins with a line that names what it answers, in the site's language:
https://developer.wordpress.org/reference/functions/get_comment_text/
"""

import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from services.parser.dates import parse_date
from services.parser.elsewhere.comment import comment_of, html_of
from services.parser.elsewhere.part import MOST_COMMENTS, Elsewhere, Part, Shown
from services.parser.elsewhere.safe_xml import read_elements
from shared.markup.decoding import decode
from shared.raw_page import RawPage
from shared.records import Comment, ParsedPage
from shared.urls import join

NAME = "wordpress feed"

NATIVE = re.compile(r"(?:(?:li|div)-)?(?:comment-)?(\d+)")
"""What WordPress's themes call a comment: `comment-901`, `div-comment-901`, `li-comment-901`."""

_ITEM = "item"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_COMMENT = re.compile(r"#comment-(\d+)$")
# 'In reply to <a href="…#comment-901">Name</a>.' and nothing else in its line. Tags do not nest in it.
_ANSWERS = re.compile(
    r"\s*(?:<p>)?[^<>\n]{1,60}<a\s[^<>]{0,2000}#comment-(\d+)[\"'][^<>]{0,200}>[^<>\n]{0,200}</a>[^<>\n]{0,20}"
    r"(?:</p>|\n|$)",
    re.IGNORECASE,
)


def feeds(shown: Shown) -> tuple[Part, ...]:
    """The feed of the page's own comments, which stands under its address; that of the whole site does not."""
    own = urlsplit(shown.parsed.page.final_url)
    for link in shown.tree.css("link[rel~=alternate][type='application/rss+xml'][href]"):
        url = join(shown.url, link.attributes.get("href") or "")
        if url is None or not shown.is_of_site(url):
            continue
        address = urlsplit(url)
        under = len(own.path) > 1 and address.path.rstrip("/") == f"{own.path.rstrip('/')}/feed"
        asked = "feed=" in address.query and own.query and own.query in address.query
        if under or asked:
            return (Part(NAME, url),)
    return ()


def wanted(_shown: Shown) -> list[Part]:
    """Nothing: it is wanted where the API is not to be had (`wordpress`)."""
    return []


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """The comments of the feed."""
    text = decode(raw.body, raw.content_type).text
    items = read_elements(text, {_ITEM}, most=MOST_COMMENTS)
    comments = tuple(_comment(item, raw, page) for item in items.found)
    problem = items.problem or (None if text.strip() else "empty")
    return Elsewhere(comments, (), part.number, native=NATIVE, problem=problem)


def _comment(item: Element, raw: RawPage, page: ParsedPage) -> Comment:
    link, guid = ((item.findtext(name) or "").strip() for name in ("link", "guid"))
    found = _COMMENT.search(link) or _COMMENT.search(guid)
    native = f"comment-{found[1]}" if found else None
    body = item.findtext(_CONTENT) or html_of(item.findtext("description") or "")
    answers = _ANSWERS.match(body)
    parent = f"comment-{answers[1]}" if answers else None
    published = (item.findtext("pubDate") or "").strip()
    return comment_of(
        page.page,
        native,
        body=body[answers.end() :] if answers else body,
        source="comments feed",
        base=raw.final_url,
        parent=parent if parent != native else None,
        author=item.findtext(_CREATOR),
        published=parse_date(published, base=raw.fetched_at) if published else None,
        permalink=link or None,
    )
