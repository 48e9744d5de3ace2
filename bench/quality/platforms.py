"""What comments are found where no platform is known: `python -m bench.quality.platforms --pages PAGES --folds DIR`.

Cuts the annotated pages twice in one run, with the parser as it is and with everything off that would not be in it but
for one named platform: the table `core/src/platforms.rs`, and the rules that ask it whether platforms are known. What
stays are words that any site may use, schema.org, microformats, ARIA, and how blocks repeat. The product has no such
option. PAGES and DIR as `bench.quality.run` has them; of the sealed pages only the sums are printed.
"""

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from bench.quality import measures
from bench.quality.run import cut, f1_of, interval, share
from training.pages import Page, read


def count(page: Page, folds: Path, platforms: bool) -> Counter[str]:
    """The counts of an annotated page's parts."""
    assert page.parts is not None
    return measures.parts(cut(page, folds, platforms=platforms), page.parts)


def measured(pages: list[Page], folds: Path, jobs: int, *, platforms: bool) -> list[Counter[str]]:
    """The counts of pages, with or without what is one platform's."""
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(count, pages, repeat(folds), repeat(platforms), chunksize=8))


def _print(name: str, known: list[Counter[str]], unknown: list[Counter[str]]) -> None:
    print(f"{f'{name}: {len(known)} pages':38} {'platforms known':24} platforms off")
    f1 = f1_of("comments")
    sides = (known, unknown)
    total = [sum(counted, Counter()) for counted in sides]
    rows = [(f"comments F1 of {total[0]['comments gold']}", [interval(counted, f1) for counted in sides])]
    rows.append(("  found, right or wrong", [str(t["comments said"]) for t in total]))
    rows += [
        (f"  {label}", [share(t, what) for t in total])
        for label, what in (("author", "authors"), ("parent", "parents"), ("of replies", "replies"), ("date", "dates"))
    ]
    for label, (on, off) in rows:
        print(f"  {label:36} {on:24} {off}")


def main() -> None:
    """Prints both sides by annotated and by sealed pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder with wcxb-dev/ and trafilatura-dev/")
    parser.add_argument("--folds", type=Path, required=True, help="what `training.train --folds` wrote")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once (default 1)")
    asked = parser.parse_args()

    for name, sealed in (("annotated", False), ("sealed", True)):
        pages = [p for p in read(asked.pages, sealed=sealed) if p.parts is not None]
        known, unknown = (measured(pages, asked.folds, asked.jobs, platforms=known) for known in (True, False))
        _print(name, known, unknown)


if __name__ == "__main__":
    main()
