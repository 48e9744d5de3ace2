"""Bytes of a feed or sitemap to XML that a parser can read to its end, piece by piece.

Feeds are seldom well-formed: the declared charset is wrong, ampersands in URLs stand bare, HTML's names of characters
are used without a declaration, control characters come along. Each is mended here, so that one of them costs no entry.
A document type declaration is left out: whatever entities it defines, none is ever expanded or loaded.
"""

import codecs
import re
from html.entities import html5

# Bytes looked at before anything is given on: encoding, document type and kind of document are found there.
HEAD = 65_536
# A piece of text without a `>` is held back until one comes; more than so much is given on as it is.
_HELD = 1_000_000

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
# Python knows codecs that are no charsets, and some whose time is quadratic (punycode): these are what feeds are in.
_CHARSETS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp(125\d|866|874|932|949|950)|koi8-[ru]|shift_jis|euc_(jp|kr)"
    r"|iso2022_jp|gb2312|gbk|gb18030|big5|big5hkscs|mac-(roman|cyrillic)|tis-620"
)
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\"'\[\]<>]|\"[^\"]*\"|'[^']*')*+(\[)?", re.IGNORECASE)
# What XML 1.0 (2.2) allows in no document, and what an encoder could not write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?=[#A-Za-z])(?:#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
# Apart, as Python need not be asked about each.
_BARE_AMPERSAND = re.compile(r"&(?![#A-Za-z])")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


class SourceText:
    """Decodes and mends one document."""

    def __init__(self, content_type: str | None) -> None:
        """`content_type`: the response's header, whose charset is believed where the bytes do not contradict it."""
        self._declared = content_type
        self._head = bytearray()
        self._decoder: codecs.IncrementalDecoder | None = None
        self._held = ""
        self._in_cdata = False
        self.start = ""
        """How the text begins, as it came: what tells its kind."""

    def feed(self, data: bytes) -> str:
        """The text that is ready; empty until enough has come to know the encoding."""
        if self._decoder is None:
            self._head += data
            return self._begin() if len(self._head) >= HEAD else ""
        return self._on(self._decoder.decode(data), last=False)

    def close(self) -> str:
        """What is left at the end."""
        text = self._begin() if self._decoder is None else ""
        assert self._decoder  # noqa: S101 - `_begin` makes it
        return text + self._on(self._decoder.decode(b"", True), last=True)

    def _begin(self) -> str:
        body = bytes(self._head)
        self._head.clear()
        name = encoding_of(body, self._declared)
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        text = self._decoder.decode(body).removeprefix("\ufeff")
        self.start = text[:HEAD]
        return self._on(_without_prologue(text), last=False)

    def _on(self, text: str, *, last: bool) -> str:
        """Gives on what ends with a whole tag, mended."""
        text = self._held + text
        cut = len(text) if last or len(text) > _HELD else text.rfind(">") + 1
        self._held = text[cut:]
        return _FORBIDDEN.sub("", "".join(self._mended(text[:cut])))

    def _mended(self, text: str) -> list[str]:
        parts = []
        while text:
            mark = _CDATA_END if self._in_cdata else _CDATA
            before, found, text = text.partition(mark)
            parts += [before if self._in_cdata else _with_references(before), found]
            if found:
                self._in_cdata = not self._in_cdata
        return parts


def encoding_of(head: bytes, content_type: str | None) -> str:
    """Name of the codec: by byte order mark, response, the document's own declaration; UTF-8 where none holds.

    (RFC 7303, 3.) UTF-8 that is none is windows-1252, what most such documents are in.
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if head[:4:2] == b"\0\0" or head[1:4:2] == b"\0\0":
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    for label in _labels(head, content_type):
        codec = _codec(label)
        if codec and codec != "utf-8" and not codec.startswith("utf-16"):
            return codec
    try:
        # Cut in the midst of a character it is UTF-8 still.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _labels(head: bytes, content_type: str | None) -> list[str]:
    """Names of encodings as declared; valid UTF-8 beyond ASCII needs none, and is no other by chance."""
    if not head.isascii():
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            pass
        else:
            return []
    found = [HTTP_CHARSET.search(content_type or "")]
    labels = [match.group(1) for match in found if match]
    declared = [_XML_CHARSET.match(head), _META_CHARSET.search(head)]
    return labels + [match.group(1).decode("ascii") for match in declared if match]


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    if name in {"ascii", "iso8859-1"}:
        return "cp1252"  # as browsers read them (WHATWG Encoding Standard, 4.2)
    return name if _CHARSETS.fullmatch(name) else None


def _without_prologue(text: str) -> str:
    """The document from its first tag on, without XML declaration (it is UTF-8 now) and document type.

    A document type that does not end within `HEAD` takes the rest of it along: none that is meant well is so long.
    """
    text = _DECLARATION.sub("", text[max(0, text.find("<")) :], count=1)
    doctype = _DOCTYPE.search(text)
    root = re.search(r"<[A-Za-z_]", text)
    if not doctype or (root and root.start() < doctype.start()):
        return text
    end = doctype.end()
    if doctype.group(1):
        end = _end_of_subset(text, end)
    closing = text.find(">", end)
    return text[: doctype.start()] + (text[closing + 1 :] if end >= 0 and closing >= 0 else "")


_SUBSET = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|<\?.*?\?>|\]", re.DOTALL)


def _end_of_subset(text: str, start: int) -> int:
    """Where the internal subset's closing bracket stands; -1 where it does not."""
    for token in _SUBSET.finditer(text, start):
        if token.group() == "]":
            return token.end()
    return -1


def _with_references(text: str) -> str:
    return _BARE_AMPERSAND.sub("&#38;", _REFERENCE.sub(_reference, text))


def _reference(match: re.Match[str]) -> str:
    """A character by number stays; one by its name in HTML becomes one by number; any other ampersand is one.

    By number, as libxml2 leaves out references by name, `&amp;` too, once anything in the document was not well formed.
    """
    number, name = match.groups()
    if number:
        return match.group() if _allowed(number) else ""
    if name and (characters := html5.get(f"{name};")):
        return "".join(f"&#{ord(character)};" for character in characters)
    return "&#38;" + match.group()[1:]


def _allowed(number: str) -> bool:
    """Whether a numeric reference names a character that XML allows (2.2)."""
    code = int(f"0{number}", 0) if number[0] in "xX" else int(number)
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
