"""What an HTML page needs to be shown as it was: the stylesheets and images that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.fetcher.page_links import read_tags
from services.fetcher.stylesheets import MOST_BYTES, images_in, references_in
from shared.urls import MAX_LENGTH, join

# References that are looked at of one page.
_MOST = 10_000
# Where scripts find the image that they put in the place of a lazy one's.
_LAZY = ("data-src", "data-lazy-src", "data-original")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
# Names of images that stand for one that is still to come.
_PLACEHOLDER = re.compile(
    r"(?:blank|placeholder|spacer|pixel|loading|loader|lazy|transparent|1x1|grey|gray)[^/]*$", re.IGNORECASE
)
_HAS_URL = re.compile(r"url\(|@import|image-set\(", re.IGNORECASE)


@dataclass(slots=True)
class PageRequisites:
    """Absolute URLs, in the order of the page, each once."""

    stylesheets: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    more: int = 0
    """References that were not looked at, as there are too many."""


def read_requisites(body: bytes, url: str, content_type: str | None = None) -> PageRequisites:
    """The requisites of a page at `url`. Whatever stands in the body, nothing is raised."""
    reader = _Reader()
    read_tags(body, content_type, reader)
    return reader.result(url)


class _Reader:
    """What lxml tells of tags."""

    def __init__(self) -> None:
        self._base: str | None = None
        self._stylesheets: dict[str, None] = {}
        self._images: dict[str, None] = {}
        self._picture = ""
        self._style: list[str] | None = None
        self._room = MOST_BYTES
        self._more = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "base" and self._base is None:
            self._base = attributes.get("href")
        elif tag == "link":
            self._add(self._stylesheets, _stylesheet(attributes))
        elif tag == "style":
            self._style = []
        elif tag == "picture":
            self._picture = ""
        elif tag == "source":
            self._picture = self._picture or _first_of(attributes, ("srcset", *_LAZY_SETS))
        elif tag == "img":
            self._add(self._images, _image(attributes) or self._picture)
        declarations = attributes.get("style", "")
        if _HAS_URL.search(declarations) and self._takes(declarations):
            for image in images_in(declarations):
                self._add(self._images, image)

    def end(self, tag: str) -> None:
        if tag == "picture":
            self._picture = ""
        elif tag == "style" and self._style is not None:
            text, self._style = "".join(self._style), None
            if _HAS_URL.search(text) and self._takes(text):
                found = references_in(text)
                for sheet in found.imports:
                    self._add(self._stylesheets, sheet)
                for image in found.images:
                    self._add(self._images, image)

    def data(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)

    def close(self) -> None:
        """Nothing."""

    def result(self, url: str) -> PageRequisites:
        base = (join(url, self._base) if self._base else None) or url
        return PageRequisites(list(_joined(self._stylesheets, base)), list(_joined(self._images, base)), self._more)

    def _takes(self, text: str) -> bool:
        """Whether there is room left for the page's own CSS."""
        self._room -= len(text)
        return self._room >= 0

    def _add(self, found: dict[str, None], reference: str) -> None:
        if not reference or len(reference) > MAX_LENGTH:
            return
        if len(found) < _MOST:
            found[reference] = None
        elif reference not in found:
            self._more += 1


def _stylesheet(attributes: dict[str, str]) -> str:
    """Of a `link`: the stylesheet that it names; empty where it names none, or one that readers may choose."""
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "stylesheet" not in relations or "alternate" in relations or kind not in {"", "text/css"}:
        return ""
    return attributes.get("href", "").strip()


def _image(attributes: dict[str, str]) -> str:
    """The one candidate that is taken of an `img`.

    `src`, unless that stands for an image that a script puts there; then this one; the first of `srcset` where there is
    neither.
    """
    source = attributes.get("src", "").strip()
    if _is_placeholder(source):
        source = _first_of(attributes, (*_LAZY, *_LAZY_SETS, "srcset")) or source
    return "" if source.lower().startswith("data:") or source.startswith("#") else source


def _is_placeholder(source: str) -> bool:
    return not source or source.lower().startswith("data:") or _PLACEHOLDER.search(source) is not None


def _first_of(attributes: dict[str, str], names: tuple[str, ...]) -> str:
    """The first of these attributes that names an image; of a list of candidates (`srcset`) the first one."""
    for name in names:
        words = attributes.get(name, "").strip(", \t\r\n\f").split(None, 1)
        if words and not words[0].lower().startswith("data:"):
            return words[0].rstrip(",") if name.endswith("srcset") else attributes[name].strip()
    return ""


def _joined(references: dict[str, None], base: str) -> Iterator[str]:
    for reference in references:
        if (target := join(base, reference)) is not None:
            yield target
