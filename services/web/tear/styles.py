"""Stylesheets of a view: imports put in their place, images through our own address, nothing that leads elsewhere.

A frame's policy lets a browser load nothing but images from here, whatever a stylesheet says; what is done here is for
it to show what the archive holds. By expressions: tinycss2 takes a second for 500 KB, which pages of the press have.
What they read otherwise than a browser would costs an image or a rule.
"""

import re
from collections.abc import Callable

import webencodings

from shared.raw_page import RawPage
from shared.urls import join

# Characters of CSS in a view, stylesheets in it, and imports in imports.
_MOST, _SHEETS, _DEEPEST = 3_000_000, 200, 5
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_AT_CHARSET = re.compile(rb'@charset "([\x20-\x7e]{1,40})";')
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?"
_URL = rf"url\(\s*+(?:{_STRING}|(?:[^()\\\"'\s]|\\.)*+)\s*+(?:\)|\Z)"
_TOKENS = re.compile(
    rf"/\*.*?(?:\*/|\Z)|(?P<string>{_STRING})|(?P<url>{_URL})"
    rf"|(?P<set>image-set\((?:{_URL}|{_STRING}|\([^()\"']*+(?:{_STRING})?[^()\"']*+\)|[^()\"'])*+\))"
    r"|(?P<function>\b(?:image-set|image|src)\()"
    rf"|@import\s*+(?P<imported>{_STRING}|{_URL})(?P<media>[^;{{}}]*+);?"
    r"|@(?:charset|namespace)\b[^;{}]*+;?|<!--|-->",
    re.IGNORECASE | re.DOTALL,
)
# In an image-set a string is an address, but for that of a type.
_IN_SET = re.compile(rf"type\([^)]*+\)|(?P<url>{_URL}|{_STRING})", re.IGNORECASE | re.DOTALL)
# Letters may be written as numbers, `u\72l(`, and so hide what is looked for; in strings they hide nothing.
_HIDDEN_LETTER = re.compile(r"\\0{0,4}([46][1-9a-f]|[57][0-9a])(?:\r\n|[ \t\r\n\f])?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|(.))", re.IGNORECASE | re.DOTALL)
_REST = re.compile(r"\b(?:layer|supports)\b(?:\([^)]*\))?", re.IGNORECASE)
_WORTH_IT = re.compile(r"url\(|image|src\(|@import|@namespace|<|-->|\\", re.IGNORECASE)


class Styles:
    """The CSS of one view."""

    def __init__(self, sheet_of: Callable[[str], RawPage | None], image_of: Callable[[str], str | None]) -> None:
        """`sheet_of`: what the archive holds of a stylesheet's URL; `image_of`: our address of an image's, or None."""
        self._sheet_of = sheet_of
        self._image_of = image_of
        self._room = _MOST
        self._left = _SHEETS

    def linked(self, url: str, depth: int = 0) -> str:
        """An archived stylesheet; empty where there is none."""
        if self._left <= 0 or (raw := self._sheet_of(url)) is None:
            return ""
        self._left -= 1
        return self.sheet(_decoded(raw), raw.final_url, depth)

    def sheet(self, css: str, base: str, depth: int = 0) -> str:
        """A stylesheet, as it may stand in a `style` element; cut where a view has too much."""
        css = css[: max(0, self._room)]
        self._room -= len(css)
        if _WORTH_IT.search(css) is None:
            return css
        css = _plain(css)
        rules = css.find("{")

        def replaced(found: re.Match[str]) -> str:
            if found["string"]:
                return found["string"]
            if found["url"]:
                return self._url(found["url"], base)
            if found["set"]:
                return _IN_SET.sub(lambda each: self._url(each[0], base) if each["url"] else each[0], found["set"])
            if found["function"]:
                return "none("
            if found["imported"] and depth < _DEEPEST and (rules < 0 or found.start() < rules):
                return self._imported(found["imported"], found["media"], base, depth)
            return ""

        # Nothing in it ends the element.
        return _TOKENS.sub(replaced, css).replace("</", "<\\/")

    def declarations(self, css: str, base: str) -> str:
        """The value of a `style` attribute."""
        return self.sheet(css, base, _DEEPEST)

    def _url(self, token: str, base: str) -> str:
        reference = _value(token)
        if reference.startswith("#"):  # of the document itself
            return token
        target = join(base, reference)
        address = self._image_of(target) if target is not None and target.startswith(("http:", "https:")) else None
        return f'url("{address}")' if address is not None else "none"

    def _imported(self, token: str, media: str, base: str, depth: int) -> str:
        target = join(base, _value(token))
        css = self.linked(target, depth + 1) if target is not None else ""
        media = _REST.sub("", media).strip()
        return f"@media {media} {{{css}\n}}" if media and css else css


def _plain(css: str) -> str:
    """With the letters that are written as numbers, outside of strings."""
    if "\\" not in css:
        return css

    def plain(found: re.Match[str]) -> str:
        return found[0] if found["string"] else _HIDDEN_LETTER.sub(_letter, found[0])

    return _OUTSIDE.sub(plain, css)


_OUTSIDE = re.compile(rf"(?P<string>{_STRING})|[^\"']++", re.DOTALL)


def _letter(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter.isalpha() else found[0]


def _value(token: str) -> str:
    """What a `url(…)` or a string says."""
    text = token[4:].strip().removesuffix(")").strip() if token[:4].lower() == "url(" else token
    if text[:1] in ("'", '"'):
        text = text[1:-1] if text[-1:] == text[0] and len(text) > 1 else text[1:]
    return _ESCAPE.sub(_unescaped, text).strip()


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return "" if found[2] == "\n" else found[2]
    number = int(found[1], 16)
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _decoded(raw: RawPage) -> str:
    """As CSS Syntax Level 3 has it (3.2): byte order mark, header, @charset, UTF-8."""
    said = _CHARSET.search(raw.content_type or "")
    label = said[1] if said else None
    if label is None and (at := _AT_CHARSET.match(raw.body)):
        label = at[1].decode("ascii")
    encoding = webencodings.lookup(label) if label else None
    text: str = webencodings.decode(raw.body[:_MOST], encoding or webencodings.UTF8)[0]
    return text.replace("\0", "\ufffd")
