"""Widget records from their parts: title, items with links, authors and dates, embeds."""

import re
from bisect import bisect_left
from collections import Counter

from services.parser.article import Context
from services.parser.cache_sizes import TEXTS
from services.parser.dates import parse_date
from services.parser.language import detect
from services.parser.parts import PartTexts, language_of
from services.parser.visible_text import HEADINGS, Element, VisiblePage
from shared.ids import RecordIds
from shared.records import Widget, WidgetItem
from shared.remembered import remembered
from shared.urls import join

_LISTS = frozenset(
    [
        "recent_posts",
        "popular_posts",
        "related_posts",
        "featured_post",
        "archive",
        "labels",
        "links",
        "recent_comments",
        "navigation",
        "gallery",
        "calendar",
        "text",
    ]
)
_DATED = frozenset(
    ["recent_posts", "popular_posts", "related_posts", "featured_post", "recent_comments", "calendar", "text"]
)
# What may hold one entry of a list that is none by its tags.
_ENTRIES = frozenset(["div", "article", "tr", "section", "p", "dd"])
_MOST_ITEMS = 300
# Real pages have up to 250 widgets; of the ones beyond this number a page gives text and kind alone.
_MOST_WIDGETS = 1000
# A widget's language shows in its first words; a call costs 10 us a hundred characters.
_LANGUAGE_SAMPLE = 120
# Of a widget with very many items only the first are read for dates: a date costs up to a millisecond.
_MOST_DATES = 30
_LONGEST_WITH_DATE = 200
_AUTHOR = re.compile(
    r"(?:^|\s)(?:by|von|par|por|di|door|από|от|автор|av|af|przez)\s+(?P<name>[^\W\d_][^\d,|"
    r"·•:]{1,48}?)(?=\s+(?:on|am|le|el|il|op|στις|at|in|kl|w dniu|em|den)\s|\s*[,|·•]|\s+\d|\s*$)",
    re.IGNORECASE,
)


# Menus and footers are the same on all pages of a site.
_language_of = remembered(TEXTS)(language_of)


def build_widgets(parts: list[PartTexts], ids: RecordIds, context: Context) -> tuple[list[Widget], dict[int, str]]:
    """The widgets in document order, and the record id of each part by its `id()`."""
    widgets, by_part = [], {}
    for n, texts in enumerate(parts):
        part = texts.part
        text = texts.text("title", "body")
        closely = n < _MOST_WIDGETS
        language = _language_of(text[:_LANGUAGE_SAMPLE], context.language) if closely else context.language
        widget = Widget(
            id=ids.widget(part.widget_kind, text),
            page_id=context.page_id,
            paths=texts.paths,
            provenance=texts.provenance(),
            kind=part.widget_kind,
            title=texts.line("title"),
            text=text,
            items=_items(texts, language, context) if closely and part.widget_kind in _LISTS else [],
            region=part.region,
            language=language,
            embed_url=_embed(texts, context.url),
        )
        by_part[id(part)] = widget.id
        widgets.append(widget)
    return widgets, by_part


def _embed(texts: PartTexts, url: str) -> str | None:
    """What a widget embeds: a frame's address, else for an embed its first link's."""
    inside = texts.page.visible.inside(texts.part.element)
    for e in inside:
        if e.tag in ("iframe", "embed") and (src := join(url, e.get("src") or e.get("data-src"))):
            return src
    if texts.part.widget_kind == "embed":
        return next((join(url, e.get("href")) for e in inside if e.tag == "a" and e.get("href")), None)
    return None


def _items(texts: PartTexts, language: str | None, context: Context) -> list[WidgetItem]:
    """The entries of a widget's list."""
    visible = texts.page.visible
    mine = set(texts.numbers)
    title = {n for n, role in zip(texts.numbers, texts.roles, strict=True) if role == "title"}
    items: list[WidgetItem] = []
    for n, e in enumerate(_entries(visible, texts.part.element, mine, title)[:_MOST_ITEMS]):
        item = _item(visible, e, language, context, dated=texts.part.widget_kind in _DATED and n < _MOST_DATES)
        if item.title or item.url or item.text:
            items.append(item)
    return items


def _entries(visible: VisiblePage, root: Element, mine: set[int], title: set[int]) -> list[Element]:
    """The elements that hold one entry each: list items, else the most repeated element with a link, else links."""
    within = visible.inside(root)
    inside = [e for e in within if e.last > e.first and e.first in mine and e.first not in title]
    entries = [e for e in inside if e.tag == "li" and not any(c.tag in ("ul", "ol") for c in e.children)]
    if entries:
        return entries
    links = [e.index for e in within if e.tag == "a" and e.get("href")]
    linked = [
        e
        for e in inside
        if e.tag in _ENTRIES and e is not root and bisect_left(links, e.index) < bisect_left(links, e.end)
    ]
    counts = Counter((e.depth, e.tag, e.get("class")) for e in linked)
    if counts and counts.most_common(1)[0][1] > 1:
        top = max((k for k, v in counts.items() if v > 1), key=lambda k: (-k[0], counts[k]))
        return [e for e in linked if (e.depth, e.tag, e.get("class")) == top]
    if linked:
        return [linked[0]]
    return [e for e in inside if e.tag == "a" and e.get("href")]


def _item(visible: VisiblePage, e: Element, language: str | None, context: Context, *, dated: bool) -> WidgetItem:
    """One entry: its title is its heading, else its first link's words; the rest is its text, with author and date."""
    link = named = heading = None
    time = ""
    for x in visible.inside(e):
        if x.tag == "a" and "href" in x.attrs:
            link = link or x
            named = named or (x if x.last > x.first else None)
        elif x.tag in HEADINGS:
            heading = heading or (x if x.last > x.first else None)
        elif x.tag == "time":
            time = time or x.get("datetime")
    text = visible.text(e)
    named = heading or named
    if named is None:
        title, rest = None, text
    elif named.first == e.first and named.last == e.last:
        title, rest = text, ""
    else:
        title = visible.text(named)
        rest = text.replace(title, "", 1).strip()
    published = author = None
    if dated and (rest or time) and len(rest) < _LONGEST_WITH_DATE:
        if time or any(map(str.isdigit, rest)):
            languages = [x for x in (detect(rest), language) if x]
            published = parse_date(time or rest, languages=languages, base=context.fetched_at)
        author = _AUTHOR.search(rest)
    return WidgetItem(
        title=title,
        url=join(context.url, link.get("href")) if link is not None else None,
        author=author.group("name").strip() if author else None,
        published_at=published,
        text=rest or None,
    )
