"""What a page as a whole says: its size, its tags, its address, what its head claims."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.parser.blocks import Blocks
from services.parser.columns import Matrix
from services.parser.segments import SegmentedPage

_DIGIT: Final = re.compile(r"\d")
_URL_WORDS: Final = (
    ("forum", r"forum|thread|topic|viewtopic|showthread|/t/|community|question|discuss"),
    ("product", r"product|/p/|/dp/|shop|item|store"),
    ("collection", r"categor|collection|/c/|catalog|/shop/?$|tag/"),
    ("documentation", r"docs?\b|documentation|manual|reference|readthedocs|/api/|wiki|guide|tutorial|help"),
    ("article", r"blog|news|article|story|/20\d\d/|post|magazine"),
    ("service", r"service|solution|about|contact|pricing|plans|company"),
)
_URL_RULES: Final = [(name, re.compile(rule, re.IGNORECASE)) for name, rule in _URL_WORDS]
_TYPES: Final = (
    "Article NewsArticle BlogPosting Product ProductGroup FAQPage QAPage DiscussionForumPosting CollectionPage "
    "ItemList WebPage Organization LocalBusiness Recipe TechArticle BreadcrumbList VideoObject Event Person Service "
    "JobPosting "
    "SoftwareApplication WebSite Question Review"
).split()


def page_columns(page: SegmentedPage, blocks: Blocks, words: Matrix, link_share: NDArray[np.float32]) -> list[float]:
    """What the page as a whole says; the same for each of its blocks."""
    visible, metadata = page.visible, page.metadata
    types = {t.rpartition("/")[2] for t in metadata.types}
    path = page.url.partition("://")[2].partition("/")[2]
    chars, total = words[:, 0], float(words[:, 0].sum()) or 1.0
    tags: dict[str, int] = {}
    for e in visible.elements:
        tags[e.tag] = tags.get(e.tag, 0) + 1
    long = chars[(chars > 80) & (link_share < 0.3)]
    values: list[float] = [
        len(blocks),
        total,
        float((chars * link_share).sum()) / total,
        float(long.sum()) / total,
        len(long),
        float(words[:, 10].sum()),
        float(words[:, 11].sum()),
        float(words[:, 12].sum()),
        float(words[:, 9].sum()),
        float((words[:, 7] * words[:, 1]).sum()) / max(1.0, float(words[:, 1].sum())),
        *(
            tags.get(t, 0)
            for t in (
                "p",
                "li",
                "h1",
                "h2",
                "h3",
                "article",
                "main",
                "form",
                "table",
                "img",
                "time",
                "pre",
                "input",
                "button",
                "option",
                "iframe",
            )
        ),
        path.count("/"),
        len(path),
        len(_DIGIT.findall(path)),
        path.count("-"),
        path in ("", "index.html", "index.php"),
        "?" in path,
        *(rule.search(page.url) is not None for _, rule in _URL_RULES),
        *(t in types for t in _TYPES),
        {"article": 1, "website": 2, "product": 3}.get((metadata.og_type or "").partition(".")[0].lower(), 0),
        metadata.published_at is not None,
        bool(metadata.authors),
        len(metadata.description or ""),
        len(metadata.title or ""),
        metadata.comment_count or 0,
        len(metadata.article_body or ""),
    ]
    return values


PAGE_COLUMNS: Final = [
    *"blocks chars link_share long_share long prices dates read_more copyright function_words".split(),
    *(f"n_{t}" for t in "p li h1 h2 h3 article main form table img time pre input button option iframe".split()),
    *"path_depth path_length path_digits path_hyphens path_empty query".split(),
    *(f"url_{name}" for name, _ in _URL_WORDS),
    *(f"type_{t}" for t in _TYPES),
    *"og_type has_date has_author description title_length comment_count article_body".split(),
]
