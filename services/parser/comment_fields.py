"""What stands in a comment's block: its body, author and date, quotes of other posts, and chrome."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from services.parser.any_case import Pattern, Subject
from services.parser.bylines import BY
from services.parser.cache_sizes import NAMES, TEXTS
from services.parser.comment_names import Family
from services.parser.platforms import also, named
from services.parser.reply_words import refers
from services.parser.visible_text import HEADINGS, Element, Text, VisiblePage
from shared.remembered import remembered

_BODY = re.compile(
    r"(?:^|[\s_-])(?:(?:comments?|cmt|message|messages|post|reply|review|answer|cpost|msg)[-_]?(?:text|"
    rf"txt|body|content|contents|message|entry|data{also('body copy')})"
    rf"|entry-content|e-content{also('body')})(?:$|[\s_-])"
    rf"|(?:^|\s)(?:content|text|body|message|description{also('body word')})(?:$|\s)|__(?:text|body|message)(?:$|\s)",
    re.IGNORECASE,
)
_BODY_PROPS = frozenset(["text", "commentText", "reviewBody", "articleBody", "description"])
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:fn|author|authors|username|user-?name|userlink|user|nick|nickname|poster|"
    r"creator|commenter|display-?name|autor|auteur|autore|pseudo|member|name|profile-?link|screen-?name|"
    r"benutzer(?:name)?|nutzername|verfasser|utilisateur|usuario|utente|gebruiker|uzytkownik|"
    rf"owner|byline|by{also('author')})(?:$|[\s_-])",
    re.IGNORECASE,
)
_SURE_AUTHORS = frozenset(["fn", "username", *named("sure author")])
# Where 'listAuthor' is two words.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
# A link to who wrote is named so by WordPress, also where it is the title of a page that links here.
_LONGEST_LINK = 200
_PROFILE = re.compile(rf"/(?:users?|members?|profiles?|author)/|profile{also('profile')}")
_NO_AUTHOR = re.compile(r"meta|date|time|avatar|reply|title|role|rank|badge|action")
_META = re.compile(r"meta|author|footer|header|avatar|vcard|action|user-?info|title|date", re.IGNORECASE)
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|date-?time|published|posted|posted-?on|post-?date|postdate|"
    rf"timestamp|created|ago|when|meta|permalink|datum|fecha{also('date')})(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:reply|replies|actions?|buttons?|btn|toolbar|controls?|avatar|author|vcard|"
    r"meta(?:data)?|votes?|voting|likes?|rating|"
    r"signature|sig|user-?info|user-?details|profile|poster|share|flag|report|permalink|footer|"
    r"edit|moderation|tools|menu|count(?:er)?|date|time|badge|rank|username|header|"
    rf"reactions?|karma|score|attribution|thumbs?|helpful|links{also('chrome')})(?:$|[\s_-])",
    re.IGNORECASE,
)
# Where a post says whose it is, with the day that they joined.
_POSTER = re.compile(r"profile|user-?info|author[-_]?info|joined|register", re.IGNORECASE)
_EDITED = re.compile(
    r"\W*(?:last |zuletzt )?(?:edited|modified|updated|bearbeitet|geändert|modifié|édité|editado|"
    r"modificado|modificato)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_QUOTE = re.compile(
    rf"(?:^|[\s_-])(?:(?!\s{also('no quote')})[^\W_]*quote|quote-?\w*|citation{also('quote')})(?:$|[\s_-])",
    re.IGNORECASE,
)
# What a quote of another post stands in; a button or a link that is named so offers to quote.
_QUOTE_TAGS = frozenset(["blockquote", "div", "aside", "table", "fieldset", "section", "figure", "dl"])
_CHROME_ATTRIBUTES = frozenset(named("chrome attribute"))
# What names the comment that is answered begins with, in an element that shows it.
_PARENT_PREVIEWS = named("parent preview")
_TIME_WORDS = Pattern(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\b\d+\s*(?:s|m|h|d|w|y|mo|sec|min|"
    r"hours?|days?|weeks?|months?|years?)\b|"
    r"\bago\b|yesterday|today|\bvor\b|\bil y a\b|\bhace\b|前"
)


# What author, date and buttons of a comment come to at most, when they stand in the element that is named its body.
_META_CHARS = 90
_LONGEST_REFERENCE, _LONGEST_NAME = 200, 40
# What a review's title calls itself; shops let them have a hundred letters.
_LONGEST_TITLE = 150
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|headline|heading|subject)(?:$|\s)", re.IGNORECASE)
_NAME_TAGS = frozenset(["a", "b", "strong", "cite", "h3", "h4", "h5", "h6", "dt", "span"])
_NO_NAME = re.compile(
    r"^(?:(?:repl|reply|replie|edit|share|report|quote|link|like|permalink|delete|more|read|show|hide|post|comment|"
    r"antworten)(?:e?d|s|ing)?\b|#|re:)",
    re.IGNORECASE,
)


# What a button or a thread's heading says, where an author's name is looked for.
_LABELS = frozenset(
    "reply replies répondre antworten antwort responder rispondi odpowiedz ответить comment comments kommentar "
    "kommentare commentaire commentaires comentario comentarios commenti komentarz komentarze reacties share "
    "report quote".split()
)


@remembered(TEXTS)
def says_when(text: str) -> bool:
    """Whether a short text has a date or a time in it."""
    return _TIME_WORDS.is_in(Subject(text))


@remembered(NAMES)
def _is_body_name(name: str) -> bool:
    return _BODY.search(name) is not None


@remembered(NAMES)
def _speaks_of_author(name: str) -> bool:
    return _AUTHOR.search(name) is not None


@remembered(NAMES)
def _is_author_name(name: str) -> bool:
    name = _HUMP.sub("-", name).lower()
    return _AUTHOR.search(name) is not None and _NO_AUTHOR.search(name) is None


@remembered(NAMES)
def _is_sure_name(name: str) -> bool:
    """Whether a class is one of those, whole or as a block's part: `username`, `author__username`."""
    return any(token.rpartition("__")[2] in _SURE_AUTHORS for token in name.lower().split())


