"""What analysing text costs: `python -m bench.languages [FOLDER]`, FOLDER of HTML pages (a minute for 1,000).

Microseconds of the processor for 1,000 words, cut into words and into stems: of short texts in many languages, when
each word is met for the first time and when all were met before; of the pages' records, one after the other, as an
indexer meets them.
"""

import argparse
import gzip
import time
from collections.abc import Callable
from pathlib import Path

from services.parser import parse
from shared.language import stems, words
from shared.language.stems import _kept as kept_stems
from shared.language.words import _kept as kept_words

TEXTS = Path(__file__).parent / "quality" / "languages"
CHINESE = (
    "港务局长星期一说，旧渡轮将停靠在码头，直到新发动机运到为止。许多住在岛上的人每天早上乘船上班，他们对延误感到愤怒。"
    "一家小公司提出借出自己的船，但市政府还没有答复。学校把第一节课推迟了一个小时，面包店则用小船运送面粉。"
)
ROUNDS = 20

Texts = list[tuple[str, str | None]]
"""Texts and their languages."""


def analyse_words(text: str, _: str | None) -> tuple[str, ...]:
    return words(text)


def micros(analyse: Callable[[str, str | None], tuple[str, ...]], texts: Texts) -> float:
    """Microseconds for 1,000 words of these texts."""
    began = time.process_time()
    for text, language in texts:
        analyse(text, language)
    took = time.process_time() - began
    return took / sum(len(words(text)) for text, _ in texts) * 1e9


def forget() -> None:
    kept_words.cache_clear()
    kept_stems.cache_clear()


def row(name: str, texts: Texts) -> None:
    cells = []
    for analyse in (analyse_words, stems):
        first, again = [], []
        for _ in range(ROUNDS):
            forget()
            first.append(micros(analyse, texts))
            again.append(micros(analyse, texts))
        cells += [min(first), min(again)]
    print(f"{name:10}" + "".join(f"{cell:>16,.0f}" for cell in cells))


def read(folder: Path) -> Texts:
    found: Texts = []
    for path in sorted(p for p in folder.rglob("*") if p.name.endswith((".html", ".html.gz"))):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = parse(body, f"https://pages.example/{path.name}")
        found += [(comment.text, comment.language) for comment in page.comments]
        found += [(widget.text, widget.language) for widget in page.widgets]
        if page.article:
            found.append((page.article.text, page.article.language))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    print(f"{'':10}{'words, first':>16}{'again':>16}{'stems, first':>16}{'again':>16}")
    for path in sorted(TEXTS.glob("*.txt")):
        row(path.stem, [(path.read_text(), path.stem)])
    row("zh", [(CHINESE, "zh")])
    if folder:
        texts = read(folder)
        forget()
        print(f"pages: words {micros(analyse_words, texts):,.0f}, stems {micros(stems, texts):,.0f}")


if __name__ == "__main__":
    main()
