"""What the fetcher asks and is answered stands in the archive as it went over the wire."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from services.fetcher.fetch import Fetcher
from shared.archive import Archive, ArchiveWriter, house
from shared.stage import Failed, Fetched, PartFetched, Read, Refused, Unchanged
from tests.hostile_exchange import Exchange, HostileSite
from tests.services.fetcher.fetching import claim, quick_settings, site_of
from tests.shared.archive.exchanges import assert_sound, records, warcs

PAGE = b"<!DOCTYPE html><title>A page</title><p>A sentence to be read." * 100
PACKED = gzip.compress(PAGE, mtime=1)
WHOLE = {"fetch_max_bytes": 20_000}


class Archived:
    """A fetcher with an archive, and what its archive holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = quick_settings(data=folder, **WHOLE)
        self.said: list[str] = []
        self.writer = ArchiveWriter(self.settings, self.said.append)
        self.writer.open()
        self.fetcher = Fetcher(self.settings, None, archive=self.writer)

    def answers(self) -> list[tuple[str, dict[str, str], bytes, bytes]]:
        """Of pages: robots.txt left out."""
        [path] = warcs(self.folder)
        assert_sound(path)
        found = [record for record in records(path) if record[0] in {"response", "revisit"}]
        return [record for record in found if not record[1]["WARC-Target-URI"].endswith("/robots.txt")]

    def page(self, url: str) -> bytes | None:
        with closing(Archive(self.settings)) as archive:
            raw = archive.read(claim(url).page_id)
        return raw.body if raw else None


@pytest.fixture
def archived(tmp_path: Path) -> Iterator[Archived]:
    made = Archived(tmp_path)
    yield made
    made.fetcher.close()
    made.writer.close()
    assert made.said == []


