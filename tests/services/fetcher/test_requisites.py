"""Stylesheets and images of pages, by the fetcher and into the archive: real servers, no ledger."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.fetcher.fetch import Fetcher
from services.fetcher.requisites import MOST, MOST_OF_STYLESHEETS
from shared.archive import Archive, ArchiveWriter
from shared.archive.house import rebuild
from shared.ids import source_id
from shared.raw_page import RawPage
from shared.settings import Settings
from shared.stage import Claim, Ending, Failed, Fetched, Findings, Read, Refused, Unchanged
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import claim, quick_settings, site_of
from tests.shared.archive.exchanges import assert_sound, records, warcs

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
PAGE = b"<!DOCTYPE html><title>A page</title><link rel=stylesheet href=/s.css><img src=/i.png><p>A sentence."


def requisite(url: str, share: int = 0) -> Claim:
    depths = f"1:{share}" if share else ""
    return Claim(
        source_id("requisite", url), url, 1, "t", 0, alone=False, kind="requisite", crawls=("1",), depths=depths
    )


class Archived:
    def __init__(self, folder: Path, **values: object) -> None:
        self.folder = folder
        self.settings = quick_settings(data=folder, fetch_requisites=True, **values)
        self.said: list[str] = []
        self.writer = ArchiveWriter(self.settings, self.said.append)
        self.writer.open()
        self.fetcher = Fetcher(self.settings, None, archive=self.writer)

    def fetch(self, url: str, share: int = 0) -> Ending:
        return self.fetcher.fetch(requisite(url, share))

    def nearest(self, url: str, time: datetime | None = None) -> RawPage | None:
        with closing(Archive(self.settings)) as archive:
            return archive.nearest(url, time)


@pytest.fixture
def archived(tmp_path: Path) -> Iterator[Archived]:
    made = Archived(tmp_path)
    yield made
    made.fetcher.close()
    made.writer.close()
    for path in warcs(tmp_path):
        assert_sound(path)


def urls(found: tuple[Findings, ...]) -> list[tuple[str, int]]:
    [findings] = found
    assert {one.kind for one in findings.urls} == {"requisite"}
    return [(one.url, one.depth) for one in findings.urls]


def test_a_page_leads_to_its_requisites(archived: Archived) -> None:
    with site_of(lambda x: x.reply(PAGE)) as site:
        ending = archived.fetcher.fetch(claim(site.at("/"), crawls=("1",)))
        assert isinstance(ending, Fetched)
        assert urls(ending.found) == [(site.at("/s.css"), MOST_OF_STYLESHEETS), (site.at("/i.png"), 0)]
        again = archived.fetcher.fetch(claim(site.at("/"), crawls=("1",), content_hash=ending.content_hash))
        assert isinstance(again, Unchanged)
        assert again.found == ending.found


@pytest.mark.parametrize("asks", ["noarchive", "noindex"])
def test_a_page_that_is_not_kept_leads_to_none(archived: Archived, asks: str) -> None:
    with site_of(lambda x: x.reply(PAGE, X_Robots_Tag=asks)) as site:
        ending = archived.fetcher.fetch(claim(site.at("/"), crawls=("1",)))
    assert isinstance(ending, Fetched | Refused)
    assert ending.found == ()


def test_off_unless_asked_for(tmp_path: Path) -> None:
    settings = quick_settings(data=tmp_path)
    writer = ArchiveWriter(settings, lambda _: None)
    writer.open()
    fetcher = Fetcher(settings, None, archive=writer)
    with site_of(lambda x: x.reply(PAGE)) as site:
        ending = fetcher.fetch(claim(site.at("/"), crawls=("1",)))
    assert isinstance(ending, Fetched)
    assert ending.found == ()
    fetcher.close()
    writer.close()


def test_without_an_archive_the_setting_is_an_error() -> None:
    with pytest.raises(ValidationError, match="they are fetched for the archive, which TEARSHEET_ARCHIVE turns off"):
        Settings(_env_file=None, archive=False, fetch_requisites=True)  # type: ignore[call-arg]


def test_an_image_is_archived_and_found_by_its_url(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        assert x.headers["accept"].startswith("text/css,image/*")
        if x.path == "/old.png":
            x.redirect("/i.png")
        else:
            x.reply(PNG, content_type="image/png")

    with site_of(answer) as site:
        for _ in range(2):  # the second one is a revisit record
            ending = archived.fetch(site.at("/old.png"))
            assert isinstance(ending, Read)
            assert (ending.reason, ending.found) == (f"an image of {len(PNG):,} bytes, archived", ())
        for _ in range(2):
            for url in ("/i.png", "/i.png#fragment", "/old.png"):
                raw = archived.nearest(site.at(url))
                assert raw is not None
                assert (raw.body, raw.content_type, raw.final_url) == (PNG, "image/png", site.at("/i.png"))
            archived.writer.close()
            list(rebuild(archived.settings.data / "warc"))
        assert archived.nearest(site.at("/other.png")) is None
        assert archived.nearest("no url") is None
        kinds = [record[0] for record in records(warcs(archived.folder)[0]) if record[1].get("WARC-Target-URI", "")]
        assert "revisit" in kinds


def test_the_capture_nearest_to_a_time(archived: Archived) -> None:
    versions = iter([b"a{color:red}", b"a{color:blue}"])
    with site_of(lambda x: x.reply(next(versions), content_type="text/css")) as site:
        url = site.at("/s.css")
        assert isinstance(archived.fetch(url), Read)
        first = archived.nearest(url)
        assert isinstance(archived.fetch(url), Read)
        last = archived.nearest(url)
    assert first is not None
    assert last is not None
    assert (first.body, last.body) == (b"a{color:red}", b"a{color:blue}")
    assert archived.nearest(url, first.fetched_at) == first
    assert archived.nearest(url, datetime(2020, 1, 1, tzinfo=UTC)) == first
    assert archived.nearest(url, datetime.now(UTC) + timedelta(days=1)) == last


def test_a_stylesheet_leads_on_within_its_share(archived: Archived) -> None:
    sheet = b"@import '/a.css'; @import '/b.css'; @import '/s.css'; p { b: url(i.png), url(data:image/png;base64,AA) }"
    with site_of(lambda x: x.reply(sheet, content_type="text/css; charset=utf-8")) as site:
        expected = {
            101: [("/a.css", 16), ("/b.css", 16), ("/s.css", 16), ("/css/i.png", 0)],
            2: [("/a.css", 0), ("/b.css", 0)],
            0: [],
        }
        for share, found in expected.items():
            ending = archived.fetch(site.at("/css/x.css"), share)
            assert isinstance(ending, Read)
            [findings] = ending.found
            assert [(one.url, one.depth) for one in findings.urls] == [(site.at(path), left) for path, left in found]
            assert findings.left == 4 - len(found)


def test_a_chain_of_imports_ends(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        number = int(x.path.strip("/.cs"))
        x.reply(f"@import '/{number + 1}.css'; @import '/{number}.css';", content_type="text/css")

    with site_of(answer) as site:
        url, share, length = site.at("/0.css"), MOST_OF_STYLESHEETS, 0
        while True:
            ending = archived.fetch(url, share)
            assert isinstance(ending, Read)
            if not ending.found or not ending.found[0].urls:
                break
            [(url, share)] = urls(ending.found)
            length += 1
    assert length == 7


def test_a_page_of_100_000_images_and_one_of_stylesheets(archived: Archived) -> None:
    many = b"<!DOCTYPE html><p>A page." + b"".join(b"<img src=/%d.png>" % n for n in range(100_000))
    sheets = b"<!DOCTYPE html><p>A page." + b"".join(b"<link rel=stylesheet href=/%d.css>" % n for n in range(500))
    with site_of(lambda x: x.reply(many if x.path == "/i" else sheets)) as site:
        for path, left, share in (("/i", 100_000 - MOST, 0), ("/s", 500 - MOST, 1)):
            ending = archived.fetcher.fetch(claim(site.at(path), crawls=("1",)))
            assert isinstance(ending, Fetched)
            [found] = ending.found
            assert (len(found.urls), found.left) == (MOST, left)
            assert {one.depth for one in found.urls} == {share}


@pytest.mark.parametrize(
    ("path", "ending", "reason"),
    [
        ("/html", Refused, "type text/html: only stylesheets and images are archived"),
        ("/lies", Refused, "an HTML page that is called image/png: only stylesheets and images are archived"),
        ("/script", Refused, "type text/javascript: only stylesheets and images are archived"),
        ("/none", Refused, "no type is given: only stylesheets and images are archived"),
        ("/large", Refused, "larger than 20 KB"),
        ("/bomb", Refused, "larger than 20 KB"),
        ("/empty", Refused, "nothing to read: empty body"),
        ("/missing", Refused, "status 404: not found"),
        ("/broken", Failed, "status 503: service unavailable"),
        ("/cut", Failed, "the connection was closed after 100 bytes"),
        ("/noarchive", Refused, "its site asks not to archive it"),
        ("/private", Refused, "robots.txt disallows /private for Tearsheet (Disallow: /private)"),
        ("/loop", Refused, "redirect loop"),
        ("/away", Refused, "10.0.0.1 is not a public address (allow with TEARSHEET_FETCH_ALLOW_PRIVATE=10.0.0.0/8)"),
        ("/file", Refused, "redirect to 'file:///etc/hostname': scheme 'file' is not fetched"),
    ],
)
def test_how_hostile_ones_end(tmp_path: Path, path: str, ending: type, reason: str) -> None:
    def answer(x: Exchange) -> None:
        images = {
            "/lies": b"\xef\xbb\xbf \n<!doctype html><p>Not found",
            "/large": PNG * 10,
            "/empty": b"",
        }
        types = {"/html": "text/html", "/script": "text/javascript", "/none": None}
        redirects = {"/loop": "/loop", "/away": "http://10.0.0.1/i.png", "/file": "file:///etc/hostname"}
        if path in types:
            x.reply(PAGE, content_type=types[path])
        elif path in redirects:
            x.redirect(redirects[path])
        elif path == "/bomb":
            x.reply(gzip.compress(bytes(10_000_000)), content_type="image/bmp", Content_Encoding="gzip")
        elif path in ("/missing", "/broken"):
            x.reply(b"no", status={"/missing": "404 Not Found", "/broken": "503 Service Unavailable"}[path])
        elif path == "/cut":
            x.head(content_type="image/png", Content_Length="5000")
            x.send(PNG[:100])
        elif path == "/noarchive":
            x.reply(PNG, content_type="image/png", X_Robots_Tag="noarchive")
        else:
            x.reply(images.get(path, PNG), content_type="image/png")

    archived = Archived(tmp_path, fetch_max_bytes=20_000)
    with site_of(answer, robots="User-agent: *\nDisallow: /private\n") as site:
        ended = archived.fetch(site.at(path))
        assert isinstance(ended, ending)
        assert isinstance(ended, Refused | Failed)
        assert reason in ended.reason
        if path not in ("/lies", "/empty"):  # which is what they gave
            assert archived.nearest(site.at(path)) is None
    archived.fetcher.close()
    archived.writer.close()


def test_what_cannot_be_archived_is_not_asked_for(tmp_path: Path) -> None:
    archived = Archived(tmp_path, archive_max_bytes=0)
    asked = []
    with site_of(lambda x: asked.append(x.path)) as site:
        assert archived.fetch(site.at("/i.png")) == Refused("not asked for: nothing can be archived now")
    assert asked == []
    archived.fetcher.close()
    archived.writer.close()


def test_one_that_did_not_change_is_found_as_it_was(archived: Archived) -> None:
    def answer(x: Exchange) -> None:
        if x.headers.get("if-none-match"):
            x.head("304 Not Modified", content_type=None, ETag='"e"')
        else:
            x.reply("a{}", content_type="text/css", ETag='"e"')

    with site_of(answer) as site:
        url = site.at("/s.css")
        first = archived.fetch(url)
        assert isinstance(first, Read)
        assert first.validator == '"e"'
        again = archived.fetcher.fetch(replace(requisite(url, 0), validator=first.validator))
        assert again == Unchanged()
        found = archived.nearest(url)
    assert found is not None
    assert (found.body, found.status) == (b"a{}", 200)
