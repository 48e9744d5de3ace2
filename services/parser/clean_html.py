"""Clean HTML of a record, written from its own text nodes: structure, emphasis, links and images, nothing else.

Nothing of the page's markup is copied, so there is no script, style, handler or foreign URL scheme to strip.
"""

from bisect import bisect_left
from collections.abc import Sequence
from html import escape

from services.parser.visible_text import Element, Text, VisiblePage
from shared.urls import join

_KEPT = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code table thead tbody tr th td figure "
    "figcaption em strong b i u s sub sup "
    "q cite abbr time kbd samp var mark small del ins hr".split()
)
_VOID = frozenset(["hr"])


def clean_html(page: VisiblePage, root: Element, numbers: Sequence[int], url: str) -> str:
    """The HTML of the texts in `root` that are the record's (`numbers`, rising); links and images absolute."""

    def some(first: int, last: int) -> bool:
        at = bisect_left(numbers, first)
        return at < len(numbers) and numbers[at] < last

    out: list[str] = []
    # Each entry: an element being written, the number of its next child, the next text of its own, its end tag.
    stack: list[tuple[Element, int, int, str]] = [(root, 0, root.first, "")]
    while stack:
        e, child, text, closing = stack.pop()
        kids = e.children
        if child >= len(kids):
            if text < e.last:
                _texts(out, page.texts, text, e.last, numbers)
            out.append(closing)
            continue
        c = kids[child]
        if text < c.first:
            _texts(out, page.texts, text, c.first, numbers)
        stack.append((e, child + 1, c.last, closing))
        if c.tag == "img":
            src = join(url, c.get("src") or c.get("data-src"))
            if src and some(c.first - 1, c.first + 1):
                out.append(f'<img src="{escape(src)}" alt="{escape(c.get("alt"))}">')
        elif some(c.first, c.last):
            start, end = _tags(c, url)
            out.append(start)
            stack.append((c, 0, c.first, end))
    return "".join(out).strip()


def _tags(e: Element, url: str) -> tuple[str, str]:
    if e.tag == "a":
        href = join(url, e.get("href")) if e.get("href") else None
        return (f'<a href="{escape(href)}">', "</a>") if href else ("", "")
    if e.tag in _KEPT:
        return f"<{e.tag}>", f"</{e.tag}>" if e.tag not in _VOID else ""
    return ("<div>", "</div>") if e.tag in ("div", "section", "article", "main") else ("", "")


def _texts(out: list[str], texts: list[Text], first: int, last: int, numbers: Sequence[int]) -> None:
    """Writes the record's texts between two numbers."""
    at = bisect_left(numbers, first)
    for n in numbers[at : bisect_left(numbers, last, at)]:
        t = texts[n]
        value = escape(t.value, quote=False)
        out.append(value if t.preformatted else value.replace("\n", "<br>"))
