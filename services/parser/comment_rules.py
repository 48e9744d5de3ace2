"""Finds comments, replies, answers, reviews and forum posts by how they name themselves and by their repetition.

What is recognised: the markup of Blogger, WordPress, Discourse, phpBB, vBulletin, XenForo, Invision, SMF, FluxBB,
NodeBB, Flarum, bbPress, Disqus, Drupal, Stack Exchange, Reddit, Hacker News, LiveJournal, Mastodon, WooCommerce,
Judge.me and Bazaarvoice, the talk pages of MediaWiki, schema.org's Comment, Answer and Review, and whatever names its
blocks alike, or at least those of their words, or has a button to reply in each. What only one platform's markup has
stands in `platforms.py`.
"""

import re
from collections import defaultdict
from itertools import takewhile, zip_longest
from statistics import median_low

from services.parser.any_case import Pattern, Subject
from services.parser.comment_fields import fill
from services.parser.comment_item import Item
from services.parser.comment_names import FLARUM, Family, body_token, families
from services.parser.comment_signatures import names_author, says_when
from services.parser.talk_pages import find_signed
from services.parser.threads import link_replies
from services.parser.visible_text import Element, VisiblePage

_STRONG = frozenset(["comment", "answer"])
_Key = tuple[Family, str, str]
# A block whose words are to this share another's is a wrapper of that and no post: a blog's theme that wraps its pages
# twice in what it names a post has 95% there.
_WRAPPED = 0.9
# Groups are compared pair by pair; a page with more of them is no thread.
_MOST_GROUPS = 60
# A thread known by its posts' bodies alone has so many, or it is an article and an answer; a post is at most so many
# levels higher above its body than most of them: on Mumsnet's pages the opening stands two levels higher.
_FEWEST, _HIGHER = 3, 2
# What a button to reply says, and nothing else.
_REPLY = frozenset(
    "reply|antworten|répondre|responder|rispondi|svar|svara|beantwoorden|reageer|reageren|odpowiedz|ответить|"
    "відповісти|yanıtla|cevapla|odpovědět|vastaa|trả lời|balas|返信|回复|回覆|답글".split("|")
)
_LONGEST_REPLY = max(map(len, _REPLY))
# What stands where the comments of others would.
_NONE_YET = Pattern(
    r"\W*(?:be the first|no comments? yet|there are no comments|noch keine kommentare|keine kommentare|"
    r"(?:schreib\w*|verfass\w*|hinterlass\w*) (?:hier )?(?:den|als) erste|sei(?:en sie)? der erste|"
    r"soyez le premier|aucun commentaire|sé el primero|no hay comentarios|sii il primo|nessun commento|"
    r"seja o primeiro|nenhum comentário|wees de eerste|nog geen reacties|brak komentarzy)"
)
# Characters that such a line has at most.
_LINE = 80
# A heading of a number and a date has no more letters than a month.
_WORDS = re.compile(r"(?:[^\W\d_].*?){10}")
_ANSWERED = re.compile(r"^(?:re|aw|sv|antw|odp|rif)\s*:\s*", re.IGNORECASE)


def find_items(page: VisiblePage, *, further: bool = False) -> list[Item]:
    """The comments of a page in document order, a forum's opening post among them.

    `further`: it is a further page of a thread, which may have one post alone.
    """
    groups = _groups(page, alone=further) or _by_bodies(page)
    if not groups and (signed := find_signed(page)):
        return signed
    chosen = _without_doubles(groups or _by_replies(page))
    items = sorted(
        (Item(e, family) for (family, _, _), elements in chosen.items() for e in elements),
        key=lambda i: i.element.index,
    )
    items = [i for i, after in zip_longest(items, items[1:]) if after is None or not _same(i, after)]
    _nest(items)
    for item in items:
        fill(page, item)
    items = _with_signatures(page, [i for i in items if not _is_more(page, i)])
    link_replies(page, items)
    return items


def _with_signatures(page: VisiblePage, items: list[Item]) -> list[Item]:
    """Where no block of a thread says who or when: what is around each and no other, where that says it."""
    if len(items) < _FEWEST or any(i.author or i.date or i.date_text is not None or i.inner for i in items):
        return items
    wider = [Item(e, i.family) for e, i in zip(_around([i.element for i in items]), items, strict=True)]
    for item, own in zip(wider, items, strict=True):
        fill(page, item)
        item.body = own.body or [own.element]
    return wider if are_signed(wider) else items


