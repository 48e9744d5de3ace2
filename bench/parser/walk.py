"""A page's visible text by a walk of its own, made of nothing that the parser is made of but selectolax."""

import codecs
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

NEVER = {"script", "style", "noscript", "template", "svg", "iframe", "noframes", "noembed", "head"}


def walk(page: bytes | str) -> str:
    """The visible text of a page, as the design defines it."""
    body = LexborHTMLParser(page if isinstance(page, str) else as_text(page)).body
    if body is None:
        return ""
    found: list[str] = []
    waiting: list[LexborNode] = [body]
    while waiting:
        node = waiting.pop()
        if node.is_text_node:
            found.append(node.text_content or "")
        elif node.is_element_node and node.tag not in NEVER and not is_hidden(node):
            waiting.extend(reversed(list(node.iter(include_text=True))))
    return "".join(found)


def is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    # Spaces may stand around a colon, in a word they make it two; letters beyond ASCII are no other case of one.
    style = re.sub(r"(?a)\s*:\s*", ":", attributes.get("style") or "")
    return "hidden" in attributes or re.search(r"(?ai)display:none|visibility:hidden", style) is not None


def as_text(page: bytes) -> str:
    """A page's text: UTF-8 where it is, else as its meta element says, else windows-1252."""
    for bom, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if page.startswith(bom):
            return page.decode(name, "replace").replace("\0", "")
    try:
        return page.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        declared = re.search(rb"<meta[^>]+charset=[\"' ]*([\w-]+)", page)
        name = declared.group(1).decode() if declared else "windows-1252"
        name = {"iso-8859-1": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}.get(
            name.lower(), name
        )
        return page.decode(name, "replace").replace("\0", "")


def letters(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in text if c.isalnum())
