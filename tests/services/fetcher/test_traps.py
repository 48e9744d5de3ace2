"""What links are not followed, and which URLs count as of one shape."""

from datetime import UTC, datetime

import pytest

from services.fetcher.traps import shape_of, trap, without_session

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://a.example"


@pytest.mark.parametrize(
    "url",
    [
        "/", "/2026/03/02/otters", "/1995/01/", "/a/b/c?d=e", "/11/11/11/", "/blog/2027/01", "/12345678/9999/",
        "/calendar?month=2026-04", "/year/2099-a-novel", "/list?year=2027", "/page/2/", "/p?sid=story/05",
    ],
)  # fmt: skip
def test_what_is_followed(url: str) -> None:
    assert trap(HOST + url, NOW) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("/calendar/2031/05/", "a calendar far from now"),
        ("/calendar/2031-05", "a calendar far from now"),
        ("/events?month=1889-01", "a calendar far from now"),
        ("/events?year=2150&month=4", "a calendar far from now"),
        ("/a/b/a/b/a/b", "a path that repeats itself"),
        ("/x/x/x/", "a path that repeats itself"),
        ("/" + "/".join(f"s{n}" for n in range(17)), "deeper than 16 levels"),
        ("/?q=" + "x" * 2000, "longer than 2000 characters"),
        ("/img/otter.JPG", "a file that is no page"),
        ("/feed.xml?x=1", "a file that is no page"),
    ],
)
def test_traps(url: str, why: str) -> None:
    assert trap(HOST + url, NOW) == why


@pytest.mark.parametrize(
    ("url", "without"),
    [
        ("/p?PHPSESSID=1a2b&id=3", "/p?id=3"),
        ("/p?id=3&phpsessid=1a2b", "/p?id=3"),
        ("/p;jsessionid=1A2B.node1?id=3", "/p?id=3"),
        ("/p;jsessionid=1A2B", "/p"),
        ("/p?sid=0123456789abcdef0123456789abcdef", "/p"),
        ("/p?sid=17", "/p?sid=17"),
        ("/p?s=otters+and+rivers", "/p?s=otters+and+rivers"),
        ("/p?ASPSESSIONIDABC=X", "/p"),
        ("/p", "/p"),
    ],
)
def test_session_ids_are_no_part_of_a_page(url: str, without: str) -> None:
    assert without_session(HOST + url) == HOST + without


def test_shapes() -> None:
    def key(url: str) -> tuple[str, int] | None:
        shape = shape_of(HOST + url)
        return (shape.key, shape.most) if shape else None

    assert key("/a/b") is None
    assert key("/2026/03/02/otters") is None
    assert key("/t?id=1") == key("/t?id=2")
    assert key("/t?id=1") != key("/u?id=1")
    assert key("/t?b=1&a=2") == key("/t?a=5&b=")
    assert key("/2026/03/02/") == key("/2025/11/30/")
    assert key("/cal?month=2026-03") == key("/cal?month=2026-04")
    caps = [
        shape.most for q in ("a=1", "a=1&b=2", "a=1&b=2&c=3", "a=1&b=2&c=3&d=4") if (shape := shape_of(f"{HOST}/?{q}"))
    ]
    assert caps == [10_000, 1000, 100, 100]
