"""Comments that are elsewhere than on their page: what to fetch for them, what it says, and how it becomes one thread.

Pure: nothing here fetches. One file a platform; docs/parsing.md says how to add one.
"""

from collections.abc import Collection, Sequence

from selectolax.lexbor import LexborHTMLParser

from services.parser import tree_of
from services.parser.elsewhere import blogger, further_pages, wordpress, wordpress_feed
from services.parser.elsewhere.claimed import claimed, may_claim
from services.parser.elsewhere.merge import merge
from services.parser.elsewhere.part import MOST_PARTS, Elsewhere, Part, Platform, Shown
from shared.raw_page import RawPage
from shared.records import ParsedPage
from shared.urls import NotAUrlError, join, normalise

__all__ = ["Elsewhere", "Part", "complete", "further", "merge", "read", "wanted"]

PLATFORMS: tuple[Platform, ...] = (blogger, wordpress, wordpress_feed, further_pages)
"""In the order in which they are asked: the first that wants something is the page's."""
# One of them stands on each page whose comments a platform may have without any being shown.
_MARKS = (b"/comments/", b"api.w.org", b"wp-json", b"/wp-content/", b"application/rss+xml", b"comment-page")
_BY_NAME = {platform.NAME: platform for platform in PLATFORMS}


def wanted(raw: RawPage, parsed: ParsedPage, tree: LexborHTMLParser | None = None) -> list[Part]:
    """What else is to be fetched for a page's discussion, `MOST_PARTS` at most; nothing where it lacks no comments.

    `parsed` and `tree`: what `parse` and `tree_of` made of `raw`.
    """
    discusses = parsed.page.kind == "forum" or bool(parsed.comments)
    if not discusses and not any(mark in raw.body for mark in _MARKS):
        return []  # most pages
    shown = _shown(raw, parsed, tree)
    for platform in PLATFORMS:
        if parts := platform.wanted(shown):
            return parts[:MOST_PARTS]
    return []


def _shown(raw: RawPage, parsed: ParsedPage, tree: LexborHTMLParser | None) -> Shown:
    if tree is None:
        tree = tree_of(raw.body, raw.content_type)
    base = tree.css_first("base[href]")
    url = (base is not None and join(raw.final_url, base.attributes.get("href") or "")) or raw.final_url
    return Shown(tree, url, parsed)


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """What a fetched part says. `page`: what its page was parsed to. Raises nothing for what the part holds."""
    return _BY_NAME[part.platform].read(part, raw, page)


def further(known: Collection[Part], wanted_now: Sequence[Part]) -> list[Part]:
    """Of the parts that are wanted now those that are new and can be fetched, as many as a page may still have."""
    urls = {part.url for part in known}
    new = list({part.url: part for part in wanted_now if part.url not in urls and _is_url(part.url)}.values())
    return new[: max(0, MOST_PARTS - len(urls))]


def complete(
    raw: RawPage,
    parsed: ParsedPage,
    answers: Sequence[tuple[Part, RawPage | None]],
    tree: LexborHTMLParser | None = None,
) -> list[Part] | ParsedPage:
    """What a page's discussion needs next: further parts, or nothing more, then the page with all that was found.

    `answers`: the parts fetched so far; the others as `wanted` has them.
    """
    found: list[Elsewhere] = []
    more: list[Part] = [] if answers else wanted(raw, parsed, tree)
    for part, answer in answers:
        each = read(part, answer, parsed) if answer is not None else None
        more += each.further if each is not None else part.otherwise
        if each is not None:
            found.append(each)
    if needs := further([part for part, _ in answers], more):
        return needs
    if may_claim(raw) and (said := claimed(_shown(raw, parsed, tree), raw)) is not None:
        found.append(said)
    return merge(parsed, found) if found else parsed


def _is_url(text: str) -> bool:
    try:
        normalise(text)
    except NotAUrlError:
        return False
    return True
