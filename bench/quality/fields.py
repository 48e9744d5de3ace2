"""What is known of a page beside texts, threads and kinds: precision and recall of the smaller fields.

- Metadata, of the pages that the set gives it for: title and author equal by their words, the date to the day; an
  answer of none is a wrong one.
- An item is found where the word F1 of the texts is 0.5 or more, in a widget that is found itself; a region is that of
  a widget found; permalink, author's URL and deletion are those of a comment found. URLs are compared as absolute ones.

Annotations that give no widget's region give none of these either, and are left out.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bench.quality.measures import COMMENT, WIDGET, Record, f1, line, overlap, pairs, words
from shared.urls import join

FIELDS: Final = (
    "subtitle", "tags", "images", "source", "items", "region", "permalink", "author_url", "deleted",
)  # fmt: skip
# From which likeness on an item is found.
_ITEM = 0.5


def metadata(said: Record, known: dict[str, str | list[str]]) -> Counter[str]:
    """Of `title`, `author` and `date`, where they are known: how many there are, and how many are said."""
    article = said["article"] or {}
    have = {
        "title": article.get("title"),
        "author": " ".join(article.get("authors") or []),
        "date": (article.get("published_at") or "")[:10],
    }
    counts: Counter[str] = Counter()
    for key, value in have.items():
        wanted = known.get(key)
        if wanted:
            each = wanted if isinstance(wanted, list) else [wanted]
            counts[key] += 1
            counts[f"{key} ok"] += line(value) in {line(x) for x in [*each, " ".join(each)]}
    return counts


def fields(said: Record, gold: Record, url: str) -> Counter[str]:
    """Of each of `FIELDS` how many are `gold`, `said` and `ok`; nothing where the annotation has none of them."""
    if not any(w.get("region") for w in gold["widgets"]):
        return Counter()
    counts = _of_article(said["article"] or {}, gold["article"], url) if gold["article"] else Counter()
    return (
        counts + _of_comments(said["comments"], gold["comments"], url) + _of_widgets(said["widgets"], gold["widgets"])
    )


def _count(field: str, have: Iterable[str | None], want: Iterable[str | None]) -> Counter[str]:
    ours, theirs = Counter(filter(None, have)), Counter(filter(None, want))
    return Counter(
        {f"{field} said": ours.total(), f"{field} gold": theirs.total(), f"{field} ok": (ours & theirs).total()}
    )


def _absolute(references: Iterable[str | None], url: str) -> set[str | None]:
    return {join(url, reference) for reference in references if reference}


def _of_article(said: Record, gold: Record, url: str) -> Counter[str]:
    counts = _count("tags", {line(t) for t in said.get("tags") or []}, {line(t) for t in gold["tags"]})
    for field in ("subtitle", "source"):
        counts += _count(field, [line(said.get(field))], [line(gold.get(field))])
    if gold["images"]:
        ours = _absolute((image["url"] for image in said.get("images") or []), url)
        counts += _count("images", ours, _absolute(gold["images"], url))
    return counts


def _of_comments(said: list[Record], gold: list[Record], url: str) -> Counter[str]:
    gone = [sum(c.get("status") == "deleted" for c in said), sum(bool(c.get("deleted")) for c in gold)]
    counts = _count("deleted", ["deleted"] * gone[0], ["deleted"] * gone[1])
    for i, j in pairs([words(c["text"]) for c in gold], [words(c["text"]) for c in said], f1, COMMENT):
        for field in ("permalink", "author_url"):
            if any(c.get(field) for c in gold):
                counts += _count(field, _absolute([said[j].get(field)], url), _absolute([gold[i].get(field)], url))
    return counts


def _of_widgets(said: list[Record], gold: list[Record]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for i, j in pairs([words(w["text"]) for w in gold], [words(w["text"]) for w in said], overlap, WIDGET):
        if gold[i].get("region"):
            counts += _count("region", [said[j].get("region")], [gold[i]["region"]])
        if gold[i]["items"]:
            have = [words(x.get("text") or x.get("title")) for x in said[j]["items"]]
            want = [words(x) for x in gold[i]["items"]]
            counts += Counter(
                {"items said": len(have), "items gold": len(want), "items ok": len(pairs(want, have, f1, _ITEM))}
            )
    return counts
