"""The fuzzer's own process, which `bench.fuzz.run` starts: libFuzzer ends it where native code crashes or hangs.

`python -m bench.fuzz.target MODE PAGES FOUND [LIBFUZZER ARGUMENTS]`
"""

import hashlib
import os
import random
import shlex
import sys
from pathlib import Path

import atheris
import psutil

with atheris.instrument_imports(include=["services.parser"]):
    from bench.fuzz.check import fault_of
from bench.fuzz.mutations import Mutator
from bench.fuzz.seeds import pages

# Of the mutations of pages, those that libFuzzer makes: bytes, and words of its dictionary.
_BYTES = 0.15
# Atheris loses 20 to 300 KB a run of its own, the parser none: past this the process makes room for a new one.
MEGABYTES = 1500
ENDED_FOR_ROOM = 42
# Faults of one kind that are kept, the last the smallest.
_KEPT = 3


class Target:
    """Checks each input, and keeps those that fail without ending: one bug would hide the others."""

    def __init__(self, found: Path, mutator: Mutator) -> None:
        """`found`: the folder for what fails."""
        self.found = found
        self.mutator = mutator
        self.seen: dict[str, list[int]] = {}
        self.executions = 0

    def check(self, data: bytes) -> None:
        """One input."""
        self.executions += 1
        if not self.executions % 100 and psutil.Process().memory_info().rss > MEGABYTES << 20:
            print(f"stat::number_of_executed_units: {self.executions}", flush=True)
            os._exit(ENDED_FOR_ROOM)
        fault = fault_of(data)
        if fault is None:
            return
        sizes = self.seen.setdefault(fault.kind, [])
        if sizes and (len(sizes) >= _KEPT or len(data) >= min(sizes) * 0.7):
            return
        sizes.append(len(data))
        path = self.found / f"{fault.kind}-{hashlib.sha256(data).hexdigest()[:8]}"
        path.write_bytes(data)
        print(f"FOUND {path.name}, {len(data)} bytes: {fault.detail}", flush=True)

    def mutate(self, data: bytes, most: int, seed: int) -> bytes:
        """A mutation of a page."""
        if random.Random(seed).random() < _BYTES:
            return bytes(atheris.Mutate(data, most))
        return self.mutator(data, seed)[:most]


def again(folder: Path, *arguments: str) -> str:
    """A command that starts this module: a merge is made in processes that libFuzzer starts by its first argument."""
    path = folder / "again"
    path.write_text(
        f'#!/bin/sh\nexec {shlex.join([sys.executable, "-m", "bench.fuzz.target", *arguments, str(folder)])} "$@"\n'
    )
    path.chmod(0o700)
    return str(path)


def main() -> None:
    mode, folder, found, *arguments = sys.argv[1:]
    is_pages = mode == "pages"
    target = Target(Path(found), Mutator(list(pages(Path(folder))) if is_pages else []))
    mutator = {"custom_mutator": target.mutate} if is_pages else {}
    command = again(Path(found), mode, folder) if "-merge=1" in arguments else sys.argv[0]
    atheris.Setup([command, *arguments], target.check, **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
