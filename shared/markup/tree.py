"""A page's tree, as the parser reads it and as paths lead through it."""

from selectolax.lexbor import LexborHTMLParser

from shared.markup.decoding import decode
from shared.markup.nesting import flatten


def source_of(html: bytes | str, content_type: str | None = None) -> bytes:
    """A page's source in UTF-8, elements nested too deep flattened; whatever the bytes are.

    `content_type`: the response's header, for its charset.
    """
    return flatten(decode(html, content_type).utf8)


def tree_of(html: bytes | str, content_type: str | None = None) -> LexborHTMLParser:
    """The tree of that source."""
    return LexborHTMLParser(source_of(html, content_type))