def are_signed(items: list[Item]) -> bool:
    """Whether several items all say who wrote them and when, as no part of an article does."""
    # What has no attributes is a post by what it holds (`FLARUM`), and has no date on any page.
    return are_by_people(items) and all(
        i.date is not None or i.date_text is not None or not i.element.attrs for i in items
    )


def are_by_people(items: list[Item]) -> bool:
    """Whether several items all say who wrote them."""
    return len(items) > 1 and all(i.author is not None for i in items)


def _same(outer: Item, inner: Item) -> bool:
    """Whether a block is another's, or holds no words but the other's."""
    a, b = outer.element, inner.element
    return a.has(b) and a.first == b.first and a.last == b.last


def _is_more(page: VisiblePage, item: Item) -> bool:
    """Whether a block among comments is none: without words, a link to more of them ('Load more', 'Log in'), or a line
    that says that there are none."""
    said = item.author is not None or item.date is not None or item.date_text is not None
    size = page.chars(item.element)
    if not size or (not said and page.link_chars(item.element) > 0.9 * size):
        return True
    dated = item.date is not None or item.date_text is not None
    return not dated and _NONE_YET.begins(Subject(page.beginning(item.element, _LINE)))


def _groups(page: VisiblePage, *, alone: bool) -> dict[_Key, list[Element]]:
    """Elements that look like comments, by family, tag and token; `alone`: also where there is one."""
    groups: dict[_Key, list[Element]] = defaultdict(list)
    for e in page.elements:
        if not e.attrs and e.tag != "article":
            continue
        found_in = families(e)
        if found_in and page.chars(e) > 2:
            for family, token in found_in:
                groups[family, e.tag, token].append(e)
    # A comment may be short and its answer long; posts stand beside each other.
    held = {k: v if k[0] == "comment" else _without_wrappers(page, v) for k, v in groups.items()}
    found = {k: v for k, v in held.items() if _plausible(page, k, v, alone=alone)}
    # A shop answers few of its reviews, and says not when.
    reviews = [e for (family, _, _), elements in found.items() if family == "review" for e in elements]
    reviews.sort(key=lambda e: e.index)
    answers = {k: v for k, v in held.items() if _is_reply(k) and sum(_held(reviews, v)) == len(v)}
    return found | answers


def _without_wrappers(page: VisiblePage, elements: list[Element]) -> list[Element]:
    """Elements, in document order, less those that hold little but the next."""
    return [
        e
        for e, after in zip_longest(elements, elements[1:])
        if after is None or not e.has(after) or page.chars(after) < _WRAPPED * page.chars(e)
    ]


def _by_bodies(page: VisiblePage) -> dict[_Key, list[Element]]:
    """Posts of boards that name nothing but the block of a post's words: what is around one such block and no other."""
    named: dict[str, list[Element]] = defaultdict(list)
    for e in page.elements:
        if (classes := e.attrs.get("class")) and e.last > e.first and (token := body_token(classes)):
            named[token].append(e)
    found: dict[_Key, list[Element]] = {}
    for token, bodies in named.items():
        if len(bodies) >= _FEWEST:
            posts = _around(bodies)
            found["post", posts[-1].tag, token] = posts
    return {key: posts for key, posts in found.items() if _plausible(page, key, posts)}


def _by_replies(page: VisiblePage) -> dict[_Key, list[Element]]:
    """Posts of pages that name nothing at all: what is around one button to reply and no other, and says when."""
    buttons = [t.parent for t in page.texts if t.chars <= _LONGEST_REPLY and t.value.strip().lower() in _REPLY]
    if len(buttons) < _FEWEST:
        return {}
    posts = _around(buttons)
    return {("post", posts[-1].tag, "reply"): posts} if _are_posts(page, posts) else {}


def _around(marks: list[Element]) -> list[Element]:
    """Around each of several like elements, the block that holds no other of them."""
    climbs = [
        _alone(before, e, after)
        for before, e, after in zip([None, *marks[:-1]], marks, [*marks[1:], None], strict=True)
    ]
    # An opening post often stands in a branch of its own, up to the page's head.
    most = median_low(map(len, climbs)) + _HIGHER
    return [climb[:most][-1] for climb in climbs]


def _alone(before: Element | None, e: Element, after: Element | None) -> list[Element]:
    """An element and those around it that hold neither of its neighbours."""
    around = takewhile(lambda a: not any(n is not None and a.has(n) for n in (before, after)), e.ancestors())
    return [e, *around]


