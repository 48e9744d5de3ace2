"""What comments are found where no platform is known: `python -m bench.quality.platforms --pages PAGES --folds DIR`.

Cuts the annotated pages twice in one run, with the parser as it is and with everything off that would not be in it but
for one named platform: the table `services/parser/platforms.py`, and the rules below. What stays are words
that any site may use, schema.org, microformats, ARIA, and how blocks repeat. The product has no such option: the table
is emptied before a process imports the parser. PAGES and DIR as `bench.quality.run` has them; of the sealed pages only
the sums are printed.
"""

import argparse
import importlib.util
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

# The parser must not be imported here: this module is read again in the processes that switch something off first.
if TYPE_CHECKING:
    from services.parser.visible_text import Element
    from training.pages import Page

_ROOT = Path(__file__).resolve().parents[2]
_TABLE = "services.parser.platforms"


def switch_off() -> None:
    """Makes this process one whose parser knows no platform; it must not have imported the parser."""
    if "services.parser" in sys.modules:
        raise RuntimeError("the parser is imported already")
    spec = importlib.util.spec_from_file_location(_TABLE, _ROOT / f"{_TABLE.replace('.', '/')}.py")
    assert spec is not None
    assert spec.loader is not None
    table = importlib.util.module_from_spec(spec)
    sys.modules[_TABLE] = table
    spec.loader.exec_module(table)
    table.PLATFORMS.clear()
    _switch_off_rules()


def _switch_off_rules() -> None:
    """The rules that stand in no table. Raises AttributeError where one is there no more."""
    from services.parser import comment_names, comment_rules, comments, thread_levels

    families = comment_names.families

    def known(e: "Element") -> list[tuple[comment_names.Family, str]]:
        # Flarum's posts without attributes, and new Reddit's elements of its own.
        if not e.attrs or "-" in e.tag:
            return []
        # Old Reddit's `thing comment` has no name apart from other comments'.
        return [(family, "comment" if token == "thing" else token) for family, token in families(e)]

    _replace(comment_rules, "families", known)
    # MediaWiki's signatures, and the brackets that are left of them.
    _replace(comment_rules, "find_signed", lambda _: [])
    _replace(comments, "_EMPTY_BRACKETS", re.compile(r"(?!)"))
    # Old Hacker News' images as wide as a comment stands deep.
    _replace(thread_levels, "_spacer", lambda _: None)
    # An opening that stands higher than the other posts do, as on Mumsnet.
    _replace(comment_rules, "_HIGHER", 0)


def _replace(module: ModuleType, name: str, value: object) -> None:
    """Replaces what is there; raises AttributeError where it is not."""
    getattr(module, name)
    setattr(module, name, value)


def count(page: "Page", folds: Path) -> Counter[str]:
    """The counts of an annotated page's parts, by the parser as this process has it."""
    from bench.quality import measures
    from bench.quality.run import cut

    assert page.parts is not None
    return measures.parts(cut(page, folds), page.parts)


def measured(pages: list["Page"], folds: Path, jobs: int, first: Callable[[], None] | None) -> list[Counter[str]]:
    """The counts of pages, by processes that do `first`."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, initializer=first) as pool:
        return list(pool.map(count, pages, repeat(folds), chunksize=8))


def _print(name: str, known: list[Counter[str]], unknown: list[Counter[str]]) -> None:
    from bench.quality.run import f1_of, interval, share

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

    from training.pages import read

    for name, sealed in (("annotated", False), ("sealed", True)):
        pages = [p for p in read(asked.pages, sealed=sealed) if p.parts is not None]
        known, unknown = (measured(pages, asked.folds, asked.jobs, first) for first in (None, switch_off))
        _print(name, known, unknown)


if __name__ == "__main__":
    main()
