"""Gold as rules: selectors that pick a page's article, comments and widgets. Needs the `training` extra.

    python -m training.annotate outline PAGE [--under CSS] [--depth N]   the page's tree, for whoever writes a rule
    python -m training.annotate show RULES.yaml PAGES [--file NAME]      what the rules pick, for checking
    python -m training.annotate gold RULES.yaml… --pages PAGES           gold records, JSON lines

A rule, one a page (docs/annotating.md says what counts as an article, a comment, a widget). A selector is CSS, or XPath
after `xpath:`. A field's selector is looked up inside its item; `text=…` is that literal text; a bare `xpath:./text()`
may pick text nodes.

    - file: page.html
      kind: article          # article, forum, product, collection, listing, documentation, service
      article: {title: h1, subtitle: .lead, body: .post-body, drop: [.share], author: .author, date: .date,
                source: .origin, tags: .tags a, images: .post-body img}                                   # or null
      comments: {item: li.comment, text: .comment-body, drop: [.reply], author: .fn, author_url: .fn a, date: time,
                 permalink: a.permalink, parent: 'a.in-reply-to', deleted: .deleted}                      # or null
      widgets:
      - {kind: popular_posts, root: '#PopularPosts1', title: h2, drop: [], items: li, region: right}
    - file: shell.html
      noscript: true         # the page's own text stands in noscript: read that too
    - file: broken.html
      skip: true

A comment's parent is the item around it, unless `parent` picks something that names it: an element whose href ends in
`#ID`, or an attribute (`xpath:./@data-parent`), where ID is the id (or the digits at its end) of another item or of
something in it. A root that picks several elements makes one widget of each.
"""

import argparse
import gzip
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import lxml.html
import yaml
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

Rule = dict[str, Any]
Picked = Any
"""An lxml element, or a text or attribute value."""

UNSEEN = {"script", "style", "noscript", "template", "svg", "path", "link", "meta", "head"}
HIDDEN = "ancestor-or-self::script or ancestor-or-self::style or ancestor-or-self::template"
INLINE = set("span a b i em strong br img font u sup sub small time abbr cite p input".split())


def load(path: Path, noscript: bool = False) -> HtmlElement:
    """A page's tree, with or without its `noscript` elements; bytes are UTF-8, else Latin-1."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if text.lstrip().startswith("<?xml"):
        text = text.replace("<?xml", "<!--?xml", 1)
    root = lxml.html.document_fromstring(text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    if not noscript:
        for element in root.iter("noscript"):
            for child in list(element):
                child.drop_tree()
            element.text = None
    return root


def select(node: HtmlElement, selector: str) -> list[Picked]:
    """What a selector picks under a node: elements, or text and attribute values where it is an XPath of such."""
    found = node.xpath(selector[6:]) if selector.startswith("xpath:") else CSSSelector(selector)(node)
    return cast("list[Picked]", found)


def elements(node: HtmlElement, selector: str) -> list[HtmlElement]:
    return [each for each in select(node, selector) if not isinstance(each, str)]


def subtree(roots: Iterable[Picked]) -> set[HtmlElement]:
    return {inner for root in roots if not isinstance(root, str) for inner in root.iter()}


def text_of(node: Picked, drop: Iterable[str] = (), without: Collection[HtmlElement] = frozenset()) -> str:
    """The words under a node, less those under `without` and under what the selectors in `drop` pick."""
    if isinstance(node, str):
        return " ".join(node.split())
    gone = set(without) | subtree(each for selector in drop for each in select(node, selector))
    seen = []
    for text in node.xpath(f".//text()[not({HIDDEN})]"):
        owner = text.getparent().getparent() if text.is_tail else text.getparent()
        if owner not in gone:
            seen.append(text)
    return " ".join(" ".join(seen).split())


def matches(
    node: HtmlElement, selector: str | None, without: Collection[HtmlElement] = frozenset()
) -> Iterator[Picked]:
    if selector:
        yield from (each for each in select(node, selector) if isinstance(each, str) or each not in without)


def field(node: HtmlElement, selector: str | None, without: Collection[HtmlElement] = frozenset()) -> str | None:
    """The text of a selector's first match under a node that is not in `without`; None where there is none."""
    if selector and selector.startswith("text="):
        return selector[5:]
    return next((text_of(each) for each in matches(node, selector, without)), None)


