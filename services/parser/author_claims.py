"""Who wrote the article, by what the page's head says: JSON-LD, microdata, meta elements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.parser import json_ld
from services.parser.bylines import BY, is_admin, is_login, names_in
from services.parser.head import Head
from services.parser.json_ld import Item
from services.parser.source import is_site
from shared.records import Source

# Names of meta elements, the more telling first.
_AUTHOR = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author",
)  # fmt: skip
# Others that name an author: 'cXenseParse:author', 'article.authors', 'byl'; 'twitter:creator' is an account.
_ANY_AUTHOR = re.compile(r"(?:^|[.:_-])(?:authors?|author[_-]?name|byl|byline|dc\.creator)$")
_LAST_FIRST = ("citation_author", "dc.creator", "dcterms.creator")
# Each begins where white space does and gives none of it back: elsewhere a run of n spaces would take n² steps.
_TITLE_PARTS = re.compile(r"(?<!\s)\s++[|–—·•»:-]++\s+")
_TAG = re.compile(r"<[^>]{0,200}>")
_PARTS = re.compile(r"(?<!\s)\s++[-–—|]\s+")
_ORGANISATION = re.compile(r"Organi[sz]ation|Corporation|^Brand$|WebSite")
_MOST, _LONGEST = 20, 200


@dataclass(frozen=True, slots=True)
class AuthorClaim:
    """Names from one source."""

    source: Source
    names: tuple[str, ...]
    weak: bool
    """The names are the site's own, an organisation's, or what somebody signs in with: a visible byline is better."""


def author_claims(
    head: Head,
    items: list[Item],
    main: Item,
    by_id: dict[str, Item],
    micro: tuple[str, ...],
    site: str | None,
    url: str,
) -> Iterator[AuthorClaim]:
    """The claims that name somebody, the more trusted first; weak ones among them."""
    ends = _ends(head.title)
    for source, values, organisation in _raw(head, items, main, by_id, micro):
        values = [_TAG.sub("", v).strip() for v in values]
        own = [n for n in values if not _is_nothing(n)]
        people = [] if organisation else [n for value in own for n in _people(value, site, url)]
        if people:
            weak = all(is_login(n) or any(n in end for end in ends) for n in people)
            yield AuthorClaim(source, tuple(dict.fromkeys(people))[:_MOST], weak=weak)
        elif own:
            yield AuthorClaim(source, tuple(dict.fromkeys(own))[:_MOST], weak=True)


def _ends(document_title: str | None) -> tuple[str, ...]:
    """The first and the last part of a document's title: one of them is the site's name."""
    parts = [p for p in _TITLE_PARTS.split(document_title or "") if p]
    return (parts[0], parts[-1]) if len(parts) > 1 else ()


def _raw(
    head: Head, items: list[Item], main: Item, by_id: dict[str, Item], micro: tuple[str, ...]
) -> Iterator[tuple[Source, list[str], bool]]:
    for item in [main, *(i for i in items if "WebPage" in json_ld.types_of(i))]:
        author, creator = item.get("author"), item.get("creator")
        names = [json_ld.names_of(value, by_id) for value in (author, creator, item.get("contributor"))]
        # A creator's list that has the author in it is the whole of them.
        whole = names[1] if names[0] and set(names[0]) < set(names[1]) else next((n for n in names if n), [])
        yield "json-ld", whole, _is_organisation(author or creator, by_id)
    yield "microdata", list(micro), False
    for name in _AUTHOR:
        # Several elements of one name are several authors.
        values = list(head.all(name))
        if name in _LAST_FIRST:
            values = [_first_last(v) for v in values]
        yield "opengraph" if name.startswith("article:") else "markup", values, False
    for name, values in head.metas.items():
        if _ANY_AUTHOR.search(name) and name not in _AUTHOR and (not name.startswith("itemprop:") or len(values) == 1):
            yield "markup", values, False
    for n in ("1", "2"):
        # 'Written by', in the reader's language, and who.
        label, value = head.meta(f"twitter:label{n}"), head.meta(f"twitter:data{n}")
        if label and value and BY.fullmatch(label):
            yield "markup", [value], False
    people = {name for i in items if "Person" in json_ld.types_of(i) for name in json_ld.names_of(i, by_id)}
    if len(people) == 1:
        yield "json-ld", list(people), True


def _is_organisation(value: object, by_id: dict[str, Item]) -> bool:
    listed = value if isinstance(value, list) else [value]
    targets = [by_id.get(str(one.get("@id")), one) for one in listed if isinstance(one, dict)]
    return bool(targets) and all(
        any(map(_ORGANISATION.search, json_ld.types_of(t))) and "Person" not in json_ld.types_of(t) for t in targets
    )


def _is_nothing(name: str) -> bool:
    """Whether a value is an address, an account, a number, a template's hole or a placeholder."""
    if not 1 < len(name) <= _LONGEST or not name[0].isalnum() or not any(c.isalpha() for c in name):
        return True
    if "://" in name or "@" in name or name.count(".") > 1 + name.count(" "):
        return True
    return is_admin(name) or name.lower() in _PLACEHOLDERS


# What generators and themes write where a person's name belongs.
_PLACEHOLDERS = frozenset(
    "author authors editor editors staff unknown anonymous none null undefined default name autor redaktion".split()
)


def _people(value: str, site: str | None, url: str) -> list[str]:
    """The names in one value that are not the site's: 'The Quay - Jane Roe', 'Von Jane Roe', 'Jane Roe, The Quay'."""
    part = next((p for p in _PARTS.split(value) if p and not is_site(p, site, url)), "")
    names = [n for n in names_in(part) if not is_site(n, site, url) and not _is_nothing(n)]
    # 'Center for Ferry Evaluation and Research' is one: more is left out of it than a word for 'and'.
    bare = BY.sub("", part)
    left_out = len(bare.split()) - sum(len(n.split()) for n in names)
    return [bare] if names and "," not in bare and left_out > len(names) else names


def _first_last(name: str) -> str:
    """'Roe, Jane' as it is said."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first and first.strip() else name
