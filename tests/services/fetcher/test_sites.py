"""sites.toml: which entry a host finds, what a fetch makes of it, and what a wrong file says."""

from pathlib import Path

import pytest

from services.fetcher.fetch import Fetcher
from services.fetcher.sites import Sites, read_sites
from shared.settings import WrongSettingError
from shared.stage import Ending, Fetched, Onward, Refused
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of

PAGE = "<!DOCTYPE html><title>A page</title><p>A sentence to be read."
EXAMPLE = Path(__file__).parents[3] / "examples" / "sites.toml"


def sites(tmp_path: Path, text: str) -> Sites:
    file = tmp_path / "sites.toml"
    file.write_text(text, encoding="utf-8")
    return read_sites(quick_settings(fetch_sites=file))


@pytest.mark.parametrize(
    ("host", "delay"),
    [
        ("example.org", 1),
        ("EXAMPLE.org.", 1),
        ("example.org:8080", 1),
        ("www.example.org", None),
        ("example.com", 2),
        ("example.com:443", 2),
        ("a.b.example.com", 2),
        ("news.example.com", 3),
        ("a.news.example.com", 2),
        ("myexample.com", None),
        ("com", None),
        ("blog.example.net", 4),
        ("xn--mnchen-3ya.example", 5),
        ("127.0.0.1:80", 6),
        ("[::1]:80", 7),
        ("::1", 7),
        ("", None),
    ],
)
def test_the_most_exact_entry_holds(host: str, delay: float | None, tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        """
        "example.org" = {delay = 1}
        ".example.com" = {delay = 2}
        "news.example.com" = {delay = 3}
        "*.example.net" = {delay = 4}
        "München.example" = {delay = 5}
        "127.0.0.1" = {delay = 6}
        "[::1]" = {delay = 7}
        """,
    )
    assert found.of(host).delay == delay


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('["a.example"', "Expected ']' at the end of a table declaration"),
        ('"a.example" = 3', "['a.example']: Input should be a valid dictionary or instance of Site"),
        ('["a.example"]\nwait = 3', "['a.example'].wait: Extra inputs are not permitted"),
        ('["a.example"]\ndelay = -1', "['a.example'].delay: Input should be greater than or equal to 0"),
        ('["a.example"]\ndelay = inf', "['a.example'].delay: Input should be less than inf"),
        ('["a.example"]\ndelay = nan', "['a.example'].delay: "),
        ('["a.example"]\ndelay = "SECRET"', "['a.example'].delay: Input should be a valid number"),
        ('["a.example"]\ndelay = true', "['a.example'].delay: Input should be a valid number"),
        ('["a.example"]\nuser_agent = ""', "['a.example'].user_agent: has characters that no header may have, or none"),
        ('["a.example"]\nproxy = "SECRET"', "['a.example'].proxy: not a URL; one looks like"),
        (
            '["a.example"]\nproxy = "socks4://u:SECRET@b:1"',
            "['a.example'].proxy: only HTTP and SOCKS 5 proxies are used",
        ),
        (
            '["a.example"]\nproxy = "https://u:SECRET@b:1"',
            "['a.example'].proxy: only HTTP and SOCKS 5 proxies are used",
        ),
        ('["a.example"]\nproxy = "http://u:SECRET@b:1/path"', "['a.example'].proxy: only HTTP and SOCKS 5 proxies"),
        ('["a.example"]\nproxy = "socks5://u:SECRET@:1"', "['a.example'].proxy: not a URL"),
        (f'["a.example"]\nproxy = "socks5h://u:{"SECRET" * 50}@b:1"', "['a.example'].proxy: SOCKS 5 takes users and"),
        ('["a.example"]\nproxy = 3', "['a.example'].proxy: a URL is needed"),
        ('["a.example"]\nheaders = ["SECRET"]', "['a.example'].headers: Input should be a valid dictionary"),
        ('["a.example".headers]\nX = 3', "['a.example'].headers.X: Input should be a valid string"),
        ('["a.example".headers]\nX = "SECRET\\nY: 1"', "['a.example'].headers.X: has characters that no header"),
        ('["a.example".headers]\n"X Y" = "SECRET"', "['a.example'].headers.X Y: no name of a header"),
        ('["a.example".headers]\nHost = "SECRET"', "['a.example'].headers.Host: is set by the fetcher itself"),
        ('["a.example".headers]\ncookie = "SECRET"', "['a.example'].headers.cookie: is set by the fetcher itself"),
        ('["a.example".headers]\nUser-Agent = "x"', "headers.User-Agent: has a key of its own: user_agent"),
        ('["https://a.example/"]', "['https://a.example/']: not a host"),
        ('["a.example:80"]', "['a.example:80']: not a host"),
        ('["*"]', "['*']: not a host"),
        ('[""]', "['']: not a host"),
        ('["a b"]', "['a b']: not a host"),
        ('["a.example"]\n["A.example"]', "['A.example']: stands there twice"),
        ('[".a.example"]\n["*.a.example"]', "['*.a.example']: stands there twice"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_key(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSettingError) as error:
        sites(tmp_path, text)
    message = str(error.value)
    assert message.startswith(f"{tmp_path / 'sites.toml'}: ")
    assert words in message
    assert "\n" not in message
    assert "SECRET" not in message


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(WrongSettingError, match=r"absent\.toml: No such file or directory"):
        read_sites(quick_settings(fetch_sites=tmp_path / "absent.toml"))
    with pytest.raises(WrongSettingError, match="Is a directory"):
        read_sites(quick_settings(fetch_sites=tmp_path))
    (tmp_path / "latin.toml").write_bytes(b'["\xe4"]')
    with pytest.raises(WrongSettingError, match=r"latin\.toml: .*utf-8"):
        read_sites(quick_settings(fetch_sites=tmp_path / "latin.toml"))


def test_the_data_folders_file_holds_where_none_is_named(tmp_path: Path) -> None:
    assert read_sites(quick_settings(data=tmp_path)).of("a.example").delay is None
    (tmp_path / "sites.toml").write_text('["a.example"]\ndelay = 3')
    for unset in (None, ""):
        assert read_sites(quick_settings(data=tmp_path, fetch_sites=unset)).of("a.example").delay == 3


def test_the_example_is_right() -> None:
    read_sites(quick_settings(fetch_sites=EXAMPLE))


def test_headers_go_to_their_site_alone(tmp_path: Path) -> None:
    """A redirect elsewhere takes none of them along."""
    asked: dict[str, Exchange] = {}

    def answer(x: Exchange) -> None:
        asked[x.target] = x
        if x.target == "/first":
            x.redirect(f"http://localhost:{site.url.rpartition(':')[2]}/second")
        else:
            x.reply(PAGE)

    file = tmp_path / "sites.toml"
    file.write_text(
        '["127.0.0.1"]\nuser_agent = "Reader/2"\nheaders = {Authorization = "Bearer abc", Accept-Language = "de"}'
    )
    with site_of(answer) as site:
        ending = Fetcher(quick_settings(fetch_sites=file), None).fetch(claim(site.at("/first")))
    assert isinstance(ending, Fetched)
    first, second = asked["/first"].headers, asked["/second"].headers
    assert (first["user-agent"], first["authorization"], first["accept-language"]) == ("Reader/2", "Bearer abc", "de")
    assert second["user-agent"].startswith("Tearsheet/")
    assert "authorization" not in second
    assert second["accept-language"] == "*"


def test_robots_are_read_by_the_sites_own_name(tmp_path: Path) -> None:
    file = tmp_path / "sites.toml"
    file.write_text('["127.0.0.1"]\nuser_agent = "Reader/2 (+https://reader.example)"')
    fetcher = Fetcher(quick_settings(fetch_sites=file), None)

    def answer(x: Exchange) -> None:
        x.reply(PAGE, X_Robots_Tag="reader: noindex" if x.path == "/noindex" else "tearsheet: noindex")

    with site_of(answer, robots="User-agent: reader\nDisallow: /private\n\nUser-agent: *\nDisallow: /") as site:
        assert isinstance(fetcher.fetch(claim(site.at("/public"))), Fetched)
        refused = fetcher.fetch(claim(site.at("/private")))
        assert isinstance(refused, Refused)
        assert refused.reason.startswith("robots.txt disallows /private for Reader")
        assert isinstance(fetcher.fetch(claim(site.at("/noindex"))), Refused)


@pytest.mark.parametrize(
    ("robots", "obeyed", "delay", "told"),
    [
        (None, True, 3, 3),
        (None, True, 0, 0),
        (None, False, 3, 3),
        (None, False, None, None),
        ("User-agent: *\nCrawl-delay: 7", True, 3, 7),
        ("User-agent: *\nCrawl-delay: 2", True, 3, 3),
        ("User-agent: *\nCrawl-delay: 0.5", True, 0.25, 0.5),
    ],
)
def test_the_ledger_is_told_of_a_sites_delay(
    robots: str | None, obeyed: bool, delay: float | None, told: float | None, tmp_path: Path
) -> None:
    file = tmp_path / "sites.toml"
    file.write_text("" if delay is None else f'["127.0.0.1"]\ndelay = {delay}')
    fetcher = Fetcher(quick_settings(fetch_sites=file, fetch_robots=obeyed), None)
    with site_of(lambda x: x.reply(PAGE), robots=robots) as site:
        ending: Ending = fetcher.turn(claim(site.at("/")))  # the first is that of robots.txt, where it is asked for
    assert isinstance(ending, Onward if obeyed else Fetched)
    assert ending.asked is not None
    assert ending.asked.delay == told
