"""Comments that are elsewhere than on their page: what to fetch for them, what it says, and how it becomes one thread.

Pure: nothing here fetches. One file a platform; docs/parsing.md says how to add one.
"""

from collections.abc import Collection, Sequence

from services.parser.elsewhere import blogger, further_pages, wordpress, wordpress_feed
from services.parser.elsewhere.claimed import claimed, may_claim
from services.parser.elsewhere.merge import merge
from services.parser.elsewhere.part import MOST_PARTS, Elsewhere, Part, Platform, Shown
from shared.raw_page import RawPage
from shared.records import ParsedPage
from shared.urls import NotAUrlError, normalise

__all__ = ["Elsewhere", "Part", "Shown", "complete", "further", "merge", "read", "wanted"]

PLATFORMS: tuple[Platform, ...] = (blogger, wordpress, wordpress_feed, further_pages)
"""In the order in which they are asked: the first that wants something is the page's."""
# One of them stands on each page whose comments a platform may have without any being shown.
_MARKS = (b"/comments/", b"api.w.org", b"wp-json", b"/wp-content/", b"application/rss+xml", b"comment-page")
_BY_NAME = {platform.NAME: platform for platform in PLATFORMS}


def wanted(shown: Shown) -> list[Part]:
    """What else is to be fetched for a page's discussion, `MOST_PARTS` at most; nothing where it lacks no comments."""
    discusses = shown.parsed.page.kind == "forum" or bool(shown.parsed.comments)
    if not discusses and not any(mark in shown.raw.body for mark in _MARKS):
        return []  # most pages
    for platform in PLATFORMS:
        if parts := platform.wanted(shown):
            return parts[:MOST_PARTS]
    return []


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """What a fetched part says. `page`: what its page was parsed to. Raises nothing for what the part holds."""
    return _BY_NAME[part.platform].read(part, raw, page)


def further(known: Collection[Part], wanted_now: Sequence[Part]) -> list[Part]:
    """Of the parts that are wanted now those that are new and can be fetched, as many as a page may still have."""
    urls = {part.url for part in known}
    new = list({part.url: part for part in wanted_now if part.url not in urls and _is_url(part.url)}.values())
    return new[: max(0, MOST_PARTS - len(urls))]


def complete(
    raw: RawPage, parsed: ParsedPage, answers: Sequence[tuple[Part, RawPage | None]]
) -> list[Part] | ParsedPage:
    """What a page's discussion needs next: further parts, or nothing more, then the page with all that was found.

    `answers`: the parts fetched so far; the others as `wanted` has them.
    """
    shown = Shown(raw, parsed)
    found: list[Elsewhere] = []
    more: list[Part] = [] if answers else wanted(shown)
    for part, answer in answers:
        each = read(part, answer, parsed) if answer is not None else None
        more += each.further if each is not None else part.otherwise
        if each is not None:
            found.append(each)
    if needs := further([part for part, _ in answers], more):
        return needs
    if may_claim(raw) and (said := claimed(shown)) is not None:
        found.append(said)
    return merge(parsed, found) if found else parsed


def _is_url(text: str) -> bool:
    try:
        normalise(text)
    except NotAUrlError:
        return False
    return True