def link(node: HtmlElement, selector: str | None, without: Collection[HtmlElement] = frozenset()) -> str | None:
    """The address (href or src, as written) of a selector's first match."""
    for each in matches(node, selector, without):
        return each if isinstance(each, str) else each.get("href") or each.get("src")
    return None


def names_of(item: HtmlElement, inner: Collection[HtmlElement]) -> set[str]:
    """What a reference to an item may call it: ids and names in it, whole and as the digits at their end."""
    whole = {
        value
        for each in item.iter()
        if isinstance(each.tag, str) and (each is item or each not in inner)
        for value in (each.get("id"), each.get("name"), each.get("data-id"))
        if value
    }
    return whole | {digits.group() for value in whole if (digits := re.search(r"\d+$", value))}


def comments_of(rule: Rule, root: HtmlElement) -> list[dict[str, Any]]:
    items = elements(root, rule["item"])
    index = {item: number for number, item in enumerate(items)}
    inners = [subtree(each for each in item.iterdescendants() if each in index) for item in items]
    called: dict[str, int] = {}
    if rule.get("parent"):
        for number, item in enumerate(items):
            for name in names_of(item, inners[number]):
                called.setdefault(name, number)
    found: dict[int, dict[str, Any]] = {}
    for number, item in enumerate(items):
        inner = inners[number]
        bodies = list(matches(item, rule["text"], inner)) if rule.get("text") else [item]
        deleted = next(matches(item, rule.get("deleted"), inner), None) is not None
        if not bodies and not deleted:
            continue
        parent = next((index[each] for each in item.iterancestors() if each in index), None)
        if rule.get("parent"):
            reference = link(item, rule["parent"], inner) or field(item, rule["parent"], inner) or ""
            name = reference.rpartition("#")[2].strip()
            digits = re.search(r"\d+$", name)
            parent = called.get(name, called.get(digits.group()) if digits else parent)
            parent = None if parent == number else parent
        found[number] = {
            "text": text_of(bodies[0], rule.get("drop") or (), inner) if bodies else "",
            "author": field(item, rule.get("author"), inner),
            "date": field(item, rule.get("date"), inner),
            "parent": parent,
            "author_url": link(item, rule.get("author_url"), inner),
            "permalink": link(item, rule.get("permalink"), inner),
            "deleted": deleted,
        }
    place = {number: order for order, number in enumerate(found)}
    return [{**comment, "parent": place.get(comment["parent"])} for comment in found.values()]


def widgets_of(rules: list[Rule], root: HtmlElement) -> Iterator[dict[str, Any]]:
    for rule in rules:
        for each in elements(root, rule["root"]):
            items = [text_of(item) for item in matches(each, rule.get("items"))]
            yield {
                "kind": rule["kind"],
                "title": field(each, rule.get("title")),
                "text": text_of(each, rule.get("drop") or ()),
                "items": items,
                "region": rule.get("region"),
            }


def gold(rule: Rule, root: HtmlElement) -> dict[str, Any]:
    """A page's gold record: file, kind, article (or None), comments, widgets."""
    article, comments = rule.get("article"), rule.get("comments")
    said: dict[str, Any] = {"file": rule["file"], "kind": rule.get("kind"), "article": None}
    if article:
        said["article"] = {
            key: field(root, article.get(key)) for key in ("title", "subtitle", "author", "date", "source")
        }
        said["article"]["tags"] = [text_of(each) for each in matches(root, article.get("tags"))]
        images = matches(root, article.get("images"))
        said["article"]["images"] = [each if isinstance(each, str) else each.get("src") for each in images]
        bodies = select(root, article["body"])
        said["article"]["text"] = " ".join(text_of(body, article.get("drop") or ()) for body in bodies)
    said["comments"] = comments_of(comments, root) if comments else []
    said["widgets"] = list(widgets_of(rule.get("widgets") or [], root))
    return said


