"""WordPress: the comments of its REST API, with who answers whom.

https://developer.wordpress.org/rest-api/reference/comments/
"""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

from services.parser.dates import parse_date
from services.parser.elsewhere import further_pages, wordpress_feed
from services.parser.elsewhere.comment import comment_of
from services.parser.elsewhere.part import MOST_COMMENTS, Elsewhere, Part, Shown
from services.parser.engine import ask
from shared.markup.decoding import decode
from shared.raw_page import RawPage
from shared.records import Comment, ParsedPage
from shared.urls import join

NAME = "wordpress"

# The most that the API gives at once.
_MOST = 100
_POST = re.compile(r"/wp/v2/[\w-]+/(\d+)$|[?&](?:p|page_id)=(\d+)$")
_POST_CLASS = re.compile(r"(?:^|\s)(?:postid|page-id)-(\d+)(?:\s|$)")
_ASKED = re.compile(r"[?&]post=(\d+)&")
# Where readers may write, or where a script puts what they wrote.
_OPEN = "#comments, .comments-area, #respond, #commentform, form[action*='wp-comments-post']"
# What is no reader's comment is a 'pingback' or 'trackback'.
_TYPES = frozenset(["comment", "review", ""])
_DECODER = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s,]*")


def wanted(shown: Shown) -> list[Part]:
    """The API's comments on this post; where the API is not to be had, the feed."""
    if shown.parsed.page.kind == "forum":
        return []
    pages = tuple(further_pages.wanted(shown))
    if not (pages or (shown.lacks and shown.tree.css_first(_OPEN) is not None)):
        return []
    otherwise = pages or wordpress_feed.feeds(shown)
    api = shown.tree.css_first("link[rel~='https://api.w.org/'][href]")
    base = join(shown.url, api.attributes.get("href") or "") if api is not None else None
    post = _post(shown)
    if base is None or post is None or not shown.is_of_site(base):
        return list(otherwise)
    # Sites without permalinks have it at /index.php?rest_route=/.
    start = f"{base.rstrip('/')}/wp/v2/comments{'&' if '?' in base else '?'}post={post}&order=asc&per_page={_MOST}"
    return [Part(NAME, f"{start}&page=1", 1, otherwise)]


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """The comments of one answer, and the next. Where there are none, or an error, it is what is fetched otherwise."""
    asked = _ASKED.search(part.url)
    entries, problem = _entries(decode(raw.body, raw.content_type).text)
    if not entries and (problem is not None or part.number == 1):
        return Elsewhere(further=part.otherwise, number=part.number, native=wordpress_feed.NATIVE, problem=problem)
    # Sites that do not know the parameter give all their comments.
    mine = [e for e in entries if asked is None or str(e.get("post", asked[1])) == asked[1]]
    comments = [c for e in mine if _text(e.get("type")) in _TYPES and (c := _comment(e, raw, page)) is not None]
    further: tuple[Part, ...] = ()
    if len(entries) >= _MOST and mine:
        before, _, _ = part.url.rpartition("&page=")
        further = (Part(NAME, f"{before}&page={part.number + 1}", part.number + 1),)
    return Elsewhere(
        tuple(comments), further, part.number, source="comments api", native=wordpress_feed.NATIVE, problem=problem
    )


def _post(shown: Shown) -> str | None:
    """The number of the page's post."""
    for link in shown.tree.css("link[rel~=alternate][type='application/json'][href], link[rel~=shortlink][href]"):
        if found := _POST.search(link.attributes.get("href") or ""):
            return found[1] or found[2]
    body = shown.tree.body
    found = _POST_CLASS.search((body.attributes.get("class") or "") if body is not None else "")
    if found is not None:
        return found[1]
    field = shown.tree.css_first("input[name=comment_post_ID][value]")
    value = (field.attributes["value"] or "") if field is not None else ""
    return value if value.isascii() and value.isdigit() else None


def _entries(text: str) -> tuple[list[dict[str, object]], str | None]:
    """The objects of a JSON list, as far as it can be read, and why not further."""
    text = text.strip().removeprefix("\ufeff")
    if not text.startswith("["):
        return [], _error(text)
    entries: list[dict[str, object]] = []
    at = _end(text, 1)
    while at < len(text) and text[at] != "]":
        if len(entries) >= MOST_COMMENTS:
            return entries, f"more than {MOST_COMMENTS} entries"
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return entries, "broken JSON"
        if isinstance(value, dict):
            entries.append(value)
        at = _end(text, at)
    return entries, None if at < len(text) else "broken JSON"


def _end(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _error(text: str) -> str:
    """What an answer says that is no list of comments."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "no JSON"
    said = [_text(value.get(key)) for key in ("code", "message")] if isinstance(value, dict) else []
    return ": ".join(filter(None, said))[:200] or "no list of comments"


def _comment(entry: dict[str, object], raw: RawPage, page: ParsedPage) -> Comment | None:
    content, native = entry.get("content"), _number(entry.get("id"))
    if native is None or not isinstance(content, dict):
        return None
    parent = _number(entry.get("parent"))
    return comment_of(
        page.page,
        f"comment-{native}",
        body=_text(content.get("rendered")),
        source="comments api",
        base=raw.final_url,
        parent=f"comment-{parent}" if parent and parent != native else None,
        author=ask("unescape", text=_text(entry.get("author_name"))),
        author_url=_text(entry.get("author_url")) or None,
        published=_published(_text(entry.get("date")), _text(entry.get("date_gmt"))),
        permalink=_text(entry.get("link")) or None,
    )


def _published(local: str, universal: str) -> datetime | None:
    """A time that is given twice without a zone: as the site's clock shows it, and in UTC."""
    there = parse_date(local) if local else None
    exact = parse_date(universal) if universal else None
    if there is None or exact is None:
        return exact or there
    exact, offset = exact.astimezone(UTC), there.replace(tzinfo=UTC) - exact.astimezone(UTC)
    # Zones are whole minutes, and less than a day, from UTC.
    in_zone = offset % timedelta(minutes=1) == timedelta(0) and abs(offset) < timedelta(hours=24)
    return exact.astimezone(timezone(offset)) if in_zone and offset else exact


def _number(value: object) -> str | None:
    """A comment's or post's number; None where there is none, or nought."""
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return digits if digits.isascii() and digits.isdigit() and digits.strip("0") else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
