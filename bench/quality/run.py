"""How good the parser is, cross-validated: `python -m bench.quality.run --pages PAGES --folds DIR`.

PAGES as `training.pages` has it, DIR as `python -m training.train --folds DIR` writes it: each page is cut with weights
that were learnt from other sites. `--out DIR` writes what was said of each page in the form that other scorers read.
Prints means and F1 with a 95% bootstrap interval over pages.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from bench.quality import languages, measures
from bench.quality.fields import FIELDS, fields, metadata
from services.parser import parse
from services.parser.engine import core_with
from training.pages import Page, read

_RESAMPLES = 1000


def cut(page: Page, folds: Path, *, platforms: bool = True) -> dict[str, Any]:
    """A page's records by the weights that never saw its site; without `platforms`, as if none were known."""
    parsed = parse(page.path.read_bytes(), page.url, core=core_with(folds / str(page.fold), platforms=platforms))
    return parsed.model_dump(mode="json", include={"page", "article", "comments", "widgets"})


def interval(values: Sequence[Any], measure: Callable[[Sequence[Any]], float]) -> str:
    """A measure over pages, with its 95% bootstrap interval."""
    chance = random.Random(1)
    drawn = sorted(measure(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    low, high = drawn[int(0.025 * _RESAMPLES)], drawn[int(0.975 * _RESAMPLES)]
    return f"{measure(values):.4f} [{low:.3f}, {high:.3f}]"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def f1_of(what: str) -> Callable[[Sequence[Counter[str]]], float]:
    """The F1 of comments or widgets over pages, as a measure for `interval`."""

    def measure(pages: Sequence[Counter[str]]) -> float:
        counts = Counter({key: sum(p[key] for p in pages) for key in (f"{what} ok", f"{what} said", f"{what} gold")})
        return measures.found(counts, what)[2]

    return measure


def _strings_f1(pages: Sequence[Counter[str]]) -> float:
    tp, fp, fn = (sum(p[key] for p in pages) for key in ("tp", "fp", "fn"))
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def share(counts: Counter[str], what: str, of: str | None = None) -> str:
    """How many of those that are known (`of`, or `what`) are right, and how many there are."""
    n = counts[of or what]
    return f"{counts[f'{what} ok'] / n:.3f} of {n}" if n else "none"


def _print_metadata(counted: list[Counter[str]]) -> None:
    given = sum(counted, Counter())
    print("  " + ", ".join(f"{key} {share(given, key)}" for key in ("title", "author", "date")))


def _print_parts(name: str, counted: list[Counter[str]]) -> None:
    total = sum(counted, Counter())
    articles = [c for c in counted if c["articles"]]
    print(f"{name}: {len(counted)} pages")
    print(f"  article text F1   {interval([float(c['text']) for c in articles], _mean)}")
    print(f"  leaks             {interval([float(c['leaks']) for c in articles], _mean)}")
    print(f"  comments F1       {interval(counted, f1_of('comments'))} of {total['comments gold']}")
    print(
        f"    author {share(total, 'authors')}, parent {share(total, 'parents')}, "
        f"of replies {share(total, 'replies')}, date {share(total, 'dates')}"
    )
    print(f"  widgets F1        {interval(counted, f1_of('widgets'))} of {total['widgets gold']}")
    print(f"    kind {share(total, 'kinds', 'widgets ok')}")


def _print_fields(counted: list[Counter[str]]) -> None:
    total = sum(counted, Counter())
    for field in FIELDS:
        p, r, _ = measures.found(total, field)
        print(f"    {field:12} P {p:.3f} of {total[f'{field} said']}, R {r:.3f} of {total[f'{field} gold']}")


def main() -> None:
    """Cuts all pages and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder with wcxb-dev/ and trafilatura-dev/")
    parser.add_argument("--folds", type=Path, required=True, help="what `training.train --folds` wrote")
    parser.add_argument("--out", type=Path, help="write wcxb.jsonl, trafilatura.jsonl and parts.jsonl here")
    asked = parser.parse_args()
    pages = read(asked.pages)
    sealed = {p.file: p.parts for p in read(asked.pages, sealed=True) if p.parts is not None}
    with ProcessPoolExecutor() as pool:
        said = list(pool.map(cut, pages, repeat(asked.folds), chunksize=8))
    by_kind: dict[str, list[float]] = defaultdict(list)
    for page, s in zip(pages, said, strict=True):
        if page.text is not None:
            text = measures.words(measures.main_text(s, forum=page.kind == "forum"))
            by_kind[page.kind or ""].append(measures.f1(text, measures.words(page.text)))
    every = [v for values in by_kind.values() for v in values]
    print(f"wcxb-dev: text F1 {interval(every, _mean)} of {len(every)} pages")
    for kind, values in sorted(by_kind.items(), key=lambda k: -len(k[1])):
        print(f"  {kind:14} {interval(values, _mean)} of {len(values)}")
    _print_metadata([metadata(s, p.metadata) for p, s in zip(pages, said, strict=True) if p.text is not None])
    matched = [measures.strings(s, p.having, p.lacking) for p, s in zip(pages, said, strict=True) if p.having]
    print(f"trafilatura-dev: F1 of strings {interval(matched, _strings_f1)} of {len(matched)} pages")
    _print_metadata([metadata(s, p.metadata) for p, s in zip(pages, said, strict=True) if p.having])
    kinds = [p.kind == s["page"]["kind"] for p, s in zip(pages, said, strict=True) if p.text is not None]
    print(f"page kind: {sum(kinds) / len(kinds):.3f} of {len(kinds)}")
    both = list(zip(pages, said, strict=True))
    _print_parts("annotated", [measures.parts(s, p.parts) for p, s in both if p.parts is not None])
    _print_fields([fields(s, p.parts, p.url) for p, s in both if p.parts is not None])
    kept = [(s, gold, p.url) for p, s in both if (gold := sealed.get(p.file)) is not None]
    _print_parts("sealed", [measures.parts(s, gold) for s, gold, _ in kept])
    _print_fields([fields(*each) for each in kept])
    languages.report()
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        for name, some in (
            ("wcxb", [(p.path.stem, s) for p, s in both if p.text is not None]),
            ("trafilatura", [(p.file, s) for p, s in both if p.having]),
            ("parts", [(p.file, s) for p, s in both]),
        ):
            lines = (json.dumps({"id": ident, **s}, ensure_ascii=False) for ident, s in some)
            (asked.out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
