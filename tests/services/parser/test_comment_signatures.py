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


def test_the_name_is_what_says_user_name_and_no_link_beside_it() -> None:
    who = (
        "<div class=author-details><a href=/trade>IB</a><span class=author-details__username>"
        "<span>{0}</span></span></div><time>May 3, 2024</time>"
    )
    assert authors(who.format("Ida from Ely"), who.format("Bo")) == ["Ida from Ely", "Bo"]


def test_a_page_that_links_here_is_named_by_its_title() -> None:
    short = "Slugs, hens and straw: our links of May 2018"
    long = "What we do about slugs in our garden, and what we have given up, in words and pictures: the second part"
    link = "<div class='comment-author meta'><strong><a class=url rel='external nofollow' href=/x>{0}</a></strong> {1}"
    said = thread(*(link.format(t, "May 3, 2024 at 10:40 <a>Answer this one</a></div>") for t in (short, long)))
    assert [c.author for c in said] == [short, long]


def test_names_may_begin_as_buttons_do() -> None:
    line = "<div><b>{0}</b> <span>May 3, 2024</span></div>"
    assert authors(*map(line.format, ("likelysuspect", "Postman Pat", "Reader"))) == [
        "likelysuspect",
        "Postman Pat",
        "Reader",
    ]
    button = "<div><b>{0}</b> <b>Ida</b> <span>May 3, 2024</span></div>"
    assert authors(*map(button.format, ("Like", "Reply to", "Kommentare", "Replies"))) == ["Ida"] * 4


def test_a_name_is_named_in_the_site_s_language() -> None:
    line = "<div class=info><div class={0}>{1}</div><div class=datum>03.05.2024</div></div><h5>A title for it</h5>"
    named = {"benutzer": "Ida", "utilisateur": "Jo", "usuario": "Paz", "gebruiker": "Bram", "listAuthor": "Ola"}
    assert authors(*(line.format(*n) for n in named.items())) == list(named.values())


def test_the_date_is_the_innermost_that_is_named_so() -> None:
    meta = "<div class=item-meta><div class=item-author><i>{0}</i></div><a class=item-date href=#c>{1}</a></div>"
    dates = ["December 14, 2019 8:44 pm", "May 3, 2024 9:10 am"]
    said = thread(*(meta.format("Jo Clay", d) for d in dates), body=BODY.replace("comment-text", "item-text"))
    assert [c.published_raw for c in said] == dates
    parts = "<b class=author>Ida</b><div class=meta><i class=date>May 3, 2024</i> <i class=time>9:10 am</i></div>"
    assert [c.published_raw for c in thread(parts, parts)] == ["May 3, 2024 9:10 am"] * 2


def test_a_line_that_signs_a_comment_may_follow_its_words() -> None:
    words = "<p>The straw keeps nothing away, as we found out.</p><p>It rots, and that is all.</p>"
    line = "<span class=foot>Posted by: <a href=/x>{0}</a> at May 3, 2024 05:48 PM</span>"
    said = thread(words + line.format("Ida"), words + line.format("Karl Jo"), words + line.format("Bo"), body="")
    assert [c.author for c in said] == ["Ida", "Karl Jo", "Bo"]
    assert {c.text for c in said} == {"The straw keeps nothing away, as we found out.\n\nIt rots, and that is all."}


def test_name_and_date_may_be_one_text() -> None:
    said = thread(
        "<h6>Ida Rook 29 | Tue, 21 April 2020 - 18:01</h6>",
        "<h6>Bo · 21.04.2020</h6>",
        "<span class=review-author>Jo Lind 21.04.2020</span>",
        "<p>Karl wrote on April 21, 2020</p>",
        "<p>Tuesday, 21 April 2020</p>",
        "<p>April 21, 2020 | 10:11</p>",
    )
    assert [c.author for c in said] == ["Ida Rook 29", "Bo", "Jo Lind", "Karl", None, None]
    assert {str(c.published_at)[:10] for c in said} == {"2020-04-21"}
    assert said[0].published_raw == "Tue, 21 April 2020 - 18:01"


def test_a_date_may_hold_a_note_of_when_it_was_edited() -> None:
    side = f"<div class=side><b class=author>Ida</b> Joined: Feb 2019 {'<i>x1</i> ' * 12}</div>"
    edit = "<span class=note>(This was last modified: 2024-01-06, 03:34 AM by <a href=/ida>Ida</a>.)</span>"
    head = "<div class=head><span class=post_date>2024-01-0{0}, 03:34 AM {1}</span></div>"
    said = thread(side + head.format(4, edit), side + head.format(5, edit), side + head.format(5, ""))
    assert [str(c.published_at)[:10] for c in said] == ["2024-01-04", "2024-01-05", "2024-01-05"]


def test_a_comment_s_address_is_its_number_s_link() -> None:
    line = "<b class=author>Ida</b> <div class=meta><i class=date>May 3, 2024</i> # <a href=/post{0}>{1}</a></div>"
    said = thread(line.format(8, 8), line.format(9, "<b>9</b>"))
    assert [c.permalink for c in said] == ["https://site.example/post8", "https://site.example/post9"]


def test_a_name_may_be_the_loose_text_before_a_date_in_a_link() -> None:
    when = "<span><a href=#><time datetime=2024-05-03>3.5.2024 // 12:56</time></a></span>"
    line = f"<div class=comment-author>{{0}} {when}</div>"
    assert authors(*map(line.format, ("Ida Lund", "Bo"))) == ["Ida Lund", "Bo"]


def test_where_somebody_lives_is_no_part_of_the_name() -> None:
    who = "<span class=author-wrapper><span class=author>{0}</span> <span class=place>(Ely, GB)</span></span>"
    assert authors(*map(who.format, ("Ida Lund", "Bo"))) == ["Ida Lund", "Bo"]


def test_a_schema_type_in_small_letters() -> None:
    item = "<li itemscope itemtype=http://schema.org/comment><header><b itemprop=author>{0}</b></header><p>{1}</p></li>"
    words = "The straw keeps nothing away, as we found out in the second spring of it."
    above = PAGE.partition("<body")[2].partition(">")[2].partition("<section")[0]
    page = parse(
        f"<html lang=en><body>{above}<ul>{item.format('Ida', words)}{item.format('Bo', words)}</ul>",
        "https://site.example/a",
    )
    assert [c.author for c in page.comments][-2:] == ["Ida", "Bo"]


def test_a_line_that_there_are_none_yet_is_no_comment() -> None:
    line = "<div class=comment>Schreib den ersten Kommentar! <p>Bitte beachte unsere <a href=/r>Regeln</a>.</p></div>"
    above = PAGE.partition("<body")[2].partition(">")[2].partition("<section")[0]
    page = parse(f"<html lang=de><body>{above}<section id=k>{line}</section>", "https://site.example/a")
    assert "Schreib den ersten Kommentar!" not in " ".join(c.text or "" for c in page.comments)


def test_a_title_with_a_year_is_no_date() -> None:
    post = "<h3>2025-26 in the garden: beans are back!</h3><p class=by>by <b>{0}</b> » Tue Aug 27, 2019 1:47 am</p>"
    said = thread(*map(post.format, ("Ida of the Far Allotments", "Bo of the Near Ones")))
    assert [c.published_at and c.published_at.year for c in said] == [2019] * 2