@remembered(NAMES)
def _is_date_name(name: str) -> bool:
    return _DATE.search(_HUMP.sub("-", name)) is not None


@remembered(NAMES)
def _is_chrome_name(name: str) -> bool:
    return _CHROME.search(name) is not None


@dataclass(slots=True, eq=False)
class Item:
    """One comment as found: its block, and what stands in it."""

    element: Element
    family: Family
    body: list[Element] = field(default_factory=list)
    author: Element | None = None
    date: Element | None = None
    date_text: int | None = None
    """Without an element of its own: the text that says when."""
    parent: "Item | None" = None
    inner: list[Element] = field(default_factory=list)
    """The blocks of comments that stand in this one's block."""


def fill(page: VisiblePage, item: Item) -> None:
    """Finds body, author and date of an item."""
    own = _own(page, item)
    item.body = _body(page, item, own)
    title = _title(page, item, own)
    if title is not None:
        own = [e for e in own if not title.has(e)]
    in_body = {x.index for b in item.body for x in page.inside(b)}
    outside = _without_references(page, item, [e for e in own if e.index not in in_body])
    inside = [e for e in own if e.index in in_body and not any(e is b for b in item.body)]
    author = (
        _first(page, outside, _author_rank, 3)
        or _first(page, inside, _author_rank, 7)
        or _loose_author(page, item, own)
        or _author_below(page, item, own)
    )
    item.author = _refined(page, author) if author is not None and _leaves_words(item, author) else None
    date = _first(page, outside, _date_rank, 3) or _first(page, inside, _date_rank, 7)
    item.date = _innermost(page, date) if date is not None else None
    if item.date is None:
        item.date_text = _loose_date(page, item, own)
    elif item.author is None:
        _part_line(page, item, item.date)
    if title is not None:
        item.body.insert(0, title)


