"""Finds comments, replies, answers, reviews and forum posts by how they name themselves and by their repetition.

What is recognised: the markup of Blogger, WordPress, Discourse, phpBB, vBulletin, XenForo, Invision, Disqus,
Stack Exchange, Reddit (old) and bbPress, schema.org's Comment, Answer and Review, and whatever names its blocks alike.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from services.parser.visible_text import Element, VisiblePage

Family = Literal["comment", "answer", "review", "post"]

_WRAP = r"(?:[-_]*(?:item|entry|wrap(?:per)?|container|box|block|single|node|row|list-?item|card|outer|inner|main|body|root|full|content|view|article|li))"
# Class tokens that name one comment. `post` and `message` also name other things, so they must be repeated.
_TOKENS: dict[Family, re.Pattern[str]] = {
    "answer": re.compile(rf"^(?:[\w-]*[-_])?answers?{_WRAP}?$|^suggested-?answer$"),
    "review": re.compile(rf"^(?:[\w-]*[-_])?(?:reviews?){_WRAP}?$"),
    "post": re.compile(
        rf"^(?:[\w-]*[-_])?(?:posts?|messages?|msg|repl(?:y|ies)){_WRAP}?$"
        r"|^(?:postcontainer|postbit\w*|postbitlegacy|topic-post|crawler-post|message--post|cpost|windowbg2?|blockpost|post_block|forum-?post|bbp-reply|thread-?post|ipscomment|post_wrapper|postbox)$"
    ),
    "comment": re.compile(
        rf"^(?:[\w-]*[-_])?(?:comments?|comm|cmt|cmnt|kommentar|comentario|commentaire|commento|komentarz|yorum|reactie){_WRAP}?$"
        r"|^(?:singlecomment|commentitem|comentry|usercomment|discussionboard-item)$"
    ),
}
_IDS: dict[Family, re.Pattern[str]] = {
    "answer": re.compile(r"^answer[-_]?\d+$"),
    "review": re.compile(r"^review[-_]?\d+$"),
    "post": re.compile(
        r"^(?:js-)?(?:post|p|msg|message|reply|td_post|edit|table|post_message|forum_post)[-_]?\d{1,12}$"
    ),
    "comment": re.compile(r"^(?:li-|div-)?(?:comment|cmt|comm|kommentar)[-_]?\d{1,12}$"),
}
_ITEM_TAGS = frozenset(["li", "div", "article", "section", "tr", "tbody", "table", "dl", "dd", "details"])
# What every token that the patterns match has in it: passes over nine tokens of ten.
_STEM = re.compile(r"comm|cmt|cmnt|kom|yorum|reactie|repl|answer|review|post|messag|msg|window|discussion")
# Tokens that match the patterns and never are one comment.
_NOT_ITEMS = re.compile(
    r"form|respond|replies|reply-?box|thread|holder|recent|latest|list$|^comments$|count|link|^no-?comments|header|title|toggle|author|meta|avatar|button|"
    r"^post-?(?:content|body|entry|box|inner|main|view)$|^article|^(?:blog-?)?posts?-?(?:list|container|wrapper|block|row|item|card)?$|"
    r"related|popular|featured|share|area|section|sidebar|widget|nav|footer|summary|rating|date|hide|show|user"
)
_STRONG = frozenset(["comment", "answer"])
_FAMILIES: tuple[Family, ...] = ("comment", "answer", "review", "post")
_BODY = re.compile(
    r"(?:^|[\s_-])(?:(?:comments?|cmt|message|messages|post|reply|review|answer|cpost|msg)[-_]?(?:text|txt|body|content|contents|message|copy|entry|data)"
    r"|commenttext|commentbody|commentcontent|postbody|postcontent|posttext|post_message|bbwrapper|messagetext|message-?content|userContent|"
    r"usertext-body|js-post-body|s-prose|entry-content|e-content|cooked|post_body|review-?text|discussionboard-message|ipsType_richText)(?:$|[\s_-])"
    r"|(?:^|\s)(?:content|text|md|body|message|description)(?:$|\s)",
    re.IGNORECASE,
)
_BODY_PROPS = frozenset(["text", "commentText", "reviewBody", "articleBody", "description"])
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:fn|author|authors|username|user-?name|userlink|user|nick|nickname|poster|postauthor|creator|commenter|display-?name|"
    r"autor|pseudo|bigusername|popupctrl|message-name|comment-user|member|name|profile-?link|screen-?name|owner|byline|by)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|date-?time|published|posted|posted-?on|post-?date|postdate|timestamp|created|ago|when|relativetime|"
    r"live-?timestamp|commentmetadata|comment-?meta(?:data)?|meta|permalink|datum|fecha|tagline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:reply|replies|actions?|buttons?|btn|toolbar|controls?|avatar|userpic|author|vcard|meta(?:data)?|votes?|voting|likes?|rating|"
    r"signature|sig|userinfo|user-?info|user-?details|profile|poster|share|flag|report|permalink|footer|edit|says|moderation|tools|menu|"
    r"count(?:er)?|date|time|badge|rank|postprofile|author-?pane|username|header|"
    r"reactions?|karma|score|score-?hidden|attribution|thumbs?|helpful|post-?menu|links)(?:$|[\s_-])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_QUOTE = re.compile(
    r"(?:^|[\s_-])(?:\w*quote|quote-?\w*|bbcode_container|quotecontent|citation)(?:$|[\s_-])", re.IGNORECASE
)
_TIME_WORDS = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\b\d+\s*(?:s|m|h|d|w|y|mo|sec|min|hours?|days?|weeks?|months?|years?)\b|"
    r"\bago\b|yesterday|today|\bvor\b|\bil y a\b|\bhace\b|前",
    re.IGNORECASE,
)


# What author, date and buttons of a comment come to at most, when they stand in the element that is named its body.
_META_CHARS = 90
_NO_NAME = re.compile(
    r"^(?:reply|repl|edit|share|report|quote|link|like|permalink|#|delete|more|read|show|hide|post|comment|antworten|re:)",
    re.IGNORECASE,
)


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


def find_items(page: VisiblePage) -> list[Item]:
    """The comments of a page in document order, a forum's opening post among them."""
    groups = _groups(page)
    if not groups:
        return []
    chosen = _without_doubles(page, groups)
    items = sorted(
        (Item(e, family) for (family, _, _), elements in chosen.items() for e in elements),
        key=lambda i: i.element.index,
    )
    items = [i for n, i in enumerate(items) if not n or items[n - 1].element is not i.element]
    _nest(items)
    for item in items:
        _fill(page, item)
    return [i for i in items if i.body or page.chars(i.element)]


