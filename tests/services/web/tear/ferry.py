"""A page of a small paper, with a thread, widgets, a stylesheet, pictures that are kept and some that are not."""

import struct
import zlib

from shared.records import ParsedPage
from tests.services.web.tear.kept import Kept

URL = "http://quay.example/ferry.html"
STYLE = b"""@import "more.css"; @import url(gone.css);
@namespace svg url(http://www.w3.org/2000/svg);
body { background: url(http://away.example/tracking.png); font-family: serif }
h1 { color: rgb(1, 2, 3) }
nav li { list-style-image: url(img/dot.png) }
"""
MORE = b".post-body p { margin-left: 40px } .side::before { content: '</style>' }"
PAGE = """<!DOCTYPE html><html lang=en class=no-js><head><title>The ferry left late</title>
<link rel=stylesheet href=/style.css><link rel=stylesheet href=http://away.example/far.css>
<style>.byline { color: rgb(4, 5, 6) }</style></head>
<body class="post single">
<header id=top><h2><a href=/>The Quay</a></h2><p>News of ferries, daily</p></header>
<nav><ul><li><a href=/town>Town</a></li><li><a href=/harbour>Harbour</a></li><li><a href=/letters>Letters</a></li></ul>
</nav>
<main><article><h1>The ferry left late</h1>
<p class=byline>By <a href=/ida rel=author>Ida Rook</a></p><time datetime=2024-05-06>6 May 2024</time>
<div class=post-body>
<p>The ferry left late, and nobody on the quay knew why it did, not even the mate who had the keys to it.</p>
<img src=img/ferry.png alt="The ferry at the quay" width=64 height=48>
<p>It had been there all night, its lamps lit, and its engine warm, said those who had slept beside it on the sand.</p>
<img src=img/lost.png alt="The mate, with the keys" width=120 height=40>
<img src=http://away.example/count.gif width=1 height=1>
<p>At noon it went, with <a href=/passengers>forty passengers</a>, two dogs and a double bass; it came back at four.</p>
<p>The harbour master would not say more than that the ferry was late, and that it would be so again, in his view.</p>
</div></article>
<div class=share><a href=/s>Share</a> <a href=/t>Tweet</a></div>
<section id=comments><h3>3 comments</h3><ol class=comments>
<li class=comment id=comment-1><cite class=author>Bo Tern</cite><p>I was on it. It was cold, the bass out of tune.</p>
<ul class=children><li class=comment id=comment-2><cite class=author>Una Kite</cite>
<p>So it was you who played it through the night, with a red line on the strings.</p></li></ul></li>
<li class=comment id=comment-3><cite class=author>Ove Auk</cite>
<p>The mate had the keys. I gave them to him myself.</p></li>
</ol></section></main>
<aside class=side><h3>Most read</h3><ul><li><a href=/1>The seal that came to stay</a></li>
<li><a href=/2>Where the sand goes in winter</a></li></ul></aside>
<footer><p>The Quay, 1 Harbour Road. Printed on Tuesdays.</p></footer>
</body></html>"""


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def keep(kept: Kept) -> ParsedPage:
    """The page, with what it needs."""
    kept.requisite("http://quay.example/style.css", STYLE, "text/css")
    kept.requisite("http://quay.example/more.css", MORE, "text/css")
    kept.requisite("http://quay.example/img/ferry.png", png(64, 48), "image/png")
    kept.requisite("http://quay.example/img/dot.png", png(8, 8), "image/png")
    return kept.page(URL, PAGE)