def _leaves_words(item: Item, author: Element) -> bool:
    """Whether an item has more than an author: its only words ('Deleted comment') are no name."""
    return bool(item.inner) or author.first > item.element.first or author.last < item.element.last


def head_texts(page: VisiblePage, item: Item) -> list[Text]:
    """An item's texts before the first comment inside it."""
    return page.texts[item.element.first : item.inner[0].first if item.inner else item.element.last]


def _without_references(page: VisiblePage, item: Item, elements: list[Element]) -> list[Element]:
    """Elements that are in no 'in reply to …' and no preview of the comment answered: those name another's author."""
    named = [e for e in elements if any(name.startswith(_PARENT_PREVIEWS) for name in e.attrs)]
    if any(refers(t.value) is not None for t in head_texts(page, item)):
        named += [e for e in elements if page.chars(e) < _LONGEST_REFERENCE and refers(page.text(e)) is not None]
    return [e for e in elements if not any(r.has(e) for r in named)] if named else elements


def _own(page: VisiblePage, item: Item) -> list[Element]:
    """Elements with text in an item's block that stand in no comment inside it."""
    own = []
    inner = {e.index: e.end for e in item.inner}
    at = item.element.index + 1
    while at < item.element.end:
        e = page.elements[at]
        at = inner.get(at, at + 1)
        if e.last > e.first and e.index not in inner:
            own.append(e)
    return own