_Key = tuple[Family, str, str]


def _families(e: Element) -> list[tuple[Family, str]]:
    """What an element's own names make it, each with the token that says so: its class or id, and its schema.org type."""
    if e.tag not in _ITEM_TAGS:
        return []
    found: list[tuple[Family, str]] = []
    by_name = _by_name(e)
    if by_name is not None:
        found.append(by_name)
    kind = e.get("itemtype").rpartition("/")[2]
    if kind in ("Comment", "UserComments"):
        found.append(("comment", "schema"))
    elif kind in ("Answer", "Review"):
        found.append(("answer" if kind == "Answer" else "review", "schema"))
    return found


@lru_cache(maxsize=32_768)
def _family_of_token(token: str) -> Family | None:
    if not _STEM.search(token) or _NOT_ITEMS.search(token):
        return None
    return next((f for f in _FAMILIES if _TOKENS[f].match(token)), None)


def _by_name(e: Element) -> tuple[Family, str] | None:
    if not e.name:
        return None
    by_class = _by_class(e.get("class"))
    if by_class is not None and by_class != _BARE_POST:
        return by_class
    ident = e.get("id").lower()
    if ident and ident[-1:].isdigit():
        for family in _FAMILIES:
            if _IDS[family].match(ident):
                return family, "#id"
    return by_class


