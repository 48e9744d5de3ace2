"""The measures of quality, on parts made up here; CI compares them with an independent scorer besides."""

import pytest

from bench.quality import measures

GOLD = {
    "article": {"text": "the quick brown fox jumps", "title": "T"},
    "comments": [
        {"text": "first words here", "author": "Ann", "date": "2 May 2021", "parent": None},
        {"text": "an answer to that", "author": "Bob", "date": None, "parent": 0},
    ],
    "widgets": [{"kind": "navigation", "text": "home about contact", "title": None}],
}
SAID = {
    "article": {"text": "the quick brown fox jumps home"},
    "comments": [
        {
            "id": "a",
            "parent_id": None,
            "author": "ann",
            "published_at": "2021-05-02T00:00:00Z",
            "text": "First words here",
        },
        {"id": "b", "parent_id": None, "author": "Rob", "published_at": None, "text": "an answer to that"},
    ],
    "widgets": [{"kind": "text", "text": "about contact home", "title": None, "region": "header"}],
}


def test_counts_what_matches() -> None:
    counts = measures.parts(SAID, GOLD)
    assert counts["text"] == pytest.approx(10 / 11)
    assert counts["leaks"] == pytest.approx(1 / 6)
    assert measures.found(counts, "comments") == (1.0, 1.0, 1.0)
    assert (counts["authors ok"], counts["authors"]) == (1, 2)
    assert (counts["parents ok"], counts["parents"]) == (1, 2)
    assert (counts["replies ok"], counts["replies"]) == (0, 1)
    assert (counts["dates ok"], counts["dates"]) == (1, 1)
    assert (counts["widgets ok"], counts["kinds ok"]) == (1, 0)


def test_each_is_used_once() -> None:
    same = measures.words("a b c d")
    assert measures.pairs([same], [same, same], measures.f1, 0.8) == [(0, 0)]


def test_empty_against_empty() -> None:
    assert measures.f1(measures.words(""), measures.words("")) == 1.0
    assert measures.f1(measures.words("a"), measures.words("")) == 0.0
    assert measures.days("yesterday") == set()