def _body(page: VisiblePage, item: Item, own: list[Element]) -> list[Element]:
    """The element with the words of a comment: by its name, the innermost that holds most of what such names hold."""
    holders = {a.index for e in item.inner for a in e.ancestors()}
    named = [e for e in own if e.index not in holders and (_is_body_name(e.name) or e.get("itemprop") in _BODY_PROPS)]
    named = named or [e for e in own if e.index not in holders and e.tag == "div" and e.get("class") == "comment"]
    named = [
        e
        for e in named
        if not _is_meta(e)
        and not any(_QUOTE.search(a.name) for a in (e, *list(e.ancestors())[:3]) if item.element.has(a))
    ]
    if not named:
        return []
    best = max(named, key=lambda e: (page.chars(e) - page.link_chars(e) // 2, -e.index))
    for e in named:
        if (
            best.has(e)
            and e is not best
            and (page.chars(e) >= 0.6 * page.chars(best) or _beside(page, best, e) < _META_CHARS)
        ):
            best = e
    return [best]


def _title(page: VisiblePage, item: Item, own: list[Element]) -> Element | None:
    """A review's title, which stands before its body."""
    if item.family != "review" or not item.body:
        return None
    start = item.body[0].first
    before = (e for e in own if e.last <= start and page.chars(e) <= _LONGEST_TITLE)
    return next((e for e in before if _TITLE.search(e.name)), None)


def _beside(page: VisiblePage, outer: Element, inner: Element) -> int:
    """Characters in an element that stand neither in an inner one nor in headings or chrome beside that."""
    rest = page.chars(outer) - page.chars(inner)
    at = outer.index + 1
    while rest >= _META_CHARS and at < outer.end:
        e = page.elements[at]
        at = e.end if e is inner else at + 1
        if not e.has(inner) and (e.tag in HEADINGS or _is_meta(e) or _CHROME.search(e.name)):
            rest -= page.chars(e)
            at = e.end
    return rest


def _is_meta(e: Element) -> bool:
    """Whether an element is a comment's meta line, or a part of it."""
    return e.tag in ("time", "cite", "footer", "header", "button") or _META.search(e.name) is not None


def _first(
    page: VisiblePage, own: list[Element], rank: Callable[[VisiblePage, Element], int], least: int
) -> Element | None:
    """The first element of the highest rank; None where none reaches `least`."""
    best, found = least - 1, None
    for e in own:
        if (r := rank(page, e)) > best:
            best, found = r, e
    return found


def _innermost(page: VisiblePage, date: Element) -> Element:
    """The date itself in a line that is named for it and more: what is as much a date, where none is beside it."""
    least = _date_rank(page, date)
    for x in page.inside(date)[1:]:
        if date.has(x) and x.last - x.first < date.last - date.first and _date_rank(page, x) >= least:
            beside = (*page.texts[date.first : x.first], *page.texts[x.last : date.last])
            if not any(says_when(t.value) for t in beside):
                date = x
    return date


def _loose_author(page: VisiblePage, item: Item, own: list[Element]) -> Element | None:
    """Without an element that is named so, the first short bold text or link before the body is the author."""
    start = item.body[0].first if item.body and item.body[0].first > item.element.first else item.element.first + 3
    for e in own:
        if e.first >= start:
            return None
        if e.tag in _NAME_TAGS and 1 < page.chars(e) <= _LONGEST_NAME and may_be_name(page.text(e)):
            return e
    return None


def _author_below(page: VisiblePage, item: Item, own: list[Element]) -> Element | None:
    """The name in a line that signs what stands above it: 'Posted by: <a>Name</a> at May 3, 2024'."""
    for e in reversed(own):
        if e.tag in _NAME_TAGS and 1 < page.chars(e) <= _LONGEST_NAME and _signs(page, item, e):
            return e if may_be_name(page.text(e)) else None
    return None


def _signs(page: VisiblePage, item: Item, author: Element) -> bool:
    """Whether what is around a name is a line that begins with 'by' and says when."""
    line = author.parent
    if line is None or line is item.element or not item.element.has(line) or page.chars(line) > _META_CHARS:
        return False
    text = page.text(line)
    return line.first < author.first and says_when(text) and BY.match(text) is not None


def may_be_name(text: str) -> bool:
    """Whether a short text is no date, button or heading."""
    return text[:1].isalpha() and not says_when(text) and not _NO_NAME.search(text) and text.lower() not in _LABELS


def _part_line(page: VisiblePage, item: Item, date: Element) -> None:
    """Parts a line that is a bare name and a date: `<div>Name · <span>date</span></div>`."""
    inner = next((x for x in page.inside(date)[1:] if date.first < x.first < x.last == date.last), None)
    line, when = (date, inner) if inner is not None else (date.parent, date)
    if line is None or not item.element.has(line) or not line.first < when.first < when.last == line.last:
        return
    text = "".join(t.value for t in page.texts[line.first : when.first]).strip()
    if 1 < len(text) <= _LONGEST_NAME and may_be_name(text):
        item.author, item.date = line, when


def _loose_date(page: VisiblePage, item: Item, own: list[Element]) -> int | None:
    """The first short text before or beside the body with a year and a time's digits in it; one that stands in what is
    named a date, with a note of edits behind it, before others."""
    parents = {e.index for e in own} | {item.element.index}
    for n in range(item.element.first, item.body[0].first if item.body else item.element.first):
        t = page.texts[n]
        if t.parent.index in parents and len(t.value) < 60 and _YEAR.search(t.value) and _is_date_name(t.parent.name):
            return n
    for n in range(item.element.first, min(item.element.last, item.element.first + 12)):
        t = page.texts[n]
        if item.author is not None and item.author.first <= n < item.author.last:
            continue  # a page that links here may have a year in its title
        if t.parent.index in parents and len(t.value) < 60 and _YEAR.search(t.value) and says_when(t.value):
            around = (t.parent, *takewhile(lambda e: e is not item.element, t.parent.ancestors()))
            if not any(_POSTER.search(e.name) for e in around if e is not item.element):
                return n
    return None


def _refined(page: VisiblePage, author: Element) -> Element:
    """The name itself in an element that holds it and more (a rank, a number, 'wrote on')."""
    for x in page.inside(author)[1:]:
        if (
            x.last > x.first
            and (x.tag == "a" or x.get("itemprop") == "name" or "fn" in x.name.split())
            and any(c.isalpha() for c in page.text(x))
            and not _shows_picture(page, x)
        ):
            return x
    return author


def _shows_picture(page: VisiblePage, e: Element) -> bool:
    return any(x.tag == "img" or "avatar" in x.name for x in page.inside(e)[1:])


def _author_rank(page: VisiblePage, e: Element) -> int:
    """How surely an element is a comment's author."""
    size = page.chars(e)
    if not 0 < size <= 60:
        return 7 if size and e.tag == "a" and size <= _LONGEST_LINK and _leads_to_author(e) else 0
    text = page.text(e)
    if (e.tag != "a" and says_when(text)) or text.lower() in _LABELS:
        return 0
    if e.get("itemprop") == "name" and any(
        "author" in a.get("itemprop") or "creator" in a.name for a in list(e.ancestors())[:4]
    ):
        return 10
    if e.name and _is_sure_name(e.name):
        return 9
    if e.get("rel") == "author" or e.get("itemprop") in ("author", "creator"):
        return 8
    if e.tag == "a" and (_PROFILE.search(e.get("href")) or _leads_to_author(e)):
        # Around a picture stand its owner's initials or state.
        return 4 if _shows_picture(page, e) else 7
    if e.name and _is_author_name(e.name):
        return 6 if size < 40 else 3
    if e.tag == "cite":
        return 5
    return 0


def _leads_to_author(e: Element) -> bool:
    """Whether a link is to the site of who wrote, as WordPress has it."""
    return "url" in e.get("class").split() and "external" in e.get("rel").split()


def _date_rank(page: VisiblePage, e: Element) -> int:
    """How surely an element is a comment's date."""
    size = page.chars(e)
    if not 0 < size <= 60:
        return 0
    if e.tag == "time":
        return 10
    if e.get("itemprop") in ("datePublished", "dateCreated", "commentTime", "dateModified"):
        return 9
    if not says_when(page.text(e)):
        return 0
    if _is_of_edit(page, e):
        return 3
    if e.get("title") and re.search(r"\d{4}", e.get("title")) and e.tag in ("span", "abbr", "a"):
        return 8
    if e.name and _is_date_name(e.name):
        return 7 if size < 40 else 4
    return 3 if size < 30 and e.tag in ("a", "span", "small", "abbr", "p", "div", "td", "em", "i") else 0


def _is_of_edit(page: VisiblePage, e: Element) -> bool:
    """Whether a short line says that a day is that of an edit."""
    line = e.parent if e.parent is not None and page.chars(e.parent) <= _META_CHARS else e
    return _EDITED.match(page.text(line)) is not None


def names_author(e: Element) -> bool:
    """Whether an element's own names say that it is an author's."""
    return (e.name != "" and _speaks_of_author(e.name)) or e.get("itemprop") == "author"


def quotes_in(page: VisiblePage, item: Item) -> list[Element]:
    """Boxes in a post's body that quote another post, without those inside them."""
    found: list[Element] = []
    for body in item.body:
        for e in page.inside(body)[1:]:
            if e.last == e.first or e.tag not in _QUOTE_TAGS or (found and found[-1].has(e)):
                continue
            if _QUOTE.search(e.name) or (e.tag == "blockquote" and item.family == "post"):
                found.append(e)
    return found


def chrome_in(page: VisiblePage, item: Item) -> list[Element]:
    """Blocks in a comment that are none of its text: panes, buttons, quotes' heads, its meta line, a note of who edited
    it, the links between a name and a time that sign it."""
    signed = _signature(item)
    line = item.author.parent if item.author is not None and _signs(page, item, item.author) else None
    return [
        e
        for e in _own(page, item)
        if (e.name and _is_chrome_name(e.name))
        or e.tag in ("button", "form", "footer", "header", "cite", "time", "select")
        or not _CHROME_ATTRIBUTES.isdisjoint(e.attrs)
        or (e.tag == "a" and e.first in signed)
        or e is line
    ]


def _signature(item: Item) -> range:
    """The texts between author and date where both stand at the end of the comment's own text."""
    end = item.date.first if item.date is not None else item.date_text
    if item.author is None or end is None or not any(b is item.element for b in item.body):
        return range(0)
    return range(item.author.last, end)
