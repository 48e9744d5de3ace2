"""Search and authors as any client without scripts sees them."""

import html as entities
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from services.web.pages.search_page import LIMITS
from shared.records import ParsedPage
from shared.settings import Settings
from tests.services.web import library
from tests.services.web.library import article_of, comment_of, id_of, page_of
from tests.services.web.server import get, serving
from tests.services.web.test_pages import ask


def many(count: int) -> list[ParsedPage]:
    """Pages on one word, each with a comment on it."""
    return [
        ParsedPage(
            page=page_of(f"turnip-{n}", title=f"Turnips {n}"),
            article=article_of(
                f"turnip-{n}", title=f"Turnips {n}", text=f"Field {n} of turnips.", published_at=library.AT
            ),
            comments=[comment_of(f"turnip-{n}", "1", author=f"Grower {n}", text=f"I like turnips, said number {n}.")],
        )
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("search")
    settings = Settings(redis_url=f"unix://{folder}/none", data=folder)  # search needs no ledger
    library.fill(settings, [library.full(), library.arabic(), *many(25)])
    with serving(settings) as url:
        yield url


def found(html: str) -> list[str]:
    """Where the results of a page lead."""
    listed = html.partition('<ol class="hits')[2]
    return [entities.unescape(url) for url in re.findall(r'<h3 [^>]*><a href="([^"]+)"', listed)]


def test_words_are_found_and_marked(home: str) -> None:
    status, html = get(f"{home}/?q=river+bridge")
    assert status == 200
    assert found(html) == [f"/pages/{id_of('bridge')}"]
    assert "<mark>bridge</mark>" in html
    assert "<mark>river</mark>" in html
    assert "The <mark>bridge</mark> opens on Monday</a></h3>" in html


def test_a_comment_is_found_with_its_place(home: str) -> None:
    _, html = get(f"{home}/?view=records&q=%22about+time%22+kind:comment")
    assert found(html) == [f"/records/{id_of('bridge')}%3Ac%3A1"]
    assert "<mark>About time</mark>" in html or "<mark>About</mark> <mark>time</mark>" in html
    assert f'<a href="/pages/{id_of("bridge")}"' in html


@pytest.mark.parametrize("view", ["pages", "records"])
@pytest.mark.parametrize("sort", ["", "newest", "oldest", "relevance"])
def test_further_results_follow_and_none_comes_twice(home: str, view: str, sort: str) -> None:
    url: str | None = f"{home}/?q=turnips&view={view}&sort={sort}"
    seen: list[str] = []
    while url:
        status, html = get(url)
        assert status == 200
        hits = found(html)
        assert 0 < len(hits) <= LIMITS["pages" if view == "pages" else "records"]
        seen += hits
        following = re.search(r'href="([^"]+)" rel="next"', html)
        url = home + entities.unescape(following[1]) if following else None
    assert len(seen) == len(set(seen)) == (25 if view == "pages" else 50)


def test_a_click_on_a_facet_narrows_and_another_takes_it_back(home: str) -> None:
    _, html = get(f"{home}/?q=turnips")
    tab = re.search(r'<li class="comment"><a href="([^"]+)"[^>]*>Comments <span>25</span>', html)
    assert tab
    narrow = entities.unescape(tab[1])
    assert parse_qs(urlsplit(narrow).query)["q"] == ["turnips kind:comment"]
    _, html = get(home + narrow)
    assert '<li class="article"><a href="/?q=turnips+kind%3Aarticle" rel="nofollow">Articles <span>25</span>' in html
    assert 'aria-current="true" title="Take this back">Comments <span>25</span>' in html
    assert '<a href="/?q=turnips" rel="nofollow"><span dir="auto">kind:comment</span>' in html
    _, turned = get(f"{home}/?q=kind:comment+lang:en+turnips")
    assert 'href="/?q=lang%3Aen+turnips" rel="nofollow" aria-current="true" title="Take this back">Comments' in turned
    author = re.search(r'<a href="([^"]+)" rel="nofollow"><span dir="auto">Grower 1</span></a>', html)
    assert author
    _, html = get(home + entities.unescape(author[1]))
    assert "author:&#34;Grower 1&#34;" in html


def test_the_form_beside_the_results_says_itself_in_the_query(home: str) -> None:
    given = "q=turnips&sort=newest&author=Grower+1&site=www.news.example&lang=en&kind=comment&from=2020-01-01&to=2030"
    status, _, headers = ask(f"{home}/?{given}")
    assert status == 303
    query = parse_qs(urlsplit(headers["Location"]).query)
    assert query["sort"] == ["newest"]
    for part in ("turnips", 'author:"Grower 1"', "site:news.example", "lang:en", "kind:comment"):
        assert part in query["q"][0]
    assert headers["Location"].startswith("/?q=")


def test_another_spelling_is_offered_or_taken(home: str) -> None:
    _, html = get(f"{home}/?q=turnpis")
    assert "Nothing was found for <b" in html
    assert '<a href="/?q=turnips" dir="auto"><b>turnips</b></a>' in html
    assert len(found(html)) == LIMITS["pages"]


def test_what_is_wrong_with_a_query_is_shown_in_its_place(home: str) -> None:
    status, html = get(f"{home}/?q=turnips+kind:artcle+x")
    assert status == 422
    assert 'turnips kind:<span class="place">artcle</span> x' in html
    assert "did you mean article?" in html
    assert 'value="turnips kind:artcle x"' in html


def test_nothing_found_says_what_to_do(home: str) -> None:
    status, html = get(f"{home}/?q=zzqqzz+lang:en")
    assert status == 200
    assert "Nothing was found<" in html
    assert "Search without <bdi>lang:en</bdi>" in html
    assert "submit its address" in html


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    settings = Settings(redis_url=f"unix://{tmp_path}/none", data=tmp_path)
    with serving(settings) as url:
        status, html = get(url)
        assert status == 200
        assert "Nothing is stored yet" in html
        assert get(f"{url}/?q=a+kind:comment")[0] == 200
        for path in ("/authors/Ada", f"/pages/{id_of('bridge')}", f"/records/{id_of('bridge')}:a"):
            assert get(url + path)[0] == 404


def test_an_author_across_pages(home: str) -> None:
    status, html = get(f"{home}/authors/Ada%20Marsh")
    assert status == 200
    assert found(html) == [f"/pages/{id_of('bridge')}#a"]
    status, html = get(f"{home}/authors/{quote('سلمى')}")
    assert len(found(html)) == 2
    status, html = get(f"{home}/authors/Grower?sort=oldest")
    assert "25 records" in html
    assert 'rel="next"' in html


_LONG = "x" * 5000


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?q=" + "%ff%fe", 422), ("/?q=%00", 200), ("/?q=" + _LONG, 422), ("/?q=*", 422), ("/?q=*a", 422),
        ("/?q=" + "a+OR+" * 70 + "a", 422), ("/?q=" + "(" * 30 + "a" + ")" * 30, 422), ("/?q=-a", 422),
        ("/?q=%22", 422),
        ("/?q=a&sort=sideways", 422), ("/?q=a&view=upside", 422), ("/?q=a&after=rubbish", 422), ("/?q=a&after=", 200),
        ("/?q=a&after=" + _LONG, 422), ("/?from=yesterday", 422), ("/?to=2020-99", 422), ("/?site=%00", 422),
        ("/?kind=elephant", 422), ("/?lang=-", 422), ("/?author=!!", 422), ("/?q=date:0001..9999", 200),
        ("/?q=depth:%3E99999999999999999999", 422), ("/?q=in:" + "a" * 3000, 422), ("/?after=x", 422),
        ("/authors/!!", 404), ("/authors/" + _LONG, 404), ("/authors/nobody", 404), ("/authors/Ada?sort=sideways", 422),
        ("/authors/Ada?after=rubbish", 422), ("/authors/", 404), ("/authors/%ff", 404), ("/?unknown=1", 200),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_clear_page(home: str, path: str, status: int) -> None:
    answered, html = get(home + path)
    assert answered == status
    assert "<h1" in html
    assert "Traceback" not in html
    assert len(html) < 60_000


def test_a_store_that_is_away_is_said_and_the_rest_works(tmp_path: Path, valkey: Any) -> None:
    settings = Settings(redis_url=valkey.url, data=tmp_path, store="opensearch", opensearch_url="http://127.0.0.1:9")
    with serving(settings) as url:
        for path in ("/", "/?q=a", f"/pages/{id_of('bridge')}", "/authors/Ada", f"/records/{id_of('bridge')}"):
            status, html = get(url + path)
            assert status == 503, path
            assert "A part of Tearsheet does not answer" in html
            assert "Nothing is lost" in html
        for path in ("/submit", "/quarantine", "/help", "/status"):
            assert get(url + path)[0] == 200, path
        assert "The store does not answer" in get(f"{url}/status")[1]
