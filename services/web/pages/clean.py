"""HTML of records on its way out: sanitised once more, by a library, whatever the parser or the store made of it.

What a browser would fetch from elsewhere is not there: images become boxes with their text and a link.
"""

import re
from html import escape
from html.parser import HTMLParser

import nh3
from markupsafe import Markup

from services.web.pages.words import followable

_TAGS = frozenset(
    "a p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code table thead tbody tr th td figure figcaption div span "
    "em strong b i u s sub sup q cite abbr time kbd samp var mark small del ins hr br".split()
)
_DROPPED = frozenset("script style template noscript iframe object svg math title textarea select".split())
_SCHEMES = {"http", "https"}
_REL = "nofollow noopener noreferrer"
# Tags that are not left as they stand.
_CHANGED = re.compile(r"<(?:img|h[1-6]|li|d[dt]|table)\b")
_PARENTS = {"li": ("ul", "ol"), "dt": ("dl", "div"), "dd": ("dl", "div")}

_FIRST = nh3.Cleaner(
    tags={*_TAGS, "img"},
    clean_content_tags=set(_DROPPED),
    attributes={"a": {"href"}, "img": {"src", "alt"}, "*": set()},
    url_schemes=_SCHEMES,
    url_relative="deny",
    link_rel=_REL,
)
_LAST = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes={"a": {"href"}, "*": set()},
    allowed_classes={"a": {"picture"}, "span": {"picture"}, "div": {"scroll"}},
    tag_attribute_values={"div": {"tabindex": {"0"}}},
    url_schemes=_SCHEMES,
    url_relative="deny",
    link_rel=_REL,
)


def clean(html: str, below: int = 2) -> Markup:
    """A record's HTML, harmless. `below`: level of the heading that it stands under; its own go on from there."""
    first = _FIRST.clean(html)
    if not _CHANGED.search(first):
        return Markup(first)  # noqa: S704 - sanitised
    changes = _Changes(below)
    changes.feed(first)
    changes.close()
    return Markup(_LAST.clean("".join(changes.out)))  # noqa: S704 - sanitised


def paragraphs(text: str) -> Markup:
    """A record's text as HTML: paragraphs are parted by a blank line, lines by a line end."""
    parts = (Markup("<br>").join(part.split("\n")) for part in re.split(r"\n{2,}", text) if part.strip())
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in parts)


class _Changes(HTMLParser):
    """Goes through sanitised, so well-formed, HTML: pictures, levels of headings, entries without a list, tables."""

    def __init__(self, below: int) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._open: list[tuple[str, str]] = []  # a tag as it was, and what ends it
        self._level = self._below = below

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._picture(dict(attrs))
            return
        if tag in ("br", "hr"):
            self.out.append(f"<{tag}>")
            return
        begin, end = self._changed(tag)
        self.out.append(begin)
        self._open.append((tag, end))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self.out.append(self._open.pop()[1])

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def _changed(self, tag: str) -> tuple[str, str]:
        if len(tag) == 2 and tag[0] == "h":
            # No level is passed over on the way down.
            self._level = max(self._below + 1, min(self._below + int(tag[1]), self._level + 1, 6))
            return f"<h{self._level}>", f"</h{self._level}>"
        if tag == "table":
            return '<div class="scroll" tabindex="0"><table>', "</table></div>"
        parents = _PARENTS.get(tag)
        if parents and (not self._open or self._open[-1][0] not in parents):
            return "<div>", "</div>"
        return self.get_starttag_text() or "", f"</{tag}>"

    def _picture(self, attrs: dict[str, str | None]) -> None:
        label = escape((attrs.get("alt") or "").strip() or "without a description")
        target = followable(attrs.get("src"))
        if target is None or any(tag == "a" for tag, _ in self._open):
            self.out.append(f'<span class="picture">Image: {label}</span>')
        else:
            self.out.append(f'<a class="picture" href="{escape(target)}">Image: {label}</a>')
