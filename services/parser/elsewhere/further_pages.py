"""Further pages of a discussion: of a forum's thread, or of the comments under an article, read by the parser itself.

Known by their addresses (`page_numbers`), as they are linked from the page; by `rel=next` where these say nothing.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.parser import parse
from services.parser.elsewhere.comment import from_source
from services.parser.elsewhere.matching import words_of
from services.parser.elsewhere.page_numbers import number_behind, numbered
from services.parser.elsewhere.part import MOST_COMMENTS, Elsewhere, Part, Shown, native_of
from services.parser.elsewhere.thread import are_newest_first
from shared.ids import RecordIds
from shared.markup.tree import tree_of
from shared.raw_page import RawPage
from shared.records import Article, Comment, ParsedPage
from shared.urls import join, site_of

NAME = "further page"

# Links looked at. A page of a long thread with big menus has some 1,500.
_MOST_LINKS = 5000
_ANY = "a[href], link[rel~=next][href]"
# What numbers nothing but comments (`page_numbers`).
_OF_COMMENTS = "a[href*=comment-page-], a[href*='cpage='], a[href*='commentPage=']"
# Links that lead to another page of comments, by class, rel or words: the older are those before.
_OLDER = re.compile(r"prev|older|ältere|anterior|précéd|vorige|precedent|предыдущ", re.IGNORECASE)
# Attributes in which forums write a post's own number, as `services.parser.comments` looks for it.
_IDS = ("id", "name", "data-content", "data-post-id", "data-comment-id")
# Its pages are counted from 0, the first by no number at all.
_FROM_NOUGHT = "meta[name=Generator i][content^=Drupal]"
_ENDS_IN_NUMBER = re.compile(r"(.*?)\d+")


def wanted(shown: Shown) -> list[Part]:
    """The other pages that the page links. A page that is itself a further one wants none: the first asks for them."""
    page = shown.parsed.page
    own = numbered(page.final_url)
    if own.number is not None and own.number > own.first:
        return []
    # Elsewhere 'page 2' is an article's, or a list's.
    is_thread = page.kind == "forum" or (shown.lacks and bool(shown.parsed.comments))
    links = _links(shown.tree, shown.url, shown.parsed, _ANY if is_thread else _OF_COMMENTS)
    if not links:
        return []
    first = own.number if own.number is not None else _own_number(shown.tree, links)
    return _parts(links, first)


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """The comments of a further page, less those that repeat the opening post; and the pages that it links."""
    threads = _threads(page)
    there = numbered(raw.final_url).thread
    if there not in threads and there != numbered(part.url).thread:
        return Elsewhere(number=part.number, problem="leads elsewhere")
    tree = tree_of(raw.body, raw.content_type)
    parsed = parse(
        raw.body,
        page.page.url,
        content_type=raw.content_type,
        fetched_at=raw.fetched_at,
        final_url=raw.final_url,
        further=page.page.kind == "forum",
    )
    opening = words_of(page.article.text) if page.article is not None else ""
    found = [c for c in parsed.comments[:MOST_COMMENTS] if not opening or words_of(c.text) != opening]
    if not found and page.page.kind == "forum" and parsed.article is not None:
        found = _alone(parsed.article, opening, tree, page)
    without = {"position": "", "depth": 0, "paths": []}
    comments = tuple(from_source(c.model_copy(update=without), "further page") for c in found)
    known = {c.id for c in page.comments}
    # A page of which nothing is new is the last one again, or the first.
    number = _number(part, page)
    further: tuple[Part, ...] = ()
    if number is not None and any(c.id not in known for c in comments):
        nearby = _parts(_links(tree, raw.final_url, page, _ANY), number)
        # On in the same direction.
        on = [p for p in nearby if (p.number > 0) == (part.number > 0)]
        further = tuple(replace(p, number=p.number + part.number) for p in on)
    older = part.number < 0
    before = older and not are_newest_first([c for c in page.comments if c.parent_id is None])
    return Elsewhere(
        comments,
        further,
        part.number if before else abs(part.number),
        source="further page",
        place="before" if before else "after",
        problem=None if comments else "no comments",
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to a page of the thread."""

    url: str
    number: int
    first: int
    of_comments: bool
    older: bool


