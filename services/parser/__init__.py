"""The parser: a raw page to its records. Usable alone: `from services.parser import parse`."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from services.parser.labeller import Labeller
from services.parser.metadata import read_metadata
from services.parser.reader import read
from services.parser.records import build
from services.parser.segments import SegmentedPage
from services.parser.visible_text import VisiblePage
from shared.markup.tree import tree_of
from shared.records import ParsedPage
from shared.urls import join, page_url

__all__ = ["parse", "segmented", "tree_of"]

# A page with fewer visible characters is a shell; its words may stand in noscript, or be hidden until a script runs.
_SHELL = 200
# What React sends later and shows by script: on some pages nearly all, beside menus that stand there from the start.
_STREAMED = 'div[hidden][id^="S:"]'


def parse(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    status: int | None = None,
    final_url: str | None = None,
    explain: bool = False,
    labeller: Labeller | None = None,
    further: bool = False,
    tree: LexborHTMLParser | None = None,
) -> ParsedPage:
    """Cuts a page into article, comments and widgets.

    `html`: the body as fetched (or already decoded); `content_type`: the response's header, for its charset;
    `fetched_at`: what relative dates count from (now, if not given); `explain`: with the page's segments;
    `further`: it is a further page of a forum's thread, and so its first post no opening; `tree`: what `tree_of` made
    of the same body, for who needs it besides.

    Raises NotAUrlError where `url` is none. Whatever the bytes are, a page comes back, if with no records.
    """
    url = page_url(url)
    final_url = final_url or url
    fetched_at = fetched_at or datetime.now(UTC)
    with _without_collector():
        page = segmented(html, final_url, content_type=content_type, fetched_at=fetched_at, tree=tree)
        visible = page.visible
        labelled = (labeller or Labeller()).label(page, further=further)
        body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
        parsed = build(
            page,
            labelled,
            url=url,
            final_url=final_url,
            body=body,
            fetched_at=fetched_at,
            status=status,
            explain=explain,
        )
        visible.release()
        # Gone before the collector is on again, which would walk all of it at the next object.
        del page, visible, labelled
    return parsed


def segmented(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    tree: LexborHTMLParser | None = None,
) -> SegmentedPage:
    """A page read and not yet labelled; arguments as `parse` has them, `url` where it was found at last."""
    if tree is None:
        tree = tree_of(html, content_type)
    base = _base(tree, url)
    return SegmentedPage(_visible(tree), read_metadata(tree, base, base=fetched_at), base)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A page makes thousands of objects and no garbage before its end; the collector would walk them a dozen times,
    which is a third of a page's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _base(tree: LexborHTMLParser, url: str) -> str:
    """What the page's links are relative to."""
    base = tree.css_first("base[href]")
    return (base is not None and join(url, base.attributes.get("href") or "")) or url


def _visible(tree: LexborHTMLParser) -> VisiblePage:
    """The visible page; for a shell also its noscript, or what it hides, if that is most of it."""
    page = read(tree)
    size = page.shown
    without_script = sum(len(n.text()) for n in tree.css("noscript"))
    if without_script > max(0.6 * size, _SHELL):
        more = read(tree, noscript=True)
        if more.chars(more.body) > max(1.6 * size, size + _SHELL):
            return more
    if size < _SHELL or tree.css_first(_STREAMED) is not None:
        more = read(tree, hidden=True)
        if more.chars(more.body) > max((4 if size < _SHELL else 1.6) * size, _SHELL):
            return more
    return page
