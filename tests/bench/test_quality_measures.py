"""The measures of quality, on parts made up here; CI compares them with an independent scorer besides."""

import pytest

from bench.quality import measures
from bench.quality.fields import FIELDS, fields, metadata

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


def test_metadata_is_right_or_wrong() -> None:
    said = {"article": {"title": "A  title!", "authors": ["Ann Bo"], "published_at": None}}
    known = {"title": "a title", "author": ["Bo Ann", "Ann Bo"], "date": "2021-05-02"}
    assert metadata(said, known) == {"title": 1, "title ok": 1, "author": 1, "author ok": 1, "date": 1, "date ok": 0}
    assert metadata({"article": None}, {"author": "Ann"}) == {"author": 1, "author ok": 0}
    assert metadata(said, {}) == {}


def test_fields_are_found_or_not() -> None:
    gold = {
        "article": {"subtitle": "Below", "source": None, "tags": ["Stones", "Walls"], "images": ["/a.png"]},
        "comments": [{"text": "first words here", "permalink": "#c1", "author_url": None, "deleted": False}],
        "widgets": [{"kind": "archive", "text": "May 2021 June 2021", "region": "right", "items": ["May", "June"]}],
    }
    said = {
        "article": {
            "subtitle": "below",
            "source": "Elsewhere",
            "tags": ["stones"],
            "images": [{"url": "https://site.example/a.png"}],
        },
        "comments": [
            {
                "text": "first words here",
                "permalink": "https://site.example/p#c1",
                "author_url": None,
                "status": "shown",
            }
        ],
        "widgets": [
            {
                "kind": "archive",
                "text": "May 2021 June 2021",
                "region": "left",
                "items": [{"text": "May", "title": None}],
            }
        ],
    }
    found = fields(said, gold, "https://site.example/p")
    assert {f: tuple(found[f"{f} {x}"] for x in ("ok", "said", "gold")) for f in FIELDS} == {
        "subtitle": (1, 1, 1),
        "tags": (1, 1, 2),
        "images": (1, 1, 1),
        "source": (0, 1, 0),
        "items": (1, 1, 2),
        "region": (0, 1, 1),
        "permalink": (1, 1, 1),
        "author_url": (0, 0, 0),
        "deleted": (0, 0, 0),
    }


def test_fields_that_were_not_annotated_do_not_count() -> None:
    gold = {"article": None, "comments": [], "widgets": [{"kind": "text", "text": "a", "region": None, "items": []}]}
    assert fields({"article": None, "comments": [], "widgets": []}, gold, "https://site.example/") == {}
