"""Who wrote a comment and when: the elements and texts in its block that say so."""

import re
from collections.abc import Callable
from itertools import takewhile

from services.parser.any_case import Pattern, Subject
from services.parser.bylines import BY
from services.parser.cache_sizes import NAMES, TEXTS
from services.parser.comment_item import Item
from services.parser.dates import parse_date
from services.parser.platforms import also, named
from services.parser.visible_text import Element, VisiblePage
from shared.remembered import remembered

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
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|date-?time|published|posted|posted-?on|post-?date|postdate|"
    rf"timestamp|created|ago|when|meta|permalink|datum|fecha{also('date')})(?:$|[\s_-])",
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
_TIME_WORDS = Pattern(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\b\d+\s*(?:s|m|h|d|w|y|mo|sec|min|"
    r"hours?|days?|weeks?|months?|years?)\b|"
    r"\bago\b|yesterday|today|\bvor\b|\bil y a\b|\bhace\b|前"
)
# What author, date and buttons of a comment come to at most, when they stand in the element that is named its body.
META_CHARS = 90
_LONGEST_NAME = 40
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


def sign(page: VisiblePage, item: Item, own: list[Element], outside: list[Element], inside: list[Element]) -> None:
    """Finds author and date of an item among its own elements: outside its body, then inside."""
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


def _leaves_words(item: Item, author: Element) -> bool:
    """Whether an item has more than an author: its only words ('Deleted comment') are no name."""
    return bool(item.inner) or author.first > item.element.first or author.last < item.element.last


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
        if e.tag in _NAME_TAGS and 1 < page.chars(e) <= _LONGEST_NAME and signs(page, item, e):
            return e if may_be_name(page.text(e)) else None
    return None


def signs(page: VisiblePage, item: Item, author: Element) -> bool:
    """Whether what is around a name is a line that begins with 'by' and says when."""
    line = author.parent
    if line is None or line is item.element or not item.element.has(line) or page.chars(line) > META_CHARS:
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
    while line is not None and line.first == when.first and line.last == when.last:
        line = line.parent
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
    loose = [
        n
        for n in range(item.element.first, min(item.element.last, item.element.first + 12))
        if _may_say_when(page, item, n, parents)
    ]
    # A title may have a year in it: '2025-26: a season'.
    return next((n for n in loose if parse_date(page.texts[n].value) is not None), loose[0] if loose else None)


def _may_say_when(page: VisiblePage, item: Item, n: int, parents: set[int]) -> bool:
    """Whether a text among an item's first ones may be its date: no part of its author's name or profile."""
    t = page.texts[n]
    if item.author is not None and item.author.first <= n < item.author.last:
        return False  # a page that links here may have a year in its title
    if t.parent.index not in parents or len(t.value) >= 60 or not _YEAR.search(t.value) or not says_when(t.value):
        return False
    around = takewhile(lambda e: e is not item.element, (t.parent, *t.parent.ancestors()))
    return not any(_POSTER.search(e.name) for e in around)


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
        if x.name and _is_author_name(x.name) and _stands_before_brackets(page, x, author):
            return x
    return author


def _stands_before_brackets(page: VisiblePage, e: Element, around: Element) -> bool:
    """Whether an element is all of another but for what is in brackets: 'Ida Lund (Ely, GB)'."""
    after = "".join(t.value for t in page.texts[e.last : around.last]).strip()
    return around.first == e.first < e.last < around.last and after.startswith("(") and after.endswith(")")


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
    line = e.parent if e.parent is not None and page.chars(e.parent) <= META_CHARS else e
    return _EDITED.match(page.text(line)) is not None


def names_author(e: Element) -> bool:
    """Whether an element's own names say that it is an author's."""
    return (e.name != "" and _speaks_of_author(e.name)) or e.get("itemprop") == "author"
