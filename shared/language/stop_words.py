"""Words that say little alone (the, und, και), each with the languages in which it does.

The lists are Snowball's and Apache Lucene's (`stop_words.json` says whose each is), folded, of single words, without
what can stand for a topic (English "us", German "welt"), and some that were written here. PyPI's `stop-words` and
`stopwordsiso` were not taken: their English has 1,300 words, "computer" and "world" among them, and the Greek of the
first is ancient.
"""

import json
from functools import cache
from pathlib import Path

from shared.language.languages import LANGUAGES


def stop_languages(word: str) -> frozenset[str]:
    """The languages (base tags) in which this folded word is a stop word."""
    return _by_word().get(word, frozenset())


@cache
def _by_word() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    listed = lists()
    for language in LANGUAGES:
        for word in listed.get(language.tags[0], ()):
            found.setdefault(word, set()).update(language.tags)
    kept: dict[frozenset[str], frozenset[str]] = {}
    return {word: kept.setdefault(frozenset(tags), frozenset(tags)) for word, tags in found.items()}


def lists() -> dict[str, list[str]]:
    """Each language's stop words, by its base tag."""
    data = json.loads(Path(__file__).with_name("stop_words.json").read_bytes())
    return {tag: entry["words"].split() for tag, entry in data["languages"].items()}
