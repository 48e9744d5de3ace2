"""Mutations of pages that keep them pages: most are made between tags, so that what results still reaches every rule.

Bytes changed at random spoil a tag now and then, and the text in it for good; a thread that is nested in itself, a head
in another's body or a class on another element are what rules trip over.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from bench.fuzz.check import join, split

# Larger pages are slower without taking other ways.
MOST = 32 * 1024

TAGS = (
    "div p span a b i em li ul ol table tr td th caption h1 h2 h3 article section aside nav header footer main form "
    "button select option textarea noscript template svg math iframe script style title head body html frameset pre "
    "plaintext xmp blockquote br hr img time cite dl dt dd label figure figcaption ruby rt rp details summary marquee "
    "object font center base meta link q del ins foreignObject annotation-xml"
).split()
ATTRIBUTES = [
    "hidden",
    'style="display:none"',
    "style='VISIBILITY : hidden'",
    'class="comment" id="comment-1"',
    'class="comments-area"',
    'class="children"',
    'class="depth-9999999999999"',
    'class="post-body entry-content"',
    'class="widget"',
    'class="related-posts share"',
    'class="byline author vcard"',
    'class="published date"',
    'class="reply" href="#comment-1"',
    'id="comment-1" data-parent="comment-1"',
    'id="S:0" hidden',
    'itemprop="articleBody"',
    'itemprop="author" itemscope itemtype="https://schema.org/Person"',
    'itemscope itemtype="https://schema.org/Comment"',
    'itemprop="datePublished" content="2024-13-45T99:99:99+99:99"',
    'datetime="0000-00-00"',
    'datetime="99999-12-31T23:59:60Z"',
    'datetime="2024-05-06T07:08:09+02:00"',
    'href="//["',
    'href="javascript:void(0)"',
    'src="data:image/gif;base64,R0lGOD"',
    'href="https://xn--/%zz?a=1&amp;b=2#c"',
    'width="-1" height="1e999"',
    'rel="tag" href="/tag/x"',
    'property="og:title" content="A title"',
    'name="author" content="By Jane Roe, John Doe and others"',
    'lang="xx-invalid-\u0130"',
    'aria-level="99" role="heading"',
]
TEXTS = [
    "\0",
    "\u00ad",
    "\u200d\u200b\u2060\ufeff",
    "\u202egnirts",
    "e\u0301\u0301\u0301",
    "\u0130\u0131\u1e9e\u017f\u212a",
    "&#0;&#x110000;&#xD800;&notit;&amp",
    "日本語の文。",
    "عربي",
    "ा",
    "𝟗𝟗 ²³ ௧ ፩ ⅷ",
    "99999999999999999999 comments",
    f"&amp;#{'9' * 5000};",
    "< " * 2500,
    "5 minutes ago",
    "0 years ago",
    "99999999999999 days ago",
    "31 February 2024 at 25:61",
    "May 5, 2024",
    "1402/13/31",
    "By",
    "by Jane Roe and ",
    "Published on 12 May 2024 by Jane Roe | Updated",
    "In reply to",
    "\n\n\t ",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "</",
    "<",
    ">",
    '"',
    "'",
    "=",
    "A sentence, and another one that is long enough to be read as text of an article. ",
    '<script type="application/ld+json">{"@graph":[{"@type":["Article"],"author":[{"name":["A"]},1,null],'
    '"datePublished":1e400,"comment":[{"@type":"Comment","text":{}}],"headline":["x",{}]}]}</script>',
    '<script type="application/ld+json">' + "[" * 3000 + "</script>",
    '<meta http-equiv="content-type" content="text/html; charset=utf-16">',
    '<meta property="article:published_time" content="-1">',
    '<base href="//[">',
]
CHARSETS = (
    "utf-8 utf-16 utf-16le utf-16be utf-7 iso-8859-1 windows-1251 windows-1252 koi8-r shift_jis euc-jp iso-2022-jp "
    "gb18030 gbk big5 euc-kr hz-gb-2312 x-user-defined replacement none \xff"
).split()
# What Python calls those that it can write.
CODECS = (
    "utf-8-sig utf-16 utf-16-le utf-32 latin-1 cp1251 koi8-r cp932 euc-jp iso2022_jp gb18030 big5 euc-kr hz".split()
)

_TOKENS = re.compile(rb"<[^<>]*>|[^<]+|<")
_ATTRIBUTE = re.compile(rb"[^\s\"'>/=]+\s*(?:=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?[^\"'\s>;]*", re.IGNORECASE)

Tokens = list[bytes]


class Mutator:
    """Changes inputs; the same seed makes the same change."""

    def __init__(self, pages: Sequence[bytes], most: int = MOST) -> None:
        """`pages`: what is spliced in; `most`: bytes of an input."""
        self.pages = pages
        self.most = most
        self.changes: list[Callable[[Tokens, Random], Tokens]] = [
            self.cut, self.drop, self.repeat, self.swap, self.move, self.nest, self.open, self.retag, self.attribute,
            self.attribute, self.trade, self.text, self.text, self.splice,
        ]  # fmt: skip

    def __call__(self, data: bytes, seed: int) -> bytes:
        """An input that one to four changes were made to."""
        rng = Random(seed)
        body, content_type = split(data)
        tokens = _TOKENS.findall(body)
        for _ in range(rng.choice((1, 1, 2, 4))):
            tokens = rng.choice(self.changes)(tokens, rng)
            tokens = _limited(tokens, self.most)
        body = b"".join(tokens)
        if rng.random() < 0.1:
            body, content_type = self.encoding(body, content_type, rng)
        return join(body, content_type)[: self.most]

    def cut(self, tokens: Tokens, rng: Random) -> Tokens:
        """The page ends, or begins, in its midst, be it in a tag."""
        at = rng.randint(0, len(tokens))
        if rng.random() < 0.5:
            return tokens[at:]
        torn = tokens[at][: rng.randint(0, len(tokens[at]))] if at < len(tokens) else b""
        return [*tokens[:at], torn]

    def drop(self, tokens: Tokens, rng: Random) -> Tokens:
        """A range is missing."""
        first, last = _range(tokens, rng)
        return tokens[:first] + tokens[last:]

    def repeat(self, tokens: Tokens, rng: Random) -> Tokens:
        """A range stands there many times."""
        first, last = _range(tokens, rng)
        times = rng.choice((2, 3, 10, 100, 1000))
        size = sum(map(len, tokens[first:last])) or 1
        return tokens[:first] + tokens[first:last] * min(times, self.most // size + 1) + tokens[last:]

    def swap(self, tokens: Tokens, rng: Random) -> Tokens:
        """Two neighbouring ranges change places."""
        first, middle, last = sorted(rng.randint(0, len(tokens)) for _ in range(3))
        return tokens[:first] + tokens[middle:last] + tokens[first:middle] + tokens[last:]

    def move(self, tokens: Tokens, rng: Random) -> Tokens:
        """A range stands elsewhere, so that elements overlap or stand in themselves."""
        first, last = _range(tokens, rng)
        rest = tokens[:first] + tokens[last:]
        at = rng.randint(0, len(rest))
        return rest[:at] + tokens[first:last] + rest[at:]

    def nest(self, tokens: Tokens, rng: Random) -> Tokens:
        """A range stands in a new element, or in hundreds."""
        first, last = _range(tokens, rng)
        tag, times = rng.choice(TAGS), rng.choice((1, 1, 1, 2, 30, 600))
        start, end = _start(tag, rng), f"</{tag}>".encode()
        return [*tokens[:first], *[start] * times, *tokens[first:last], *[end] * times, *tokens[last:]]

    def open(self, tokens: Tokens, rng: Random) -> Tokens:
        """A tag that nothing closes, or closes what is not open."""
        at, tag = rng.randint(0, len(tokens)), rng.choice(TAGS)
        return [*tokens[:at], _start(tag, rng) if rng.random() < 0.6 else f"</{tag}>".encode(), *tokens[at:]]

    def retag(self, tokens: Tokens, rng: Random) -> Tokens:
        """One tag has another name, or all of its name have."""
        at = _any_tag(tokens, rng)
        found = re.match(rb"</?([a-zA-Z][^\s/>]*)", tokens[at]) if at is not None else None
        if at is None or found is None:
            return tokens
        old, new = found[1], rng.choice(TAGS).encode()
        if rng.random() < 0.5:
            return [*tokens[:at], tokens[at].replace(old, new, 1), *tokens[at + 1 :]]
        name = re.compile(rb"(</?)" + re.escape(old) + rb"(?=[\s/>])")
        return [name.sub(rb"\1" + new, t) for t in tokens]

    def attribute(self, tokens: Tokens, rng: Random) -> Tokens:
        """A tag has an attribute more or less, or another value, or very many."""
        at = _any_tag(tokens, rng)
        if at is None:
            return tokens
        tag = tokens[at]
        found = list(_ATTRIBUTE.finditer(tag, re.match(rb"<[^\s/>]*", tag).end()))  # type: ignore[union-attr]
        kind = rng.random()
        if not found or kind < 0.5:
            end = len(tag) - (2 if tag.endswith(b"/>") else 1)
            many = b" x" * 1100 if kind < 0.01 else b""
            tag = tag[:end] + many + b" " + rng.choice(ATTRIBUTES).encode() + tag[end:]
        else:
            one = rng.choice(found)
            name = one[0].partition(b"=")[0]
            value = b"" if kind < 0.7 else name + b'="' + rng.choice(TEXTS).encode().replace(b'"', b"&quot;") + b'"'
            tag = tag[: one.start()] + value + tag[one.end() :]
        return [*tokens[:at], tag, *tokens[at + 1 :]]

    def trade(self, tokens: Tokens, rng: Random) -> Tokens:
        """A tag stands in another's place as well."""
        one, other = _any_tag(tokens, rng), _any_tag(tokens, rng)
        return tokens if one is None or other is None else [*tokens[:one], tokens[other], *tokens[one + 1 :]]

    def text(self, tokens: Tokens, rng: Random) -> Tokens:
        """Words, or what looks like markup, between two tags or in the midst of one."""
        at, new = rng.randint(0, len(tokens)), rng.choice(TEXTS).encode()
        if at < len(tokens) and rng.random() < 0.4:
            inside = rng.randint(0, len(tokens[at]))
            return [*tokens[:at], tokens[at][:inside] + new + tokens[at][inside:], *tokens[at + 1 :]]
        return [*tokens[:at], new, *tokens[at:]]

    def splice(self, tokens: Tokens, rng: Random) -> Tokens:
        """A range of another page."""
        if not self.pages:
            return tokens
        other = _TOKENS.findall(split(rng.choice(self.pages))[0])
        first, last = _range(other, rng)
        at, until = _range(tokens, rng)
        return tokens[:at] + other[first:last] + tokens[rng.choice((at, until)) :]

    def encoding(self, body: bytes, content_type: str | None, rng: Random) -> tuple[bytes, str | None]:
        """Another encoding, or another claim of one."""
        kind = rng.random()
        if kind < 0.4:
            charset = rng.choice(CHARSETS)
            content_type = rng.choice(
                (None, "text/html", f"text/html; charset={charset}", f'text/html;charset="{charset}')
            )
        elif kind < 0.7:
            name = b"charset=" + rng.choice(CHARSETS).encode("latin-1")
            if _CHARSET.search(body):
                body = _CHARSET.sub(lambda _: name, body, count=1)
            else:
                body = b"<meta " + name + b">" + body
        else:
            body = body.decode("utf-8", "replace").encode(rng.choice(CODECS), "replace")
        return body, content_type


def _range(tokens: Tokens, rng: Random) -> tuple[int, int]:
    """A range of tokens, more often short than long."""
    first = rng.randint(0, len(tokens))
    length = int(len(tokens) ** rng.random())
    return first, min(len(tokens), first + length)


def _any_tag(tokens: Tokens, rng: Random) -> int | None:
    """The number of a tag."""
    if not tokens:
        return None
    start = rng.randrange(len(tokens))
    near = range(start, min(len(tokens), start + 20))
    return next((n for n in near if len(tokens[n]) > 2 and tokens[n][:1] == b"<" and tokens[n][-1:] == b">"), None)


def _start(tag: str, rng: Random) -> bytes:
    """A start tag, half of the time with an attribute."""
    return f"<{tag}{rng.choice(('', ' ' + rng.choice(ATTRIBUTES)))}>".encode()


def _limited(tokens: Tokens, most: int) -> Tokens:
    """As many tokens as fit."""
    size = 0
    for n, token in enumerate(tokens):
        size += len(token)
        if size > most:
            return tokens[:n]
    return tokens
