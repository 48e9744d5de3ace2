"""Blogger: the Atom feed of a post's comments, `/feeds/POST/comments/default`, with who answers whom.

https://developers.google.com/blogger/docs/2.0/developers_guide_protocol#RetrievingComments
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
from shared.urls import join, site_of

NAME = "blogger"

# That of the whole blog has no number.
_FEED = re.compile(r"/feeds/(?:\d+/)?(\d+)/comments/(?:default|full|summary)/?")
_HOSTS = re.compile(r"(?:www\.)?blogger\.com|[\w-]+\.blogspot\.[a-z.]{2,6}")
# The most that the feed gives at once.
_MOST = 500
# On the page: <li id="c4071">, and in its oldest themes <a name="comment-4071">.
_NATIVE = re.compile(r"(?:c|comment-)?(\d+)")

_ATOM = "{http://www.w3.org/2005/Atom}"
_ENTRY, _LINK = f"{_ATOM}entry", f"{_ATOM}link"
_TOTAL = "{http://a9.com/-/spec/opensearchrss/1.0/}totalResults"
_TOTALS = frozenset([_TOTAL, _TOTAL.replace("opensearchrss/1.0", "opensearch/1.1")])
_ANSWERS = "{http://purl.org/syndication/thread/1.0}in-reply-to"
_PROPERTY = "{http://schemas.google.com/g/2005}extendedProperty"
_NUMBER = re.compile(r"(?<!\d)(\d+)$")


def wanted(shown: Shown) -> list[Part]:
    """The feed of the page's own comments."""
    if not shown.lacks:
        return []
    for link in shown.tree.css("link[rel~=alternate][href], a.feed-link[href]"):
        url = join(shown.url, link.attributes.get("href") or "")
        if url and _FEED.fullmatch(urlsplit(url).path) and (shown.is_of_site(url) or _HOSTS.fullmatch(site_of(url))):
            return [_part(url, 1)]
    return []


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """The comments of a feed, and its next page."""
    text = decode(raw.body, raw.content_type).text
    read_in = read_elements(text, {_ENTRY, _LINK, *_TOTALS}, most=MOST_COMMENTS)
    entries = [e for e in read_in.found if e.tag == _ENTRY]
    post = _FEED.search(urlsplit(part.url).path)
    comments = [c for e in entries if (c := _comment(e, post[1] if post else "", raw, page))]
    totals = [int(t) for e in read_in.found if e.tag in _TOTALS and (t := (e.text or "").strip()[:9]).isdecimal()]
    goes_on = any(e.tag == _LINK and e.get("rel") == "next" for e in read_in.found)
    # Where the feed broke off, what comes after the last whole entry is asked for as the next page.
    last = part.number + len(entries) - 1
    further = (_part(part.url, last + 1),) if entries and (goes_on or last < max(totals, default=0)) else ()
    problem = read_in.problem or (None if text.strip() else "empty")
    return Elsewhere(tuple(comments), further, part.number, native=_NATIVE, problem=problem)


def _part(url: str, start: int) -> Part:
    """The feed from its comment `start` on, counted from 1."""
    address = url.partition("#")[0].partition("?")[0]
    query = f"max-results={_MOST}" if start == 1 else f"start-index={start}&max-results={_MOST}"
    return Part(NAME, f"{address}?{query}", start)


def _comment(entry: Element, post: str, raw: RawPage, page: ParsedPage) -> Comment | None:
    native = _number(entry.findtext(f"{_ATOM}id"))
    links = [(e.get("rel"), e.get("href")) for e in entry.iterfind(_LINK)]
    content = entry.find(f"{_ATOM}content")
    if content is None:
        content = entry.find(f"{_ATOM}summary")
    # The entry above is 'related' to a reply; the post is what all are 'in reply to'.
    above = [_number(href) for rel, href in links if rel == "related"]
    above += [_number(e.get("ref")) for e in entry.iterfind(_ANSWERS)]
    parent = next((n for n in above if n and n not in (native, post)), None)
    published = (entry.findtext(f"{_ATOM}published") or entry.findtext(f"{_ATOM}updated") or "").strip()
    if native is None and content is None:
        return None
    return comment_of(
        page.page,
        f"c{native}" if native else None,
        body=_html(content),
        source="comments feed",
        base=raw.final_url,
        parent=f"c{parent}" if parent else None,
        author=entry.findtext(f"{_ATOM}author/{_ATOM}name"),
        author_url=(entry.findtext(f"{_ATOM}author/{_ATOM}uri") or "").strip() or None,
        published=parse_date(published, base=raw.fetched_at) if published else None,
        permalink=next((href for rel, href in links if rel == "alternate" and href), None),
        deleted=any(
            e.get("name") == "blogger.contentRemoved" and e.get("value") == "true" for e in entry.iterfind(_PROPERTY)
        ),
    )


def _html(content: Element | None) -> str:
    """The HTML of an Atom text construct (RFC 4287, 3.1 and 4.1.3)."""
    if content is None:
        return ""
    kind = (content.get("type") or "text").lower()
    if kind in ("html", "text/html"):
        return content.text or ""
    return html_of("".join(content.itertext()))


def _number(text: str | None) -> str | None:
    """The number that an id or address ends with."""
    found = _NUMBER.search((text or "").strip().partition("?")[0])
    return found[1] if found else None
