"""What the models know of each element that may be a widget: a row of numbers."""

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.parser.blocks import Blocks
from services.parser.columns import AROUND, Columns, Matrix
from services.parser.features import AT
from services.parser.keywords import kind_of_heading, kind_of_name
from services.parser.name_groups import GROUPS
from services.parser.segments import SegmentedPage
from services.parser.source import is_site
from services.parser.topic_words import TOPIC_COLUMNS, topics
from services.parser.visible_text import HEADINGS, Element, VisiblePage
from services.parser.widget_rules import Box
from shared.records import WidgetKind
from shared.urls import join

WIDGET_KINDS: Final[tuple[WidgetKind, ...]] = (
    "header",
    "navigation",
    "search",
    "profile",
    "recent_posts",
    "popular_posts",
    "related_posts",
    "featured_post",
    "archive",
    "labels",
    "recent_comments",
    "links",
    "subscribe",
    "social",
    "embed",
    "gallery",
    "poll",
    "calendar",
    "stats",
    "translate",
    "ad",
    "comment_form",
    "footer",
    "notice",
    "text",
)
"""The kinds of widgets in the order of the model's outputs; one more output stands for what is no widget at all."""
# Words at most of what may be no widget: a label, a counter, a button beside a record. Anything longer is kept as one.
_BIT = 8
# A site's name is the first link of its header, or soon after; and no longer than so many letters.
_FIRST_LINKS, _LONGEST_NAME = 5, 60
# So many links say where a box leads.
_MOST_LINKS = 20
_PLACE: Final[dict[WidgetKind | None, int]] = {kind: n for n, kind in enumerate(WIDGET_KINDS)} | {None: -1}
_TAGS: Final = "div section ul ol li nav header footer aside form p table h1 h2 h3 h4 h5 h6 article main a span".split()
_OF_TAG: Final = {tag: n for n, tag in enumerate(_TAGS)}
_COUNTED: Final = ("form", "input", "img", "iframe", "nav", "ul", "a", "time", "button", "select")
_PLACE_OF_COUNTED: Final = {tag: n for n, tag in enumerate(_COUNTED)}


