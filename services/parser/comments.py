"""Comment records from their parts: author, date, place in the thread."""

import re

from services.parser.article import Context
from services.parser.bylines import BY
from services.parser.clean_html import clean_html
from services.parser.parts import PartTexts, date_of, language_of
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
    "data-fullname",
    "data-answerid",
    "data-content",
    "data-id",
    "id",
    "name",
)
# A comment's language shows in its first words; a call costs 10 us a hundred characters.
_LANGUAGE_SAMPLE = 200
_NUMBER = re.compile(r"\d")
_VOTES_NAME = re.compile(
    r"(?:^|[\s_-])(?:score|votes?|vote-?count|points?|karma|likes?|likes?-?count|upvotes?|rating-?count)(?:$|[\s_-])",
    re.IGNORECASE,
)
_VOTES = re.compile(r"[-+−]?\d[\d,.]*")
_DELETED = re.compile(
    r"^\W*(?:\[?(?:deleted|removed)\]?|(?:this|the) (?:comment|post|message) (?:has been|was) (?:deleted|"
    r"removed).*|comment (?:deleted|removed)\b.*|kommentar (?:gelöscht|entfernt).*|"
    r"commentaire supprimé.*)\W*$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"^\W*(?:(?:this|the) (?:comment|post) is (?:hidden|below threshold).*|comment (?:hidden|"
    r"score below threshold).*)$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\s+(?:says|said|wrote|schreibt|sagt|dit|dice|disse|zegt|pisze|пишет|writes|commented|dijo|disse|"
    r"a écrit|hat geschrieben|meint|schrieb|napisał|ha scritto|yazdı)\s*:?\s*$",
    re.IGNORECASE,
)


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
    body = texts.text("body", "caption")
    author = _author(texts)
    language = language_of(body[:_LANGUAGE_SAMPLE], context.language)
    published, raw = date_of(texts, [x for x in (context.language, language) if x], context.fetched_at)
    numbers = [n for n, role in zip(texts.numbers, texts.roles, strict=True) if role in ("body", "caption", "quote")]
    return Comment(
        id=ids.comment(_native(texts.part.element), parent, author, body),
        page_id=context.page_id,
        provenance=texts.provenance(),
        parent_id=parent,
        position=position,
        depth=position.count("."),
        author=author,
        author_url=_link(texts.elements("byline"), context.url),
        published_at=published,
        published_raw=raw,
        text=body,
        html=clean_html(texts.page.visible, texts.part.element, numbers, context.url),
        quotes=[q for q in (texts.text("quote"),) if q],
        language=language,
        permalink=_permalink(texts, context.url),
        votes=_votes(texts),
        status="deleted" if _DELETED.match(body) else "hidden" if _HIDDEN.match(body) else "shown",
    )


def _author(texts: PartTexts) -> str | None:
    line = texts.line("byline")
    if not line:
        return None
    return BY.sub("", _SAYS.sub("", line)).strip(" ,:;|·•–—()") or None


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


def _permalink(texts: PartTexts, url: str) -> str | None:
    """The comment's own address: its date's link, a link that says so, or the page's with the block's id."""
    if found := _link(texts.elements("date"), url):
        return found
    element = texts.part.element
    for e in texts.elements("chrome"):
        if e.tag == "a" and re.search(
            r"permalink|bookmark", f"{e.name} {e.get('rel')} {e.get('title')}", re.IGNORECASE
        ):
            return join(url, e.get("href"))
    ident = element.get("id")
    return join(url, f"#{ident}") if ident and _NUMBER.search(ident) else None


def _votes(texts: PartTexts) -> int | None:
    """The comment's score."""
    for e in texts.elements("chrome"):
        if any(_VOTES_NAME.search(a.name) for a in (e, *list(e.ancestors())[:1])) or e.get("itemprop") == "upvoteCount":
            found = _VOTES.search(texts.page.visible.text(e))
            if found:
                digits = re.sub(r"[^\d-]", "", found.group().replace("−", "-"))
                return int(digits) if 0 < len(digits) < 10 and digits != "-" else None
    return None
