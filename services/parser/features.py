"""What the model knows of each block: a row of numbers.

Three kinds: of the block itself (its words, tags, links), of the elements around it (their names, tags, sizes, and how
they repeat), and of its neighbours and the page.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.parser.block_words import WORD_COLUMNS, word_columns
from services.parser.blocks import Blocks
from services.parser.columns import AROUND, FAR, STEPS, Columns, Matrix, around
from services.parser.keywords import kind_of_heading
from services.parser.name_groups import GROUPS
from services.parser.page_columns import PAGE_COLUMNS, page_columns
from services.parser.segments import SegmentedPage
from services.parser.visible_text import HEADINGS, Element

TAGS: Final = (
    "p div li a h1 h2 h3 h4 h5 h6 td th span pre blockquote figcaption dt dd button label option textarea summary "
    "article section header footer nav aside main form body ul table"
).split()
_OF_TAG: Final = {tag: n for n, tag in enumerate(TAGS)}
_TOKENS: Final = re.compile(r"\w+")
_WORDS_AND_BREAKS: Final = re.compile(r"\w+|\n")
# Characters of a block that are compared with what the head claims.
_BEGINNING = 4000
# Beside the bits of the three claims.
_END_OF_BLOCK: Final = 8
# Neighbours looked at to either side.
_NEAR: Final = 3
_POINTS: Final = WORD_COLUMNS.index("points")
_HEADING_KINDS: Final = (
    "related_posts popular_posts recent_posts featured_post archive labels subscribe social search profile links "
    "navigation notice ad recent_comments comment_form"
).split()


def _log(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.log1p(x)


def _sums(columns: Sequence[Matrix]) -> NDArray[np.float64]:
    """For each column the sums of its first 0, 1, 2 … numbers."""
    sums = np.zeros((len(columns), len(columns[0]) + 1))
    for n, column in enumerate(columns):
        sums[n, 1:] = np.cumsum(column)
    return sums


def _windows(columns: Matrix, halves: Sequence[int]) -> Iterator[Matrix]:
    """For each of these the sums of the columns over so many blocks to either side."""
    count = columns.shape[1]
    sums = np.zeros((len(columns), count + 1))
    np.cumsum(columns, axis=1, dtype=np.float64, out=sums[:, 1:])
    at = np.arange(count)
    for half in halves:
        ahead, behind = np.minimum(at + half + 1, count), np.maximum(at - half, 0)
        yield (sums.take(ahead, axis=1) - sums.take(behind, axis=1)).astype(np.float32)


def page_row(rows: Matrix, in_thread: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The page's own numbers, for its kind, from those of its blocks; a column a name in `PAGE_NAMES`."""
    if not len(rows):
        return np.zeros(len(PAGE_NAMES), np.float32)
    chars = np.expm1(rows[:, AT["chars"]])
    share = chars / max(1.0, float(chars.sum()))
    named, around = AT[f"name_{next(iter(GROUPS))}"], AT[f"in_{AROUND[0]}"]
    found = [
        float((share * in_thread).sum()),
        float(in_thread.sum()),
        float((share * rows[:, AT["function_words"]]).sum()),
        float(share.max()),
        float(rows[:, AT["alike"]].max()),
        float(share @ rows[:, AT["alike"]]),
        float(share @ rows[:, AT["link_share"]]),
        float(rows[:, AT["like_body"]].max()),
    ]
    return np.concatenate(
        [
            rows[0, AT[f"page_{PAGE_COLUMNS[0]}"] :],
            share @ (rows[:, named : named + len(GROUPS)] < FAR),
            share @ (rows[:, around : around + len(AROUND)] < FAR * 2),
            np.array(found, np.float32),
        ]
    ).astype(np.float32)


