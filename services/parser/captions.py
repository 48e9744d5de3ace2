"""Which texts of an article are captions of its pictures."""

from services.parser.any_case import Pattern, Subject
from services.parser.cache_sizes import NAMES
from services.parser.visible_text import Element, VisiblePage
from shared.remembered import remembered

_CAPTION = Pattern(r"caption|credit")
_LONGEST = 400
# Elements around a text that may be named a caption.
_AROUND = 3


def is_caption(page: VisiblePage, e: Element) -> bool:
    """Whether a text in this element is a picture's caption."""
    at: Element | None = e
    for _ in range(_AROUND):
        if at is None:
            return False
        if at.tag == "figcaption":
            return True
        if at.name and _is_named(at.name) and page.chars(at) < _LONGEST:
            return True
        at = at.parent
    return False


@remembered(NAMES)
def _is_named(name: str) -> bool:
    return _CAPTION.is_in(Subject(name))
