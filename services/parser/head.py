"""A page's metadata elements, wherever they stand, by one walk over its tree (a walk over the largest takes 4 ms)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

# A page has fifty meta elements; thousands are an attack or a fault.
_MOST = 1000
# How frameworks in Remix's manner name a script of JSON-LD among a page's meta elements; some write it as one of those.
_SCRIPT_AS_META = "script:ld+json"
_FEEDS = ("application/atom+xml", "application/rss+xml")


@dataclass(slots=True)
class Head:
    """What the elements of a page's head hold, as written."""

    language: str | None = None
    title: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents by property, name or http-equiv in lower case; else by itemprop, as "itemprop:name"."""
    canonical: list[str] = field(default_factory=list)
    feed_titles: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)

    def meta(self, *names: str) -> str | None:
        """The first content under the first of the names that has one."""
        return next(iter(self.all(*names)), None)

    def all(self, *names: str) -> Iterator[str]:
        """All contents under the names, in their order."""
        for name in names:
            yield from self.metas.get(name, ())


def read_head(tree: LexborHTMLParser) -> Head:
    """The metadata elements of a page."""
    head = Head()
    root = tree.css_first("html")
    if root is not None:
        head.language = root.attributes.get("lang") or root.attributes.get("xml:lang")
    for node in tree.css("meta[content], link[rel], title, script[type]")[:_MOST]:
        attributes = node.attributes
        match node.tag:
            case "meta":
                _read_meta(attributes, head)
            case "link":
                _read_link(attributes, head)
            case "title" if head.title is None:
                head.title = node.text()
            case "script" if (attributes["type"] or "").strip().lower().startswith("application/ld+json"):
                head.json_ld.append(node.text())
    return head


def _read_meta(attributes: dict[str, str | None], head: Head) -> None:
    name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")
    if not name and (prop := attributes.get("itemprop")):
        name = f"itemprop:{prop}"
    content = (attributes["content"] or "").strip()
    if name == _SCRIPT_AS_META:
        head.json_ld.append(content)
    elif name and content:
        head.metas.setdefault(name.strip().lower(), []).append(content)


def _read_link(attributes: dict[str, str | None], head: Head) -> None:
    relations = (attributes["rel"] or "").lower().split()
    if "canonical" in relations and attributes.get("href"):
        head.canonical.append(attributes["href"] or "")
    elif "alternate" in relations and (attributes.get("type") or "").lower() in _FEEDS and attributes.get("title"):
        head.feed_titles.append(attributes["title"] or "")
