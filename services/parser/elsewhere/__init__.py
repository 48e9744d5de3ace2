"""Comments that are elsewhere than on their page: what to fetch for them, what it says, and how it becomes one thread.

Pure: nothing here fetches. One file a platform; docs/parsing.md says how to add one.
"""

from collections.abc import Collection, Sequence

from selectolax.lexbor import LexborHTMLParser

from services.parser.decoding import decode
from services.parser.elsewhere import blogger, further_pages, wordpress, wordpress_feed
from services.parser.elsewhere.merge import merge
from services.parser.elsewhere.part import MOST_PARTS, Elsewhere, Part, Platform, Shown
from services.parser.nesting import flatten
from shared.raw_page import RawPage
from shared.records import ParsedPage
from shared.urls import join

__all__ = ["Elsewhere", "Part", "further", "merge", "read", "wanted"]

PLATFORMS: tuple[Platform, ...] = (blogger, wordpress, wordpress_feed, further_pages)
"""In the order in which they are asked: the first that wants something is the page's."""
_BY_NAME = {platform.NAME: platform for platform in PLATFORMS}


def wanted(raw: RawPage, parsed: ParsedPage) -> list[Part]:
    """What else is to be fetched for a page's discussion, `MOST_PARTS` at most; nothing where it lacks no comments.

    `parsed`: what `parse` made of `raw`.
    """
    tree = LexborHTMLParser(flatten(decode(raw.body, raw.content_type).text))
    base = tree.css_first("base[href]")
    url = (base is not None and join(raw.final_url, base.attributes.get("href") or "")) or raw.final_url
    shown = Shown(tree, url, parsed)
    for platform in PLATFORMS:
        if parts := platform.wanted(shown):
            return parts[:MOST_PARTS]
    return []


def read(part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
    """What a fetched part says. `page`: what its page was parsed to. Raises nothing for what the part holds."""
    return _BY_NAME[part.platform].read(part, raw, page)


def further(known: Collection[Part], wanted_now: Sequence[Part]) -> list[Part]:
    """Of the parts that are wanted now those that are not known yet, as many as a page may still have."""
    urls = {part.url for part in known}
    new = list({part.url: part for part in wanted_now if part.url not in urls}.values())
    return new[: max(0, MOST_PARTS - len(urls))]