def test_an_exchange_is_kept_as_it_was(archived: Archived) -> None:
    head = b"HTTP/1.1 200 Fine\r\nX-b: 1\r\nserver: \xe9\r\nX-B: 2\r\nContent-type:text/html\r\nX-Fold: a\r\n b\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(PAGE)

    def answer(x: Exchange) -> None:
        x.send(
            b"HTTP/1.1 200 Fine\r\nX-b: 1\r\nserver: \xe9\r\nX-B: 2\r\nContent-type:text/html\r\nX-Fold: a\r\n b\r\n"
        )
        x.send(b"Content-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE))

    with site_of(answer) as site:
        url = site.at("//a?q=%C3%A4")
        assert isinstance(archived.fetcher.fetch(claim(url)), Fetched)
        port = site.url.rpartition(":")[2].encode()
    [path] = warcs(archived.folder)
    with gzip.open(path) as file:
        text = file.read()
    assert head + PAGE + b"\r\n\r\n" in text
    assert b"\r\n\r\nGET //a?q=%C3%A4 HTTP/1.1\r\nHost: 127.0.0.1:" + port + b"\r\nUser-Agent: Tearsheet/" in text
    [robots, asked_robots, of_robots, page, request, metadata] = records(path)[1:]
    assert (robots[0], page[0], request[0], metadata[0]) == ("response", "response", "request", "metadata")
    assert page[1]["WARC-IP-Address"] == "127.0.0.1"
    assert page[1]["WARC-Target-URI"] == url
    assert "WARC-Truncated" not in page[1]
    for record in (request, metadata):
        assert record[1]["WARC-Concurrent-To"] == page[1]["WARC-Record-ID"]
    for record in (asked_robots, of_robots):
        assert record[1]["WARC-Concurrent-To"] == robots[1]["WARC-Record-ID"]
    facts = dict(line.split(": ", 1) for line in metadata[3].decode().splitlines())
    assert facts["tearsheet-page"] == claim(url).page_id
    assert (facts["tearsheet-fetch"], facts["tearsheet-url"], facts["tearsheet-role"]) == ("1", url, "page")
    assert of_robots[3].splitlines()[1:] == [b"tearsheet-role: robots"]
    assert_sound(path)


def test_bodies_stay_packed_and_lose_their_chunks(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        x.head(Transfer_Encoding="chunked", Content_Encoding="gzip")
        for piece in (PACKED[:7], PACKED[7:]):
            x.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        x.send(b"0\r\n\r\n")

    with site_of(answer) as site:
        assert isinstance(archived.fetcher.fetch(claim(site.at("/"))), Fetched)
        assert archived.page(site.at("/")) == PAGE
    [(_, headers, head, body)] = archived.answers()
    assert body == PACKED
    assert b"X-Crawl-Transfer-Encoding: chunked\r\n" in head
    assert b"\nTransfer-Encoding" not in head
    assert "WARC-Truncated" not in headers


def test_each_redirect_is_kept_and_the_page_found_by_its_first_url(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/new":
            x.reply(PAGE)
        else:
            x.redirect({"/old": "/between", "/between": "/new"}[x.path])

    with site_of(answer) as site:
        assert isinstance(archived.fetcher.fetch(claim(site.at("/old"))), Fetched)
        with closing(Archive(archived.settings)) as archive:
            raw = archive.read(claim(site.at("/old")).page_id)
    assert raw is not None
    assert (raw.body, raw.url, raw.final_url) == (PAGE, site.at("/old"), site.at("/new"))
    answers = archived.answers()
    assert [headers["WARC-Target-URI"] for _, headers, *_ in answers] == [
        site.at(path) for path in ("/old", "/between", "/new")
    ]
    assert not any("WARC-Truncated" in headers for _, headers, *_ in answers)
    told = [body for kind, _, _, body in records(warcs(archived.folder)[0]) if kind == "metadata"][1:]
    assert [body.partition(b"\r\n")[0].startswith(b"via: ") for body in told] == [False, True, True]
    assert told[2].startswith(b"via: " + site.at("/between").encode())


def test_a_page_that_did_not_change_is_a_revisit(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        if x.headers.get("if-none-match") == '"e"':
            x.head("304 Not Modified", content_type=None, ETag='"e"')
        else:
            x.reply(PAGE, ETag='"e"')

    with site_of(answer) as site:
        first = archived.fetcher.fetch(claim(site.at("/")))
        assert isinstance(first, Fetched)
        known = claim(site.at("/"), content_hash=first.content_hash)
        assert archived.fetcher.fetch(known) == Unchanged()
        assert (
            archived.fetcher.fetch(claim(site.at("/"), content_hash=first.content_hash, validator='"e"')) == Unchanged()
        )
    kinds = [(kind, headers.get("WARC-Profile", "").rpartition("/")[2]) for kind, headers, *_ in archived.answers()]
    assert kinds == [("response", ""), ("revisit", "identical-payload-digest"), ("revisit", "server-not-modified")]
    assert archived.page(site.at("/")) == PAGE


FEED = b"<rss><channel>" + b"<item><link>/1</link></item>" * 900 + b"</channel></rss>"


def test_sources_are_kept_as_pages_are(archived: Archived) -> None:
    """Up to the size of a page; one that did not change is a revisit, and none is taken for a page."""

    def answer(x: Exchange) -> None:
        if x.path == "/old":
            x.redirect("/packed")
        elif x.headers.get("if-none-match"):
            x.head("304 Not Modified", content_type=None)
        elif x.path == "/packed":
            x.reply(gzip.compress(FEED) + b"behind its end", Content_Encoding="gzip", ETag='"e"')
        elif x.path == "/kept-out":
            x.reply(FEED, X_Robots_Tag="noindex, noarchive")
        else:
            x.reply(FEED)

    with site_of(answer) as site:
        for path in ("/old", "/plain", "/kept-out"):
            assert isinstance(archived.fetcher.fetch(claim(site.at(path), kind="feed")), Read)
        assert archived.fetcher.fetch(claim(site.at("/old"), kind="feed", validator='"e"')) == Unchanged()
        for path in ("/old", "/plain"):
            assert archived.page(site.at(path)) is None
        seen = [
            (kind, headers["WARC-Target-URI"].removeprefix(site.url), headers.get("WARC-Truncated"), len(body))
            for kind, headers, _, body in archived.answers()
        ]
    packed = len(gzip.compress(FEED) + b"behind its end")
    assert seen == [
        ("response", "/old", None, 0),
        ("response", "/packed", None, packed),
        ("response", "/plain", "length", 0),  # over the limit with its only piece
        ("response", "/old", None, 0),
        ("revisit", "/packed", None, 0),
    ]
    told = [body for kind, _, _, body in records(warcs(archived.folder)[0]) if kind == "metadata"][1:]
    assert [b"tearsheet-role: noarchive" in facts for facts in told] == [False, False, False, True, False, False]
    assert all(b"tearsheet-role: source" in facts for facts in told if b"noarchive" not in facts)


def test_a_part_that_asks_not_to_be_kept_is_not_and_its_page_is(archived: Archived) -> None:
    """Also as the index is made anew from the files."""

    def answer(x: Exchange) -> None:
        if x.path == "/header":
            x.reply('{"comments": []}', content_type="application/json", X_Robots_Tag="noarchive")
        elif x.path == "/meta":
            x.reply('<meta name="robots" content="noarchive"><p>Page 2')
        else:
            x.reply(PAGE)

    with site_of(answer) as site:
        assert isinstance(archived.fetcher.fetch(claim(site.at("/"))), Fetched)
        for path in ("/header", "/meta"):
            ending = archived.fetcher.turn(claim(site.at("/"), part=site.at(path)))
            assert isinstance(ending, PartFetched)
            assert ending.raw is not None
        assert archived.page(site.at("/")) == PAGE
        assert [headers["WARC-Target-URI"] for _, headers, *_ in archived.answers()] == [site.at("/")]
        archived.writer.close()
        assert [found for _, found in house.rebuild(archived.folder / "warc")] == [4]
        assert archived.page(site.at("/")) == PAGE


@pytest.mark.parametrize(
    ("path", "ending", "truncated", "kept"),
    [
        ("/long", Refused, "length", 20_001),
        ("/bomb", Refused, "length", None),
        ("/announced", Refused, "length", 0),
        ("/type", Refused, "length", 0),
        ("/stalls", Failed, "time", 0),  # of 64 KB each piece that came whole
        ("/cut", Fetched, "disconnect", 100),
        ("/missing", Refused, None, 0),
        ("/nothing", Refused, None, 0),
    ],
)
def test_why_a_body_is_not_whole_is_said(
    archived: Archived, path: str, ending: type, truncated: str | None, kept: int | None
) -> None:
    def answer(x: Exchange) -> None:
        if x.path == "/long":
            x.head()
            x.send(PAGE * 10)
        elif x.path == "/bomb":
            x.reply(gzip.compress(bytes(10_000_000)), Content_Encoding="gzip")
        elif x.path == "/announced":
            x.head(Content_Length="1000000")
        elif x.path == "/type":
            x.reply(PAGE, content_type="image/png")
        elif x.path == "/nothing":
            x.head("204 No Content")
        elif x.path == "/missing":
            x.reply(b"", status="404 Not Found")
        else:
            x.head(Content_Length=str(len(PAGE)))
            x.send(PAGE[:100])
            if x.path == "/stalls":
                x.pause(10)

    with site_of(answer) as site:
        assert isinstance(archived.fetcher.fetch(claim(site.at(path))), ending)
    [(_, headers, _, body)] = archived.answers()
    assert headers.get("WARC-Truncated") == truncated
    if kept is not None:
        assert abs(len(body) - kept) <= 65_536 if path == "/long" else len(body) == kept


def test_without_an_answer_nothing_is_kept(archived: Archived, site: HostileSite) -> None:
    for path in ("/reset/early", "/protocol/garbage", "/stall/accept"):
        assert isinstance(archived.fetcher.fetch(claim(site.at(path))), Failed)
    assert archived.answers() == []


def test_an_answer_that_comes_after_an_interim_one(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        x.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 3\n\n<p>")

    with site_of(answer) as site:
        assert isinstance(archived.fetcher.fetch(claim(site.at("/"))), Fetched)
        assert archived.page(site.at("/")) == b"<p>"


def test_a_reader_of_others_finds_the_same(archived: Archived) -> None:
    """FastWARC, which is written in Rust and shares no code with warcio: blocks, payloads, their digests and heads."""

    def answer(x: Exchange) -> None:
        if x.path == "/old":
            x.redirect("/packed")
        elif x.path == "/packed":
            x.head(Transfer_Encoding="chunked", Content_Encoding="gzip")
            x.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED))
        elif x.headers.get("if-none-match"):
            x.head("304 Not Modified", content_type=None)
        else:
            x.reply(PAGE, ETag='"e"')

    with site_of(answer) as site:
        for path in ("/old", "/page", "/page"):
            assert isinstance(archived.fetcher.fetch(claim(site.at(path))), Fetched)
        known = claim(site.at("/page"), content_hash="x", validator='"e"')
        assert archived.fetcher.fetch(known) == Unchanged()
    [path] = warcs(archived.folder)
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest(), record.record_id
    seen = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=True):
            if record.record_type in (WarcRecordType.response, WarcRecordType.request):
                assert record.verify_payload_digest(), record.record_id
            if record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                target = record.headers["WARC-Target-URI"].removeprefix(site.url)
                seen.append((target, record.http_headers.status_code, record.reader.read()))
    assert seen == [
        ("/robots.txt", 404, b""),
        ("/old", 302, b""),
        ("/packed", 200, PACKED),
        ("/page", 200, PAGE),
        ("/page", 200, b""),
        ("/page", 304, b""),
    ]
