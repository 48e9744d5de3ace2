"""Which line of a robots.txt it is that disallows a URL."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.robots_rules import Rules

HOST = "http://a.test"


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/x", "Disallow: /private/"),
        ("User-agent: *\nDisallow: /", "/x", "Disallow: /"),
        ("User-agent: *\nDisallow: /a\nDisallow: /a/b\nDisallow: /c", "/a/b/c", "Disallow: /a/b"),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "/a/b/c/d", "Disallow: /a/b/c"),
        ("User-agent: *\nDisallow: /*.php$\nDisallow: /search", "/x.php", "Disallow: /*.php$"),
        ("User-agent: *\ndisallow : /x  # not yet\n", "/x", "disallow : /x"),
        ("User-agent: *\nDisalow /x", "/x", "Disalow /x"),
        ("User-agent: *\nDisallow: /\u00fcber", "/%C3%BCber", "Disallow: /\u00fcber"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: tearsheet\nDisallow: /t", "/t", "Disallow: /t"),
        ("User-agent: tearsheet\nUser-agent: other\nDisallow: /t\nDisallow: /tt", "/tt", "Disallow: /tt"),
        ("User-agent: other\nDisallow: /longer\n\nUser-agent: *\nDisallow: /l", "/longer", "Disallow: /l"),
        ("User-agent: *\nCrawl-delay: 3\nDisallow: /a\nUser-agent: tearsheet\nDisallow: /b", "/b", "Disallow: /b"),
    ],
)
def test_the_line_is_told(text: str, path: str, line: str) -> None:
    rules = Rules(text, "Tearsheet")
    assert not rules.allows(HOST + path)
    assert rules.reason(HOST + path) == line
    assert rules.reason(HOST + path) == line  # remembered


_LINE = st.builds("{}: {}".format, st.sampled_from(["Disallow", "Allow"]), st.text("/ab*$", min_size=1, max_size=6))
_AGENT = st.sampled_from(["User-agent: *", "User-agent: tearsheet", "User-agent: other", "", "Sitemap: /s"])


@given(st.lists(_LINE | _AGENT, max_size=12), st.text("/ab", max_size=5))
def test_whatever_is_disallowed_has_a_line_that_does_it(lines: list[str], path: str) -> None:
    rules = Rules("\n".join(lines), "Tearsheet")
    url = f"{HOST}/{path}"
    if rules.allows(url):
        return
    line = rules.reason(url)
    assert line in [" ".join(each.split()) for each in lines]
    assert not Rules(f"User-agent: *\n{line}", "Tearsheet").allows(url)


def test_other_agents_rules_do_not_multiply() -> None:
    agents = "".join(f"User-agent: bot-{n}\n" for n in range(12_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(12_000))
    started = time.monotonic()
    parsed = Rules(f"{agents}User-agent: tearsheet\n{rules}", "Tearsheet")
    assert time.monotonic() - started < 2
    assert not parsed.allows(f"{HOST}/77")


def test_the_line_is_told_soon_in_the_largest_file() -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(30_000))
    rules = Rules(text, "Tearsheet")
    started = time.monotonic()
    assert rules.reason(f"{HOST}/29999/x") == "Disallow: /29999"
    assert Rules(text, "Tearsheet").reason(f"{HOST}/%32%39/x") == "Disallow: /29"
    assert time.monotonic() - started < 2
    started = time.monotonic()
    for n in range(1000):
        assert rules.reason(f"{HOST}/29999/{n}") == "Disallow: /29999"
    assert time.monotonic() - started < 1
