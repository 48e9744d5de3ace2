"""Ids in addresses, each of its own form (docs/records.md)."""

from typing import Annotated

from fastapi import Path

_PAGE = r"[a-z2-7]{20}"
_ORDINAL = r"(~[0-9]{1,9})?"
_COMMENT = rf"{_PAGE}:c:[A-Za-z0-9_.-]{{1,80}}{_ORDINAL}"
_WIDGET = rf"{_PAGE}:w:[a-z_]{{1,30}}:[a-z2-7]{{1,20}}{_ORDINAL}"
_EXAMPLE = "cy3xbq2n5dkwzjvmhuop"

PageId = Annotated[
    str, Path(pattern=f"^{_PAGE}$", description="A page's id: 20 letters and digits.", examples=[_EXAMPLE])
]
ArticleId = Annotated[
    str, Path(pattern=f"^{_PAGE}:a$", description="A page's id and `:a`.", examples=[f"{_EXAMPLE}:a"])
]
CommentId = Annotated[
    str, Path(pattern=f"^{_COMMENT}$", description="A page's id, `:c:` and its own.", examples=[f"{_EXAMPLE}:c:1042"])
]
WidgetId = Annotated[
    str,
    Path(
        pattern=f"^{_WIDGET}$",
        description="A page's id, `:w:`, the widget's kind and a hash.",
        examples=[f"{_EXAMPLE}:w:recent_posts:{_EXAMPLE}"],
    ),
]
RecordId = Annotated[
    str,
    Path(
        pattern=f"^({_PAGE}|{_PAGE}:a|{_COMMENT}|{_WIDGET})$",
        description="The id of a page, an article, a comment or a widget.",
        examples=[f"{_EXAMPLE}:c:1042"],
    ),
]
CrawlId = Annotated[str, Path(pattern=r"^[0-9]{1,15}$", description="A crawl's id.", examples=["12"])]
