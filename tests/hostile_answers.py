"""What the hostile site answers at each path."""

import gzip
import zlib
from collections.abc import Iterator
from functools import cache

from tests.hostile_exchange import Answer, Exchange
from tests.hostile_packing import PACKED
from tests.hostile_sources import SOURCE_ANSWERS
from tests.hostile_streams import STREAMS

CAP = 10_000_000
"""The size cap that the too-large cases exceed (the default of TEARSHEET_FETCH_MAX_BYTES)."""


def ordinary_page(n: int) -> str:
    """A small page with an article, two comments and a widget; each n gives other words."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour notes {n}</title></head><body>
<header><h1><a href="/">The Quay</a></h1></header>
<main><article><h2>Harbour notes, number {n}</h2><time datetime="2024-03-05T08:00:00Z">5 March 2024</time>
<p>The ferry left at a quarter past {n}, later than the board said, with {n} crates of oranges on the after deck.</p>
<p>Nobody on the mole could say who had ordered them, and the harbour master was not asked about number {n}.</p>
</article><section class="comments"><h3>2 comments</h3><ol>
<li class="comment" id="c1"><b class="fn">Ida</b> <p>I saw crate {n} fall into the water.</p></li>
<li class="comment" id="c2"><b class="fn">Joss</b> <p>It floated, as oranges do. Number {n} again.</p></li>
</ol></section></main>
<aside><h3>Tide table</h3><ul>
<li><a href="/high">High water {n}</a></li><li><a href="/low">Low water</a></li>
</ul></aside></body></html>"""


_GREEK = "Το πλοίο έφυγε αργά το πρωί με πορτοκάλια στο κατάστρωμα, και κανείς στο λιμάνι δεν ήξερε ποιος τα αγόρασε."
_RUSSIAN = "Паром отошёл поздно утром, с апельсинами на палубе, и никто на пристани не знал, кто их заказал."
_PDF = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"\x00\x80\xff stream " * 200 + b"%%EOF"
)
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffff3f0005fe02fea73581840000000049454e44ae426082"
)


