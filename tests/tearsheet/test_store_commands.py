"""search, show, export, reindex, audit, quarantine, forget, on a real Valkey and an embedded store, as users do it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.parser import parse
from shared import settings as settings_module
from shared.ids import page_id
from shared.ledger import Ledger
from shared.raw_page import RawPage
from shared.settings import Settings
from shared.stage import FETCH, INDEX, PARSE, Claim, Ending, Failed, Fetched, Indexed, Parsed, Stage, version_of
from shared.stores import open_store
from shared.stores.protocol import PageWrite
from tearsheet.cli import main
from tests.shared.stores.stories import article_of, original, reprint
from tests.valkey import Valkey

GOOD, POISON = "http://good.example/post", "http://poison.example/post"
PAGE = b"""<html lang="en"><title>Turnips</title><body><article><h1>Turnips in winter</h1>
<p>Turnips are sown in late summer and keep well through the winter, in sand or under straw.</p></article></body>"""


class House:
    """Moves pages through the pipeline by hand, and runs commands."""

    def __init__(self, settings: Settings, capture: pytest.CaptureFixture[str]) -> None:
        self.settings = settings
        self.ledger = Ledger.connect(settings)
        self._capture = capture

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self._capture.readouterr()
        settings_module.load.cache_clear()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = self._capture.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    def submit(self, *urls: str) -> None:
        crawl = self.ledger.open_crawl(digest=" ".join(urls), label="test")
        self.ledger.submit(crawl.id, urls)
        self.ledger.close_submission(crawl.id)
        self.ledger.dispatch(now=self.now, window=10)

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def claim(self, stage: Stage, page: str) -> Claim:
        (claim,) = self.ledger.claim(stage, [page], token=f"token{self.now}", lease=60, now=self.now)
        return claim

    def end(self, stage: Stage, page: str, ending: Ending) -> None:
        assert not self.ledger.end(self.claim(stage, page), stage, ending, self.now).lost

    def index_again(self, url: str, body: bytes) -> None:
        self.submit(url)
        self.index(url, body)

    def index(self, url: str, body: bytes = PAGE) -> None:
        page = page_id(url)
        self.end(FETCH, page, Fetched(RawPage(body, url, url, 200, "text/html", datetime.now(UTC)), "hash"))
        parsed = parse(body, url)
        self.end(PARSE, page, Parsed(parsed))
        claim = self.claim(INDEX, page)
        store = open_store(self.settings, write=True)
        store.prepare()
        (written,) = store.write([PageWrite(page, version_of(claim.fetch_id), parsed)])
        store.close()
        self.ledger.end(claim, INDEX, Indexed(written.version, written.counts), self.now)

    def quarantine(self, url: str) -> None:
        page = page_id(url)
        self.end(FETCH, page, Fetched(RawPage(PAGE, url, url, 200, "text/html", datetime.now(UTC)), "hash"))
        self.end(PARSE, page, Failed("the parser fell over it", "parse_error", final=True))


@pytest.fixture
def house(
    valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[House]:
    """A house with one page indexed and one in quarantine."""
    monkeypatch.setenv("TEARSHEET_REDIS_URL", valkey.url)
    monkeypatch.setenv("TEARSHEET_DATA", str(tmp_path))
    found = House(Settings(fetch_delay=0), capsys)
    found.submit(GOOD, POISON)
    found.index(GOOD)
    found.quarantine(POISON)
    yield found
    found.ledger.client.close()
    settings_module.load.cache_clear()


def test_search_finds_and_filters(house: House) -> None:
    code, out, err = house.run("search", "turnips winter")
    assert code == 0
    assert "Turnips in winter" in out
    assert GOOD in out
    assert err == "1 found\n"
    code, out, _ = house.run("search", "turnips", "--json", "--kind", "article", "--site", "good.example")
    (hit,) = (json.loads(line) for line in out.splitlines())
    assert (hit["kind"], hit["page_url"], hit["record"]["title"]) == ("article", GOOD, "Turnips in winter")
    assert house.run("search", "turnips", "--lang", "el") == (0, "", "nothing found\n")


def test_a_query_that_cannot_be_read_is_one_line(house: House) -> None:
    code, out, err = house.run("search", "turnips", "--from", "yesterday")
    assert (code, out) == (2, "")
    assert "'yesterday' is no date; write a year, month, day or time" in err
    assert err.count("\n") == 1


def test_show_gives_what_parse_gives(house: House) -> None:
    code, out, _ = house.run("show", GOOD, "--json")
    assert code == 0
    found = json.loads(out)
    assert list(found) == ["page", "article", "comments", "widgets"]
    assert found["article"]["title"] == "Turnips in winter"
    code, out, _ = house.run("show", page_id(GOOD))
    assert code == 0
    assert "Turnips are sown in late summer" in out
    code, out, _ = house.run("show", found["article"]["id"], "--json")
    assert json.loads(out) == {"kind": "article", "record": found["article"]}


def test_show_names_what_an_article_is_nearly_the_same_as(house: House) -> None:
    first, second = original(), reprint()
    store = open_store(house.settings, write=True)
    store.write([PageWrite(parsed.page.id, 1, parsed) for parsed in (first, second)])
    store.close()
    for what in (second.page.url, article_of(second)):
        code, out, _ = house.run("show", what)
        assert code == 0
        assert f"nearly the same as {first.page.url}\n" in out
    assert "nearly the same" not in house.run("show", first.page.url)[1]
    assert json.loads(house.run("show", second.page.url, "--json")[1])["article"]["near_duplicate_of"] == article_of(
        first
    )
    _, out, _ = house.run("search", "storm warning", "--json")
    assert json.loads(out)["record"]["near_duplicate_of"] == article_of(first)
    store = open_store(house.settings, write=True)
    store.delete([first.page.id])
    store.close()
    assert (
        f"nearly the same as {article_of(first)}, which is no longer stored\n" in house.run("show", second.page.url)[1]
    )


def test_show_says_why_nothing_is_stored(house: House) -> None:
    assert house.run("show", POISON)[2] == (
        f"error: nothing is stored of {POISON}: it is quarantined (the parser fell over it)\n"
    )
    assert house.run("show", "http://never.example/")[2].endswith(": it was never submitted\n")
    assert house.run("show", "never")[2].startswith("error: 'never' is neither an id nor a URL")


def test_a_page_and_its_end_are_told_where_nothing_was_ever_stored(
    valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEARSHEET_REDIS_URL", valkey.url)
    monkeypatch.setenv("TEARSHEET_DATA", str(tmp_path))
    house = House(Settings(fetch_delay=0), capsys)
    house.submit("ftp://a.example/")
    house.submit(POISON)
    house.quarantine(POISON)
    for command in ("show", "diff"):
        code, out, err = house.run(command, POISON)
        assert (code, out) == (1, "")
        assert err.endswith(f" is stored of {POISON}: it is quarantined (the parser fell over it)\n")
    code, out, _ = house.run("audit")
    assert code == 0
    assert out.endswith("Everything adds up.\n")
    house.ledger.client.close()
    settings_module.load.cache_clear()


def test_what_a_site_says_moves_no_cursor(house: House) -> None:
    house.submit("http://sly.example/")
    page = page_id("http://sly.example/")
    house.end(FETCH, page, Failed("robots.txt: \x1b[2J\x1b]0;mine\x07", "robots_unreachable", final=True))
    code, out, _ = house.run("quarantine", "list")
    assert code == 0
    assert "http://sly.example/" in out
    assert not {"\x1b", "\x07"} & set(out)
    assert not {"\x1b", "\x07"} & set(house.run("quarantine", "show", page)[1])
    assert not {"\x1b", "\x07"} & set(house.run("show", page)[2])


def test_diff_shows_what_changed_in_words(house: House) -> None:
    code, out, _ = house.run("diff", GOOD)
    assert code == 0
    assert out.endswith("There is one version: nothing changed so far.\n")
    house.index_again(GOOD, PAGE.replace(b"or under straw", b"or in a cool cellar"))
    code, out, _ = house.run("diff", GOOD)
    assert code == 0
    assert "4 words added, 2 removed" in out
    assert "in sand or [-under straw-]{+in a cool cellar+}." in out
    code, out, _ = house.run("diff", GOOD, "--json")
    found = json.loads(out)
    assert [version["number"] for version in found["versions"]] == [1, 2]
    assert {"op": "removed", "text": "under straw"} in found["text"]
    assert house.run("diff", GOOD, "--to", "3")[2] == "error: there is no version 3, only 1 to 2\n"
    assert house.run("diff", POISON)[2].startswith(f"error: no article is stored of {POISON}: it is quarantined")


def test_what_is_watched_is_listed_until_it_is_removed(house: House) -> None:
    assert house.run("watch", "list") == (0, "", "nothing is watched\n")
    code, out, err = house.run("watch", "add", GOOD, "htp:/typo")
    assert (code, out) == (1, "1 page more is watched\n")
    assert err.startswith("not watched: htp:/typo: scheme 'htp' is not fetched")
    assert house.run("watch", "add", GOOD)[1] == "0 pages more are watched, 1 already\n"
    code, out, err = house.run("watch", "list")
    assert (code, err) == (0, "1 watched\n")
    assert out.endswith(f"new             under way    {GOOD}\n")
    found = json.loads(house.run("watch", "list", "--json")[1])
    assert (found["url"], found["asked"], found["interval"]) == (GOOD, True, None)
    assert house.run("watch", "remove", GOOD) == (0, "1 page is watched no more\n", "")
    assert house.run("watch", "remove", GOOD)[2] == f"error: not watched: {GOOD}\n"
    assert house.run("watch", "run")[2].startswith("error: TEARSHEET_REDIS_URL names a stack")


def test_export_writes_every_record(house: House) -> None:
    code, out, _ = house.run("export")
    assert code == 0
    kinds = [json.loads(line)["kind"] for line in out.splitlines()]
    assert kinds[:2] == ["page", "article"]


def test_reindex_makes_the_store_anew(house: House) -> None:
    before = house.run("export")[1]
    code, out, err = house.run("reindex")
    assert (code, err) == (0, "")
    assert out.startswith("1 page, 1 article, 0 comments, 0 widgets, 0 earlier versions; ")
    assert house.run("export")[1] == before
    assert house.run("audit")[0] == 0
    holder = open_store(house.settings, write=True)
    holder.prepare()
    code, out, err = house.run("reindex")
    assert (code, out) == (1, "")
    assert err.startswith("error: another process is writing to the store in ")
    holder.close()


def test_audit_balances_until_something_is_missing(house: House) -> None:
    code, out, err = house.run("audit")
    assert (code, err) == (0, "")
    assert "submitted  2 = 1 indexed" in out
    assert out.endswith("Everything adds up.\n")
    house.ledger.client.delete(f"p:{page_id(GOOD)}")
    code, out, _ = house.run("audit", "--json")
    assert code == 1
    assert json.loads(out)["balanced"] is False
    assert page_id(GOOD) in " ".join(json.loads(out)["lines"])


def test_quarantine_is_listed_shown_and_tried_again(house: House) -> None:
    code, out, _ = house.run("quarantine", "list")
    assert code == 0
    assert out.split() == [page_id(POISON), "parse", *"the parser fell over it".split(), POISON]
    code, out, _ = house.run("quarantine", "show", POISON)
    assert "the parser fell over it" in out
    assert house.run("quarantine", "show", GOOD) == (1, "", f"error: {GOOD} is not in quarantine\n")
    code, out, _ = house.run("quarantine", "retry", POISON)
    assert code == 0
    assert out.endswith(": 1 page tried again\n")
    entry = house.ledger.page(page_id(POISON))
    assert entry is not None
    assert entry.state == "parsing"
    assert house.run("quarantine", "list") == (0, "", "the quarantine is empty\n")
    crawls = len(house.ledger.crawls())
    assert house.run("quarantine", "retry", "--all") == (0, "", "the quarantine is empty\n")
    assert house.run("quarantine", "retry", GOOD) == (1, "", f"error: not in quarantine: {GOOD}\n")
    assert len(house.ledger.crawls()) == crawls
    assert house.run("audit")[0] == 0


def test_what_is_forgotten_is_gone_and_stays_gone(house: House) -> None:
    code, out, _ = house.run("forget", GOOD)
    assert code == 0
    assert out.startswith("forgotten: 1 page, ")
    assert house.run("search", "turnips") == (0, "", "nothing found\n")
    assert house.run("show", GOOD)[2].startswith(f"error: nothing is stored of {GOOD}: it is forgotten")
    assert house.run("forget", "poison.example", "--yes")[0] == 0
    assert house.run("quarantine", "list") == (0, "", "the quarantine is empty\n")
    assert house.run("audit")[0] == 0
