"""Headers by which a server would have the fetcher say something to another, or to itself, that it should not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.fetcher.fetch import Fetcher
from shared.stage import Failed, Fetched, Refused, Unchanged
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."
INJECTED = [
    b"Location: /next%0d%0aX-Injected:%20yes",
    b"Location: /next\rX-Injected: yes",
    b"Location: /next\r\n\tX-Injected: yes",
    b"Location: /next\x00\x0b\x0cX-Injected: yes",
    b"Location: /next\xe2\x80\xa8X-Injected: yes\xc4\x8d\xc4\x8a",
    b"Location: /next\r\nSet-Cookie: a=b\r\n X-Injected: yes",
    b"Location: /next\r\nSet-Cookie: a=b\rX-Injected: yes",
    b'Location: /next\r\nSet-Cookie: a="b\\r\\nX-Injected: yes"',
    b"Location: /next\r\nSet-Cookie: a=b\xc4\x8d\xc4\x8aX-Injected: yes",
    b"Location: /next\r\nSet-Cookie: \x01\x02=\x03; Path=/\xff",
    b"Location: /next\r\nSet-Cookie: =; =; ;;;",
    b"Location: /next\r\nSet-Cookie: a=b; Expires=Thu, 99 Foo 99999 99:99:99 GMT; Max-Age=-1e9",
    b"Location: /next\r\nSet-Cookie: a=b; Path=/; Domain=\x00",
    b"Location: /next\r\n" + b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"x" * 4000) for n in range(80))[:-2],
]


@pytest.mark.parametrize("head", INJECTED)
def test_a_redirect_adds_no_header_to_the_next_request(head: bytes, fetcher: Fetcher) -> None:
    seen: list[dict[str, str]] = []

    def answer(x: Exchange) -> None:
        seen.append(x.headers)
        if x.path == "/first":
            x.send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n" + head + b"\r\n\r\n")
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        assert isinstance(fetcher.fetch(claim(site.at("/first"))), Fetched | Failed | Refused)
    assert seen
    assert not any("x-injected" in headers for headers in seen)


def test_whatever_headers_say_a_fetch_ends_in_words(fetcher: Fetcher) -> None:
    headers: list[bytes] = []

    def answer(x: Exchange) -> None:
        status = b"302 Found" if x.path == "/first" else b"200 OK"
        body = PAGE.encode()
        x.send(b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nConnection: close\r\n" % status)
        x.send(b"\r\n".join([*headers, b"Content-Length: %d" % len(body), b"", body]))

    names = st.sampled_from([b"Location: /", b"Location: ", b"Set-Cookie: ", b"ETag: ", b"Last-Modified: ", b""])
    values = st.binary(max_size=60) | st.sampled_from([b"a=b\r\n c; Path=/", b'"a\r\n b"', b"x" * 70_000])

    with site_of(answer) as site:

        @settings(max_examples=150, deadline=None)
        @given(st.lists(st.tuples(names, values).map(b"".join), max_size=4))
        def any_headers(some: list[bytes]) -> None:
            headers[:] = some
            fetcher.fetch(claim(site.at("/first")))
            ending = fetcher.fetch(claim(site.at("/")))
            assert isinstance(ending, Fetched | Failed | Refused)
            if isinstance(ending, Fetched):
                again = fetcher.fetch(claim(site.at("/"), validator=ending.raw.etag, content_hash="another"))
                assert isinstance(again, Fetched | Failed)

        any_headers()


@pytest.mark.parametrize(
    "etag",
    [b'"a"\r\n X-Injected: yes', b'"a"\rX-Injected: yes', b'"\xc4\x8d\xc4\x8aX-Injected: yes"', b'"\x00\x7f"', b""],
)
def test_an_etag_that_is_sent_back_adds_no_header(etag: bytes, fetcher: Fetcher) -> None:
    seen: list[dict[str, str]] = []

    def answer(x: Exchange) -> None:
        seen.append(x.headers)
        body = PAGE.encode()
        x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nETag: " + etag)
        x.send(b"\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with site_of(answer) as site:
        first = fetcher.fetch(claim(site.at("/")))
        assert isinstance(first, Fetched)
        again = fetcher.fetch(claim(site.at("/"), validator=first.raw.etag, content_hash=first.content_hash))
    assert isinstance(again, Unchanged | Failed)
    assert not any("x-injected" in headers for headers in seen)


def test_cookies_do_not_go_to_another_host(fetcher: Fetcher) -> None:
    seen: dict[str, str | None] = {}

    def answer(x: Exchange) -> None:
        seen[x.path] = x.headers.get("cookie")
        port = x.headers["host"].rpartition(":")[2]
        if x.path == "/first":
            x.reply(
                b"",
                status="302 Found",
                Location=f"http://localhost:{port}/second",
                Set_Cookie="own=1; Path=/\r\nSet-Cookie: wide=1; Domain=localhost\r\nSet-Cookie: all=1; Domain=.",
            )
        elif x.path == "/second":
            x.redirect(f"http://127.0.0.1:{port}/third")
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        assert isinstance(fetcher.fetch(claim(site.at("/first"))), Fetched)
    assert seen == {"/first": None, "/second": None, "/third": "own=1"}
