"""Names of classes and ids as groups of words that mean alike. Each name is read once."""

import re
from typing import Final

from services.parser.cache_sizes import NAMES, WORDS
from services.parser.keywords import plain
from shared.remembered import remembered

# Words of names that mean alike. A word matches a group where it begins with one of its stems.
GROUPS: Final = {
    "comment": "comment cmt kommentar comentario discuss disqus respond replies thread",
    "reply": "reply answer antwort respuesta message msg postbit",
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
    "product": "product price cart shop sku buy woocommerce variant stock offer basket checkout",
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
    "wiki": "wiki mw mediawiki toc infobox reflist references footnote",
    "doc": "doc docs documentation sphinx rst apidoc readme manual guide",
    "event": "event calendar schedule ticket",
    "job": "job career position vacancy",
    "stats": "stats count counter views votes like likes score",
    "hidden": "hidden hide sr-only visually screen-reader invisible noprint print",
    "print": "print email bookmark report flag edit",
    "skip": "skip jump anchor back",
}
_OF_STEM: Final = {stem.replace("-", ""): n for n, stems in enumerate(GROUPS.values()) for stem in stems.split()}
_OPEN_FROM, _LONGEST = 5, max(map(len, _OF_STEM))
# Most words of names begin and end like none of them.
_STARTS = frozenset(stem[:_OPEN_FROM] for stem in _OF_STEM if len(stem) >= _OPEN_FROM)
_ENDS = frozenset(stem[-_OPEN_FROM:] for stem in _OF_STEM if len(stem) >= _OPEN_FROM)
_WORD = re.compile(r"[a-z]+")


@remembered(WORDS)
def _groups_of_token(token: str) -> tuple[int, ...]:
    found = set()
    last = ""
    for word in _WORD.findall(token):
        for each in (word, last + word) if last else (word,):
            n = _OF_STEM.get(each, _OF_STEM.get(each.removesuffix("s")))
            if n is None and len(each) > _OPEN_FROM and (each[:_OPEN_FROM] in _STARTS or each[-_OPEN_FROM:] in _ENDS):
                for end in range(min(len(each) - 1, _LONGEST), _OPEN_FROM - 1, -1):
                    n = _OF_STEM.get(each[:end], _OF_STEM.get(each[-end:]))
                    if n is not None:
                        break
            if n is not None:
                found.add(n)
        last = word
    return tuple(found)


@remembered(NAMES)
def groups_of_name(name: str) -> tuple[int, ...]:
    """The groups, by number, that id and classes speak of."""
    return tuple({n for token in plain(name).split() for n in _groups_of_token(token)})
