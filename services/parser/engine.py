"""The core with the parser's weights, and who answers what it asks."""

import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core import Core, Question
from services.parser.date_words import tables_of
from services.parser.language import language_model
from services.parser.relative_dates import microseconds_ago

WEIGHTS: Final = Path(__file__).parent / "weights"
"""The weights that the parser comes with; docs/model-card.md says what they learnt from."""
MODELS: Final = ("kind", "main", "whole", "widget", "texts", "names")
"""What labels a page, a file of `WEIGHTS` each."""

_ANSWERS: Final = {
    Question.LEFT_OVER: lambda asked: microseconds_ago(**json.loads(asked)),
    Question.DATE_WORDS: lambda languages: json.dumps(
        {code: tables_of(code) for code in json.loads(languages)}, ensure_ascii=False
    ),
    Question.YEAR: lambda _: str(datetime.now(UTC).year),
}
# How the core is told what an array holds.
_TYPES: Final = {"|u1": b"u1\0\0", "<i2": b"i2\0\0", "<f4": b"f4\0\0"}


@lru_cache(maxsize=8)
def core_with(weights: Path = WEIGHTS, *, platforms: bool = True) -> Core:
    """The core with these weights, one a process. Raises OSError where a file of them is missing.

    `platforms`: whether it knows what only one platform's markup has; without, for measuring alone.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for model in MODELS:
        arrays |= read_arrays(weights / f"{model}.npz", model)
    return Core(_ANSWERS, packed(arrays), language_model(), platforms=platforms)


def ask(function: str, **arguments: Any) -> Any:  # noqa: ANN401 - as JSON has it
    """What one of the core's functions answers (`core/src/calls`). Raises CoreError."""
    return core_with().call(function, **arguments)


def read_arrays(path: Path, name: str) -> dict[str, NDArray[Any]]:
    """A model's arrays by their names in the core, `name/array`. Raises OSError where there is no such file."""
    with np.load(path, allow_pickle=False) as read:
        return {f"{name}/{array}": read[array] for array in read.files}


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as `core/src/arrays.rs` reads them; half floats become single ones."""
    parts = [b"TSARRAYS", struct.pack("<II", 1, len(arrays))]
    for name, array in arrays.items():
        if array.dtype.kind == "U":
            plain = np.frombuffer(str(array).encode(), np.uint8)
        elif array.dtype.kind == "f":
            plain = array.astype("<f4")
        else:
            plain = array
        said = name.encode()
        head = struct.pack("<I4sI", len(said), _TYPES[plain.dtype.str], plain.ndim)
        head += struct.pack(f"<{plain.ndim}I", *plain.shape) + said
        data = np.ascontiguousarray(plain).tobytes()
        parts += [head, bytes(-len(head) % 8), data, bytes(-len(data) % 8)]
    return b"".join(parts)
