"""A page's body written anew: what may stand in a view, with the marks of its parts.

The tree is walked, and what is on the lists here is written; scripts, handlers and addresses are on none. What comes
out goes through nh3 once more (`view.py`): it knows nothing of records or of the archive, and so cannot do this walk,
but it parses the markup as a browser will, and what it finds beyond its lists goes.
"""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from services.web.tear.marks import Mark, anchor
from services.web.tear.pictures import candidates

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TAGS = frozenset(
    "a abbr acronym address article aside b bdi bdo big blockquote br button caption center cite code col colgroup "
    "data dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr i img input ins kbd label legend li main mark menu meter nav nobr ol optgroup option output p "
    "picture pre progress q rb rp rt rtc ruby s samp search section select small span strike strong sub summary sup "
    "table tbody td textarea tfoot th thead time tr tt u ul var wbr".split()
)
ATTRIBUTES = frozenset(
    "class id style lang dir title width height align valign bgcolor color face size border cellpadding cellspacing "
    "colspan rowspan span nowrap start type value reversed open hidden datetime cols rows placeholder checked selected "
    "disabled label role hspace vspace noshade clear compact headers scope abbr alt min max low high optimum".split()
)
OWN = "data-ts"
"""How our own attributes begin; a page's that do are left out, as are classes that begin with `ts-`."""
PREFIXES = ("data-", "aria-")
CUSTOM = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]{1,60}")
"""Names of elements that a page defines itself (HTML Standard 4.13.2), of which a stylesheet may speak."""

