"""The encodings that a response and its page declare, found as the HTML Standard says.

https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
"""

import re
from collections.abc import Iterator

import webencodings

# The Standard prescans 1,024 bytes and lets a later declaration begin the parse again; many pages have their scripts
# first, so one look goes this far.
PRESCANNED = 100_000

_HEADER = re.compile(r"(?:^|[;,\s])charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"';,]+))", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]*?encoding[\0-\x20]*=[\0-\x20]*(?:\"([^\"]*)\"|'([^']*)')")
# What is passed over as a whole: comments, declarations, end tags and processing instructions; else a tag begins.
_MARKUP = re.compile(rb"<(?:(!--)|(meta(?=[\t\n\f\r /]))|/?[a-z][^\t\n\f\r >]*|([!/?]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^\t\n\f\r >]*+)))?+"
)
# "Extracting a character encoding from a meta element": quotes that are not closed give none.
_IN_CONTENT = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\"'\t\n\f\r ;][^\t\n\f\r ;]*))", re.IGNORECASE
)


def in_header(content_type: str | None) -> str | None:
    """The encoding's name in the Encoding Standard, if the header gives one that is known."""
    found = _HEADER.search(content_type or "")
    return _name(next(filter(None, found.groups()), "")) if found else None


def in_page(body: bytes) -> str | None:
    """The encoding that a `meta` declares, or else the XML declaration; None where there is none that is known.

    A page whose declaration could be read byte by byte is not UTF-16, whatever it says, and is read as UTF-8.
    """
    head = body[:PRESCANNED]
    name = next(filter(None, map(_of_meta, _metas(head))), None)
    if name is None and (xml := _XML.match(head)):
        name = _name((xml.group(1) or xml.group(2) or b"").decode("latin-1"))
    return "utf-8" if name and name.startswith("utf-16") else name


def _metas(head: bytes) -> Iterator[dict[bytes, bytes]]:
    """The attributes of each `meta`, the first of each name."""
    at = 0
    while markup := _MARKUP.search(head, at):
        comment, meta, passed_over = markup.groups()
        if comment or passed_over:
            end = head.find(b"-->", markup.start() + 2) + 2 if comment else head.find(b">", markup.end())
            if end < markup.end():
                return
            at = end + 1
            continue
        attributes: dict[bytes, bytes] = {}
        at = markup.end()
        while attribute := _ATTRIBUTE.match(head, at):
            name, *values = attribute.groups()
            attributes.setdefault(name.lower(), next(filter(None, values), b""))
            at = attribute.end()
        if meta:
            yield attributes


def _of_meta(attributes: dict[bytes, bytes]) -> str | None:
    label = attributes.get(b"charset")
    if label is None and attributes.get(b"http-equiv", b"").lower() == b"content-type":
        found = _IN_CONTENT.search(attributes.get(b"content", b""))
        label = next(filter(None, found.groups()), None) if found else None
    name = _name(label.decode("latin-1")) if label is not None else None
    return "windows-1252" if name == "x-user-defined" else name


def _name(label: str) -> str | None:
    """The Standard's name of an encoding by any of its labels."""
    encoding = webencodings.lookup(label)
    return str(encoding.name) if encoding is not None else None
