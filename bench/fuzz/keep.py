"""Makes one small file of what fuzzing kept: libFuzzer's smallest set of inputs that takes all ways, less large ones.

python -m bench.fuzz.keep FOLDER … [--out FILE.tar.xz]

`FOLDER`: what `bench.fuzz.run --corpus` was given. Without `--out`, the corpus that the tests replay is written anew;
commit only what was made from pages that are the project's own. What was found wrong is taken whole. The same inputs
make the same file. Needs atheris, as `bench.fuzz.run` does.

Example: python -m bench.fuzz.keep ~/fuzz/bytes ~/fuzz/pages
"""

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from bench.fuzz.mutations import MOST

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "services" / "parser" / "fuzz_corpus.tar.xz"
# What a slow core replays within a minute.
FILES, BYTES, LARGEST = 300, 2_000_000, 16_384


def merged(folders: Sequence[Path], into: Path) -> list[Path]:
    """The inputs of these folders that together take all ways through the parser, the smallest first."""
    found = into / "found"
    found.mkdir()
    kept = [str(folder.resolve() / "kept") for folder in folders]
    (into / "merged").mkdir()
    target = [sys.executable, "-m", "bench.fuzz.target", "bytes", str(into), str(found)]
    subprocess.run([*target, "-merge=1", f"-max_len={MOST}", str(into / "merged"), *kept], cwd=ROOT, check=True)
    return sorted((into / "merged").iterdir(), key=lambda p: (p.stat().st_size, p.name))


def some(paths: Sequence[Path], count: int) -> list[Path]:
    """At most so many of these inputs, small and large, which together are no more than `BYTES`."""
    fit = [path for path in paths if path.stat().st_size <= LARGEST]
    chosen = [fit[n * len(fit) // count] for n in range(count)] if len(fit) > count else fit
    sizes = accumulate(path.stat().st_size for path in chosen)
    return [path for path, size in zip(chosen, sizes, strict=True) if size <= BYTES]


def pack(paths: Sequence[Path], out: Path) -> None:
    """Writes the files into an archive that says nothing of when and by whom."""
    with tarfile.open(out, "w:xz", preset=9) as tar:
        for path in sorted(paths, key=lambda p: p.name):
            entry = tarfile.TarInfo(path.name)
            data = path.read_bytes()
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folders", nargs="+", type=Path)
    ap.add_argument("--out", type=Path, default=CORPUS)
    args = ap.parse_args()
    found = [path for folder in args.folders for path in sorted((folder / "FOUND").iterdir())]
    with tempfile.TemporaryDirectory() as name:
        chosen = [*found, *some(merged(args.folders, Path(name)), FILES - len(found))]
        pack(chosen, args.out)
    print(f"{len(chosen)} inputs, {sum(len(data) for data in read(args.out).values())} bytes, in {args.out}")
    return 0


def read(archive: Path) -> dict[str, bytes]:
    """The inputs of an archive, by name."""
    with tarfile.open(archive) as tar:
        return {m.name: f.read() for m in tar if (f := tar.extractfile(m)) is not None}


if __name__ == "__main__":
    sys.exit(main())