_BARE_POST: tuple[Family, str] = ("post", "post")


@lru_cache(maxsize=16_384)
def _by_class(names: str) -> tuple[Family, str] | None:
    tokens = names.lower().split()
    if "thing" in tokens and "comment" in tokens:
        return "comment", "thing"
    named = [(f, t) for t in tokens[:12] if (f := _family_of_token(t))]
    if named:
        return min(named, key=lambda n: _FAMILIES.index(n[0]))
    return _BARE_POST if "post" in tokens else None


def _groups(page: VisiblePage) -> dict[_Key, list[Element]]:
    """Elements that look like comments, by family, tag and token."""
    groups: dict[_Key, list[Element]] = defaultdict(list)
    for e in page.elements:
        if e.last == e.first or not e.attrs:
            continue
        found = _families(e)
        if found and page.chars(e) > 2:
            for family, token in found:
                groups[family, e.tag, token].append(e)
    return {k: v for k, v in groups.items() if _plausible(page, k, v)}


def _plausible(page: VisiblePage, key: _Key, elements: list[Element]) -> bool:
    """Whether a group may be a thread: comments say who or when, and are more than links."""
    family = key[0]
    if family in ("post", "review") and len(elements) < 2:
        return False
    total = sum(page.chars(e) for e in elements)
    links = sum(page.link_chars(e) for e in elements)
    if links > (0.6 if family in _STRONG else 0.45) * total:
        return False
    said = sum(_says_when(page, e) for e in elements[:20])
    marks = said / min(len(elements), 20)
    mean = total / len(elements)
    if family == "post":
        return (
            marks > 0.7
            and mean > 30
            and not _are_teasers(page, elements)
            and (_has_authors(elements) or _are_numbered(elements))
        )
    if family == "review":
        return marks > 0.5 or (len(elements) > 2 and mean > 40 and not _are_teasers(page, elements))
    if marks > 0.5 or (mean > 25 and _has_authors(elements)):
        return True
    return family == "comment" and mean > 25 and (len(elements) > 1 or elements[0].get("id")[-1:].isdigit())


def _says_when(page: VisiblePage, e: Element) -> bool:
    """Whether a block has a date somewhere."""
    if any(x.tag == "time" for x in page.inside(e)):
        return True
    return any(len(t.value) < 120 and _TIME_WORDS.search(t.value) for t in page.texts[e.first : e.last])


def _has_authors(elements: list[Element]) -> bool:
    """Whether most blocks name an author by a class of its own."""
    some = elements[:10]
    return sum(
        any(_AUTHOR.search(x.name) or x.get("itemprop") == "author" for x in _inside(e)) for e in some
    ) * 2 > len(some)


def _are_numbered(elements: list[Element]) -> bool:
    """Whether most blocks have an id that ends with a number."""
    return len(elements) > 2 and sum(e.get("id")[-1:].isdigit() for e in elements) > 0.8 * len(elements)


def _are_teasers(page: VisiblePage, elements: list[Element]) -> bool:
    """Whether most blocks have a heading that is a link: entries of a list of articles."""
    some = elements[:10]
    headed = sum(
        any(
            x.tag in ("h1", "h2", "h3", "h4") and page.chars(x) > 12 and page.link_chars(x) > 0.8 * page.chars(x)
            for x in page.inside(e)
        )
        for e in some
    )
    return headed > 0.6 * len(some)


def _inside(e: Element) -> list[Element]:
    found = [e]
    for x in found:
        found.extend(x.children)
        if len(found) > 400:
            break
    return found[1:]


