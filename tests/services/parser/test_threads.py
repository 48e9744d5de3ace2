"""Which comment answers which: by levels, by lists beside comments, by what a comment names; and what is no comment."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parser.engine import ask
from tests.services.parser.asking import Page, ask_of

WORDS = "Something to say that is long enough to be a comment of its own"


def page_of(html: str) -> Page:
    return Page(f"<body>{html}")


def items_of(html: str) -> list[dict[str, Any]]:
    """The comments found, elements as their numbers, parents as theirs."""
    found: list[dict[str, Any]] = ask_of("find_items", f"<body>{html}")["items"]
    return found


def parents(html: str) -> list[int | None]:
    """The number of each comment's parent."""
    return [i["parent"] for i in items_of(html)]


def authors(html: str) -> list[str]:
    """The names of the comments' authors, where they have any."""
    page = page_of(html)
    return [page.text(i["author"]) for i in items_of(html) if i["author"] is not None]


def comment(
    n: int, *, attrs: str = "", name: str = "comment", before: str = "", text: str = WORDS, who: str = ""
) -> str:
    return (
        f'<div class="{name}" id="c-{n}0" {attrs}>{before}<b class="author">{who or f"Writer {n}"}</b> '
        f'<span class="date">2024-05-0{n + 1} 10:00</span><div class="comment-text"><p>{text} ({n}).</p></div></div>'
    )


@pytest.mark.parametrize(
    "thread",
    [
        [comment(n, attrs=f'data-depth="{d}"') for n, d in enumerate((0, 1, 2, 1, 0))],
        [comment(n, name=f"comment level-{d}") for n, d in enumerate((1, 2, 3, 2, 1))],
        [comment(n, attrs=f'style="margin-left: {d}px"' if d else "") for n, d in enumerate((0, 25, 50, 25, 0))],
        [f'<div style="margin:0 0 0 {d}em">{comment(n)}</div>' for n, d in enumerate((0, 2, 4, 2, 0))],
        [
            f'<table class="comment"><tr><td><img src="s.gif" height="1" width="{d}"></td><td>{comment(n, name="")}'
            "</td></tr></table>"
            for n, d in enumerate((0, 40, 80, 40, 0))
        ],
    ],
    ids=["attribute", "class", "margin", "margin around", "spacer"],
)
def test_levels_of_a_flat_list(thread: list[str]) -> None:
    assert parents("".join(thread)) == [None, 0, 1, 0, None]


@pytest.mark.parametrize("levels", [(3, 1, 3, 2, 1), (0, 4, 0, 4, 2), (1, 1, 1, 1, 1)])
def test_levels_that_no_thread_has_are_none(levels: tuple[int, ...]) -> None:
    assert parents("".join(comment(n, attrs=f'data-level="{d}"') for n, d in enumerate(levels))) == [None] * 5


def test_a_list_beside_a_comment_holds_its_answers() -> None:
    html = (
        f"<ol><li>{comment(0)}<ul><li>{comment(1)}<ul><li>{comment(2)}</li></ul></li><li>{comment(3)}</li></ul></li>"
        f"<li>{comment(4)}</li></ol>"
    )
    assert parents(html) == [None, 0, 1, 0, None]


def test_an_indented_block_holds_answers_to_the_comment_before_it() -> None:
    inner = f'{comment(1)}<div class="indented">{comment(2)}</div>{comment(3)}'
    assert parents(f'{comment(0)}<div class="indented">{inner}</div>{comment(4)}') == [None, 0, 1, 0, None]


@pytest.mark.parametrize(
    "said",
    [
        {"attrs": 'data-parent-id="00"'},
        {"before": '<a class="parent-link" href="#c-00">up</a>'},
        {"before": '<p>In reply to <a href="/page#c-00">an earlier one</a> by <a class="username">Writer 0</a></p>'},
        {"before": "<small>Als Antwort auf Writer 0</small>"},
        {"text": f"@Writer 0: {WORDS}"},
        {"text": f"In reply to #1: {WORDS}"},
    ],
    ids=["attribute", "link", "words and link", "words", "mention", "number"],
)
def test_a_comment_names_what_it_answers(said: dict[str, str]) -> None:
    first = comment(0, before='<a href="#c-00">#1</a> ')
    assert parents(first + comment(1, before='<a href="#c-10">#2</a> ') + comment(2, **said)) == [None, None, 0]
    html = first + comment(1) + comment(2, **said)
    assert authors(html) == ["Writer 0", "Writer 1", "Writer 2"]


def test_mentions_do_not_rearrange_a_nested_thread() -> None:
    html = (
        f"<ol><li>{comment(0)}<ul><li>{comment(1)}</li></ul></li><li>{comment(2, text='@Writer 1 ' + WORDS)}</li></ol>"
    )
    assert parents(html) == [None, 0, None]


def test_nobody_is_addressed_by_part_of_a_name() -> None:
    assert parents(comment(0, who="Ann") + comment(1) + comment(2, text="@Annabel " + WORDS)) == [None, None, None]


def test_quotes_are_boxes_and_not_what_can_be_quoted() -> None:
    body = (
        '<div class="selectable js-selectToQuote"><div class="quote"><div class="quote-title">A wrote:</div>'
        f'<blockquote class="quote-body">Said before.</blockquote></div>{WORDS}.<a class="quote">Quote</a></div>'
    )
    html = "".join(
        f'<div class="message" id="post-{n}"><b class="username">W{n}</b> <time>2024-05-0{n}</time>'
        f'<div class="message-body">{body}</div></div>'
        for n in (1, 2, 3)
    )
    page = page_of(html)
    assert [[page.text(q) for q in i["quotes"]] for i in items_of(html)] == [["A wrote: Said before."]] * 3


