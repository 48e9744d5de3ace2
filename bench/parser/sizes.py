"""How time and memory of the parser grow with a page: `python -m bench.parser.sizes [--most MB]`.

Pages made for it, each parsed in a process of its own, from 1.25 MB doubling to 20: paragraphs, a line without an end,
nothing but tags, comments by the thousand, and 100,000 levels of nesting. Prints for each seconds (also for each MB),
the memory that the process took at most beyond what it held before, beside what it may take (150 MB and 120 bytes a
byte), what it holds afterwards, and whether the partition is whole. Linux only: memory is read from /proc.
"""

import argparse
import gc
import multiprocessing
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.parser.run import partition_error
from services.parser import parse
from shared.remembered import forget

MB = 1_000_000
_SENTENCE = "The ferry left late, and nobody on the quay knew why it did. "
# What a worker holds between pages, and what a page may take: 150 MB and 120 bytes a byte.
HELD, BASE, A_BYTE = 250, 150, 120
NESTED, NESTED_SECONDS = 100_000, 2.0


def _paragraphs(size: int) -> str:
    return "<h1>Ferry late</h1>" + f"<p>{_SENTENCE * 6}</p>\n" * (size // (6 * len(_SENTENCE) + 8))


def _one_line(size: int) -> str:
    return "<h1>Ferry late</h1><p>" + _SENTENCE * (size // len(_SENTENCE))


def _tags(size: int) -> str:
    return "<b>x</b> " * (size // 9)


def _comments(size: int) -> str:
    one = (
        '<li class="comment" id="comment-{0}"><span class="author">Ida Lund {0}</span> <time '
        'datetime="2021-05-03T10:00:00Z">3 May 2021</time><div class="comment-body"><p>' + _SENTENCE + "</p></div></li>"
    )
    listed = "".join(one.format(n) for n in range(size // len(one)))
    return f"<article><h1>Ferry late</h1><p>{_SENTENCE * 20}</p></article><ol id=comments>{listed}</ol>"


def _nested(_: int) -> str:
    return "<div>" * NESTED + _SENTENCE + "</div>" * NESTED


SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": _paragraphs,
    "one line": _one_line,
    "tags": _tags,
    "comments": _comments,
    "nested": _nested,
}


def _memory(field: str) -> float:
    """A field of this process's status, in MB."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def measure(job: tuple[str, int]) -> tuple[float, float, float, float, str | None]:
    """Bytes, seconds, MB at most beyond those before, MB afterwards, what is wrong with the partition."""
    shape, size = job
    body = SHAPES[shape](size).encode()
    parse(SHAPES["comments"](20_000), "https://site.example/page")
    forget()
    gc.collect()
    before = _memory("VmRSS")
    # The highest mark starts anew (proc(5)).
    Path("/proc/self/clear_refs").write_text("5")
    began = time.perf_counter()
    parsed = parse(body, "https://site.example/page")
    seconds = time.perf_counter() - began
    most = _memory("VmHWM") - before
    del parsed
    forget()
    gc.collect()
    return (
        len(body),
        seconds,
        most,
        _memory("VmRSS") - len(body) / MB,
        partition_error(body, "https://site.example/page"),
    )


def main() -> int:
    """Measures and prints."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--most", type=float, default=20, help="MB of the largest page (default 20)")
    most = ap.parse_args().most
    sizes = [int(most * MB / 2**n) for n in (4, 3, 2, 1, 0)]
    bad = 0
    print(
        "| page | MB | s | s a MB | MB taken | allowed | MB held after | partition |\n|---|---|---|---|---|---|---|---|"
    )
    for shape in SHAPES:
        for size in sizes if shape != "nested" else sizes[:1]:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                length, seconds, taken, held, error = pool.apply(measure, ((shape, size),))
            allowed = BASE + A_BYTE * length / MB
            wrong = error or (taken > allowed and "memory") or (held > HELD and "held")
            wrong = wrong or (shape == "nested" and seconds > NESTED_SECONDS and "time")
            bad += bool(wrong)
            print(
                f"| {shape} | {length / MB:.2f} | {seconds:.2f} | {seconds / length * MB:.3f} | {taken:.0f} | "
                f"{allowed:.0f} | {held:.0f} | {wrong or 'whole'} |",
                flush=True,
            )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