def features(page: SegmentedPage, blocks: Blocks, tree: Columns) -> Matrix:
    """One row a block, one column a name in `NAMES`."""
    visible, metadata = page.visible, page.metadata
    count = len(blocks)
    if not count:
        return np.zeros((0, len(NAMES)), np.float32)
    words = word_columns(blocks.texts)
    chars, marks = words[:, 0], words[:, 2]
    sums = np.array(visible._chars, np.float32)
    links = np.array(visible._link_chars, np.float32)
    own = np.maximum(sums[blocks.last] - sums[blocks.first], 1)
    link_share = (links[blocks.last] - links[blocks.first]) / own
    # The block itself.
    logged = words.copy()
    logged[:, :3] = _log(words[:, :3])
    owner = np.array([e.index for e in blocks.owners], np.int32)
    tags = np.array([_OF_TAG.get(e.tag, -1) for e in blocks.owners], np.float32)
    is_heading = np.array([e.tag in HEADINGS for e in blocks.owners], np.float32)
    is_p = (tags == 0).astype(np.float32)
    inner = [visible.texts[n].parent for n in blocks.first.tolist()]
    emphasis = np.array([_emphasis(e) for e in inner], np.float32)
    pieces = (blocks.last - blocks.first).astype(np.float32)
    # Where it stands.
    link_chars = chars * link_share
    cum = _sums([chars, link_chars, marks, is_p * chars, is_heading, words[:, 7] * words[:, 1], words[:, 1]])
    total = max(1.0, float(chars.sum()))
    place = np.arange(count, dtype=np.float32)
    columns: list[NDArray[Any]] = [
        *(logged, link_share, tags, is_heading, emphasis, pieces),
        *(place, place / count, cum[0, :-1] / total, tree.depth[owner]),
        # Names and tags around it.
        *(tree.names[[e.index for e in inner]], tree.around[owner]),
    ]
    # The elements around it: their sizes, links and repetition.
    size = (cum.take(tree.last, axis=1) - cum.take(tree.first, axis=1)).astype(np.float32)
    held = (tree.last - tree.first).astype(np.float32)
    for at in around(tree, owner, held):
        whole, *sizes, said = size.take(at, axis=1)
        blocks_there = held[at]
        some, least = np.maximum(blocks_there, 1), np.maximum(whole, 1)
        columns += [_log(whole), whole / total, *(part / least for part in sizes[:3])]
        columns += [sizes[3] / some, _log(blocks_there), sizes[4] / np.maximum(said, 1)]
        columns += [_log(tree.siblings[at]), (place - tree.first[at]) / some]
    # Blocks that stand in the same kind of place anywhere on the page.
    key = tree.path[owner]
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    alike_chars = np.bincount(inverse, chars)
    alike_links = np.bincount(inverse, link_chars)
    columns += [
        _log(counts[inverse].astype(np.float32)),
        alike_chars[inverse] / total,
        alike_links[inverse] / np.maximum(alike_chars[inverse], 1),
        _log((alike_chars / counts)[inverse].astype(np.float32)),
    ]
    # Neighbours; past the ends there is nothing.
    near = np.zeros((count + 2 * _NEAR, 7), np.float32)
    for n, column in enumerate(
        (logged[:, 0], link_share, is_heading, words[:, 3], tags, words[:, 7], words[:, _POINTS])
    ):
        near[_NEAR:-_NEAR, n] = column
    for by in (-3, -2, -1, 1, 2, 3):
        columns.append(near[_NEAR + by : _NEAR + by + count, : 7 if abs(by) == 1 else 4])
    prose = chars * (1 - link_share)
    for sums in _windows(np.stack([chars, prose, link_chars, marks]), (4, 12, 30)):
        weight = np.maximum(sums[0], 1)
        columns += [_log(sums[1]), sums[2] / weight, sums[3] / weight]
    columns.append(_sections(blocks, is_heading, prose))
    columns.append(_likeness(metadata.headline or metadata.title, metadata.description, metadata.article_body, blocks))
    # One after the other: a column each, or several.
    rows = np.empty((count, len(NAMES)), np.float32)
    filled = 0
    for column in columns:
        wide = column.shape[1] if column.ndim == 2 else 1
        rows[:, filled : filled + wide] = column.reshape(count, wide)
        filled += wide
    rows[:, filled:] = page_columns(page, blocks, words, link_share)
    return rows


def _emphasis(e: Element) -> int:
    """How a block's first words are set off: 1 bold, 2 a link, 4 italics."""
    found = 0
    at: Element | None = e
    for _ in range(3):
        if at is None:
            break
        if at.tag in ("b", "strong"):
            found |= 1
        elif at.tag == "a":
            found |= 2
        elif at.tag in ("i", "em", "small"):
            found |= 4
        at = at.parent
    return found