def _without_doubles(page: VisiblePage, groups: dict[_Key, list[Element]]) -> dict[_Key, list[Element]]:
    """Of groups that are wrappers of the same comments keeps the outer; of a list and its entries the entries."""
    keys = sorted(groups, key=lambda k: (min(e.depth for e in groups[k]), -len(groups[k])))
    gone: set[_Key] = set()
    for a in keys:
        for b in keys:
            if a is b or a in gone or b in gone:
                continue
            same = len({e.index for e in groups[a]} & {e.index for e in groups[b]})
            if 2 * same > min(len(groups[a]), len(groups[b])):
                gone.add(b if len(groups[b]) <= len(groups[a]) else a)
                continue
            per = _held(groups[a], groups[b])
            held = sum(per)
            if held < 0.5 * len(groups[b]):
                continue
            separate = a[0] in ("answer", "post") and b[0] == "comment" and len(groups[a]) > 1
            if max(per) > 1 and held > 1.3 * len(groups[a]):
                if not separate:
                    gone.add(a)
            elif not separate or held >= 0.9 * len(groups[a]) == len(groups[b]):
                gone.add(b)
    return {k: v for k, v in groups.items() if k not in gone}


def _held(outers: list[Element], inners: list[Element]) -> list[int]:
    """How many of `inners` stand in each of `outers` and in no other of them inside it. Both in document order."""
    held = [0] * len(outers)
    opened: list[int] = []
    n = 0
    for inner in inners:
        while n < len(outers) and outers[n].index < inner.index:
            opened.append(n)
            n += 1
        while opened and outers[opened[-1]].end <= inner.index:
            opened.pop()
        # Elements nest, so once the innermost open one holds it, no other need be looked at.
        if opened:
            held[opened[-1]] += 1
    return held


def _nest(items: list[Item]) -> None:
    """Sets each item's parent: the item around it."""
    opened: list[Item] = []
    for item in items:
        while opened and not opened[-1].element.has(item.element):
            opened.pop()
        if opened:
            item.parent = opened[-1]
            opened[-1].inner.append(item.element)
        opened.append(item)


def _fill(page: VisiblePage, item: Item) -> None:
    """Finds body, author and date of an item."""
    own = _own(page, item)
    item.body = _body(page, item, own)
    in_body = {x.index for b in item.body for x in page.inside(b)}
    outside = [e for e in own if e.index not in in_body]
    inside = [e for e in own if e.index in in_body and not any(e is b for b in item.body)]
    author = (
        _first(page, outside, _author_rank, 3)
        or _first(page, inside, _author_rank, 7)
        or _loose_author(page, item, own)
    )
    item.author = _refined(page, author) if author is not None else None
    item.date = _first(page, outside, _date_rank, 3) or _first(page, inside, _date_rank, 7)
    if item.date is None:
        item.date_text = _loose_date(page, item, own)


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
    named = [e for e in own if e.index not in holders and (_BODY.search(e.name) or e.get("itemprop") in _BODY_PROPS)]
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
            and (page.chars(e) >= 0.6 * page.chars(best) or page.chars(best) - page.chars(e) < _META_CHARS)
        ):
            best = e
    return [best]


def _is_meta(e: Element) -> bool:
    return e.tag in ("time", "cite", "footer", "header", "button") or bool(
        re.search(r"meta|author|footer|header|avatar|vcard|action|user-?info|title|date", e.name, re.IGNORECASE)
    )


def _first(
    page: VisiblePage, own: list[Element], rank: Callable[[VisiblePage, Element], int], least: int
) -> Element | None:
    """The first element of the highest rank; None where none reaches `least`."""
    best, found = least - 1, None
    for e in own:
        if (r := rank(page, e)) > best:
            best, found = r, e
    return found


def _loose_author(page: VisiblePage, item: Item, own: list[Element]) -> Element | None:
    """Without an element that is named so, the first short bold text or link before the body is the author."""
    start = item.body[0].first if item.body and item.body[0].first > item.element.first else item.element.first + 3
    for e in own:
        if e.first >= start:
            return None
        if e.tag in ("a", "b", "strong", "cite", "h3", "h4", "h5", "h6", "dt", "span") and 1 < page.chars(e) <= 40:
            text = page.text(e)
            if text[:1].isalpha() and not _TIME_WORDS.search(text) and not _NO_NAME.search(text):
                return e
    return None