@pytest.mark.parametrize(
    ("heading", "posts"),
    [("Re: How do I sharpen a scythe?", 4), ("2024-05-0{n} 10:00", 4), ("Story number {n} of the long week", 0)],
)
def test_posts_repeat_a_heading_and_teasers_have_their_own(heading: str, posts: int) -> None:
    words = ("one", "two", "three", "four")
    html = "".join(
        f'<div class="blockpost"><h2><a href="/{n}">{heading.format(n=n)} {w if "{n} of" in heading else ""}</a></h2>'
        f'<b class="author">W{n}</b> <time>2024-05-0{n}</time><div class="post-text">{WORDS}.</div></div>'
        for n, w in enumerate(words, 1)
    )
    assert len(items_of(html)) == posts


def test_a_link_to_more_is_no_comment() -> None:
    more = '<div class="comment"><a href="/more">Load 12 more comments of this long thread</a></div>'
    assert len(items_of(comment(0) + comment(1) + more)) == 2


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("[deleted]", "", "deleted"),
        ("This message has been deleted.", "", "deleted"),
        ("Dieser Kommentar wurde gelöscht.", "", "deleted"),
        ("Удалённый комментарий", "", "deleted"),
        ("Gone, for reasons.", "post is-deleted", "deleted"),
        ("[flagged]", "", "hidden"),
        ("Comment score below threshold (4 replies)", "", "hidden"),
        ("Deleted scenes are the best part of it.", "", "shown"),
        (WORDS * 5, "post is-deleted", "shown"),
    ],
)
def test_status(text: str, name: str, status: str) -> None:
    page = page_of(f'<div class="{name}"><p>{text}</p></div>')
    block = page.elements[page.body.children[0]]
    assert ask("status_of", text=text, names=[block.name]) == status


ATTRIBUTES = st.sampled_from(
    [
        "",
        'data-depth="{n}"',
        'data-parent-id="{n}0"',
        'style="margin-left:{n}px"',
        'data-parent-id="{m}0"',
        'depth="-1"',
    ]
)
TEXTS = st.sampled_from([WORDS, f"@Writer {{n}} {WORDS}", f"In reply to #{{n}} {WORDS}", "[deleted]", "@"])
WRAPS = st.sampled_from(
    ["{}", "<ul><li>{}</li></ul>", '<div class="children">{}</div>', "<li>{}", "{}</div>", "<dl><dd>{}"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(ATTRIBUTES, TEXTS, WRAPS, st.integers(0, 8)), min_size=2, max_size=9))
def test_a_parent_stands_before_its_answers(said: list[tuple[str, str, str, int]]) -> None:
    html = "".join(
        wrap.format(comment(n, attrs=attrs.format(n=to, m=n), text=text.format(n=to)))
        for n, (attrs, text, wrap, to) in enumerate(said)
    )
    found = parents(html)
    assert all(p is None or p < n for n, p in enumerate(found))


def test_a_wrapper_of_one_post_is_no_post() -> None:
    thread = "".join(comment(n) for n in range(3))
    article = f'<div class="posts-block simple-post"><h1>A post</h1><p>{WORDS * 9}</p>{thread}</div>'
    items = items_of(f'<div class="site_wrapper simple-post"><a href="/">The site</a>{article}</div>')
    assert [i["family"] for i in items] == ["comment"] * 3


@pytest.mark.parametrize(
    "name", ["comments_comments__IOknj", "td_block tdb_single_comments", "entry__comments", "comments-container"]
)
def test_what_is_named_for_several_comments_and_stands_alone_is_none(name: str) -> None:
    form = "<h3>Leave a reply</h3><p>Your address will not be published. Fields with a star must be filled in.</p>"
    assert items_of(f'<section class="{name}">{form}<p>Written on 3 May 2024 at 10:00</p></section>') == []
    thread = "".join(comment(n) for n in range(2))
    inside = f'<section class="{name}">{thread}</section>'
    page = page_of(inside)
    assert [page.elements[i["element"]].attrs["id"] for i in items_of(inside)] == ["c-00", "c-10"]


def test_blocks_that_are_only_words_are_signed_by_what_is_around_them() -> None:
    post = (
        "<li><div class=side><b>Ida {0}</b><time datetime=2023-05-0{0}>May {0}, 2023</time></div>"
        "<div class=comment>The ferry left late on day {0}, and nobody on the quay knew why it did.</div></li>"
    )
    html = f"<ul>{''.join(post.format(n) for n in range(1, 5))}</ul>"
    page, items = page_of(html), items_of(html)
    assert [page.elements[i["element"]].tag for i in items] == ["li"] * 4
    assert authors(html) == [f"Ida {n}" for n in range(1, 5)]
    assert [[page.elements[b].name for b in i["body"]] for i in items] == [["comment"]] * 4


def test_a_button_names_nobody() -> None:
    post = (
        "<div class=comment id=comment-{0}><a class=user-link>Reply</a><p>The ferry left late on day {0}, and nobody "
        "knew why.</p><span class=author>Ida {0}</span><time>May {0}, 2023</time></div>"
    )
    assert authors("".join(post.format(n) for n in range(1, 4))) == ["Ida 1", "Ida 2", "Ida 3"]
