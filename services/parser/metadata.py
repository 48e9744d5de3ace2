"""What a page says of itself: JSON-LD, Open Graph, microdata and the usual meta elements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from services.parser import json_ld
from services.parser.author_claims import AuthorClaim, author_claims
from services.parser.dates import parse_date
from services.parser.head import read_head
from services.parser.json_ld import Item
from services.parser.microdata import read_microdata
from services.parser.references import unescape
from services.parser.script_dates import day_in_scripts
from services.parser.source import site_in_title, without_site
from shared.records import Provenance, Source
from shared.urls import join

_ARTICLE = re.compile(r"Article$|Posting$|^(?:Question|Report|Recipe|Review|Course|Event|VideoObject)$")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8}){0,3}")
_FEED_SUFFIX = re.compile(r"\s+(?:[-–|:]|»|&raquo;|›|—)\s+.*$|\s+(?:RSS|Atom|Feed)\b.*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")

# Others under which pages give the day: 'w-published-date', 'ms.date', 'pub_date'.
_ANY_PUBLISHED = re.compile(
    r"(?:^|[.:_-])(?:(?:first-?)?publi(?:sh|shed|cation)(?:[._-]?(?:date|time|on|at))?|pub[._-]?date|"
    r"date[._-]?(?:published|issued|created)|release[._-]?date|ms\.date)$"
)
_EPOCH = datetime(1970, 1, 3, tzinfo=UTC)
"""What is dated at a computer's zero has no date."""
# Names of meta elements, the more telling first.
_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "publish-date", "publish_date", "publishdate", "pubdate", "publication_date", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date",
    "citation_publication_date", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod")
_SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_DESCRIPTION = ("og:description", "description", "twitter:description", "dcterms.description")
_TITLE = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "citation_title")


