"""Whether paths lead to their records' words, by a walk of its own."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from bench.parser.walk import NEVER, is_hidden, letters
from shared.markup.paths import Places
from shared.markup.tree import tree_of
from shared.records import Article, Comment, ParsedPage, Widget


@dataclass(frozen=True, slots=True)
class Led:
    """Of a page's records that have segments."""

    records: int
    rightly: int
    """Whose paths lead to the words of their segments and to no others."""


def led(parsed: ParsedPage, page: bytes | str) -> Led:
    """How many records of a page, parsed with its segments, their paths lead to."""
    places = Places(tree_of(page))
    own: dict[str | None, list[str]] = {}
    for segment in parsed.segments or []:
        own.setdefault(segment.record, []).append(segment.text)
    # Words of records that are not here are not visible: from a noscript, or hidden.
    here = [record for record in records_of(parsed) if record.id in own]
    rightly = sum(words_at(places, record.paths) == letters("".join(own[record.id])) for record in here)
    return Led(len(here), rightly)


def records_of(parsed: ParsedPage) -> list[Article | Comment | Widget]:
    """Those that have paths."""
    return [*([parsed.article] if parsed.article else []), *parsed.comments, *parsed.widgets]


def words_at(places: Places, paths: list[str]) -> str:
    """The letters of the visible text that paths lead to."""
    return letters("".join(_visible(node) for path in paths for node in places.nodes(path)))


def _visible(node: LexborNode) -> str:
    found: list[str] = []
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.is_text_node:
            found.append(at.text_content or "")
        elif at.is_element_node and at.tag not in NEVER and not is_hidden(at):
            waiting.extend(reversed(list(at.iter(include_text=True))))
    return "".join(found)
