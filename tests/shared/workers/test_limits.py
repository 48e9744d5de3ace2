"""A process's memory: what is freed goes back to the system."""

import subprocess
import sys

import pytest

# Small blocks with live ones among them: what an allocator keeps, other than one large block, which goes back at once.
PROGRAM = """
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


@pytest.mark.skipif(sys.platform != "linux", reason="malloc_trim is glibc's")
def test_gives_back_what_was_freed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000_000
