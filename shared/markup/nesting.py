"""Flattens what is nested too deep, and thins what has too many tags, before the page is parsed. Text is kept.

lexbor is quadratic in open elements (100,000 levels took 21 s) and takes 200 bytes an element; browsers stop at 512
levels too. The core quickly counts the depth that the parser could reach; only where that passes the limit, or there
are too many tags, is the source rewritten: properly nested, tags past the limits left out.
"""

import re
from collections.abc import Iterator

import core

MAX_DEPTH = 512
# Start and end tags. The largest of 1,826 real pages has 22,000; 100,000 cost some 60 MB in lexbor and our tree.
MAX_TAGS = 100_000

_MOST_ATTRIBUTES = 1000
_LONG_TAG = 2 * _MOST_ATTRIBUTES
_HIDING = re.compile(r"[\s\"'/]hidden|display\s*:\s*none|visibility\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")

_VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr keygen basefont bgsound".split()
)
# Their end tags are left out: the parser knows where they end, and what was opened in a head may have begun the body.
_OUTER = frozenset(["html", "head", "body"])
# Opened again by the parser when left open (the list of active formatting elements); each costs at every later block.
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"])
_UNSEEN = frozenset(["svg", "template"])

# In an svg: its ends, where HTML may stand in it, and what ends it although it is still open, as the standard says of
# foreign content (https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign).
_IN_SVG = re.compile(
    r"<!--.*?(?:--!?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<end>/?)(?:(?P<svg>svg)|(?P<html>foreignobject|desc|title)|(?P<out>b|big|blockquote|body|br|center|code|dd|div|"
    r"dl|dt|em|embed|h[1-6]|head|hr|i|img|li|listing|menu|meta|nobr|ol|p|pre|ruby|s|small|span|strong|strike|sub|sup|"
    r"table|tt|u|ul|var|font(?=[^>]*\s(?:color|face|size)\b)))(?=[\s/>])[^>]*+>",
    re.IGNORECASE | re.DOTALL,
)

# A quote opens a value only after an equals sign; possessive, so that no source makes it backtrack.
_ATTRIBUTES = r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+>"
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment
    rf"|<(?P<name>/?[a-zA-Z][^\s/>]*+){_ATTRIBUTES}"
    r"|<(?P<unfinished>/?[a-zA-Z])"  # a tag that the source ends in: the parser drops what follows
    r"|<[!?/][^>]*+(?:>|\Z)",  # a doctype or a bogus comment
    re.DOTALL,
)
# Past the limit of tags: every one but those of elements whose text is raw or never visible.
_LEFT_OUT = re.compile(
    rf"<(?!/?(?:script|style|textarea|title|xmp|iframe|noembed|noframes|svg|template|noscript)[\s/>])/?[a-zA-Z][^\s/>]*+{_ATTRIBUTES}",
    re.IGNORECASE,
)


def flatten(source: bytes) -> bytes:
    """The source, in UTF-8, as the parser may have it: at most `MAX_DEPTH` levels and `MAX_TAGS` tags."""
    return flattened(source) if core.plain().exceeds(source) else source


def flattened(source: bytes) -> bytes:
    """The same of a source that is known to exceed the limits."""
    return _rewrite(source.decode()).encode()


def _is_bloated(tag: str) -> bool:
    """Whether a tag has more attributes than any page's: lexbor is quadratic in them."""
    return len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES


class _Rewriter:
    """Writes a source again, every element closed where its parent is, those past the limits without their tags."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        """What is open, and whether its tags are kept."""
        self.open_count: dict[str, int] = {}
        self.levels = 0
        self.tags = 0

    def start(self, name: str, tag: str) -> None:
        """A start tag."""
        if len(tag) > _LONG_TAG and _is_bloated(tag):
            tag = f"<{name}>"
        if name in _VOID or name in _OUTER:
            self.tags += 1
            self.out.append(tag)
            return
        if name in ("p", "li", "option", "dd", "dt", "tr", "td", "th") and self.stack and self.stack[-1][0] == name:
            self.end(name)
        # Half the limit: table parts that the parser adds itself double a table's levels.
        # What hides its text keeps its tag: there is room for some more levels.
        limit = MAX_DEPTH // 2 if not _HIDING.search(tag) else MAX_DEPTH * 3 // 4
        is_kept = self.levels < limit
        self.stack.append((name, is_kept))
        self.open_count[name] = self.open_count.get(name, 0) + 1
        self.levels += is_kept
        self.tags += is_kept
        self.out.append(tag if is_kept else _in_place_of(name))

    def end(self, name: str) -> None:
        """An end tag: closes what is open inside the element, or is left out."""
        if not self.open_count.get(name):
            return
        while True:
            top, was_kept = self.stack.pop()
            self.open_count[top] -= 1
            self.levels -= was_kept
            self.out.append(f"</{top}>" if was_kept else _in_place_of(top))
            if top == name:
                return


def _in_place_of(name: str) -> str:
    """What stands where a tag is left out: nothing where it only changes how letters look."""
    return "" if name in _FORMATTING or name == "span" else " "


def _rewrite(source: str) -> str:
    rewriter = _Rewriter()
    out = rewriter.out
    at = 0
    for start, end, name in _tokens(source):
        out.append(source[at:start])
        at = end
        token = source[start:end]
        if name is None:
            if token[:2] == "<!" and token[:4] != "<!--":
                out.append(token)
        elif name in _RAW:
            out.append(token)
        elif name[0] == "/":
            rewriter.end(name[1:])
        elif name == "svg":
            # Of an svg its place is kept: it begins the body, after which a title is text.
            out.append("<svg/>")
            rewriter.tags += 1
        elif name not in _UNSEEN:
            rewriter.start(name, token)
        if rewriter.tags >= MAX_TAGS:
            break
    out.append(_LEFT_OUT.sub(" ", source[at:]))
    return "".join(out)


def _tokens(source: str) -> Iterator[tuple[int, int, str | None]]:
    """Tags and comments: (start, end, lower-case name or None). A raw-text element, or one whose text is never
    visible, is one token from its start tag to its end tag."""
    at = 0
    unclosed: set[str] = set()
    while found := _TOKEN.search(source, at):
        name = found.group("name")
        start, at = found.span()
        if found.group("unfinished"):
            yield start, len(source), None
            return
        if name is not None:
            name = name.lower()
            if name in _RAW or (name in _UNSEEN and name not in unclosed and source[at - 2] != "/"):
                end = _end_of(source, name, at)
                if end is None:
                    unclosed.add(name)
                else:
                    at = end
        yield start, at, name


def _end_of(source: str, name: str, at: int) -> int | None:
    """Where the element ends whose start tag ends at `at`; None where nothing ends it and it is no raw text."""
    if name == "plaintext":  # nothing ends it
        return len(source)
    if name == "svg":
        return _end_of_svg(source, at)
    depth = 1
    for tag in re.compile(rf"<(/?){name}(?=[\s/>])[^>]*>", re.IGNORECASE).finditer(source, at):
        if tag.group(1):
            depth -= 1
        elif name in _UNSEEN:
            depth += 1
        if not depth:
            return tag.end()
    return len(source) if name in _RAW else None


def _end_of_svg(source: str, at: int) -> int | None:
    depth, html = 1, 0
    for tag in _IN_SVG.finditer(source, at):
        step = -1 if tag["end"] else 1
        if tag["svg"]:
            depth += step if not tag[0].endswith("/>") else 0
        elif tag["html"]:
            html = max(0, html + step)
        elif tag["out"] and not html and (step > 0 or tag["out"].lower() in ("p", "br")):
            return tag.start()
        if not depth:
            return tag.end()
    return None
