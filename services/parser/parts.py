"""A page's parts with their texts: what article, comments and widgets are built from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.parser.dates import in_zone_of, parse_date
from services.parser.labels import Label, Part
from services.parser.language import detect
from services.parser.platforms import named
from services.parser.segments import SegmentedPage, paragraphs
from services.parser.visible_text import MOMENTS, Element, Text
from shared.records import Provenance, Role

# Shorter texts are guessed wrong too often; the page's language is the better guess.
_LEAST_FOR_LANGUAGE = 32
_DAY = timedelta(days=1)
# Attributes with the machine's form of a date.
_TIMES = ("datetime", "content", *named("date attribute"), "title")


@dataclass(slots=True, eq=False)
class PartTexts:
    """A part and its texts in document order."""

    part: Part
    page: SegmentedPage
    numbers: list[int]
    roles: list[Role]
    paths: list[str]
    _present: set[Role] = field(init=False)

    def __post_init__(self) -> None:
        """Most parts have two or three roles of the nine."""
        self._present = set(self.roles)

    def texts(self, *roles: Role) -> list[Text]:
        """Its texts of these roles; all where none is named."""
        texts = self.page.visible.texts
        if not roles or self._present.issubset(roles):
            return [texts[n] for n in self.numbers]
        if not self._present.intersection(roles):
            return []
        return [texts[n] for n, role in zip(self.numbers, self.roles, strict=True) if role in roles]

    def text(self, *roles: Role) -> str:
        """Its text of these roles, in paragraphs."""
        return paragraphs(self.texts(*roles))

    def line(self, *roles: Role) -> str | None:
        """Its text of these roles in one line; None where there is none."""
        return " ".join(self.text(*roles).split()) or None

    def elements(self, *roles: Role) -> list[Element]:
        """The parents of its texts of these roles."""
        return [t.parent for t in self.texts(*roles)]

    def provenance(self) -> Provenance:
        """Says where its text is from, where that is not the visible page."""
        if all(t.visible for t in self.texts()):
            return {}
        return {
            "text": "noscript" if any(a.tag == "noscript" for a in self.texts()[0].parent.ancestors()) else "hidden"
        }


def gather(page: SegmentedPage, labels: list[Label], paths: dict[Part, list[str]]) -> list[PartTexts]:
    """The parts that labels name, by first appearance, with their texts and paths."""
    numbers: dict[Part, list[int]] = {}
    for n, label in enumerate(labels):
        part = label.part
        if part in numbers:
            numbers[part].append(n)
        else:
            numbers[part] = [n]
    return [
        PartTexts(part, page, its, [labels[n].role for n in its], paths.get(part, [])) for part, its in numbers.items()
    ]


def language_of(text: str, otherwise: str | None) -> str | None:
    """A text's language, where it is long enough to tell."""
    return (detect(text) if len(text) >= _LEAST_FOR_LANGUAGE else None) or otherwise


def date_of(texts: PartTexts, languages: list[str], base: datetime | None) -> tuple[datetime | None, str | None]:
    """The date of a part, and as the page writes it: the machine's form of a `time` or `abbr` first, on the day that
    the words say, then the words; where there are none, what an element without text says."""
    raw = texts.line("date")
    said = parse_date(raw, languages=languages, base=base) if raw else None
    for e in texts.elements("date"):
        for at in (e, *list(e.ancestors())[:2]):
            for name in _TIMES:
                value = at.get(name)
                if (
                    value
                    and any(c.isdigit() for c in value)
                    and (found := parse_date(value, languages=languages, base=base))
                ):
                    if said is not None and abs(found.date() - said.date()) == _DAY:
                        found = in_zone_of(found.astimezone(UTC), said)
                    return found, raw
    return said if raw else _moment(texts), raw


def _moment(texts: PartTexts) -> datetime | None:
    """The first moment that an element without text gives, before the part's last text or, where no other part is
    inside, behind it."""
    whole, last = texts.part.element, texts.numbers[-1]
    end = last + 1 if whole.last == last + 1 else last
    empty = (e for e in texts.page.visible.inside(whole) if e.first == e.last <= end)
    values = (value for e in empty for name in MOMENTS if (value := e.get(name)))
    return next((at for value in values if value[0].isdigit() and (at := parse_date(value)) is not None), None)
