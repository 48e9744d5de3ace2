"""Names of classes and ids as groups of words that mean alike. Each name is read once."""

import re
from operator import add
from typing import Final

from services.parser.cache_sizes import NAMES, WORDS
from services.parser.keywords import LONGEST_TOKEN, MOST_TOKENS, plain
from services.parser.platforms import listed
from shared.remembered import remembered

# Words of names that mean alike. A word matches a group where it begins with one of its stems.
GROUPS: Final = {
    "comment": f"comment cmt kommentar comentario discuss respond replies thread {listed('comment group')}",
    "reply": f"reply answer antwort respuesta message msg {listed('reply group')}",
    "review": "review rating testimonial feedback bewertung",
    "sidebar": "sidebar aside secondary rail rightcol leftcol marginal",
    "footer": "footer foot colophon bottom copyright impressum",
    "header": "header masthead topbar banner branding head",
    "nav": "nav navigation navbar menu submenu megamenu dropdown drawer",
    "crumb": "breadcrumb crumb path",
    "page": "pagination pager paging pagenavi",
    "social": "social share sharing follow facebook twitter whatsapp addthis sharedaddy pinterest",
    "related": "related recommend similar further more suggest mehr read-more readnext upnext",
    "popular": "popular trending top most latest recent new newest",
    "post": "post entry hentry story artikel beitrag blogpost",
    "article": "article articlebody news",
    "content": "content contents inhalt contenido",
    "main": "main primary maincontent",
    "body": "body text txt richtext copy prose wysiwyg markdown editor rte cms",
    "summary": "summary excerpt teaser intro lead abstract dek standfirst description desc",
    "widget": "widget gadget module portlet plugin block",
    "ad": "ad ads advert advertisement adsense sponsor sponsored promo promotion banner-ad dfp cta werbung anzeige",
    "cookie": "cookie consent gdpr ccpa privacy onetrust cmp",
    "modal": "modal popup overlay dialog lightbox offcanvas tooltip popover",
    "subscribe": "subscribe subscription newsletter signup mailing paywall premium",
    "login": "login signin register account user-menu auth",
    "search": "search suche recherche buscar",
    "title": "title headline heading subject name ueberschrift",
    "byline": "author byline writer autor contributor creator",
    "date": "date time published timestamp datum posted",
    "meta": "meta info details infos metadata",
    "tag": "tag tags category categories cat topic label labels taxonomy keyword",
    "figure": "figure caption image img photo picture thumb thumbnail media credit",
    "product": f"product price cart shop sku buy variant stock offer basket checkout {listed('product group')}",
    "spec": "spec specs specification attribute feature features detail benefit",
    "user": "user profile avatar member poster signature vcard",
    "list": "list listing archive results feed items loop grid collection catalog",
    "item": "item card tile cell entry-item li row",
    "hero": "hero jumbotron splash cover",
    "quote": "quote blockquote pullquote testimonial",
    "code": "code highlight pre syntax snippet",
    "table": "table tbl datatable",
    "faq": "faq accordion collapse question toggle tab tabs",
    "legal": "legal terms disclaimer notice alert warning note",
    "lang": "lang language locale translate country",
    "contact": "contact address map location phone hours team staff",
    "form": "form input field select option checkbox submit",
    "button": "button btn action actions control toolbar tools",
    "gallery": "gallery slider carousel swiper slick slide slideshow",
    "video": "video player audio podcast embed iframe",
    "layout": "col column container wrapper wrap inner outer section region",
    "wiki": f"wiki toc references footnote {listed('wiki group')}",
    "doc": "doc docs documentation sphinx rst apidoc readme manual guide",
    "event": "event calendar schedule ticket",
    "job": "job career position vacancy",
    "stats": "stats count counter views votes like likes score",
    "hidden": "hidden hide sr-only visually screen-reader invisible noprint print",
    "print": "print email bookmark report flag edit",
    "skip": "skip jump anchor back",
}
_OF_STEM: Final = {stem.replace("-", ""): n for n, stems in enumerate(GROUPS.values()) for stem in stems.split()}
_OPEN_FROM = 5
_OF_WORD: Final = {f"{stem}s": n for stem, n in _OF_STEM.items()} | _OF_STEM
# Most words of names begin and end like none of them.
_BEGINNINGS = frozenset(word[:_OPEN_FROM] for word in _OF_WORD)
_ENDINGS = frozenset(stem[-_OPEN_FROM:] for stem in _OF_STEM if len(stem) >= _OPEN_FROM)


def _long_stems(part: slice) -> dict[str, list[str]]:
    """The stems that a longer word may begin or end with, the longest first, by this part of them."""
    stems = sorted((stem for stem in _OF_STEM if len(stem) >= _OPEN_FROM), key=len, reverse=True)
    return {key: [s for s in stems if s[part] == key] for key in {s[part] for s in stems}}


_BY_BEGINNING, _BY_ENDING = _long_stems(slice(_OPEN_FROM)), _long_stems(slice(-_OPEN_FROM, None))
_WORD = re.compile(r"[a-z]+")


def _group_of_word(word: str) -> int | None:
    """The group of a word that is a stem, in the plural or not; else of the longest that it begins or ends with."""
    n = _OF_WORD.get(word)
    if n is not None or len(word) <= _OPEN_FROM:
        return n
    longest = ""
    for stem in _BY_BEGINNING.get(word[:_OPEN_FROM], ()):
        if word.startswith(stem):
            longest = stem
            break
    for stem in _BY_ENDING.get(word[-_OPEN_FROM:], ()):
        if len(stem) > len(longest) and word.endswith(stem):
            longest = stem
            break
    return _OF_STEM.get(longest)


@remembered(WORDS)
def _groups_of_token(token: str) -> tuple[int, ...]:
    """The groups of its words, and of two that follow one another taken as one."""
    # What is in lower case needs no more to be read: whatever parts its words is no letter.
    words = _WORD.findall(token[:LONGEST_TOKEN] if token.islower() else plain(token))
    if len(words) > 1:
        words = [*words, *map(add, words, words[1:])]
    some = [w for w in words if w[:_OPEN_FROM] in _BEGINNINGS or w[-_OPEN_FROM:] in _ENDINGS]
    return tuple({n for n in map(_group_of_word, some) if n is not None}) if some else ()


@remembered(NAMES)
def groups_of_name(name: str) -> tuple[int, ...]:
    """The groups, by number, that id and classes speak of."""
    return tuple(set().union(*map(_groups_of_token, name.split()[:MOST_TOKENS])))
