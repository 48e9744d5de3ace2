"""How well a text's language is told: `python -m bench.quality.languages`.

Cuts `languages/CODE.txt` (20 languages, written for it) into pieces of 20 and of 5 words, one beginning at each word,
and prints the share of them whose language is told right, and of which languages the wrong ones are.
"""

from collections import Counter
from pathlib import Path

from services.parser.engine import ask

_TEXTS = Path(__file__).parent / "languages"


def pieces(text: str, size: int) -> list[str]:
    """All runs of `size` words."""
    words = text.split()
    return [" ".join(words[n : n + size]) for n in range(len(words) - size + 1)]


def report() -> None:
    """Prints two lines a size."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_TEXTS.glob("*.txt"))}
    for size in (20, 5):
        shares: dict[str, float] = {}
        wrong: Counter[str] = Counter()
        for code, text in texts.items():
            said = [ask("language", text=piece) for piece in pieces(text, size)]
            shares[code] = said.count(code) / len(said)
            wrong.update(f"{code} as {other or 'unknown'}" for other in said if other != code)
        least = ", ".join(f"{code} {share:.2f}" for code, share in sorted(shares.items(), key=lambda s: s[1])[:6])
        print(f"language of {size} words: {sum(shares.values()) / len(shares):.3f} of {len(shares)} languages")
        print(f"  least: {least}; most often: {', '.join(f'{w} ({n})' for w, n in wrong.most_common(5)) or 'none'}")


if __name__ == "__main__":
    report()