def show(record: dict[str, Any]) -> None:
    """Print what a rule picks, a line a part."""
    print(record["file"], record["kind"])
    if article := record["article"]:
        text = article["text"]
        extra = {key: article[key] for key in ("subtitle", "source", "tags", "images") if article[key]}
        print(f"  article {article['title']!r} | {article['author']} | {article['date']} | {extra or ''}")
        print(f"    {len(text)} characters: {text[:120]!r} … {text[-120:]!r}")
    for number, comment in enumerate(record["comments"]):
        extra = {key: comment[key] for key in ("author_url", "permalink", "deleted") if comment[key]}
        text = comment["text"]
        print(
            f"  comment {number} <- {comment['parent']} | {comment['author']} | {comment['date']} | "
            f"{text[:90]!r} … {text[-40:]!r} {extra or ''}"
        )
    for widget in record["widgets"]:
        print(
            f"  widget {widget['kind']} | {widget['title']} | {widget['region']} | {len(widget['items'])} items | "
            f"{len(widget['text'])} | {widget['text'][:80]!r}"
        )


def outline(element: HtmlElement, depth: int, deepest: int, width: int) -> Iterator[str]:
    """A line an element: tag, id, classes, [characters, links], the text's beginning; runs of alike elements cut."""
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    text = text_of(element)
    if not text and element.tag not in ("iframe", "img", "form", "input"):
        return
    classes = (element.get("class") or "").split()
    names = "".join(["#" + element.get("id") if element.get("id") else "", *("." + each for each in classes[:4])])
    plain = all(each.tag in INLINE for each in element.iterdescendants() if isinstance(each.tag, str))
    if element.tag in INLINE and not names and depth and plain and (element.tag != "p" or depth > 9):
        return
    yield f"{'  ' * depth}{element.tag}{names} [{len(text)},{len(element.findall('.//a'))}] {text[:width]}"
    if depth >= deepest:
        return
    alike: dict[str, list[HtmlElement]] = {}
    for child in element:
        if isinstance(child.tag, str):
            key = child.tag + "." + ".".join((child.get("class") or "").split()[:2])
            alike.setdefault(key, []).append(child)
    for key, group in alike.items():
        for child in group if len(group) <= 3 else group[:2]:
            yield from outline(child, depth + 1, deepest, width)
        if len(group) > 3:
            yield f"{'  ' * (depth + 1)}… {len(group) - 2} more of {key}"


def rules_in(path: Path) -> list[Rule]:
    """The rules of a file, less those marked `skip`."""
    read = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [rule for rule in read or [] if not rule.get("skip")]


def page_path(pages: Iterable[Path], name: str) -> Path | None:
    """Where a page lies: the first of the folders that has it, as it is or gzipped."""
    for folder in pages:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.exists():
                return path
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="action", required=True)
    outlining = commands.add_parser("outline")
    outlining.add_argument("page", type=Path)
    outlining.add_argument("--under")
    outlining.add_argument("--depth", type=int, default=14)
    outlining.add_argument("--width", type=int, default=70)
    outlining.add_argument("--max", type=int, default=420)
    showing = commands.add_parser("show")
    showing.add_argument("rules", type=Path, nargs="+")
    showing.add_argument("--pages", type=Path, nargs="+", required=True)
    showing.add_argument("--file")
    writing = commands.add_parser("gold")
    writing.add_argument("rules", type=Path, nargs="+")
    writing.add_argument("--pages", type=Path, nargs="+", required=True)
    asked = parser.parse_args()
    if asked.action == "outline":
        root = load(asked.page)
        tops = (
            elements(root, asked.under)
            if asked.under
            else [root.find("body") if root.find("body") is not None else root]
        )
        lines = [line for top in tops for line in outline(top, 0, asked.depth, asked.width)]
        print("\n".join(lines[: asked.max]))
        if len(lines) > asked.max:
            print(f"… {len(lines) - asked.max} more lines")
        return
    wanted = getattr(asked, "file", None)
    for path in asked.rules:
        for rule in rules_in(path):
            if wanted not in (None, rule["file"]):
                continue
            page = page_path(asked.pages, rule["file"])
            if page is None:
                sys.exit(f"annotate: no page {rule['file']} in {', '.join(map(str, asked.pages))}")
            try:
                record = gold(rule, load(page, rule.get("noscript", False)))
            except (KeyError, TypeError, ValueError, SyntaxError, etree.XPathError) as error:
                sys.exit(f"annotate: {rule['file']}: {error}")
            if asked.action == "show":
                show(record)
            else:
                print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
