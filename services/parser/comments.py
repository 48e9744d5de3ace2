"""Comment records from their parts: author, date, place in the thread."""

import re

from services.parser.article import Context
from services.parser.bylines import BY
from services.parser.clean_html import clean_html
from services.parser.comment_signatures import may_be_name, names_author
from services.parser.comment_status import status_of
from services.parser.dates import parse_date
from services.parser.parts import PartTexts, date_of, language_of
from services.parser.platforms import also, named
from services.parser.visible_text import Element
from shared.ids import RecordIds
from shared.records import Comment
from shared.urls import join

_NATIVE_ATTRIBUTES = (
    "data-comment-id",
    "data-commentid",
    "data-post-id",
    "data-message-id",
    "data-reply-id",
    *named("native id"),
    "data-id",
    "id",
    "name",
)
# A comment's language shows in its first words; a call costs 10 us a hundred characters.
_LANGUAGE_SAMPLE = 200
_NUMBER = re.compile(r"\d")
_PERMALINK = re.compile(r"permalink|bookmark", re.IGNORECASE)
_PERMALINK_TEXT = re.compile(r"permalink|#\s?\d+", re.IGNORECASE)
_VOTES_NAME = re.compile(
    r"(?:^|[\s_-])(?:score|votes?|vote-?count|points?|karma|likes?|likes?-?count|upvotes?|rating-?count)(?:$|[\s_-])",
    re.IGNORECASE,
)
_VOTES = re.compile(r"[-+−]?\d[\d,.]*")
_SAYS = re.compile(
    r"\s+(?:says|said|wrote|schreibt|sagt|dit|dice|disse|zegt|pisze|пишет|writes|commented|dijo|disse|"
    r"a écrit|hat geschrieben|meint|schrieb|napisał|ha scritto|yazdı)\s*:?\s*$",
    re.IGNORECASE,
)
# What a site adds to the name of one who has no account there.
_NOTE = re.compile(
    rf"\s*\((?:unverified|guest|gast{also('note')})\)\s*$",
    re.IGNORECASE,
)
# Where servers share their threads, that of a member's own follows the name: 'ida @hens.example'.
_SERVER = re.compile(r"(?<=[^\s@])\s+@[\w-]+(?:\.[\w-]+)+$")
# What is left of a signature ('Name (talk) 12:03, …') when its links are taken out.
_EMPTY_BRACKETS = re.compile(r"(?:\s*[(\[]\s*[)\]])+\s*$")
# A name and a date in one text: 'Ida Rook | 21.04.2020'. With a space between them only where it is named for a name.
_SIGNED = re.compile(
    r"(?P<name>[^|·•]{2,40}?)(?:\s*(?P<bar>[|·•])|,|\s[–—-]|\s(?:on|am|at|le|el|il|op|den)(?=\s)|(?=\s\d))\s*"
    r"(?P<when>[^|·•]*\d[^|·•]*)$",
    re.IGNORECASE,
)
_LONGEST_SIGNED = 100
# Texts of a comment among whose links its author's address is looked for.
_FIRST = 60


def build_comments(parts: list[PartTexts], ids: RecordIds, context: Context) -> tuple[list[Comment], dict[int, str]]:
    """The comments in document order, and the record id of each part by its `id()`."""
    by_part: dict[int, str] = {}
    positions: dict[int, str] = {}
    children: dict[int | None, int] = {}
    comments = []
    for texts in parts:
        part = texts.part
        above = part.parent if part.parent is not None and id(part.parent) in by_part else None
        key = id(above) if above is not None else None
        children[key] = children.get(key, 0) + 1
        position = f"{positions[key]}.{children[key]}" if key is not None else str(children[key])
        positions[id(part)] = position
        comment = _build(texts, by_part[key] if key is not None else None, position, ids, context)
        by_part[id(part)] = comment.id
        comments.append(comment)
    return comments, by_part


def _build(texts: PartTexts, parent: str | None, position: str, ids: RecordIds, context: Context) -> Comment:
    body = _EMPTY_BRACKETS.sub("", texts.text("body", "caption"))
    author = _author(texts)
    language = language_of(body[:_LANGUAGE_SAMPLE], context.language)
    languages = [x for x in (context.language, language) if x]
    published, raw = date_of(texts, languages, context.fetched_at)
    if author is None and raw and (signed := _signed(texts, raw, languages)) is not None:
        author, raw = signed
        published = parse_date(raw, languages=languages, base=context.fetched_at) or published
    numbers = [n for n, role in zip(texts.numbers, texts.roles, strict=True) if role in ("body", "caption", "quote")]
    return Comment(
        id=ids.comment(_native(texts.part.element), parent, author, body),
        page_id=context.page_id,
        paths=texts.paths,
        provenance=texts.provenance(),
        parent_id=parent,
        position=position,
        depth=position.count("."),
        author=author,
        author_url=_link(texts.elements("byline"), context.url) or _link_of(author, texts, context.url),
        published_at=published,
        published_raw=raw,
        text=body,
        html=clean_html(texts.page.visible, texts.part.element, numbers, context.url),
        quotes=[q for q in (texts.text("quote"),) if q],
        language=language,
        permalink=_permalink(texts, context.url),
        votes=_votes(texts),
        status=status_of(body, [texts.part.element, *texts.elements("body")]),
    )


