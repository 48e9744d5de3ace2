"""Both stores find the same and rank alike: random records, asked by random clauses of every kind."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import pytest

from shared.language import query_stems
from shared.records import ParsedPage
from shared.stores import clauses as c
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Find, Finding, Store
from shared.stores.tantivy_store import TantivyStore
from tests.shared.stores.conftest import made
from tests.shared.stores.pages import START, make, signed, write

pytestmark = pytest.mark.opensearch
PAGES = 120
QUERIES = 200
# They share beginnings and stems, and differ by an edit.
WORDS = [a + b + d for a in ("sno", "fo", "ri", "ka") for b in ("w", "st", "x") for d in ("", "s", "ing", "ed", "en")]
NAMES = ("Ann Snow", "Bob", "Maria Fox", "Li Rix")
LANGUAGES = ("en", "de", "tr", None)


@dataclass(frozen=True)
class Both:
    tantivy: Store
    opensearch: Store


@pytest.fixture(scope="module")
def both(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with made(opensearch_url) as prefix:
        stores = Both(
            TantivyStore(tmp_path_factory.mktemp("same"), write=True), OpenSearchStore(opensearch_url, prefix)
        )
        pages = list(library(random.Random(1)))
        for store in (stores.tantivy, stores.opensearch):
            store.prepare()
            store.write([write(page, 1) for page in pages])
            store.refresh()
        yield stores
        stores.tantivy.close()
        stores.opensearch.close()


def library(draw: random.Random) -> Iterator[ParsedPage]:
    """Some words are frequent, most are not."""

    def text(most: int) -> str:
        return " ".join(WORDS[int(len(WORDS) * draw.random() ** 2)] for _ in range(draw.randint(1, most)))

    for n in range(PAGES):
        page = make(
            f"https://s{n % 3}.example/{n}",
            title=text(6),
            text=text(draw.choice([20, 200])),
            comments=[text(30) for _ in range(draw.randrange(3))],
            widgets=[text(12) for _ in range(draw.randrange(2))],
            language=draw.choice(LANGUAGES),
            published_at=START + timedelta(hours=draw.randrange(2000)) if draw.random() < 0.8 else None,
        )
        yield signed(page, *draw.sample(NAMES, draw.randrange(3)), tags=(text(2),))


class Clauses:
    """Draws clauses."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.simple: list[Callable[[], c.Clause]] = [
            self.word, self.word, self.phrase, self.near, self.prefix, self.keyword, self.number, c.Everything,
        ]  # fmt: skip

    def clause(self, depth: int = 2) -> c.Clause:
        """With words in it, mostly."""
        if depth == 0 or self.draw.random() < 0.4:
            return self.draw.choice(self.simple)()
        parts = tuple(self.clause(depth - 1) for _ in range(self.draw.randint(1, 3)))
        return self.draw.choice([c.All, c.Any, lambda parts: c.Not(parts[0])])(parts)

    def match(self, length: int) -> c.Match:
        words = self.draw.choices(WORDS, k=length)
        fields = self.draw.choice([c.EVERY_FIELD, c.EVERY_FIELD, ("title",), ("text",), ("author",), ("names", "text")])
        languages = self.draw.choice([["en", "de", "tr", "und"], ["en"]])
        stems = query_stems(" ".join(words), languages) if self.draw.random() < 0.7 else ()
        return c.Match(tuple(words), stems, fields)

    def word(self) -> c.Clause:
        return self.match(1)

    def phrase(self) -> c.Clause:
        return self.match(2)

    def near(self) -> c.Clause:
        left, right = self.match(self.draw.randint(1, 2)), self.match(self.draw.randint(1, 2))
        if not left.stems or not right.stems:
            left, right = c.Match(left.words, (), left.fields), c.Match(right.words, (), left.fields)
        return c.Near(left, c.Match(right.words, right.stems, left.fields), self.draw.randrange(6))

    def prefix(self) -> c.Clause:
        word = self.draw.choice(WORDS)
        return c.Prefix(word[: self.draw.randint(1, len(word))], self.draw.choice([c.EVERY_FIELD, ("title",)]))

    def keyword(self) -> c.Clause:
        values: dict[c.KeywordField, tuple[str, ...]] = {
            "kind": ("article", "comment", "widget"),
            "site": ("s1.example", "example", "x"),
            "language": ("en", "de", "tr"),
            "flags": ("comments", "reply", "replies", "author", "date"),
            "author": NAMES,
            "month": ("2026-01", "2026-02"),
        }
        field = self.draw.choice(list(values))
        return c.Keyword(field, tuple(self.draw.sample(values[field], self.draw.randint(0, 2))))

    def number(self) -> c.Clause:
        if self.draw.random() < 0.3:
            return c.Number("depth", self.draw.choice([None, 0, 1]), self.draw.choice([None, 0, 1]))
        at = int((START + timedelta(hours=self.draw.randrange(2000))).timestamp() * 1000)
        return c.Number("time", *self.draw.choice([(at, None), (None, at), (at, at + 10**9)]))


def everything(store: Store, clause: c.Clause) -> list[Finding]:
    return store.find(Find(clause, limit=1000)).findings


def test_they_find_the_same(both: Both) -> None:
    draw = Clauses(2)
    totals = []
    for _ in range(QUERIES):
        clause = draw.clause()
        one, other = (sorted(f.record.id for f in everything(s, clause)) for s in (both.tantivy, both.opensearch))
        assert one == other, clause
        totals.append(len(one))
    assert sum(0 < total < max(totals) for total in totals) > QUERIES / 2, "most find some records"


def test_they_rank_alike(both: Both) -> None:
    """Of equal scores any may come first: what counts is whether it would be among the first ten by the other's."""
    draw = Clauses(3)
    shares, ratios = [], []
    while len(shares) < QUERIES:
        clause = c.All((draw.word(), draw.clause(1)))
        scores = {f.record.id: f.place.score for f in everything(both.tantivy, clause)}
        best = everything(both.opensearch, clause)[:10]
        if not best or best[0].place.score == 0:
            continue
        last = sorted(scores.values(), reverse=True)[len(best) - 1]
        shares.append(sum(scores[f.record.id] >= last * 0.999 for f in best) / len(best))
        ratios += [f.place.score / scores[f.record.id] for f in best]
    assert median(shares) == 1
    # Where several ways to write a word stand in one record, OpenSearch counts them together, tantivy apart.
    assert median(ratios) == pytest.approx(1, rel=0.1)


def test_they_count_and_sort_the_same(both: Both) -> None:
    facets = dict.fromkeys(("kind", "site", "language", "author", "day", "month", "widget", "group"), 3)
    draw = Clauses(4)
    for sort in ("newest", "oldest"):
        for _ in range(10):
            find = Find(draw.clause(), limit=20, sort=sort, facets=facets)  # type: ignore[arg-type]
            one, other = both.tantivy.find(find), both.opensearch.find(find)
            assert (one.total, one.facets) == (other.total, other.facets)
            assert one.findings == other.findings


def test_they_know_the_same_words(both: Both) -> None:
    for word in [*WORDS[:20], "snw", "x", "kas"]:
        assert both.tantivy.close_words(word, 20) == both.opensearch.close_words(word, 20)