def element_rows(
    page: VisiblePage,
    blocks: Blocks,
    tree: Columns,
    rows: Matrix,
    p: NDArray[np.float32],
    free: NDArray[np.bool_],
    kinds: NDArray[np.float32],
) -> Matrix:
    """One row an element, one column a name in `ELEMENT_COLUMNS`.

    `rows`: the blocks' features; `p`: their probability to be of the article; `free`: which have no record yet;
    `kinds`: the probabilities of the page's kinds (`models.KINDS`).
    """
    elements = page.elements
    count = len(blocks)
    chars = np.expm1(rows[:, AT["chars"]])
    heading = rows[:, AT["heading"]]
    measures = {
        "chars": chars,
        "links": chars * rows[:, AT["link_share"]],
        "marks": np.expm1(rows[:, AT["marks"]]),
        "heads": heading,
        "function": chars * rows[:, AT["function_words"]],
        "free": free.astype(np.float32),
        "main": chars * p,
        "dates": rows[:, AT["date"]],
        "prices": rows[:, AT["price"]],
        "copyright": rows[:, AT["copyright"]],
        "read_more": rows[:, AT["read_more"]],
    }
    first, last = tree.first, tree.last
    sums = np.zeros((len(measures), count + 1))
    for k, measure in enumerate(measures.values()):
        sums[k, 1:] = np.cumsum(measure)
    size = dict(zip(measures, (sums.take(last, axis=1) - sums.take(first, axis=1)).astype(np.float32), strict=True))
    held = (last - first).astype(np.float32)
    whole, some = np.maximum(size["chars"], 1), np.maximum(held, 1)
    taken = np.flatnonzero(~free)
    start, end = (taken[0], taken[-1] + 1) if len(taken) else (count // 2, count // 2)
    up = tree.parent
    inside = _inside(tree, tree.names == 0)
    kids, alike = _kids(tree)
    titled = np.append(heading, 0)[first] > 0
    announced = np.full(len(elements), -1, np.float32)
    for n in np.flatnonzero(titled & (held > 0)):
        announced[n] = _PLACE[kind_of_heading(blocks.texts[first[n]])]
    own = np.array([_PLACE[kind_of_name(e.name)] if e.name else -1 for e in elements], np.float32)
    level = np.where(held < _MOST_BLOCKS, 0, 9)
    for n in np.flatnonzero((size["heads"] > 0) & (held < _MOST_BLOCKS)):
        level[n] = _top_headings(blocks, first[n], last[n])
    tag = np.array([_OF_TAG.get(e.tag, -1) for e in elements], np.float32)
    columns = [
        np.log1p(size["chars"]),
        size["chars"] / max(1.0, float(chars.sum())),
        size["chars"] / whole[up],
        size["links"] / whole,
        size["marks"] / whole,
        size["function"] / whole,
        size["main"] / whole,
        size["free"] / some,
        size["heads"] / some,
        np.log1p(size["heads"]),
        level,
        np.log1p(held),
        held / some[up],
        size["dates"] / some,
        size["prices"] / some,
        size["copyright"] > 0,
        size["read_more"] / some,
        tree.depth,
        np.log1p(tree.siblings),
        kids,
        kids[up],
        alike,
        alike[up],
        tag,
        tag[up],
        own,
        own[up],
        own[up[up]],
        announced,
        announced[up],
        titled,
        np.count_nonzero(inside, axis=1),
        first / max(1, count),
        last / max(1, count),
        (first - start) / max(1, count),
        (first - end) / max(1, count),
        first >= end,
        last <= start,
        count,
    ]
    table = np.empty((len(elements), len(ELEMENT_COLUMNS)), np.float32)
    for k, column in enumerate(columns):
        table[:, k] = column
    np.concatenate(
        [_counts(elements), tree.names, inside, tree.around], axis=1, out=table[:, len(columns) : -len(kinds)]
    )
    table[:, -len(kinds) :] = kinds
    return table


def box_rows(segmented: SegmentedPage, rows: Matrix, boxes: Sequence[Box]) -> Matrix:
    """One row a box: that of its largest element, and what rules say of the whole."""
    page = segmented.visible
    home = join(segmented.url, "/") or ""
    found = np.zeros((len(boxes), len(BOX_COLUMNS)), np.float32)
    largest = [max(box.elements, key=page.chars).index for box in boxes]
    for n, box in enumerate(boxes):
        begins = page.texts[box.texts[0]].value.strip()
        text = " ".join([page.texts[k].value for k in box.texts[:40]])[:600]
        said = text.lower()
        digits = "0123456789" if text.isascii() else filter(str.isdigit, set(text))
        own = (
            _PLACE[box.kind],
            box.score,
            _REGIONS.index(box.region),
            len(box.elements),
            math.log1p(len(text)),
            _PLACE[kind_of_heading(page.text(box.title))] if box.title is not None else -1,
            text.count("@") + text.count("/"),
            sum(map(text.count, digits)) / max(1, len(text)),
            *_links(segmented, box, home),
            len(begins) < _LONGEST_NAME and is_site(begins, segmented.metadata.site_name, segmented.url),
            *topics(text),
        )
        found[n, : len(own)] = own
        found[n, [column for column, word in _CUES if word in said]] = 1
        found[n, [column for column, rule in _BEGINNINGS if rule.match(said) is not None]] = 1
    found[:, -len(ELEMENT_COLUMNS) :] = rows[largest]
    return found


def _links(segmented: SegmentedPage, box: Box, home: str) -> tuple[float, ...]:
    """Where a box leads: whether to the site's own front page (`home`) first, the share of links to other hosts, how
    many hosts and how long the paths are; its pictures, and those that are links."""
    page = segmented.visible
    links: list[Element] = []
    pictures: list[bool] = []
    for e in box.elements:
        for x in page.inside(e):
            if x.tag == "a":
                if len(links) < _MOST_LINKS and "href" in x.attrs:
                    links.append(x)
            elif x.tag == "img":
                pictures.append(page.in_link[x.index])
    urls = [join(segmented.url, a.get("href")) or "" for a in links]
    parts = [url.split("/", 3) for url in urls if url]
    return (
        home in urls[:_FIRST_LINKS] or any("home" in a.get("rel") for a in links[:_FIRST_LINKS]),
        sum(not url.startswith(home) for url in urls) / max(1, len(urls)),
        len({host for _, _, host, _ in parts}),
        sum(len(path) for _, _, _, path in parts) / max(1, len(parts)),
        math.log1p(len(pictures)),
        math.log1p(sum(pictures)),
    )


def is_short(page: VisiblePage, box: Box) -> bool:
    """Whether a box has so few words that it may be chrome of its neighbour: no form, which is more than its words, and
    no paragraph, which says something."""
    if any(e.tag == "p" for e in box.elements) or any(x.tag == "form" for e in box.elements for x in page.inside(e)):
        return False
    return sum(len(page.texts[n].value.split()) for n in box.texts) <= _BIT


# A block with more in it is no widget with one heading, and looking through it at every level would cost too much.
_MOST_BLOCKS = 200


def _top_headings(blocks: Blocks, first: int, last: int) -> int:
    """How many headings of the highest level that is used there are among these blocks."""
    tags = [t for n in range(first, last) if (t := blocks.owners[n].tag) in HEADINGS]
    return tags.count(min(tags)) if tags else 0


def _inside(tree: Columns, names: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which groups an element's descendants are named by."""
    count, groups = names.shape
    # An element's groups as the bits of one number: there are no more than 64.
    named = np.zeros((count, 8), np.uint8)
    packed = np.packbits(names, axis=1)
    named[:, : packed.shape[1]] = packed
    own = named.view(np.uint64).reshape(-1)
    found = np.zeros_like(own)
    for level in reversed(tree.levels):
        # Siblings follow one another, so that all of one parent's are taken together.
        parents = tree.parent[level]
        begins = np.flatnonzero(np.diff(parents, prepend=-1))
        found[parents[begins]] = np.bitwise_or.reduceat(own[level] | found[level], begins)
    return np.unpackbits(found.view(np.uint8).reshape(-1, 8), axis=1, count=groups).view(np.bool_)


def _counts(elements: list[Element]) -> Matrix:
    """How many of some tags are in each element, itself included."""
    table = np.zeros((len(elements) + 1, len(_COUNTED)), np.float32)
    width = len(_COUNTED)
    table.reshape(-1)[
        [(e.index + 1) * width + _PLACE_OF_COUNTED[e.tag] for e in elements if e.tag in _PLACE_OF_COUNTED]
    ] = 1
    sums = np.cumsum(table, axis=0)
    ends = np.array([e.end for e in elements])
    return np.log1p(sums.take(ends, axis=0) - sums[:-1])  # type: ignore[no-any-return]


def _kids(tree: Columns) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How many children with text each element has, and the share of them that are of one tag and class."""
    count = len(tree.parent)
    at = np.flatnonzero(tree.has_text)
    at = at[at > 0]
    kids = np.bincount(tree.parent[at], minlength=count)
    kinds = int(tree.kind.max()) + 1
    key, counts = np.unique(tree.parent[at] * kinds + tree.kind[at], return_counts=True)
    most = np.zeros(count)
    np.maximum.at(most, key // kinds, counts)
    return kids.astype(np.float32), (most / np.maximum(kids, 1)).astype(np.float32)


# What the words of a box may say of its kind, in the languages that most pages are in: words that stand anywhere in it,
# and patterns, most of them of how it begins.
_CUE_WORDS: Final = {
    "powered": "powered by|designed by|hosted by|theme",
    "legal": "privacy|terms|imprint|impressum|datenschutz|mentions légales|aviso legal|cookie policy|agb",
    "share": "share|tweet|facebook|twitter|whatsapp|pinterest|linkedin|instagram|teilen|follow|folge",
    "script": "javascript|browser|enable|adblock",
    "related": "related|similar|you may|also like|more from|more in|more on|recommended|mehr|weiter|lesen sie",
    "recent": "recent|latest|newest|neueste|letzte|dernier|últim",
    "language": "english|deutsch|español|français|italiano|language|sprache",
    "menu": "menu|home|about|contact|blog|shop",
    "login": "log in|login|sign in|signin|sign up|signup|register|anmelden|account|subscribe|abonn|newsletter|e-mail",
    "buy": "add to cart|add to basket|add to bag|buy|in den warenkorb|quantity|shipping|price",
    "cookie": "cookie|consent|gdpr|privacy preference",
    "ad": "advertis|sponsor|anzeige|werbung|publicidad|publicité|promo|offer|deal",
    "popular": "popular|trending|most read|most viewed|beliebt|meist",
    "pages": "previous|next|older|newer|vorherig|nächst|précédent|suivant|anterior|siguiente|«|»",
    "copyright": "©|copyright|all rights reserved|alle rechte|tous droits|derechos reservados",
    "comment": "comment|kommentar|commentaire|comentario|reply|antwort",
    "leave": "leave a|add a comment|add comment|add a review|post a comment|post comment|schreib|your email address",
}
_BEGINNING_RULES: Final = {
    "skip": r"\W*(?:skip|jump|direkt|zum|aller|ir|saltar) (?:to|zum|inhalt|au|al)",
    "search": r"\W*(?:search|suche|recherche|buscar|pesquisar|cerca|szukaj|zoeken)",
    "tags": r"\W*(?:tags?|categor|topics?|filed under|posted in|kategorie|schlagw|thema|tagged)",
    "by": r"\W*(?:by|von|par|por|written by|about the author|author)\b",
    "count": r"\W*\d[\d.,]*[km]? (?:views?|comments?|likes?|shares?|votes?|replies|reviews?|ratings?|members?)",
}
_REGIONS: Final = ("header", "left", "right", "inline", "main", "footer")
ELEMENT_COLUMNS: Final = [
    *"chars share of_parent links marks function main free heads headings top_headings blocks blocks_of_parent".split(),
    *"dates prices copyright read_more depth siblings kids kids_of_parent alike alike_of_parent tag parent_tag".split(),
    *"kind parent_kind grandparent_kind heading_kind parent_heading_kind titled named begins ends".split(),
    *"from_start from_end after before page_blocks".split(),
    *(f"n_{t}" for t in _COUNTED),
    *(f"name_{g}" for g in GROUPS),
    *(f"inside_{g}" for g in GROUPS),
    *(f"in_{t}" for t in AROUND),
    *(f"page_kind_{n}" for n in range(7)),
]
BOX_COLUMNS: Final = [
    *"rule_kind rule_score region elements length heading_kind marks digits".split(),
    *"home outside hosts paths pictures linked site".split(),
    *TOPIC_COLUMNS,
    *(f"says_{c}" for c in _CUE_WORDS),
    *(f"begins_{c}" for c in _BEGINNING_RULES),
    *ELEMENT_COLUMNS,
]
# The column that each word and pattern sets.
_CUES: Final = [(BOX_COLUMNS.index(f"says_{c}"), word) for c, words in _CUE_WORDS.items() for word in words.split("|")]
_BEGINNINGS: Final = [(BOX_COLUMNS.index(f"begins_{c}"), re.compile(rule)) for c, rule in _BEGINNING_RULES.items()]
FREE: Final = ELEMENT_COLUMNS.index("free")
"""The column with the share of an element's blocks that have no record yet."""
KIDS: Final = ELEMENT_COLUMNS.index("kids")
"""The column with the number of its children that have text."""
