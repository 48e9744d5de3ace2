"""A process's memory: what is freed goes back to the system, and threads share one heap."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the calls are glibc's")

# Small blocks with live ones among them: what an allocator keeps, other than one large block, which goes back at once.
FREED = """
from shared.workers.limits import give_back, resident
import os
kept = []
for _ in range(200):
    pages = [bytearray(1000) for _ in range(1000)]
    kept.append(bytearray(1000))
    del pages[::2]
    kept.append(pages)
del kept
before = resident(os.getpid())
give_back()
print(before - resident(os.getpid()))
"""

# What is freed first goes into the interpreter's free lists, and what is in a cycle waits for a collection.
GARBAGE = """
from shared.workers.limits import give_back
import sys, weakref
class Knot:
    pass
knot = Knot()
knot.itself = knot
ended = weakref.ref(knot)
tuples = [tuple(range(size)) for size in range(1, 20) for _ in range(2000)]
del knot, tuples
before = sys.getallocatedblocks()
give_back()
print(before - sys.getallocatedblocks() if ended() is None else "kept")
"""

# malloc_info(3) writes an element for each arena.
ARENAS = """
from shared.workers.limits import shape_heap
import ctypes, sys, threading
if sys.argv[1] == "shared":
    shape_heap()
met = threading.Barrier(6)
def work():
    kept = [bytearray(1000) for _ in range(1000)]
    met.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def _run(program: str, *args: str) -> str:
    command = [sys.executable, "-c", program, *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_gives_back_what_was_freed() -> None:
    assert int(_run(FREED)) > 50_000_000


def test_gives_back_garbage_and_free_lists() -> None:
    assert int(_run(GARBAGE)) > 10_000


def test_threads_share_one_heap() -> None:
    assert _run(ARENAS, "own").count("<heap") > 1
    assert _run(ARENAS, "shared").count("<heap") == 1
