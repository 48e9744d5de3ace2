"""Which records of a WARC file are pages, in which order, and what is read of each; whatever the file."""

import gzip
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shared.ledger.delivery import Delivery
from shared.settings import Settings
from shared.stage import Refused
from tearsheet.warc.captures import Captures
from tearsheet.warc.delivering import delivery_of
from tearsheet.warc.scan import NotWarcError
from tests.shared.archive.exchanges import exchange, fetch, settings, warcs, writing
from tests.tearsheet.warc.files import DATE, PAGE, chunked, other_file, zipped

SETTINGS = Settings(_env_file=None, fetch_max_bytes=50_000)  # type: ignore[call-arg]
A, B = "http://a.example/", "http://b.example/"


def delivered(*paths: Path, after: int = 0) -> list[Delivery]:
    with closing(Captures(paths)) as captures:
        found = [delivery_of(capture, SETTINGS) for capture in captures.after(after)]
        assert len(found) == captures.count - after
    return found


def told(delivery: Delivery) -> bytes | str:
    """The body, or why there is none."""
    return delivery.page.reason if isinstance(delivery.page, Refused) else delivery.page[0].body


@pytest.fixture(params=[True, False], ids=["packed", "plain"])
def packed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_pages_are_found_and_read_as_they_were_sent(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "other.warc"
    with other_file(path, packed=packed) as other:
        other.request(A)
        other.response(A + "plain", ETag='"e"', Last_Modified="then")
        other.response(A + "packed", zipped(PAGE), Content_Encoding="gzip")
        other.response(A + "chunked", chunked(PAGE), Transfer_Encoding="chunked")
        other.response(A + "both", chunked(zipped(PAGE)), Transfer_Encoding="chunked", Content_Encoding="gzip")
        other.response(A + "undone", PAGE, Transfer_Encoding="chunked", Content_Encoding="gzip", Content_Length="7")
        other.response(A + "vague", PAGE, content_type=None)
        other.resource(A + "resource")
    found = delivered(path)
    assert [d.url.removeprefix(A) for d in found] == [
        "plain",
        "packed",
        "chunked",
        "both",
        "undone",
        "vague",
        "resource",
    ]
    assert [told(d) for d in found] == [PAGE] * 7
    assert {d.fetch_id for d in found} == {1_709_294_400_000}
    raw = found[0].page[0]  # type: ignore[index]
    assert (raw.url, raw.final_url, raw.status, raw.etag, raw.last_modified) == (
        A + "plain",
        A + "plain",
        200,
        '"e"',
        "then",
    )
    assert raw.content_type == "text/html; charset=utf-8"
    assert raw.fetched_at.isoformat() == "2024-03-01T12:00:00+00:00"
    assert delivered(path, after=5) == found[5:]


def test_what_is_no_page_is_passed_over_and_counted(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "other.warc"
    with other_file(path, packed=packed) as other:
        other.response(A, status="301 Moved Permanently", Location=B)
        other.response(A + "a.png", b"\x89PNG\r\n\x1a\n", content_type="image/png")
        other.response(A + "robots.txt", b"User-agent: *", content_type="text/plain")
        other.response(A + "b.txt", b"words", content_type="text/plain")
        other.response(A + "missing.png", b"no", content_type="text/plain", status="404 Not Found")
        other.resource("dns:a.example", b"1.2.3.4", content_type="text/dns")
        other.response(A + "no-date", date="yesterday")
        other.revisit(A, DATE, WARC_Refers_To="<urn:uuid:elsewhere>", WARC_Profile="x")
    with closing(Captures([path])) as captures:
        assert captures.count == 0
        assert captures.damage == []
        assert dict(captures.passed_over) == {
            "redirect": 1,
            "image/png": 1,
            "robots.txt": 1,
            "text/plain": 1,
            "answer of status 404": 1,
            "record without a date": 1,
            "revisit of what is in none of these files": 1,
        }


def test_what_cannot_be_parsed_says_why(tmp_path: Path) -> None:
    path = tmp_path / "other.warc.gz"
    with other_file(path) as other:
        other.response(A + "pdf", b"%PDF-1.4")
        other.response(A + "empty", b" ")
        other.response(A + "gone", b"no", status="410 Gone")
        other.response(A + "busy", b"no", status="503 Service Unavailable")
        other.response(A + "large", PAGE + b"x" * 50_000)
        other.response(A + "bomb", zipped(PAGE + bytes(30_000_000)), Content_Encoding="gzip")
        other.response(A + "coding", PAGE, Content_Encoding="x-own")
        other.response(A + "broken", zipped(PAGE)[:2] + b"rubbish" * 9, Content_Encoding="gzip")
    found = delivered(path)
    assert [told(d) for d in found] == [
        "a PDF document is not read, only HTML pages",
        "nothing to read: empty body",
        "status 410: gone for good",
        "status 503: service unavailable",
        "larger than 50 KB",
        "larger than 50 KB",
        "the body is packed as 'x-own', which is not read",
        "the body cannot be unpacked: Error -3 while decompressing data: unknown compression method",
    ]
    assert [isinstance(d.page, Refused) and d.page.gone for d in found].index(True) == 2


def test_captures_of_several_files_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    with other_file(tmp_path / "1.warc.gz") as other:
        other.response(A, b"<p>3", date="2024-03-03T00:00:00Z")
        other.response(A, b"<p>1", date="2024-03-01T00:00:00.5Z")
    with other_file(tmp_path / "2.warc", packed=False) as other:
        other.response(A, b"<p>2", date="2024-03-02T00:00:00.123456789Z")
        other.response(A, b"<p>0", date="2024-03-01T00:00:00Z")
    found = delivered(tmp_path / "1.warc.gz", tmp_path / "2.warc")
    assert [told(d) for d in found] == [b"<p>0", b"<p>1", b"<p>2", b"<p>3"]
    assert found[1].fetch_id % 1000 == 500
    with closing(Captures([tmp_path / "1.warc.gz"])) as one, closing(Captures([tmp_path / "2.warc"])) as two:
        assert one.digest != two.digest
        assert one.label == "1.warc.gz"


def test_revisits_have_the_body_of_what_they_refer_to(tmp_path: Path) -> None:
    path, later = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    with other_file(path) as other:
        name = other.response(A, b"<p>a", date="2024-03-01T00:00:00Z")
        other.response(B, b"<p>b", date="2024-03-01T00:00:00Z")
        other.response(A + "i.png", b"\x89PNG", date="2024-03-01T00:00:00Z", content_type="image/png")
    with other_file(later) as other:
        other.revisit(A, "2024-03-02T00:00:00Z", WARC_Refers_To=name)
        other.revisit(
            B, "2024-03-03T00:00:00Z", WARC_Refers_To_Target_URI=B, WARC_Refers_To_Date="2024-03-01T00:00:00Z"
        )
        with closing(Captures([path])) as captures:
            digest = captures._db.execute("SELECT digest FROM records WHERE url = ?", (A,)).fetchone()[0]
        other.revisit(A, "2024-03-04T00:00:00Z", WARC_Payload_Digest=digest)
    found = delivered(later, path)
    assert [(d.url, told(d)) for d in found] == [
        (A, b"<p>a"),
        (B, b"<p>b"),
        (A, b"<p>a"),
        (B, b"<p>b"),
        (A, b"<p>a"),
    ]


def test_our_own_files_are_read_as_those_of_others(tmp_path: Path) -> None:
    url = "http://a.example/page"
    with writing(settings(tmp_path)) as writer:
        robots = exchange(b"User-agent: *", url="http://a.example/robots.txt")
        robots.role = "robots"
        writer.keep(fetch(url), [robots, exchange(zipped(PAGE), headers=b"Content-Encoding: gzip\r\n")])
        writer.keep(fetch(url, 2), [exchange(b"", status="304 Not Modified")])
        cut = exchange(PAGE)
        cut.truncated = "disconnect"
        writer.keep(fetch(url, 3), [cut])
    assert [told(d) for d in delivered(*warcs(tmp_path))] == [
        PAGE,
        PAGE,
        "it was cut off when it was archived (WARC-Truncated: disconnect)",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "there is no record in it"),
        (b"hello world\n" * 50, "this is no WARC file"),
        (b"%PDF-1.4\n" + bytes(1000), "this is no WARC file"),
        (gzip.compress(b"hello\n" * 100), "this is no WARC file"),
        (b"\x1f\x8bx", "there is no record in it"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, "this is no WARC file"),
        (
            b"filedesc://x.arc 0.0.0.0 20240301000000 text/plain 75\n1 0 other\n"
            b"URL IP-address Archive-date Content-type Archive-length\n\n",
            "this is an ARC file, older than WARC, which is not read",
        ),
    ],
)
def test_what_is_no_warc_file_is_said_in_one_line(
    tmp_path: Path, content: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(NotWarcError) as error:
        Captures([path])
    assert str(error.value) == f"{path}: {words}"
    assert capsys.readouterr() == ("", "")


def test_a_file_packed_as_a_whole_is_told_how_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    with other_file(path, packed=False) as other:
        other.response(A)
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(NotWarcError, match="packed as a whole and not record by record: `warcio recompress`"):
        Captures([path])


@pytest.fixture(scope="module", params=[True, False], ids=["packed", "plain"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("whole") / "whole.warc"
    with other_file(path, packed=request.param) as other:
        for number in range(4):
            other.request(A)
            other.response(f"{A}{number}", PAGE * (number + 1), date=f"2024-03-01T00:00:0{number}Z")
    return path


@given(part=st.floats(0, 1, exclude_max=True))
@hypothesis_settings(max_examples=80, deadline=None)
def test_a_file_cut_off_anywhere_gives_what_is_whole(whole: Path, part: float) -> None:
    data = whole.read_bytes()
    cut = whole.with_name("cut.warc")
    cut.write_bytes(data[: int(part * len(data))])
    try:
        with closing(Captures([cut])) as captures:
            found = [told(delivery_of(capture, SETTINGS)) for capture in captures.after(0)]
            damage = captures.damage
    except NotWarcError:
        assert part < 0.3
        return
    assert found == [PAGE * (number + 1) for number in range(len(found))]
    # Nothing tells that records are missing where the cut is between two of them.
    assert damage or len(found) < 4 or len(data) - cut.stat().st_size < 10


@given(at=st.floats(0, 1, exclude_max=True), rubbish=st.binary(min_size=1, max_size=40))
@hypothesis_settings(max_examples=80, deadline=None)
def test_whatever_is_broken_in_a_file_ends_in_words(whole: Path, at: float, rubbish: bytes) -> None:
    data = whole.read_bytes()
    start = int(at * len(data))
    broken = whole.with_name("broken.warc")
    broken.write_bytes(data[:start] + rubbish + data[start + len(rubbish) :])
    with suppress(NotWarcError), closing(Captures([broken])) as captures:
        for capture in captures.after(0):
            assert told(delivery_of(capture, SETTINGS)) is not None
        assert all("\n" not in line for line in captures.damage)
