"""What a page says of its own use: `noindex`, `noarchive` and `nofollow`, by X-Robots-Tag or by a robots meta element.

There is no standard; this follows what Google documents and others do
(https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag): directives parted by commas, in any case,
for everyone or for a crawler by its name; of several the strictest holds.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Where a robots meta element is looked for. Of the 665 in WCXB's pages the half stand within 1 KB, 12 beyond 100 KB
# and the last at 265 KB, behind styles and scripts.
_SCANNED = 512 * 1024
# Longer meta elements are descriptions.
_LONGEST_TAG = 1000
_BLOCKS = re.compile(
    r"<(?:(?P<comment>!--)|(?P<raw>script|style|title|textarea|template)\b|(?P<meta>meta)[\s/]|(?P<body>body)[\s>])",
    re.IGNORECASE,
)
# WHATWG HTML 13.2.5.32 to 38, as far as it matters: an attribute's name, and its value, which may lack quotes.
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?""")
# Directives with a value, which an X-Robots-Tag's crawlers (`googlebot: noindex`) must be told from.
_WITH_VALUE = {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
_AGENT = re.compile(r"\s*([A-Za-z0-9_-]+)\s*:")
_EXPIRY = re.compile(r"unavailable_after\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of those that read it."""

    noindex: str = ""
    """The words that ask not to be indexed, as they stand; empty where none do."""
    noarchive: bool = False
    nofollow: bool = False

    def __or__(self, other: "Asked") -> "Asked":
        """Both together."""
        return Asked(self.noindex or other.noindex, self.noarchive or other.noarchive, self.nofollow or other.nofollow)


def in_headers(values: Iterable[str], token: str) -> Asked:
    """What a response's X-Robots-Tag fields ask of everyone, or of the crawler `token` by its name."""
    asked = Asked()
    for value in values:
        for agent, directives in _by_agent(value):
            if agent in {"", token.lower()}:
                asked |= _read(directives, f"X-Robots-Tag: {_short(value)}")
    return asked


def in_page(body: bytes, token: str) -> Asked:
    """What the meta elements `robots` and `token` of an HTML page ask."""
    asked = Asked()
    # Without NULs, as UTF-16 has one in each letter of a tag.
    for attributes in _metas(body[:_SCANNED].replace(b"\x00", b"").decode("latin-1")):
        name = attributes.get("name", "").strip().lower()
        if name in {"robots", token.lower()}:
            content = attributes.get("content", "")
            asked |= _read(content, f"<meta name={name} content={_short(content)!r}>")
    return asked


def _by_agent(value: str) -> Iterator[tuple[str, str]]:
    """The crawlers that a field names, each with the directives behind its name; before the first name, for all."""
    agent = ""
    directives: list[str] = []
    for part in value.split(","):
        named = _AGENT.match(part)
        if named and named[1].lower() not in _WITH_VALUE and not _is_time(part):
            yield agent, ",".join(directives)
            agent, directives = named[1].lower(), [part[named.end() :]]
        else:
            directives.append(part)
    yield agent, ",".join(directives)


def _is_time(part: str) -> bool:
    """A part of a date that was cut at its comma: `15:00:00 PST`."""
    return re.match(r"\s*\d", part) is not None


def _read(directives: str, words: str) -> Asked:
    """`words`: how they stand where they were found."""
    directives, *expiry = _EXPIRY.split(directives, maxsplit=1)
    names = _names(directives)
    for rest in expiry:
        date, others = _date(rest)
        names |= _names(others)
        if date is not None and date <= datetime.now(UTC):
            names.add("noindex")
    return Asked(
        words if names & {"noindex", "none"} else "",
        noarchive="noarchive" in names,
        nofollow=bool(names & {"nofollow", "none"}),
    )


def _names(directives: str) -> set[str]:
    """Each directive, in lower case, with its value where it has one: `max-image-preview: none` is one directive.

    Spaces and semicolons are taken for commas, and the slash of `content=noindex/>` for none of it.
    """
    return set(re.split(r"[,;/\s]+", re.sub(r"\s*:\s*", ":", directives.lower())))


def _date(text: str) -> tuple[datetime | None, str]:
    """The date that a text begins with, and the text behind it. A date may have a comma itself: `Fri, 25 Jun …`."""
    parts = text.split(",")
    for count in range(1, min(3, len(parts)) + 1):
        written = ",".join(parts[:count]).strip()
        for read in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                date = read(written)
            except (ValueError, OverflowError):
                continue
            return date if date.tzinfo else date.replace(tzinfo=UTC), ",".join(parts[count:])
    return None, text


def _metas(text: str) -> Iterator[dict[str, str]]:
    """The attributes of each meta element in the head, by name in lower case; in time linear in the text.

    Nothing within comments, scripts and the like is an element; one that does not end takes the rest of the page.
    """
    at = 0
    while (block := _BLOCKS.search(text, at)) and not block["body"]:
        at = block.end()
        if block["meta"]:
            yield _attributes(text[at : at + _LONGEST_TAG])
            continue
        closing = "-->" if block["comment"] else f"</{block['raw']}"
        end = re.compile(re.escape(closing), re.IGNORECASE).search(text, at)
        if end is None:
            return
        at = end.end()


def _attributes(tag: str) -> dict[str, str]:
    """Of a tag that goes on with `tag`; of two of a name the first counts."""
    found: dict[str, str] = {}
    at = 0
    while attribute := _ATTRIBUTE.match(tag, at):
        at = attribute.end()
        value = next((group for group in attribute.groups()[1:] if group is not None), "")
        found.setdefault(attribute[1].lower(), html.unescape(value))
    return found


def _short(text: str) -> str:
    return " ".join(text.split())[:100]
