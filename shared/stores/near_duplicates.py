"""Near-duplicates: articles whose texts are nearly the same, a reprint with another paragraph or one line more.

Texts are compared as sets of shingles, runs of five words, by their Jaccard index, which MinHash estimates (Broder
1997, "On the resemblance and containment of documents"). A signature is cut into bands, and texts that share one are
compared (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4). Bands are terms in the store.
"""

import base64
import hashlib
from functools import cache
from operator import eq

from shared.language import words

THRESHOLD = 0.7
"""Likeness from which on two articles are near-duplicates.

Of 1,653 articles of real pages no two are between 0.55 and 1: offers made from one template reach 0.54. Of those with
100 to 1,500 words 81 % keep 0.7 when one paragraph becomes another, and 63 % keep 0.8; with a paragraph more 98 and
89 % (`bench.near_duplicates`).
"""
_BANDS = 21
_ROWS = 6
_SHINGLE = 5
# Fewer words make a notice, a caption or a form's filled-in line: three changed words are a third of its shingles, and
# different ones of a site share as many.
_FEWEST_WORDS = 50
# What follows is left out, so that memory and time are bounded: some 30,000 words, twice the longest of 1,653 articles.
_MOST_LETTERS = 200_000
_SEED = 1
_VALUE_BYTES = 2
_KEY_BYTES = 8


def signature(text: str) -> bytes | None:
    """126 values of two bytes each, big-endian; None where the text is too short to be compared."""
    # Imported here: a process that only reads the store has no need of it.
    from rensa import RMinHash

    found = shingles(text)
    if not found:
        return None
    minhash = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    minhash.update(list(found))
    # Two of four bytes: values that differ are taken for equal once in 65,536 times.
    return b"".join((value & 0xFFFF).to_bytes(_VALUE_BYTES, "big") for value in minhash.digest())


def bands(signed: bytes) -> list[str]:
    """A signature's 21 bands as terms.

    Likeness -> chance to share one, 1 - (1 - s^6)^21: 0.3 2 %, 0.5 28 %, 0.6 63 %, 0.7 93 %, 0.75 98 %, 0.8 99.8 %.
    """
    length = _ROWS * _VALUE_BYTES
    return [_key(n, signed[n * length : (n + 1) * length]) for n in range(_BANDS)]


def likeness(one: bytes, other: bytes) -> float:
    """The Jaccard index of two texts as their signatures estimate it, from 0 to 1; at 0.7 give or take 0.04."""
    same: int = sum(map(eq, memoryview(one).cast("H"), memoryview(other).cast("H")))
    return same / (_BANDS * _ROWS)


def shingles(text: str) -> frozenset[str]:
    """A text's runs of five words, without regard to case, accents and punctuation; none of a text under 50 words."""
    found = words(text[:_MOST_LETTERS])
    if len(found) < _FEWEST_WORDS:
        return frozenset()
    return frozenset(" ".join(found[n : n + _SHINGLE]) for n in range(len(found) - _SHINGLE + 1))


def _key(band: int, values: bytes) -> str:
    digest = hashlib.blake2b(values, digest_size=_KEY_BYTES, person=f"{_scheme()} {band}".encode())
    return f"near:{base64.urlsafe_b64encode(digest.digest()).decode().rstrip('=')}"


@cache
def _scheme() -> str:
    """Part of each band, so that signatures of another version of the algorithm, which differ, never meet these."""
    from rensa import RMinHash

    return f"rensa{RMinHash.ALGORITHM_VERSION}"