def _author(texts: PartTexts) -> str | None:
    line = texts.line("byline")
    return _name(line) if line else None


def _name(line: str) -> str | None:
    name = BY.sub("", _SAYS.sub("", _NOTE.sub("", line))).strip(" ,:;|·•–—")
    name = _SERVER.sub("", name)
    if name.count("(") != name.count(")") or (name[:1] == "(" and name[-1:] == ")"):
        name = name.strip(" ()")
    return name or None


def _signed(texts: PartTexts, line: str, languages: list[str]) -> tuple[str, str] | None:
    """Name and date of a line that is both."""
    found = _SIGNED.match(line) if len(line) <= _LONGEST_SIGNED else None
    if found is None or not may_be_name(found["name"]) or parse_date(found["name"], languages=languages) is not None:
        return None
    said = found["bar"] or _SAYS.search(found["name"])
    if not said and not any(names_author(e) for e in texts.elements("date")):
        return None
    name = _name(found["name"])
    return (name, found["when"]) if name is not None else None


def _native(e: Element) -> str | None:
    """The site's own id of a comment: an attribute with a number, of its block or of the first blocks in it."""
    for at in (e, *e.children[:2]):
        for name in _NATIVE_ATTRIBUTES:
            value = at.get(name)
            if value and _NUMBER.search(value):
                return value
    return None


def _link(elements: list[Element], url: str) -> str | None:
    """Where the first link around or at these elements leads."""
    for e in elements:
        for at in (e, *list(e.ancestors())[:3]):
            if at.tag == "a" and at.get("href"):
                return join(url, at.get("href"))
    return None


def _link_of(author: str | None, texts: PartTexts, url: str) -> str | None:
    """Where a link among the comment's own texts leads whose words are its author's name."""
    if author is None:
        return None
    visible = texts.page.visible
    for e in texts.elements("chrome")[:_FIRST]:
        if e.tag == "a" and e.get("href") and visible.text(e) == author:
            return join(url, e.get("href"))
    return None


def _permalink(texts: PartTexts, url: str) -> str | None:
    """The comment's own address: its date's link, a link that says so or is its number, or the page's with the block's
    id."""
    if found := _link(texts.elements("date"), url):
        return found
    element = texts.part.element
    if said := element.get("data-permalink") or element.get("permalink"):
        return join(url, said)
    for e in texts.elements("chrome"):
        if e.parent is not None and e.tag in ("b", "strong", "span"):
            e = e.parent
        if e.tag == "a" and (
            _PERMALINK.search(f"{e.name} {e.get('rel')} {e.get('title')}")
            or _PERMALINK_TEXT.fullmatch(texts.page.visible.text(e))
            or _is_numbered(texts, e)
        ):
            return join(url, e.get("href"))
    ident = element.get("id")
    return join(url, f"#{ident}") if ident and _NUMBER.search(ident) else None


def _is_numbered(texts: PartTexts, link: Element) -> bool:
    """Whether a link is a number behind a '#' that stands outside of it."""
    visible = texts.page.visible
    before = visible.texts[link.first - 1].value if link.first > texts.part.element.first else ""
    return before.rstrip().endswith("#") and visible.text(link).isdigit()


def _votes(texts: PartTexts) -> int | None:
    """The comment's score; of several (as it were with one vote more or less) the one without the reader's own."""
    named = [
        e
        for e in dict.fromkeys(texts.elements("chrome"))
        if any(_VOTES_NAME.search(a.name) for a in (e, *list(e.ancestors())[:1])) or e.get("itemprop") == "upvoteCount"
    ]
    for e in sorted(named, key=lambda e: "unvoted" not in e.name):
        found = _VOTES.search(texts.page.visible.text(e))
        if found:
            digits = re.sub(r"[^\d-]", "", found.group().replace("−", "-"))
            return int(digits) if 0 < len(digits) < 10 and digits != "-" else None
    return None
