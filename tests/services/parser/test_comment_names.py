"""What blocks of comments call themselves."""

import pytest

from services.parser.engine import ask
from tests.services.parser.asking import elements_of, html_of


@pytest.mark.parametrize(
    ("tag", "attributes", "found"),
    [
        ("div", {"class": "comment even depth-1", "id": "comment-12"}, [("comment", "comment")]),
        ("div", {"id": "li-comment-12"}, [("comment", "#li-comment-")]),
        ("div", {"id": "Answer_7"}, [("answer", "#answer_")]),
        ("tr", {"id": "post123456"}, [("post", "#post")]),
        ("div", {"id": "menu-item-12", "class": "menu-item"}, []),
        ("div", {"id": "comments"}, []),
        ("div", {"class": "post"}, [("post", "post")]),
        ("div", {"class": "post", "id": "comment-3"}, [("comment", "#comment-")]),
        ("span", {"class": "comment"}, []),
        ("div", {"itemtype": "https://schema.org/Answer"}, [("answer", "schema")]),
        ("li", {"class": "review", "itemtype": "a:Review"}, [("review", "review")]),
        ("li", {"class": "review", "itemtype": "a/Review"}, [("review", "review"), ("review", "schema")]),
        ("div", {"class": "Story_comment__aB3dE"}, [("comment", "story_comment")]),
        ("div", {"class": "comment__title"}, []),
        ("div", {"class": "live-match-comment"}, []),
        ("div", {"class": "jdgm-rev jdgm-divider-top"}, [("review", "jdgm-rev")]),
        ("div", {"class": None, "id": None}, []),
    ],
)  # fmt: skip
def test_families(tag: str, attributes: dict[str, str | None], found: list[tuple[str, str]]) -> None:
    said = " ".join(name if value is None else f"{name}='{value}'" for name, value in attributes.items())
    source = f"<table><tr {said}><td>x</table>" if tag == "tr" else f"<{tag} {said}>x"
    html = html_of(source)
    element = next(n for n, e in enumerate(elements_of(html)) if e.tag == tag)
    assert [(family, token) for family, token in ask("families", html=html)[element]] == found


@pytest.mark.parametrize(
    ("names", "token"),
    [
        ("post-body mt-2", "post-body"),
        ("box msg_text", "msg_text"),
        ("postText", "posttext"),
        ("forum-post-body", "forum-post-body"),
        ("post-content", None),
        ("body", None),
        ("message", None),
    ],
)
def test_body_token(names: str, token: str | None) -> None:
    assert ask("body_token", texts=[names]) == [token]
