"""Elements of XML that strangers wrote: no entities, nothing loaded, bounded, and what comes before a fault is kept."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

# A feed's elements nest six levels deep, with XHTML in them some thirty.
_DEEPEST = 200
# No character of XML 1.0 (https://www.w3.org/TR/xml/#charsets). Feeds hold them, and would end there.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Elements:
    """What was read: elements with names like `{namespace}local`, in document order."""

    found: list[Element]
    problem: str | None = None
    """Why reading ended before the document did, in words."""


def read_elements(text: str, names: Collection[str], *, most: int) -> Elements:
    """The outermost elements of these names (`{namespace}local`), `most` of them at the most. Raises nothing.

    A document that declares entities is not read: nothing that a feed needs is declared, and entities that name
    entities are how a small document becomes a large one. All of it is given to expat at once, whose time for one
    long tag in many pieces is quadratic before version 2.6.
    """
    reader = _Reader(frozenset(names), most)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(_NO_XML.sub("", text), True)
    except (expat.ExpatError, _EndedError) as error:
        return Elements(reader.found, str(error))
    return Elements(reader.found)


class _EndedError(Exception):
    """Reading ends here; the message says why."""


def _doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise _EndedError("declares entities, or other markup of its own")


def _qualified(name: str) -> str:
    return f"{{{name}" if "}" in name else name


class _Reader:
    def __init__(self, names: frozenset[str], most: int) -> None:
        self.found: list[Element] = []
        self._names = names
        self._most = most
        self._depth = 0
        self._building: TreeBuilder | None = None
        self._began = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _EndedError(f"nested deeper than {_DEEPEST} levels")
        name = _qualified(name)
        if self._building is None:
            if name not in self._names:
                return
            if len(self.found) >= self._most:
                raise _EndedError(f"more than {self._most} elements")
            self._building, self._began = TreeBuilder(), self._depth
        self._building.start(name, {_qualified(k): v for k, v in attributes.items()})

    def end(self, name: str) -> None:
        if self._building is not None:
            self._building.end(_qualified(name))
            if self._depth == self._began:
                self.found.append(self._building.close())
                self._building = None
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._building is not None:
            self._building.data(text)
