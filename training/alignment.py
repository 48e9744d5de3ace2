"""Which blocks of a page a gold text is made of.

Gold texts come without markup, and not quite as the page has them: cut, joined, whitespace changed. Each block is
looked for in the gold's words; of the places found, the heaviest chain in the order of the page wins (a weighted
longest increasing subsequence), so that a short block that stands in many places counts where its neighbours do.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
# Places looked at of a block whose words stand in the gold again and again.
_MOST_PLACES = 40
# Words of a run that must be equal for a changed block to count, and the share of its runs that must be.
_RUN, _SHARE = 3, 0.6


def words_of(text: str) -> list[str]:
    """Words as the measure of text F1 has them."""
    return _WORD.findall(text.lower())


def align(blocks: Sequence[str], gold: str) -> list[bool]:
    """For each block whether the gold text has it."""
    target = words_of(gold)
    starts: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(target):
        starts[word].append(at)
    runs = {tuple(target[n : n + _RUN]) for n in range(len(target) - _RUN + 1)}
    ours = [words_of(b) for b in blocks]
    found = [False] * len(blocks)
    places: list[tuple[int, int, int]] = []  # block, where it begins in the gold, words
    for n, words in enumerate(ours):
        size = len(words)
        if not size:
            continue
        hits = [at for at in starts.get(words[0], ()) if target[at : at + size] == words]
        if hits:
            places.extend((n, at, size) for at in hits[:_MOST_PLACES])
            continue
        if size > 2 * _RUN:
            own = [tuple(words[k : k + _RUN]) for k in range(size - _RUN + 1)]
            if sum(r in runs for r in own) >= _SHARE * len(own):
                found[n] = True
    for n in _heaviest_chain(places):
        found[n] = True
    # A long block is the gold's wherever it stands.
    for n, words in enumerate(ours):
        if not found[n] and len(words) > 2 * _RUN and any(p[0] == n for p in places):
            found[n] = True
    return found


def _heaviest_chain(places: list[tuple[int, int, int]]) -> list[int]:
    """Blocks of the chain with the most words whose places in the gold rise with the page's order."""
    if not places:
        return []
    # Within one block later places first, so that a chain takes at most one of them.
    places = sorted(places, key=lambda p: (p[0], -p[1]))
    ends = sorted({at + size for _, at, size in places})
    best: list[tuple[int, int]] = [(0, -1)] * (len(ends) + 1)  # a Fenwick tree of maxima: weight, place
    weight = [0] * len(places)
    before = [-1] * len(places)
    for k, (_, at, size) in enumerate(places):
        i = bisect_left(ends, at + 1)
        top = (0, -1)
        while i > 0:
            top = max(top, best[i])
            i -= i & -i
        weight[k] = top[0] + size
        before[k] = top[1]
        i = bisect_left(ends, at + size) + 1
        while i <= len(ends):
            best[i] = max(best[i], (weight[k], k))
            i += i & -i
    at = max(range(len(places)), key=weight.__getitem__)
    chain = []
    while at >= 0:
        chain.append(places[at][0])
        at = before[at]
    return chain