def _sections(blocks: Blocks, is_heading: NDArray[np.float32], prose: NDArray[np.float32]) -> Matrix:
    """Of the heading above each block: how far, what kind of list it announces, and the prose since."""
    count = len(blocks)
    last = np.full(count, -1, np.int64)
    heads = np.flatnonzero(is_heading)
    kinds = np.full(count + 1, -1, np.float32)
    for n in heads:
        kind = kind_of_heading(blocks.texts[n])
        kinds[n] = _HEADING_KINDS.index(kind) if kind in _HEADING_KINDS else -1
    last[heads] = heads
    last = np.maximum.accumulate(last)
    sums = np.concatenate([[0.0], np.cumsum(prose)])
    since = sums[np.arange(count)] - sums[np.maximum(last, 0)]
    own_kind = kinds[last]
    # Down to the next heading.
    ahead = np.full(count, count, np.int64)
    ahead[heads] = heads
    ahead = np.minimum.accumulate(ahead[::-1])[::-1]
    following = np.concatenate([ahead[1:], [count]])
    ahead_prose = sums[np.minimum(following, count)] - sums[np.arange(count)]
    level = np.zeros(count, np.float32)
    for n in heads:
        level[n] = int(blocks.owners[n].tag[1])
    above = np.where(last >= 0, level[np.maximum(last, 0)], 0)
    distance = np.where(last >= 0, np.arange(count) - last, 99)
    return np.stack(
        [
            _log(distance.astype(np.float32)),
            own_kind,
            _log(since.astype(np.float32)),
            _log(ahead_prose.astype(np.float32)),
            above,
        ],
        axis=1,
    ).astype(np.float32)


def _likeness(title: str | None, description: str | None, body: str | None, blocks: Blocks) -> Matrix:
    """Shares of each block's words that the page's own title, description and article body hold."""
    claims = [set(_TOKENS.findall((text or "").lower()[:20_000])) for text in (title, description, body)]
    rows = np.zeros((len(blocks), 5), np.float32)
    # All blocks at once, a break after each: its words are those between two breaks.
    # Which of the claims have a word is told by bits.
    known = {"\n": _END_OF_BLOCK}
    for k, claim in enumerate(claims):
        known |= {word: known.get(word, 0) | 1 << k for word in claim}
    said = _WORDS_AND_BREAKS.findall("\n".join([t[:_BEGINNING] for t in blocks.texts]).lower() + "\n")
    kinds = np.frombuffer(bytes(map(known.get, said, repeat(0))), np.uint8)
    ends = np.flatnonzero(kinds & _END_OF_BLOCK)
    size = np.diff(ends, prepend=-1) - 1
    block_of = np.repeat(np.arange(len(blocks)), size + 1)
    for k, claim in enumerate(claims):
        if claim:
            hits = np.bincount(block_of[np.flatnonzero(kinds & 1 << k)], minlength=len(blocks))
            rows[:, k] = hits / np.maximum(size, 1)
    titles = np.flatnonzero((rows[:, 0] > 0.75) & (size >= 0.6 * len(claims[0]))) if claims[0] else ends[:0]
    rows[titles, 3] = 1
    rows[:, 4] = np.clip(np.arange(len(blocks)) - titles[0], -200, 400) if len(titles) else 500
    return rows


_CONTAINER: Final = "chars share links marks p heads blocks function_words siblings place".split()
NAMES: Final = [
    *WORD_COLUMNS,
    *"link_share tag heading emphasis pieces".split(),
    *"place place_share before depth".split(),
    *(f"name_{g}" for g in GROUPS),
    *(f"in_{t}" for t in AROUND),
    *(f"up{n}_{c}" for n in range(STEPS + 1) for c in _CONTAINER),
    *"alike alike_chars alike_links alike_mean".split(),
    *(
        f"next{by}_{c}"
        for by in (-3, -2, -1, 1, 2, 3)
        for c in (
            "chars links heading sentence tag function_words points" if abs(by) == 1 else "chars links heading sentence"
        ).split()
    ),
    *(f"window{h}_{c}" for h in (4, 12, 30) for c in ("prose", "links", "marks")),
    *"section_distance section_kind section_prose section_ahead section_level".split(),
    *"like_title like_description like_body is_title after_title".split(),
    *(f"page_{n}" for n in PAGE_COLUMNS),
]
AT: Final = {name: n for n, name in enumerate(NAMES)}
"""Where each column stands."""
PAGE_NAMES: Final = [
    *(f"page_{n}" for n in PAGE_COLUMNS),
    *(f"share_{g}" for g in GROUPS),
    *(f"share_in_{t}" for t in AROUND),
    *"thread_share thread_blocks prose longest alike_most alike links like_body".split(),
]
