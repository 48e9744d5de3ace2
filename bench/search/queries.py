"""Queries of each kind, by chance from the real pages, with a fixed seed."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from shared.language import words_at
from shared.records import ParsedPage

_SEED = 7
_QUOTES = re.compile(r"""["“”„‟«»‹›\\]""")
_EACH = 400
# Of words in fewer records little is to be sorted; those in more than a twentieth are hardly what anyone asks for.
_FEWEST = 3
_MOST = 1 / 20

Query = Mapping[str, str | list[str]]
"""Parameters of `/api/v1/search`."""


def queries(pages: Sequence[ParsedPage]) -> dict[str, list[Query]]:
    """400 of each: two words of one text; a phrase of two to four; words with all facets; words with filters."""
    texts = [r.text for page in pages for r in (page.article, *page.comments) if r is not None and len(r.text) > 40]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({word for word, _, _ in words_at(text)})
    chance = random.Random(_SEED)
    known = {word for word, count in counts.items() if _FEWEST <= count <= len(texts) * _MOST and word.isalpha()}

    def two_words() -> str:
        while True:
            found = sorted({word for word, _, _ in words_at(chance.choice(texts))} & known)
            if len(found) > 1:
                return " ".join(chance.sample(found, 2))

    def phrase() -> str:
        while True:
            text = chance.choice(texts)
            found = words_at(text)
            length = chance.randint(2, 4)
            if len(found) >= length:
                at = chance.randrange(len(found) - length + 1)
                # With the signs between its words, but for quotes and backslashes, which would be the query's.
                return f'"{" ".join(_QUOTES.sub(" ", text[found[at][1] : found[at + length - 1][2]]).split())}"'

    def filters() -> dict[str, str]:
        year = chance.randint(2012, 2022)
        one = {"kind": chance.choice(("article", "comment"))}
        return {**one, **chance.choice(({"lang": "en"}, {"from": f"{year}-01-01", "to": f"{year + 2}-12-31"}))}

    facets: Query = {"facet": ["kind", "site", "language", "author", "month"]}
    return {
        "words": [{"q": two_words()} for _ in range(_EACH)],
        "phrases": [{"q": phrase()} for _ in range(_EACH)],
        "facets": [{"q": two_words(), **facets} for _ in range(_EACH)],
        "filters": [{"q": two_words(), **filters()} for _ in range(_EACH)],
    }
