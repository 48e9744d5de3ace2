"""`tearsheet diff`: what changed between two versions of a page's article, in words."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from shared.records import Article
from shared.settings import load
from shared.stores import open_store
from shared.stores.protocol import ArticleVersion, Store
from shared.word_diff import Piece, word_diff, words_in
from tearsheet.page_named import page_id_of
from tearsheet.show import why_not
from tearsheet.terminal import harmless

# Characters of unchanged text shown on each side of a change.
_CONTEXT = 60
# How a change is marked, as by GNU wdiff; on a terminal in colour besides.
_MARKS = {"removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}


@click.command(epilog="Example: tearsheet diff https://example.com/post --from 1")
@click.argument("what", metavar="URL|ID")
@click.option("--from", "older", type=click.IntRange(1), help="Number of the older version (else the last but one).")
@click.option("--to", "newer", type=click.IntRange(1), help="Number of the newer version (else the last).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def diff(what: str, older: int | None, newer: int | None, as_json: bool) -> None:
    """Show what changed in a page's article, and which versions of it there are.

    A version is kept each time that title or text change. The oldest has the number 1.
    """
    settings = load()
    page = page_id_of(what)
    store = open_store(settings, write=False)
    try:
        versions = _versions(store, page)
    finally:
        store.close()
    if not versions:
        raise click.ClickException(f"no article is stored of {what}{why_not(settings, page)}")
    newer = newer or len(versions)
    older = older or max(1, newer - 1)
    if max(older, newer) > len(versions):
        raise click.ClickException(f"there is no version {max(older, newer)}, only 1 to {len(versions)}")
    if as_json:
        click.echo(_json(versions, older, newer))
    else:
        click.echo(harmless("\n".join(_words(versions, older, newer))))


def _versions(store: Store, page: str) -> list[ArticleVersion]:
    """Every version of the article, the present one last."""
    versions = store.versions(page)
    now = store.page(page)
    if now is not None and now.article is not None:
        stored = store.stored([page])[page]
        versions.append(ArticleVersion(now.article, stored.version))
    return versions


def _words(versions: Sequence[ArticleVersion], older: int, newer: int) -> Iterator[str]:
    old, new = versions[older - 1].article, versions[newer - 1].article
    yield click.style(new.title or "(no title)", bold=True)
    for number, version in enumerate(versions, 1):
        mark = {older: "-", newer: "+"}.get(number, " ") if older != newer else " "
        yield f"{mark} version {number}, fetched {version.fetched_at:%Y-%m-%d %H:%M} UTC"
    if older == newer:
        yield "There is one version: nothing changed so far." if len(versions) == 1 else "Nothing to compare."
        return
    title, text = _titles(old, new), word_diff(old.text, new.text)
    yield f"{words_in(text, 'added')} words added, {words_in(text, 'removed')} removed"
    yield ""
    if len(title) > 1 or (title and title[0].op != "same"):
        yield f"Title: {''.join(_marked(p) for p in title)}"
        yield ""
    yield from _changes(text)


def _titles(old: Article, new: Article) -> list[Piece]:
    return word_diff(old.title or "", new.title or "")


def _changes(pieces: Sequence[Piece]) -> Iterator[str]:
    """The changed runs with some text around each; `…` where text is left out."""
    line = ""
    for n, piece in enumerate(pieces):
        if piece.op != "same":
            line += _marked(piece)
            continue
        head = "" if n == 0 else piece.text[:_CONTEXT]
        tail = "" if n == len(pieces) - 1 else piece.text[len(head) :][-_CONTEXT:]
        if len(head) + len(tail) == len(piece.text):
            line += piece.text
            continue
        if line:
            yield from (line + head + "…").splitlines()
            yield ""
        line = "…" + tail if tail else ""
    if line:
        yield from line.splitlines()


def _marked(piece: Piece) -> str:
    if piece.op == "same":
        return piece.text
    begin, end, colour = _MARKS[piece.op]
    kept = piece.text.rstrip()
    # The mark does not span the space behind it, so that a paragraph's end stays one.
    return click.style(f"{begin}{kept}{end}", fg=colour) + piece.text[len(kept) :]


def _json(versions: Sequence[ArticleVersion], older: int, newer: int) -> str:
    old, new = versions[older - 1].article, versions[newer - 1].article
    found = {
        "versions": [{"number": n, "fetched_at": v.fetched_at.isoformat()} for n, v in enumerate(versions, 1)],
        "from": older,
        "to": newer,
        "title": [asdict(p) for p in _titles(old, new)],
        "text": [asdict(p) for p in word_diff(old.text, new.text)],
    }
    return json.dumps(found, ensure_ascii=False)
