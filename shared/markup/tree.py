"""A page's tree, as the parser reads it and as paths lead through it."""

from selectolax.lexbor import LexborHTMLParser

from shared.markup.decoding import decode
from shared.markup.nesting import flatten


def tree_of(html: bytes | str, content_type: str | None = None) -> LexborHTMLParser:
    """A page's tree, elements nested too deep flattened; whatever the bytes are.

    `content_type`: the response's header, for its charset.
    """
    return LexborHTMLParser(flatten(decode(html, content_type).utf8))
