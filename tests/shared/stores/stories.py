"""A story, its reprint and prose that is like no other."""

import random

from shared.records import ParsedPage
from tests.shared.stores.pages import make

WORDS = [f"{first}{last}" for first in ("sno", "ri", "mou", "har", "gla") for last in ("ver", "ntain", "bour", "cier")]


def prose(seed: int, words: int = 60) -> str:
    """A paragraph that has no five words in a row with one of another seed."""
    draw = random.Random(seed)
    return " ".join(f"{draw.choice(WORDS)}{draw.randrange(1000)}" for _ in range(words)).capitalize() + "."


def text(*seeds: int) -> str:
    return "\n\n".join(prose(seed) for seed in seeds)


STORY = (1, 2, 3, 4, 5, 6, 7, 8)
CHANGED = (1, 2, 3, 99, 5, 6, 7, 8)
"""The same with another fourth paragraph: 412 of 540 shingles, a Jaccard index of 0.76."""


def original(version: int = 1) -> ParsedPage:
    return make("https://agency.example/story", version=version, title="A storm is near", text=text(*STORY))


def reprint(version: int = 1, name: str = "paper") -> ParsedPage:
    return make(f"https://{name}.example/news", version=version, title="Storm warning!", text=text(*CHANGED).upper())


def article_of(parsed: ParsedPage) -> str:
    assert parsed.article is not None
    return parsed.article.id
