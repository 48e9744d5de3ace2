"""URL normalisation: cases, and what must always hold."""

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.urls import NotAUrlError, host_of, join, normalise, page_url, same_site, site_of


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://example.com/a/./b/../c", "http://example.com/a/c"),
        ("http://example.com/a#part", "http://example.com/a"),
        ("http://example.com/?b=2&a=1", "http://example.com/?b=2&a=1"),
        ("http://example.com/?", "http://example.com/?"),
        ("http://example.com/ä ö", "http://example.com/%C3%A4%20%C3%B6"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("  http://example.com/\n", "http://example.com/"),
        ("http://example.com\\a\\b", "http://example.com/a/b"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0177.0.0.1/", "http://127.0.0.1/"),
        ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://example.com/%7Euser/%2F", "http://example.com/%7Euser/%2F"),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("hello", "not a URL"),
        ("example.com/a", "not a URL"),
        ("http://", "not a URL"),
        ("http://a b/", "not a URL"),
        ("http://[::1/", "not a URL"),
        ("file:///etc/passwd", "scheme 'file'"),
        ("javascript:alert(1)", "scheme 'javascript'"),
        ("ftp://example.com/", "scheme 'ftp'"),
        ("http://user:secret@example.com/", "password"),
        ("http://example.com/" + "a" * 8000, "longer"),
    ],
)
def test_what_is_no_url_says_why(text: str, why: str) -> None:
    with pytest.raises(NotAUrlError, match=why):
        normalise(text)


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda t: "http://example.com/" + t))
def test_normalising_twice_changes_nothing(text: str) -> None:
    try:
        once = normalise(text)
    except NotAUrlError:
        return
    assert normalise(once) == once
    assert "#" not in once
    assert host_of(once)


@given(st.text(max_size=60))
def test_joining_never_raises(reference: str) -> None:
    joined = join("http://example.com/a/b", reference)
    assert joined is None or joined.startswith(("http://", "https://"))


def test_join() -> None:
    assert join("http://example.com/a/b", "../c#d") == "http://example.com/c#d"
    assert join("http://example.com/a/b", "//other.example/x") == "http://other.example/x"
    assert join("http://example.com/a/b", "mailto:me@example.com") is None


def test_site_is_the_host_without_www_and_port() -> None:
    assert site_of("https://www.example.com:8443/a") == "example.com"
    assert host_of("https://www.example.com:8443/a") == "www.example.com:8443"


@given(st.text(alphabet="abcZ09._~-/:?#%hxn ", max_size=30))
def test_plain_references_are_joined_as_the_standard_says(tail: str) -> None:
    base = "https://site.example:8080/a/b?c"
    for reference in (tail, f"/{tail}", f"https://www.other-site.org/{tail}", f"http://{tail}"):
        try:
            url = ada_url.URL(reference.strip(), base=base)
        except ValueError:
            assert join(base, reference) is None
            continue
        assert join(base, reference) == (url.href if url.protocol in {"http:", "https:"} else None)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("http://a.example/x?utm_source=mail&utm_medium=b", "http://a.example/x"),
        ("http://a.example/x?id=1&fbclid=abc&page=2", "http://a.example/x?id=1&page=2"),
        ("http://a.example/x?UTM_Campaign=1&&b", "http://a.example/x?&b"),
        ("http://a.example/x?utm=1&source=utm_source", "http://a.example/x?utm=1&source=utm_source"),
        ("http://a.example/x?", "http://a.example/x?"),
        ("http://a.example/x?q=a%26utm_source=b", "http://a.example/x?q=a%26utm_source=b"),
    ],
)
def test_a_page_is_known_without_tracking_parameters(text: str, page: str) -> None:
    assert page_url(text) == page
    assert page_url(page) == page


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.a.example/x", "https://m.a.example/y", True),
        ("http://a.example/", "https://www.m.a.example/", True),
        ("http://a.example/", "http://b.example/", False),
        ("http://blog.a.example/", "http://a.example/", False),
        ("http://m.example/", "http://amp.example/", False),
        ("http://a.example:8080/", "http://a.example/", True),
    ],
)
def test_hosts_of_one_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same