_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,60}")
_OWN_CLASS = re.compile(r"(?<!\S)ts-\S*")
# With all that is in it: what no reader sees, as the parser has it, and what could act.
_DROPPED = frozenset(
    "script style noscript template svg noframes noembed head base link meta area param source track frame "
    "basefont bgsound keygen".split()
)
# Boxes stand in their place; of some with what they hold for who cannot see them.
_EMPTY_FRAMES = frozenset(["iframe", "embed"])
_FRAMES = frozenset("object applet video audio canvas".split())
_CONTROLS = frozenset("button input select textarea".split())
_INPUTS = frozenset("text search checkbox radio submit button reset email url tel number range date time month".split())
# Where no link of ours may stand: it would be none there, or end the element.
_NO_LINKS = frozenset("a button select option optgroup textarea".split())
# Where no element may stand.
_ONLY_TEXT = frozenset("option select textarea".split())
# What holds rows, cells and captions alone: the link goes into the first of these.
_ROWS = frozenset("table thead tbody tfoot tr".split())
_CELLS = frozenset("td th caption".split())
_EMPTY = frozenset("br col hr img input wbr".split())
_OLD = {"xmp": "pre", "listing": "pre", "plaintext": "pre", "marquee": "div", "image": "img"}
_MOST_PIXELS = 4000
# An image of so few pixels a side is there to count readers.
_COUNTER = 3


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is being written."""

    node: "LexborNode"
    tag: str
    end: str
    mark: Mark | None
    """Of what stands in it."""


class Body:
    """Writes one page's body."""

    def __init__(
        self,
        marks: Mapping[int, Mark],
        shown: Set[int],
        image_of: Callable[[str], str | None],
        declarations: Callable[[str], str],
    ) -> None:
        """`marks`, `shown`: of nodes by their `mem_id`; `shown` are those that hide a record's words, which are to be
        seen; `image_of`: our address of an image by its reference, None where it is not archived; `declarations`: a
        `style` attribute's value made harmless."""
        self._marks = marks
        self._shown = shown
        self._image_of = image_of
        self._declarations = declarations
        self._out: list[str] = []
        self._open: list[_Open] = []
        self._named: set[str] = set()
        self._waiting: Mark | None = None
        self._shut = 0
        self._sources: list[str] = []
        self.custom: set[str] = set()
        """Names of the page's own elements in it."""

    def write(self, body: "LexborNode") -> str:
        """The inside of body. No recursion: a page may be 512 levels deep."""
        mark = self._marks.get(body.mem_id)
        self._open.append(_Open(body, "body", "", mark))
        if mark is not None:
            self._link(mark)
        node = body.first_child
        while True:
            if node is None:
                if len(self._open) == 1:
                    return "".join(self._out)
                node = self._close().next
            elif node.is_text_node:
                self._text(node)
                node = node.next
            elif node.is_element_node and self._element(node):
                node = node.first_child
            else:
                node = node.next

    def attributes_of(self, node: "LexborNode") -> str:
        """Those that `html` or `body` may keep, and its mark."""
        mark = self._marks.get(node.mem_id)
        written = "".join(f' {name}="{escape(value)}"' for name, value in self._kept(node).items())
        return f"{written}{_marked(mark) if mark is not None else ''}"

    def _close(self) -> "LexborNode":
        closed = self._open.pop()
        self._out.append(closed.end)
        self._shut -= closed.tag in _NO_LINKS
        if closed.mark is not self._open[-1].mark:
            self._waiting = None
        return closed.node

    def _text(self, node: "LexborNode") -> None:
        text = node.text_content or ""
        around = self._open[-1]
        mark = self._marks.get(node.mem_id)
        if mark is not None and around.tag not in _ONLY_TEXT:
            self._out.append(f"<span{_marked(mark)}>")
            if not self._shut:
                self._link(mark)
            self._out.append(f"{escape(text, quote=False)}</span>")
            return
        if around.tag in ("pre", "textarea") and text.startswith("\n") and self._out[-1].endswith(">"):
            self._out.append("\n")  # the first one of these is none of the text
        self._out.append(escape(text, quote=False))

    def _element(self, node: "LexborNode") -> bool:
        """Writes a start tag; whether what is in the element is to be written as well."""
        tag = (node.tag or "").lower()
        tag = _OLD.get(tag, tag)
        if tag == "noscript" and node.mem_id in self._shown:
            tag = "div"
        if tag in _DROPPED:
            self._dropped(node, tag)
            return False
        if tag == "img" or (tag == "input" and _type_of(node) == "image"):
            self._image(node)
            return False
        if tag == "input" and _type_of(node) not in _INPUTS:
            return False
        if tag in _EMPTY_FRAMES:
            self._box(node, _about_frame(node, tag))
            return False
        if tag == "picture":
            self._sources.clear()
        extra: dict[str, str] = {}
        if tag in _FRAMES:
            tag, extra = "div", {"class": _with("ts-box", node), "data-ts-says": _about_frame(node, tag)}
        elif tag not in TAGS:
            tag = self._other(tag)
        return self._begin(node, tag, extra)

    def _begin(self, node: "LexborNode", tag: str, extra: dict[str, str]) -> bool:
        own = self._marks.get(node.mem_id)
        mark = own or self._open[-1].mark
        attributes = self._kept(node) | extra
        if node.mem_id in self._shown:
            attributes.pop("hidden", None)
            attributes["class"] = f"{attributes.get('class', '')} ts-shown".strip()
        if tag in _CONTROLS:
            attributes["disabled"] = ""
        if tag == "a" and mark is not None and (own or "href" in node.attributes):
            attributes |= {"href": mark.target, "target": "_top", "data-ts-own": "", "tabindex": "-1"}
        if own is not None and tag in _NO_LINKS and tag != "a" and not self._shut:
            self._link(own, "ts-link ts-beside")
        elif own is not None and (self._shut or tag == "a"):
            attributes |= self._name(own, linked=tag == "a" and not self._shut)
        self._out.append(_start(tag, attributes, own))
        if tag in _EMPTY:
            return False
        self._shut += tag in _NO_LINKS
        self._open.append(_Open(node, tag, f"</{tag}>", mark))
        if own is not None and tag in _ROWS:
            self._waiting = own
        elif own is not None:
            self._link(own)
        elif self._waiting is not None and tag in _CELLS:
            self._link(self._waiting)
            self._waiting = None
        return True

    def _link(self, mark: Mark, classes: str = "ts-link") -> None:
        """A link to a record, which covers what it stands in; the first of a record has a label and its id."""
        if self._shut:
            return
        first = mark.record_id not in self._named
        attributes = {"class": classes, OWN: mark.kind, "href": mark.target, "target": "_top"}
        if first:
            attributes |= self._name(mark, linked=True)
        else:
            attributes |= {"tabindex": "-1", "aria-hidden": "true"}
        self._out.append(f"{_start('a', attributes, None)}</a>")

    def _name(self, mark: Mark, *, linked: bool) -> dict[str, str]:
        """What the first element of a record is found by."""
        if mark.record_id in self._named:
            return {}
        self._named.add(mark.record_id)
        named = {"id": anchor(mark.record_id)}
        if not linked:
            return named
        return named | {"aria-label": f"{mark.name}: to its record", "tabindex": "0", "data-ts-label": mark.name}

    def _kept(self, node: "LexborNode") -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, said in node.attributes.items():
            value = said or ""
            if name == "style":
                value = self._declarations(value)
            elif name == "class":
                value = _OWN_CLASS.sub("", value)
            elif (name == "id" and value.startswith("record-")) or (
                name not in ATTRIBUTES
                and not (name.startswith(PREFIXES) and not name.startswith(OWN) and _NAME.fullmatch(name))
            ):
                continue
            kept[name] = value
        return kept

    def _other(self, tag: str) -> str:
        """What is written for an element that is not on the list."""
        if CUSTOM.fullmatch(tag):
            self.custom.add(tag)
            return tag
        return "span"

    def _dropped(self, node: "LexborNode", tag: str) -> None:
        if tag == "source":
            self._sources.extend(candidates(node.attributes))
        elif tag == "svg" and (said := _about_drawing(node)):
            self._box(node, said)

    def _image(self, node: "LexborNode") -> None:
        if all(0 < side <= _COUNTER for side in _sides(node)):
            return
        in_picture = self._open[-1].tag == "picture"
        references = [*candidates(node.attributes), *(self._sources if in_picture else ())]
        address = next((found for each in references if (found := self._image_of(each)) is not None), None)
        if address is None:
            self._box(node, node.attributes.get("alt") or "")
            return
        mark = self._marks.get(node.mem_id)
        attributes = self._kept(node) | {"src": address, "loading": "lazy"}
        attributes.pop("type", None)
        self._out.append(_start("img", attributes, mark))

    def _box(self, node: "LexborNode", says: str) -> None:
        """What stands for a picture."""
        attributes = self._kept(node)
        for name in ("alt", "type", "value", "disabled", "aria-label"):
            attributes.pop(name, None)
        sizes = zip(("width", "height"), _sides(node), strict=True)
        size = "".join(f";{name}:{min(side, _MOST_PIXELS)}px" for name, side in sizes if side)
        attributes |= {"class": _with("ts-box", node), "data-ts-says": " ".join(says.split())}
        if size or "style" in attributes:
            attributes["style"] = f"{attributes.get('style', '')}{size}".strip(";")
        if says.strip():
            attributes |= {"role": "img", "aria-label": says}
        self._out.append(f"{_start('span', attributes, self._marks.get(node.mem_id))}</span>")