def _page(body: str, head: str = "<title>A page</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def _ok(x: Exchange) -> None:
    n = x.n(1)
    tag = f'"ok-{n}"'
    if x.headers.get("if-none-match") == tag:
        x.head("304 Not Modified", None, ETag=tag)
    else:
        x.reply(ordinary_page(n), ETag=tag)


def _slow_headers(x: Exchange) -> None:
    x.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Filler: " + b"a" * 600 + b"\r\n\r\n<p>At last.")


def _slow_body(x: Exchange) -> None:
    x.head(Content_Length="603").drip(b"<p>" + b"slow " * 120)


def _stall_body(x: Exchange) -> None:
    x.head(Content_Length="100000").send(b"<p>The rest of this page")
    x.pause(600)


def _endless_body(x: Exchange) -> None:
    x.head()
    while True:
        x.send(b"<p>and on it goes</p>\n" * 3000)


def _endless_header(x: Exchange) -> None:
    x.send(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    while True:
        x.send(b"a" * 65_536)


def _large() -> Iterator[bytes]:
    piece = b"<p>A line of a page that is too large for anyone to read.</p>\n" * 1000
    for _ in range(CAP // len(piece) + 2):
        yield piece


def _large_declared(x: Exchange) -> None:
    x.head(Content_Length=str(sum(map(len, _large()))))
    for piece in _large():
        x.send(piece)


def _large_undeclared(x: Exchange) -> None:
    x.head()
    for piece in _large():
        x.send(piece)


def _large_chunked(x: Exchange) -> None:
    x.head(Transfer_Encoding="chunked")
    for piece in _large():
        x.send(b"%x\r\n%b\r\n" % (len(piece), piece))
    x.send(b"0\r\n\r\n")


@cache
def _bomb() -> bytes:
    """100 MB of zeros in 100 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return b"".join([packer.compress(zeros) for _ in range(100)]) + packer.flush()


def _nested_bomb(x: Exchange) -> None:
    x.reply(gzip.compress(gzip.compress(_bomb())), Content_Encoding="gzip, gzip, gzip")


def _chain(x: Exchange) -> None:
    n = x.n(1)
    x.redirect(f"/redirect/chain?n={n - 1}" if n > 1 else "/ok?n=77")


def _truncated(x: Exchange) -> None:
    page = ordinary_page(5)
    x.reply(page[: page.index('<li class="comment" id="c2"') + 12])


def _wrong_length(x: Exchange, by: int) -> None:
    body = ordinary_page(6).encode()
    x.reply(body, Content_Length=str(len(body) + by))


def _deep(x: Exchange) -> None:
    x.reply(_page("<div>" * 200_000 + "<p>At the very bottom of the pit there is a sentence to read.</p>"))


def _tags(x: Exchange) -> None:
    x.reply("<!DOCTYPE html><title>Tags</title><p>A page of little tags.</p>" + "<i>a</i>" * 1_000_000)


def _attributes(x: Exchange) -> None:
    many = " ".join(f'a{i}="{i}"' for i in range(100_000))
    x.reply(_page(f"<p {many}>A paragraph with more attributes than words, and yet it can be read.</p>"))


def _script(x: Exchange) -> None:
    x.reply(_page("<script>window.app = {start: () => render(document.body)};\n" + "var a = 1;\n" * 5000 + "</script>"))


def _contradictory(x: Exchange) -> None:
    page = _page(f"<article><p>{_RUSSIAN}</p></article>", '<meta charset="utf-8"><title>Паром</title>')
    x.reply(page.encode("windows-1251"), content_type="text/html; charset=windows-1251")


def _surrogates(x: Exchange) -> None:
    body = _page("<p>Before @ after, and by reference &#xD800;&#xDFFF; too: a sentence to be read.</p>").encode()
    x.reply(body.replace(b"@", b"\xed\xa0\x80\xed\xbf\xbf"))


def _noise(x: Exchange) -> None:
    state, out = 12_345, bytearray()
    for _ in range(50_000):
        state = (state * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        out.append(state >> 16 & 0xFF)
    x.reply(bytes(out))


def _flaky(x: Exchange) -> None:
    if x.site.hits[x.target] <= x.n(2):
        _status(x, 503)
    else:
        x.reply(ordinary_page(10))


def _reset_body(x: Exchange) -> None:
    x.head(Content_Length="100000").send(b"<p>The line is about to")
    x.reset()


def _bad_chunks(x: Exchange) -> None:
    x.head(Transfer_Encoding="chunked").send(b"5\r\n<p>Th\r\nzz\r\nnot a chunk\r\n0\r\n\r\n")


def _status(x: Exchange, status: int) -> None:
    headers = {"Retry_After": "1"} if status in (429, 503) else {}
    x.reply(f"<title>{status}</title><p>Status {status}.", status=f"{status} So it is", **headers)


def _robots_meta(x: Exchange) -> None:
    x.reply(_page("<p>Words that nobody shall find by a search.</p>", '<META content="noindex,follow" Name=robots>'))


ANSWERS: dict[str, Answer] = {
    "/ok": _ok,
    "/slow/headers": _slow_headers,
    "/slow/body": _slow_body,
    "/stall/accept": lambda x: x.pause(600),
    "/stall/body": _stall_body,
    "/endless/body": _endless_body,
    "/endless/header": _endless_header,
    "/large/declared": _large_declared,
    "/large/undeclared": _large_undeclared,
    "/large/chunked": _large_chunked,
    "/bomb/gzip": lambda x: x.reply(_bomb(), Content_Encoding="gzip"),
    "/bomb/nested": _nested_bomb,
    "/gzip/broken": lambda x: x.reply(ordinary_page(1), Content_Encoding="gzip"),
    "/redirect/long": lambda x: x.redirect("/" + "a" * 60_000),
    "/redirect/loop": lambda x: x.redirect("/redirect/loop"),
    "/redirect/pair": lambda x: x.redirect("/redirect/pair-2"),
    "/redirect/pair-2": lambda x: x.redirect("/redirect/pair"),
    "/redirect/chain": _chain,
    "/redirect/private": lambda x: x.redirect("http://10.20.30.40/admin"),
    "/redirect/metadata": lambda x: x.redirect("http://169.254.169.254/latest/meta-data/"),
    "/redirect/file": lambda x: x.redirect("file:///etc/hostname"),
    "/redirect/nowhere": lambda x: x.reply(b"", status="302 Found"),
    "/redirect/nonsense": lambda x: x.redirect("http://[not-an-address/"),
    "/html/truncated": _truncated,
    "/html/deep": _deep,
    "/html/tags": _tags,
    "/html/attributes": _attributes,
    "/html/comment": lambda x: x.reply("<!DOCTYPE html><html><body><!-- " + "<p>nobody reads this</p>\n" * 20_000),
    "/html/script": _script,
    "/length/short": lambda x: _wrong_length(x, 500),
    "/length/long": lambda x: _wrong_length(x, -40),
    "/length/negative": lambda x: x.reply(ordinary_page(11), Content_Length="-5"),
    "/length/two": lambda x: x.reply(ordinary_page(12), Content_Length="100\r\nContent-Length: 200"),
    "/length/huge": lambda x: x.reply(ordinary_page(13), Content_Length="9" * 40),
    "/robots/noindex": _robots_meta,
    "/robots/noindex-header": lambda x: x.reply(ordinary_page(14), X_Robots_Tag="nofollow\r\nX-Robots-Tag: NOINDEX"),
    "/length/nonsense": lambda x: x.reply(ordinary_page(8), Content_Length="lots"),
    "/type/pdf": lambda x: x.reply(_PDF, content_type="application/pdf"),
    "/type/pdf-as-html": lambda x: x.reply(_PDF),
    "/type/png": lambda x: x.reply(_PNG, content_type="image/png"),
    "/type/png-as-html": lambda x: x.reply(_PNG),
    "/type/none": lambda x: x.reply(ordinary_page(9), content_type=None),
    "/type/json": lambda x: x.reply('{"title": "not a page"}', content_type="application/json"),
    "/empty": lambda x: x.reply(b""),
    "/blank": lambda x: x.reply(" \n\t\r\n" * 500),
    "/nocontent": lambda x: x.reply(b"", "204 No Content", None),
    "/charset/missing": lambda x: x.reply(
        _page(f"<article><h1>Νέα</h1><p>{_GREEK}</p></article>").encode("windows-1253"), content_type="text/html"
    ),
    "/charset/wrong": lambda x: x.reply(_page(f"<p>{_RUSSIAN}</p>"), content_type="text/html; charset=windows-1251"),
    "/charset/contradictory": _contradictory,
    "/charset/unknown": lambda x: x.reply(
        _page(f"<p>{_GREEK}</p>", '<meta charset="klingon-8">'), content_type="text/html; charset=x-none"
    ),
    "/charset/utf16": lambda x: x.reply(_page(f"<p>{_GREEK}</p>").encode("utf-16"), content_type="text/html"),
    "/bytes/nul": lambda x: x.reply(
        _page("<p>Half a wo\0rd and a \0<b\0>tag\0</b\0> with NULs, still to be read.</p>")
    ),
    "/bytes/surrogates": _surrogates,
    "/bytes/noise": _noise,
    "/flaky": _flaky,
    "/reset/early": lambda x: x.reset(),
    "/reset/body": _reset_body,
    "/protocol/garbage": lambda x: x.send(b"\x16\x03\x01 this is not HTTP at all\r\n\r\n"),
    "/protocol/chunks": _bad_chunks,
    **STREAMS,
    **PACKED,
    **SOURCE_ANSWERS,
    "/robots-elsewhere.txt": lambda x: x.reply("User-agent: *\nDisallow: /\n", content_type="text/plain"),
}


def answer(x: Exchange) -> None:
    """Answers any request but that for robots.txt."""
    if x.path in ANSWERS:
        ANSWERS[x.path](x)
    elif x.path.startswith("/status/"):
        _status(x, int(x.path.removeprefix("/status/")))
    else:
        _status(x, 404)
