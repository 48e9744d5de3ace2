"""What a page's microdata says of its article: the properties of its one item of an article's type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

# More is a catalogue, of which each item would be looked at in vain.
_MOST_PROPERTIES = 2000
_ARTICLE = re.compile(r"Article$|Posting$|^(?:Question|Review|Recipe|Blog)$")
_ROLES = {
    "headline": "headline",
    "name": "name",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "author": "authors",
    "creator": "authors",
    "commentcount": "count",
    "answercount": "count",
}
_USER_COMMENTS = re.compile(r"UserComments:(\d{1,8})")


@dataclass(frozen=True, slots=True)
class Microdata:
    """Claims of the article's own item, and the types of all items."""

    types: tuple[str, ...] = ()
    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    comment_count: int | None = None


def read_microdata(tree: LexborHTMLParser) -> Microdata:
    """The microdata of a page's only article; of a list of articles only the types."""
    scopes = tree.css("[itemscope][itemtype]")[:_MOST_PROPERTIES]
    if not scopes:
        return Microdata()
    types = [(node, _type(node)) for node in scopes]
    named = tuple(dict.fromkeys(name for _, name in types if name))
    articles = [node for node, name in types if _ARTICLE.search(name) and name != "Blog"]
    if len(articles) != 1:
        return Microdata(named)
    claims: dict[str, list[str]] = {}
    for node, prop in _own_properties(articles[0]):
        role = _ROLES.get(prop)
        value = _name(node) if role == "authors" else _value(node)
        if role and value:
            claims.setdefault(role, []).append(value)
        elif prop == "interactioncount" and value and (found := _USER_COMMENTS.search(value)):
            claims.setdefault("count", []).append(found[1])
    first = {role: values[0] for role, values in claims.items()}
    count = first.get("count", "")
    return Microdata(
        types=named,
        headline=first.get("headline") or first.get("name"),
        authors=tuple(dict.fromkeys(claims.get("authors", ()))),
        published=first.get("published"),
        modified=first.get("modified"),
        comment_count=int(count) if count.isascii() and count.isdigit() and len(count) < 9 else None,
    )


def _type(node: LexborNode) -> str:
    return (node.attributes.get("itemtype") or "").strip().rstrip("/").rpartition("/")[2]


def _own_properties(item: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """The properties of an item, those of items within it left out; names in lower case."""
    for node in item.css("[itemprop]")[:_MOST_PROPERTIES]:
        owner = _owner(node)
        # Nodes themselves compare by their HTML, which takes 100 ms for a large one.
        if owner is not None and owner.mem_id == item.mem_id:
            for name in (node.attributes.get("itemprop") or "").lower().split():
                yield node, name


def _owner(node: LexborNode) -> LexborNode | None:
    parent = node.parent
    while parent is not None and "itemscope" not in parent.attributes:
        parent = parent.parent
    return parent


def _value(node: LexborNode) -> str | None:
    attributes = node.attributes
    value = attributes.get("content") or attributes.get("datetime") or node.text(deep=True)[:500]
    return " ".join(value.split()) or None


def _name(node: LexborNode) -> str | None:
    """The name of a person: of the item within, or as text."""
    if "itemscope" in node.attributes:
        inner = node.css_first("[itemprop~='name']")
        return _value(inner) if inner is not None else None
    return _value(node)