def _links(tree: LexborHTMLParser, base: str, page: ParsedPage, which: str) -> list[_Link]:
    """The links, of those that a selector finds, to numbered pages of the same discussion."""
    threads = _threads(page)
    found = []
    for node in tree.css(which)[:_MOST_LINKS]:
        href = node.attributes.get("href") or ""
        url = join(base, href) if any(map(str.isdigit, href)) else None
        if url is None:
            continue
        url, says = url.partition("#")[0], numbered(url)
        number = says.number if says.thread in threads else None
        if number is None and "next" in (node.attributes.get("rel") or "").split():
            number = number_behind(url, page.page.final_url)
        if number is not None:
            found.append(_Link(url, number, says.first, says.of_comments, _is_older(node)))
    return found


def _is_older(node: LexborNode) -> bool:
    around = node.parent.attributes.get("class") if node.parent is not None else None
    said = (node.attributes.get("class"), node.attributes.get("rel"), around, node.text()[:100])
    return _OLDER.search(" ".join(filter(None, said))) is not None


def _threads(page: ParsedPage) -> set[str]:
    """The addresses of the page, without what numbers them."""
    own, site = page.page, site_of(page.page.final_url)
    urls = (own.final_url, own.url, own.canonical_url)
    return {numbered(url).thread for url in urls if url is not None and site_of(url) == site}


def _own_number(tree: LexborHTMLParser, links: list[_Link]) -> int:
    """The number of a page whose address names none: the first, unless it shows the newest comments of several pages
    and links the older ones."""
    first, numbers = links[0].first, [link.number for link in links]
    if not links[0].of_comments:
        return 0 if tree.css_first(_FROM_NOUGHT) is not None else first
    is_last = first in numbers or all(link.older for link in links)
    return max(numbers) + 1 if is_last else first


def _parts(links: list[_Link], own: int) -> list[Part]:
    """The pages that follow each other from the page's own, the nearest first: a link to the last of a hundred pages
    is followed when those before it were."""
    urls = {link.number: link.url for link in reversed(links) if link.number != own}
    parts = []
    for numbers in (sorted(n for n in urls if n > own), sorted((n for n in urls if n < own), reverse=True)):
        steps = [abs(b - a) for a, b in pairwise([own, *numbers])]
        near = next((k for k, step in enumerate(steps) if step > min(steps)), len(numbers))
        parts += [Part(NAME, urls[n], n - own) for n in numbers[:near]]
    return parts


def _number(part: Part, page: ParsedPage) -> int | None:
    """The number in a part's address."""
    number = numbered(part.url).number
    return number if number is not None else number_behind(part.url, page.page.final_url)


def _alone(post: Article, opening: str, tree: LexborHTMLParser, page: ParsedPage) -> list[Comment]:
    """The only post of a page, which reads like an article; none where it is the opening again."""
    if words_of(post.text) == opening:
        return []
    author = next(iter(post.authors), None)
    return [
        Comment(
            id=RecordIds(page.page.id).comment(_native_like(tree, page), None, author, post.text),
            page_id=page.page.id,
            position="",
            author=author,
            published_at=post.published_at,
            text=post.text,
            html=post.html,
            language=post.language,
        )
    ]


def _native_like(tree: LexborHTMLParser, page: ParsedPage) -> str | None:
    """The only id on a page that looks like those of the thread's other posts ('p20104')."""
    shown = (native_of(c.id) for c in page.comments)
    forms = {found[1] for native in shown if native and (found := _ENDS_IN_NUMBER.fullmatch(native))}
    if len(forms) != 1:
        return None
    like = re.compile(rf"{re.escape(forms.pop())}\d+")
    values = (node.attributes.get(name) or "" for name in _IDS for node in tree.css(f"[{name}]"))
    alike = {value for value in values if like.fullmatch(value)}
    return alike.pop() if len(alike) == 1 else None