def _plausible(page: VisiblePage, key: _Key, elements: list[Element], *, alone: bool = False) -> bool:
    """Whether a group may be a thread: comments say who or when, and are more than links."""
    family, _, token = key
    if (family, token) == FLARUM:
        return True  # without dates, as it is
    # What is named for several and stands alone is what holds them, or the form for one; a post alone has a number.
    lone = alone and elements[0].get("id")[-1:].isdigit()
    if len(elements) < 2 and not lone and (family in ("post", "review") or "comments" in token):
        return False
    total = sum(page.chars(e) for e in elements)
    links = sum(page.link_chars(e) for e in elements)
    if links > (0.6 if family in _STRONG else 0.45) * total:
        return False
    if family == "post":
        return _are_posts(page, elements) and (_has_authors(elements) or _are_numbered(elements))
    marks = _dated(page, elements)
    mean = total / len(elements)
    if family == "review":
        return marks > 0.5 or (len(elements) > 2 and mean > 40 and not _are_teasers(page, elements))
    if marks > 0.5 or (mean > 25 and _has_authors(elements)):
        return True
    return family == "comment" and mean > 25 and (len(elements) > 1 or elements[0].get("id")[-1:].isdigit())


def _are_posts(page: VisiblePage, elements: list[Element]) -> bool:
    """Whether blocks read like a board's posts: most say when, they have some words, and they are no teasers."""
    mean = sum(page.chars(e) for e in elements) / len(elements)
    return _dated(page, elements) > 0.7 and mean > 30 and not _are_teasers(page, elements)


def _dated(page: VisiblePage, elements: list[Element]) -> float:
    """The share of the first blocks that have a date."""
    some = elements[:20]
    return sum(_says_when(page, e) for e in some) / len(some)


def _says_when(page: VisiblePage, e: Element) -> bool:
    """Whether a block has a date somewhere."""
    if any(x.tag == "time" for x in page.inside(e)):
        return True
    return any(len(t.value) < 120 and says_when(t.value) for t in page.texts[e.first : e.last])


def _has_authors(elements: list[Element]) -> bool:
    """Whether most blocks name an author by a class of its own."""
    some = elements[:10]
    return sum(any(map(names_author, _inside(e))) for e in some) * 2 > len(some)


def _are_numbered(elements: list[Element]) -> bool:
    """Whether most blocks have an id that ends with a number."""
    return len(elements) > 2 and sum(e.get("id")[-1:].isdigit() for e in elements) > 0.8 * len(elements)


def _are_teasers(page: VisiblePage, elements: list[Element]) -> bool:
    """Whether most blocks have a heading of their own that is a link: entries of a list of articles. A forum's posts
    repeat the thread's ('Re: …'), as one alone does."""
    if len(elements) < 2:
        return False
    headings = [h for e in elements[:10] if (h := _link_heading(page, e))]
    own = {_ANSWERED.sub("", h) for h in headings}
    return len(headings) > 0.6 * len(elements[:10]) and len(own) > 0.4 * len(headings) + 0.5


def _link_heading(page: VisiblePage, e: Element) -> str:
    """The words of a block's first heading that is a link and more than a number or a date; empty where it has none."""
    for x in page.inside(e):
        if x.tag in ("h1", "h2", "h3", "h4") and page.chars(x) > 12 and page.link_chars(x) > 0.8 * page.chars(x):
            text = page.text(x)
            if _WORDS.search(text):
                return text
    return ""


def _inside(e: Element) -> list[Element]:
    found = [e]
    for x in found:
        found.extend(x.children)
        if len(found) > 400:
            break
    return found[1:]


def _without_doubles(groups: dict[_Key, list[Element]]) -> dict[_Key, list[Element]]:
    """Of groups that are wrappers of the same comments keeps the outer; of a list and its entries the entries."""
    largest = sorted(groups, key=lambda k: -len(groups[k]))[:_MOST_GROUPS]
    keys = sorted(largest, key=lambda k: min(e.depth for e in groups[k]))
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
            answered = (a[0] in ("answer", "post") and b[0] == "comment") or (a[0] == "review" and _is_reply(b))
            separate = answered and len(groups[a]) > 1
            if max(per) > 1 and held > 1.3 * len(groups[a]):
                if not separate:
                    gone.add(a)
            elif not separate or held >= 0.9 * len(groups[a]) == len(groups[b]):
                gone.add(b)
    return {k: groups[k] for k in keys if k not in gone}


def _is_reply(key: _Key) -> bool:
    """Whether blocks are named replies."""
    family, _, token = key
    return family == "post" and "reply" in token


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
