"""What is wrong with how an input ends: one check for the fuzzer, the replay of its corpus and the property tests.

An input is a page's bytes, with the response's content type in a first line of its own where there was one:
`Content-Type: text/html; charset=koi8-r`.
"""

import time
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.parser.run import difference
from bench.parser.walk import letters, walk
from services.parser import parse
from shared.markup.decoding import decode
from shared.markup.nesting import flatten

URL = "https://site.example/2024/05/a-page.html"
# Relative dates count from here, so that an input ends the same each time.
FETCHED_AT = datetime(2024, 6, 1, tzinfo=UTC)
HEADER = b"Content-Type: "
# CPU seconds for a page, and for each of its bytes; real pages of 32 KB take 0.02 s, 0.1 s where coverage is measured.
SECONDS, SECONDS_A_BYTE = 5.0, 1e-4
_OURS = frozenset(["services", "shared"])


@dataclass(frozen=True, slots=True)
class Fault:
    """How an input ended that should have ended as records."""

    kind: str
    """The same for inputs that fail in one place."""
    detail: str


def split(data: bytes) -> tuple[bytes, str | None]:
    """An input's body, and the content type that it came with."""
    if not data.startswith(HEADER):
        return data, None
    line, _, body = data.partition(b"\n")
    return body, line[len(HEADER) :].decode("latin-1").strip()


def join(body: bytes, content_type: str | None) -> bytes:
    """The input that `split` takes apart."""
    return body if content_type is None else HEADER + content_type.encode("latin-1", "replace") + b"\n" + body


def fault_of(data: bytes) -> Fault | None:
    """What is wrong with how an input ends: an exception, a broken partition, lost text, too much time; None if all is
    well."""
    body, content_type = split(data)
    began = time.process_time()
    try:
        page = parse(body, URL, content_type=content_type, fetched_at=FETCHED_AT, explain=True)
        page.model_dump_json()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Fault(_place(error), traceback.format_exc())
    took = time.process_time() - began
    if took > SECONDS + SECONDS_A_BYTE * len(data):
        return Fault("slow", f"{took:.1f} s for {len(data)} bytes")
    source = decode(body, content_type).text
    flat = flatten(source.encode()).decode()
    seen = walk(flat)
    if wrong := difference(page, seen):
        return Fault("partition", wrong)
    if flat != source and (lost := Counter(letters(walk(source))) - Counter(letters(seen))):
        return Fault("flattened", f"{lost.total()} letters lost where tags are left out: {''.join(lost)[:40]!r}")
    return None


def _place(error: Exception) -> str:
    """The exception's type and the last line of the project's that it came through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _OURS.intersection(Path(f.filename).parts)]
    where = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else "elsewhere"
    return f"{type(error).__name__}-{where}"
