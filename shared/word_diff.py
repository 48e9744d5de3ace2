"""What changed between two texts, in words: paragraphs are matched first, then the words of those that changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Op = Literal["same", "removed", "added"]

# A word with the space after it; of scripts that part no words by spaces (kana, Han, Hangul, Thai, Lao, Khmer, Burmese)
# each letter.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]\s*"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+\s*|\W"
)
# Matching takes the product of both lengths at worst: 4 million steps are a second or two.
_MOST = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both have, or that one of them has."""

    op: Op
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: those that are not `added` joined are `before`, those not `removed` `after`.

    Texts are those of records: paragraphs parted by a blank line.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    pieces: list[Piece] = []
    for tag, a, b in _matched(old, new):
        if tag == "equal":
            pieces.append(Piece("same", "".join(a)))
        else:
            pieces += _words(_WORD.findall("".join(a)), _WORD.findall("".join(b)))
    return _joined(pieces)


def words_in(pieces: Sequence[Piece], op: Op) -> int:
    """How many words the pieces of one kind hold."""
    return sum(1 for p in pieces if p.op == op for word in _WORD.findall(p.text) if word[0].isalnum())


def _paragraphs(text: str) -> list[str]:
    return re.findall(r".+?(?:\n\n+|\Z)", text, re.DOTALL)


def _words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, a, b in _matched(old, new):
        if tag == "equal":
            yield Piece("same", "".join(a))
        else:
            yield Piece("removed", "".join(a))
            yield Piece("added", "".join(b))


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    if len(old) * len(new) > _MOST:
        yield "replace", old, new
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag, old[i1:i2], new[j1:j2]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; none that is empty."""
    runs = groupby((p for p in pieces if p.text), key=lambda p: p.op)
    return [Piece(op, "".join(p.text for p in run)) for op, run in runs]
