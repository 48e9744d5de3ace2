"""Who wrote a comment and when, by what signs it."""

from pathlib import Path

from services.parser import parse
from shared.records import Comment

PAGE = (Path(__file__).parent / "pages" / "blog-post.html").read_text("utf-8")
BODY = "<div class=comment-text><p>The straw keeps nothing away, as we found out in the second spring of it.</p></div>"


def thread(*signed: str, body: str = BODY) -> list[Comment]:
    """Comments below an article that are signed so."""
    items = "".join(f"<li class=comment id=comment-{n}{n}>{s}{body}</li>" for n, s in enumerate(signed, 1))
    above = PAGE.partition("<body")[2].partition(">")[2].partition("<section")[0]
    page = parse(f"<html lang=en><body>{above}<ol id=comments>{items}</ol>", "https://site.example/a")
    return page.comments[-len(signed) :]


def authors(*signed: str) -> list[str | None]:
    return [c.author for c in thread(*signed)]


def test_a_server_is_no_part_of_a_name() -> None:
    link = "<a class=person href=/u/{0}><span>{0}</span><small>@{1}</small></a> <time>May 3, 2024</time>"
    assert authors(link.format("ida", "hens.example"), link.format("Bo Lind", "a.b-c.example")) == ["ida", "Bo Lind"]
    assert authors(*["<b class=author>ida@hens.example</b>"] * 2) == ["ida@hens.example"] * 2