@dataclass(frozen=True, slots=True)
class ClaimedComment:
    """A comment as JSON-LD gives it; `replies` are those nested in it."""

    text: str
    author: str | None = None
    author_url: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    url: str | None = None
    votes: int | None = None
    replies: tuple["ClaimedComment", ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself. `provenance` names the source of each field that has a value."""

    title: str | None = None
    """`headline`, else the document's title without the site's name."""
    headline: str | None = None
    """The title as JSON-LD, Open Graph or microdata give it, without the site's name."""
    titles: tuple[str, ...] = ()
    """All titles that the head gives, without the site's name."""
    document_title: str | None = None
    """The text of the `title` element, whole."""
    authors: tuple[str, ...] = ()
    has_weak_authors: bool = False
    """Whether no person is named: the authors are the site, an organisation, or what somebody signs in with."""
    published_at: datetime | None = None
    other_dates: tuple[tuple[datetime, Source], ...] = ()
    """What other sources of the head give as the time of publication, each with where that is."""
    loose_date: tuple[datetime, Source] | None = None
    """A day that the head gives elsewhere, and where: less telling than one that the page shows."""
    script_date: datetime | None = None
    """The only day of publication in the page's scripts; looked for where the head gives none."""
    modified_at: datetime | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    paywalled: bool | None = None
    comment_count: int | None = None
    images: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """The schema.org types that JSON-LD and microdata name, in order of appearance, once each."""
    og_type: str | None = None
    generator: str | None = None
    article_body: str | None = None
    comments: tuple[ClaimedComment, ...] = ()
    provenance: Provenance = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """What dates on the page are read in: its language, where it says one."""
        return (self.language,) if self.language else ()


def read_metadata(tree: LexborHTMLParser, url: str, *, base: datetime | None = None) -> Metadata:
    """What the page at this URL says of itself. Never raises for what a page holds.

    `base` is the time of the fetch, that relative dates count from.
    """
    return _Reader(tree, url, base).read()


class _Reader:
    """Reads one page. Each claim is asked for in the order of trust: JSON-LD, Open Graph, microdata, markup."""

    def __init__(self, tree: LexborHTMLParser, url: str, base: datetime | None) -> None:
        self.url = url
        self.base = base
        self.head = read_head(tree)
        self.language = self._language()
        self.items = json_ld.items_of(self.head.json_ld)
        self.by_id = {str(i["@id"]): i for i in self.items if "@id" in i}
        self.micro = read_microdata(tree)
        self.tree = tree
        self.canonical = self._canonical()
        self.main = self._main_item()
        self.document_title = _line(self.head.title)
        self.provenance: Provenance = {}

    def read(self) -> Metadata:
        main = self.main or {}
        site = self._first("site_name", self._site_claims())
        headline = self._first("headline", self._title_claims(main))
        headline = without_site(headline, site, self.url) if headline else None
        title = headline or (without_site(self.document_title, site, self.url) if self.document_title else None)
        if title:
            self.provenance["title"] = self.provenance.pop("headline", "markup")
        if self.canonical:
            self.provenance["canonical_url"] = self.canonical[1]
        authors = self._authors(main, site)
        keys = ("datePublished", "dateCreated", "uploadDate")
        published = self._dates("published_at", self.micro.published, main, keys, _PUBLISHED)
        loose = self._loose_date()
        modified = self._dates("modified_at", self.micro.modified, main, ("dateModified",), _MODIFIED)
        return Metadata(
            title=title,
            headline=headline,
            titles=self._titles(main, site),
            document_title=self.document_title,
            authors=authors.names if authors else (),
            has_weak_authors=authors is not None and authors.weak,
            published_at=published[0][0] if published else None,
            other_dates=tuple(published[1:]),
            loose_date=loose,
            script_date=None if published or loose else day_in_scripts(self.tree),
            modified_at=modified[0][0] if modified else None,
            site_name=site,
            canonical_url=self.canonical[0] if self.canonical else None,
            description=self._first("description", self._description_claims(main)),
            tags=self._tags(main),
            language=self.language,
            paywalled=self._paywalled(main),
            comment_count=self._comment_count(main),
            images=self._images(main),
            types=self._types(),
            og_type=_line(self.head.meta("og:type")),
            generator=_line(self.head.meta("generator")),
            article_body=json_ld.body_of(main.get("articleBody") or main.get("text")),
            comments=self._comments(main, depth=0),
            provenance=self.provenance,
        )

    def _from_meta(self, names: Sequence[str]) -> Iterator[tuple[Source, str]]:
        for name in names:
            for value in self.head.all(name):
                yield "opengraph" if name.startswith(("og:", "article:")) else "markup", value

    def _first(self, name: str, claims: Iterator[tuple[Source, str | None]]) -> str | None:
        """The first claim that says something, as one line; its source is noted."""
        for source, claim in claims:
            if line := _line(claim):
                self.provenance[name] = source
                return line
        return None

    def _language(self) -> str | None:
        claims = (self.head.language, self.head.meta("content-language", "og:locale"))
        for claim in claims:
            if claim and _LANGUAGE.fullmatch(claim.strip()) and claim.strip().lower() not in ("und", "mul", "zxx"):
                language, *rest = re.split("[-_]", claim.strip())
                return "-".join([language.lower(), *(r.upper() if len(r) == 2 else r for r in rest)])
        return None

    def _canonical(self) -> tuple[str, Source] | None:
        for reference in self.head.canonical[:3]:
            if found := join(self.url, reference):
                return found, "markup"
        found = join(self.url, self.head.meta("og:url") or "") if self.head.meta("og:url") else None
        return (found, "opengraph") if found else None

    def _main_item(self) -> Item | None:
        """The item that is the page's article: the only one, or the one with the page's own address."""
        articles = [i for i in self.items if any(_ARTICLE.search(t) for t in json_ld.types_of(i))]
        if len(articles) > 1:
            own = {u.partition("#")[0].rstrip("/") for u in (self.url, self.canonical[0] if self.canonical else "")}
            mine = [i for i in articles if not own.isdisjoint(_addresses(i, self.url))]
            kinds = {tuple(json_ld.types_of(i)) for i in articles}
            articles = mine or (articles if len(kinds) == len(articles) else [])
        if articles:
            return articles[0]
        products = [i for i in self.items if "Product" in json_ld.types_of(i)]
        return products[0] if len(products) == 1 else None

    def _site_claims(self) -> Iterator[tuple[Source, str | None]]:
        yield from self._from_meta(_SITE[:1])
        for item in self.items:
            if "WebSite" in json_ld.types_of(item):
                yield "json-ld", json_ld.text_of(item.get("name"))
        for name in json_ld.names_of((self.main or {}).get("publisher"), self.by_id):
            yield "json-ld", name
        yield from self._from_meta(_SITE[1:])
        # "Only News - Atom", "The Quay » Feed": where a site names itself nowhere else.
        for title in self.head.feed_titles[:1]:
            name = _FEED_SUFFIX.sub("", title)
            yield "markup", name if name.lower() not in ("rss", "atom", "feed", "rss 2.0") else None

        for _, claim in self._title_claims(self.main or {}):
            if self.document_title and (line := _line(claim)):
                yield "heuristic", site_in_title(self.document_title, line)

    def _title_claims(self, main: Item) -> Iterator[tuple[Source, str | None]]:
        yield "json-ld", json_ld.text_of(main.get("headline") or main.get("name"))
        yield from self._from_meta(_TITLE[:1])
        yield "microdata", self.micro.headline
        yield from self._from_meta(_TITLE[1:])

    def _titles(self, main: Item, site: str | None) -> tuple[str, ...]:
        claims = [_line(claim) for _, claim in self._title_claims(main)]
        return tuple(dict.fromkeys(without_site(c, site, self.url) for c in [*claims, self.document_title] if c))

    def _description_claims(self, main: Item) -> Iterator[tuple[Source, str | None]]:
        yield "json-ld", json_ld.text_of(main.get("description") or main.get("abstract"))
        yield from self._from_meta(_DESCRIPTION)

    def _authors(self, main: Item, site: str | None) -> AuthorClaim | None:
        """The first claim that names people; else the first that names but the site or a login."""
        claims = list(author_claims(self.head, self.items, main, self.by_id, self.micro.authors, site, self.url))
        first = next((c for c in claims if not c.weak), claims[0] if claims else None)
        if first is not None:
            self.provenance["authors"] = first.source
        return first

    def _dates(
        self, name: str, micro: str | None, main: Item, keys: Sequence[str], metas: Sequence[str]
    ) -> list[tuple[datetime, Source]]:
        """All times that the head gives for a field, the most trusted source's first."""
        pages = [i for i in self.items if "WebPage" in json_ld.types_of(i)][:1]
        claims: list[tuple[Source, str | None]] = [("json-ld", json_ld.text_of(main.get(key))) for key in keys]
        claims += self._from_meta(metas[:3])
        claims.append(("microdata", micro))
        claims += self._from_meta(metas[3:])
        claims += [("json-ld", json_ld.text_of(page.get(keys[0]))) for page in pages]
        found = [(day, source) for source, claim in claims if (day := self._day(claim)) is not None]
        if found:
            self.provenance[name] = found[0][1]
        return found

    def _day(self, claim: str | None) -> datetime | None:
        languages = [self.language] if self.language else []
        found = parse_date(claim, languages=languages, base=self.base) if claim else None
        return found if found is not None and found > _EPOCH else None

    def _loose_date(self) -> tuple[datetime, Source] | None:
        """Of meta elements of other names; of microdata outside any item, where it says one day and not a list's."""
        for name, values in self.head.metas.items():
            if name in _PUBLISHED or name.startswith("itemprop:") or not _ANY_PUBLISHED.search(name):
                continue
            if (found := self._day(values[0])) is not None:
                return found, "markup"
        props = set(self.head.all("itemprop:datepublished"))
        found = self._day(props.pop()) if len(props) == 1 else None
        return (found, "microdata") if found is not None else None

    def _tags(self, main: Item) -> tuple[str, ...]:
        words = main.get("keywords")
        claimed = [t for w in (words if isinstance(words, list) else [words]) if (t := json_ld.text_of(w))]
        sources: tuple[tuple[Source, list[str]], ...] = (
            ("json-ld", claimed),
            ("opengraph", [*self.head.all("article:tag")]),
            ("markup", [*self.head.all("news_keywords")] or [*self.head.all("keywords")]),
        )
        for source, values in sources:
            tags = [t for value in values for t in map(_line, re.split(r"[,;]", value)) if t and len(t) <= 100]
            if tags:
                self.provenance["tags"] = source
                return tuple(dict.fromkeys(tags))[:50]
        return ()

    def _paywalled(self, main: Item) -> bool | None:
        free = json_ld.truth_of(main.get("isAccessibleForFree"))
        if free is not None:
            self.provenance["paywalled"] = "json-ld"
            return not free
        tier = (self.head.meta("article:content_tier") or "").lower()
        if tier in ("free", "metered", "locked"):
            self.provenance["paywalled"] = "opengraph"
            return tier != "free"
        return None

    def _comment_count(self, main: Item) -> int | None:
        answers = json_ld.count_of(main.get("answerCount"))
        claimed = answers if answers is not None else json_ld.count_of(main.get("commentCount"))
        claimed = claimed if claimed is not None else json_ld.interactions(main)
        if claimed is not None:
            self.provenance["comment_count"] = "json-ld"
        elif self.micro.comment_count is not None:
            claimed = self.micro.comment_count
            self.provenance["comment_count"] = "microdata"
        return claimed

    def _images(self, main: Item) -> tuple[str, ...]:
        sources: tuple[tuple[Source, list[str]], ...] = (
            ("json-ld", json_ld.urls_of(main.get("image"), self.by_id)),
            ("opengraph", [*self.head.all("og:image")]),
            ("markup", [*self.head.all("twitter:image")]),
        )
        for source, values in sources:
            urls = [u for value in values if (u := join(self.url, value))]
            if urls:
                self.provenance["images"] = source
                return tuple(dict.fromkeys(urls))[:20]
        return ()

    def _types(self) -> tuple[str, ...]:
        named = [t for item in self.items for t in json_ld.types_of(item)]
        return tuple(dict.fromkeys([*named, *self.micro.types]))

    def _comments(self, item: Item, depth: int) -> tuple[ClaimedComment, ...]:
        found: list[ClaimedComment] = []
        for key in ("comment", "acceptedAnswer", "suggestedAnswer"):
            values = item.get(key)
            listed = (values if isinstance(values, list) else [values])[:1000]
            found.extend(c for v in listed if isinstance(v, dict) and (c := self._comment(v, depth)))
        return tuple(found)

    def _comment(self, value: Item, depth: int) -> ClaimedComment | None:
        text = json_ld.body_of(value.get("text") or value.get("description"))
        if text is None:
            return None
        author = value.get("author") or value.get("creator")
        author = author[0] if isinstance(author, list) and author else author
        raw = json_ld.text_of(value.get("dateCreated") or value.get("datePublished"))
        languages = [self.language] if self.language else []
        author_url = json_ld.text_of(author.get("url")) if isinstance(author, dict) else None
        address = json_ld.text_of(value.get("url"))
        return ClaimedComment(
            text=text,
            author=next(iter(json_ld.names_of(author, self.by_id)), None),
            author_url=join(self.url, author_url) if author_url else None,
            published_at=parse_date(raw, languages=languages, base=self.base) if raw else None,
            published_raw=raw,
            url=join(self.url, address) if address else None,
            votes=json_ld.count_of(value.get("upvoteCount")),
            replies=self._comments(value, depth + 1) if depth < 50 else (),
        )


def _addresses(item: Item, url: str) -> set[str]:
    """The addresses that an item gives as its own."""
    claims = [item.get("url"), item.get("@id"), item.get("mainEntityOfPage"), item.get("isPartOf")]
    claims = [c.get("@id") or c.get("url") if isinstance(c, dict) else c for c in claims]
    joined = (join(url, c) for c in claims if isinstance(c, str) and c)
    return {j.partition("#")[0].rstrip("/") for j in joined if j}


def _line(text: str | None) -> str | None:
    """A text as one line; character references that were written twice are read."""
    return _SPACE.sub(" ", unescape(text)).strip() or None if text else None
