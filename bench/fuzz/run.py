"""Fuzzes the parser, led by its coverage: whatever the bytes are, a page ends as records, in time, its partition whole.

python -m bench.fuzz.run bytes|pages [--pages FOLDER] [--minutes N] [--corpus FOLDER]

`bytes` takes any bytes, `pages` cuts, nests, repeats and splices pages of `--pages` (without it, those of the project's
tests). Inputs that take a new way through the parser are kept in `--corpus` and are where the next run begins; those
that fail stand in `FOUND` in it, one file each, named by what is wrong. Needs atheris in an environment beside the
parser's dependencies: `pip install --require-hashes -r locks/embedded.txt`, then `-r bench/fuzz/requirements.txt`.

Example: python -m bench.fuzz.run pages --pages ~/pages --minutes 60 --corpus ~/fuzz/pages

Exit code 0 only where something ran and nothing was found.
"""

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.fuzz.mutations import MOST
from bench.fuzz.seeds import dictionary, pages, small

ROOT = Path(__file__).resolve().parents[2]
# Of any bytes: all that a way through the parser takes is shorter, and a short input is fast.
MOST_BYTES = 4096
# Seconds after which libFuzzer ends a run as a hang; below it `check.fault_of` calls it slow, in CPU time.
HANG = 60
# What one page may take beside that; `target` ends before.
MEGABYTES = 4096
SHORT = 10.0
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def arguments(mode: str, seconds: int, folder: Path, corpus: Path) -> list[str]:
    """libFuzzer's: `folder` has its dictionary and the seeds."""
    return [
        f"-max_total_time={seconds}",
        f"-max_len={MOST if mode == 'pages' else MOST_BYTES}",
        f"-timeout={HANG}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-dict={folder / 'words'}",
        f"-artifact_prefix={corpus / 'FOUND'}/",
        "-print_final_stats=1",
        # Pages are long from the start.
        "-len_control=0" if mode == "pages" else "-len_control=100",
        str(corpus / "kept"),
        str(folder / "seeds"),
    ]


def prepare(mode: str, given: Path, corpus: Path, folder: Path) -> None:
    """Writes dictionary and seeds. A corpus that is no longer empty has what matters of those."""
    (folder / "words").write_text(dictionary(), encoding="ascii")
    (folder / "seeds").mkdir()
    if any((corpus / "kept").iterdir()):
        return
    for data in pages(given) if mode == "pages" else small():
        (folder / "seeds" / hashlib.sha256(data).hexdigest()).write_bytes(data)


def fuzz(mode: str, given: Path, corpus: Path, minutes: float) -> int:
    """Fuzzes until the time is over, in a new process where one crashed or had no room left. Returns the executions."""
    executions = 0
    ends = time.monotonic() + minutes * 60
    while (left := int(ends - time.monotonic())) > 0:
        with tempfile.TemporaryDirectory() as name:
            prepare(mode, given, corpus, Path(name))
            began = time.monotonic()
            command = [sys.executable, "-m", "bench.fuzz.target", mode, str(given), str(corpus / "FOUND")]
            with subprocess.Popen(
                [*command, *arguments(mode, left, Path(name), corpus)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    print(line, end="", flush=True)
                    executions += int(said[1]) if (said := _EXECUTIONS.search(line)) else 0
        # What cannot even start, or dies of a seed, would do so again.
        if not process.returncode or time.monotonic() - began < SHORT:
            break
    return executions


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("mode", choices=("bytes", "pages"))
    ap.add_argument("--pages", type=Path, default=ROOT / "tests" / "services" / "parser" / "pages")
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--corpus", type=Path, help="a new folder among the temporary ones, if not given")
    args = ap.parse_args()
    if importlib.util.find_spec("atheris") is None:
        ap.error("atheris is not installed here: pip install --require-hashes -r bench/fuzz/requirements.txt")
    corpus = (args.corpus or Path(tempfile.mkdtemp(prefix="tearsheet-fuzz-"))).resolve()
    for name in ("kept", "FOUND"):
        (corpus / name).mkdir(parents=True, exist_ok=True)
    before = set((corpus / "FOUND").iterdir())
    executions = fuzz(args.mode, args.pages.resolve(), corpus, args.minutes)
    found = sorted(set((corpus / "FOUND").iterdir()) - before)
    kept = sum(1 for _ in (corpus / "kept").iterdir())
    print(f"{args.mode}: {executions} executions in {args.minutes:g} minutes, {kept} inputs kept in {corpus / 'kept'}")
    for path in found:
        print(f"  found {path}")
    return 1 if found or not executions else 0


if __name__ == "__main__":
    sys.exit(main())