def _loose_date(page: VisiblePage, item: Item, own: list[Element]) -> int | None:
    """The first short text before or beside the body with a year and a time's digits in it."""
    parents = {e.index for e in own} | {item.element.index}
    for n in range(item.element.first, min(item.element.last, item.element.first + 12)):
        t = page.texts[n]
        if t.parent.index in parents and len(t.value) < 60 and _YEAR.search(t.value) and _TIME_WORDS.search(t.value):
            return n
    return None


def _refined(page: VisiblePage, author: Element) -> Element:
    """The name itself in an element that holds it and more (a rank, a number, 'wrote on')."""
    for x in page.inside(author)[1:]:
        if (
            x.last > x.first
            and (x.tag == "a" or x.get("itemprop") == "name" or "fn" in x.name.split())
            and any(c.isalpha() for c in page.text(x))
        ):
            return x
    return author


@lru_cache(maxsize=16_384)
def _is_date_name(name: str) -> bool:
    return re.search(r"time|date|ago", name, re.IGNORECASE) is not None


def _author_rank(page: VisiblePage, e: Element) -> int:
    """How surely an element is a comment's author."""
    size = page.chars(e)
    if not 0 < size <= 60:
        return 0
    if _TIME_WORDS.search(page.text(e)) and e.tag != "a":
        return 0
    if e.get("itemprop") == "name" and any(
        "author" in a.get("itemprop") or "creator" in a.name for a in list(e.ancestors())[:4]
    ):
        return 10
    name = e.name.lower()
    tokens = name.split()
    if "fn" in tokens or "username" in tokens or "message-name" in tokens or "bigusername" in tokens:
        return 9
    if e.get("rel") == "author" or e.get("itemprop") in ("author", "creator"):
        return 8
    if e.tag == "a" and re.search(
        r"/(?:users?|members?|profiles?|u|author)/|member\.php|memberlist\.php|profile", e.get("href")
    ):
        return 7
    if _AUTHOR.search(name) and not re.search(r"meta|date|time|avatar|reply|title|role|rank|badge|action", name):
        return 6 if size < 40 else 3
    if e.tag == "cite":
        return 5
    return 0


def _date_rank(page: VisiblePage, e: Element) -> int:
    """How surely an element is a comment's date."""
    size = page.chars(e)
    if not 0 < size <= 60:
        return 0
    if e.tag == "time":
        return 10
    if e.get("itemprop") in ("datePublished", "dateCreated", "commentTime", "dateModified"):
        return 9
    text = page.text(e)
    if not _TIME_WORDS.search(text):
        return 0
    if e.get("title") and re.search(r"\d{4}", e.get("title")) and e.tag in ("span", "abbr", "a"):
        return 8
    if _DATE.search(e.name):
        return 7 if size < 40 else 4
    return 3 if size < 30 and e.tag in ("a", "span", "small", "abbr", "p", "div", "td", "em", "i") else 0


def quotes_in(page: VisiblePage, item: Item) -> list[Element]:
    """Boxes in a post's body that quote another post."""
    quotes = []
    for body in item.body:
        for e in page.inside(body)[1:]:
            if e.last > e.first and (_QUOTE.search(e.name) or (e.tag == "blockquote" and item.family == "post")):
                quotes.append(e)
    return quotes


def chrome_in(page: VisiblePage, item: Item) -> list[Element]:
    """Blocks in a comment that are none of its text: panes, buttons, quotes' heads, its meta line."""
    return [
        e
        for e in _own(page, item)
        if _CHROME.search(e.name) or e.tag in ("button", "form", "footer", "header", "cite", "time", "select")
    ]
