"""What kind of page this is, from what its head claims and what was found on it."""

import re

from services.parser.segments import SegmentedPage
from shared.records import PageKind

_PRODUCT = re.compile(
    r"add to (?:cart|basket|bag)|in den warenkorb|ajouter au panier|añadir al carrito|buy now|"
    r"free shipping|in stock|out of stock",
    re.IGNORECASE,
)
_DOCUMENTATION = re.compile(
    r"\bdocs?\b|documentation|/manual|/reference|readthedocs|/api/|developer|/wiki/|tutorial|/guide", re.IGNORECASE
)

# Letters of a button's words at most.
_BUTTON = 40


def page_kind(page: SegmentedPage, *, article: bool, posts: int, comments: int) -> PageKind:
    """The kind; `posts`: comments that are a forum's posts or answers."""
    types = {t.rpartition("/")[2] for t in page.metadata.types}
    if posts or types & {"DiscussionForumPosting", "QAPage", "Question"}:
        return "forum"
    if types & {"Product", "ProductGroup"} or (page.metadata.og_type or "").startswith("product"):
        return "product"
    if not article:
        return "collection" if types & {"CollectionPage", "OfferCatalog"} else "listing"
    if any(t.endswith(("Article", "BlogPosting", "Report")) for t in types) or comments:
        return "article"
    if types & {"TechArticle", "APIReference"} or _DOCUMENTATION.search(page.url):
        return "documentation"
    buttons = "\n".join(t.value for t in page.visible.texts if len(t.value) < _BUTTON)
    return "product" if len(_PRODUCT.findall(buttons)) > 1 else "article"