def _start(tag: str, attributes: Mapping[str, str], mark: Mark | None) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}{_marked(mark) if mark is not None else ''}>"


def _marked(mark: Mark) -> str:
    return f' data-ts-record="{escape(mark.record_id)}" data-ts-kind="{mark.kind}"'


def _type_of(node: "LexborNode") -> str:
    return (node.attributes.get("type") or "text").strip().lower()


def _with(own: str, node: "LexborNode") -> str:
    return f"{own} {_OWN_CLASS.sub('', node.attributes.get('class') or '')}".strip()


def _about_frame(node: "LexborNode", tag: str) -> str:
    """What a box says that stands for something from elsewhere."""
    said = node.attributes.get("title") or ""
    try:
        host = urlsplit(node.attributes.get("src") or node.attributes.get("data") or "").hostname or ""
    except ValueError:
        host = ""
    return ": ".join(filter(None, (" ".join(said.split())[:200] or f"[{tag}]", host[:100])))


def _about_drawing(node: "LexborNode") -> str:
    """What a drawing says of itself; most are signs beside words, and say nothing."""
    if said := node.attributes.get("aria-label"):
        return said
    title = node.css_first("title")
    return " ".join(title.text().split())[:200] if title is not None else ""


def _sides(node: "LexborNode") -> tuple[int, int]:
    """Width and height in pixels, as its attributes have them; 0 where they do not."""
    return _pixels(node.attributes.get("width")), _pixels(node.attributes.get("height"))


def _pixels(value: str | None) -> int:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 0
