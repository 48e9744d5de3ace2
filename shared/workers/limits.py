"""Memory limits: what a process holds, and the hard cap that a process sets itself.

Two nets, since each has a hole. The supervisor's poll of the resident set sees everything but is late by up to a
quarter of a second. RLIMIT_DATA (Linux) refuses the allocation itself, so that Python raises MemoryError in the very
task, but counts address space, so it stands above the poll's limit.
"""

import ctypes
import gc
import resource
import sys
import time
from pathlib import Path

import psutil

# Between the poll's limit and the hard cap: what allocators reserve and do not use.
HARD_MARGIN = 256 * 1024 * 1024


# Seconds between two times that memory is given back: one takes some milliseconds of a heap of 100 MB.
_PERIOD = 2.0
_given_back = 0.0
# mallopt(3), not in Python's `ctypes`.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
# Blocks from this size on are mapped, and so go back when they are freed. Without a fixed size glibc raises it to that
# of the largest block freed so far (up to 32 MB), and pages' bodies leave holes in the heap from then on.
_MAPPED = 1024 * 1024


def shape_heap() -> None:
    """Keeps what the allocator holds near what is used; nothing where the C library has no such calls.

    glibc gives threads up to eight arenas a core, and each keeps its own holes: with one for all, a fetcher of 32
    threads holds 68 MB after 5,000 pages, without 153. Threads that hold the interpreter's lock do not wait for it.
    """
    mallopt = _of_libc("mallopt")
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, _MAPPED)


def give_back() -> None:
    """Returns to the system what the allocators keep and nobody uses, as far as the C library has a call for it.

    Pages come in all sizes. Without the trim a worker holds for good what its largest pages took: 16% more after
    10,000 pages than after 1,000 (glibc 2.36). The collection ends garbage in cycles, and empties the interpreter's
    free lists (tens of thousands of tuples, each of which keeps the megabyte of its arena): without it a parser grew
    by 8% over 4,000 pages, with it by 2%.
    """
    global _given_back
    now = time.monotonic()
    if now - _given_back > _PERIOD:
        _given_back = now
        gc.collect()
        if _trim is not None:
            _trim(0)


def _of_libc(name: str) -> "ctypes._NamedFuncPointer | None":
    try:
        function: ctypes._NamedFuncPointer = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return function


_trim = _of_libc("malloc_trim")


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def set_hard_cap(beyond: int) -> None:
    """Lets this process's data grow by `beyond` bytes and the margin from here. Nothing where the system cannot."""
    if sys.platform != "linux":
        return
    data = _data_size()
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = data + beyond + HARD_MARGIN
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_size() -> int:
    """Bytes that RLIMIT_DATA counts: `VmData` of proc(5), in kB there."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0
