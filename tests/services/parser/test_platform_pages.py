"""Pages as folders: each folder in `pages/` holds a page and what it is to be cut into; `pages/README.md` says how to
add one."""

import difflib
import json
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bench.parser.run import partition_error
from services.parser import parse

Record = dict[str, Any]
FOLDERS = sorted(p.parent for p in (Path(__file__).parent / "pages").glob("*/source.html"))
# What the draft of a new page's expected.json holds of each part; other fields of the records may be named as well.
DRAFT = {
    "page": ["kind"],
    "article": ["title", "authors", "published_at", "text"],
    "comments": [
        "author", "author_url", "published_at", "parent", "depth", "position", "permalink", "text", "status",
    ],
    "widgets": ["kind", "title", "region", "text"],
}  # fmt: skip


def cut(folder: Path, url: str) -> dict[str, Any]:
    """The parts of a folder's page; a comment's `parent` is the number of the comment that it answers."""
    page = parse((folder / "source.html").read_bytes(), url, fetched_at=datetime(2024, 6, 1, tzinfo=UTC))
    found: dict[str, Any] = page.model_dump(mode="json", include=set(DRAFT))
    numbers = {c["id"]: n for n, c in enumerate(found["comments"])}
    for comment in found["comments"]:
        comment["parent"] = numbers.get(comment["parent_id"])
    return found


def only(keys: list[str], record: Record | None) -> Record | None:
    return None if record is None else {k: record[k] for k in keys}


def draft(found: dict[str, Any], keys: dict[str, list[str]] = DRAFT) -> dict[str, Any]:
    """The parts with these keys alone, in the form of an expected.json."""
    return {
        part: [only(keys[part], r) for r in found[part]]
        if isinstance(found[part], list)
        else only(keys[part], found[part])
        for part in keys
    }


def as_asked(found: Record | None, wanted: Record) -> Record | None:
    """Of what was found the keys that are wanted; of a time the day, where only a day is wanted."""
    if found is None:
        return None
    seen = {k: found.get(k, "(no such field)") for k in wanted}
    for k, v in wanted.items():
        if k.endswith("_at") and isinstance(v, str) and len(v) == len("2024-06-01") and isinstance(seen[k], str):
            seen[k] = seen[k][: len(v)]
    return seen


def comments_as_asked(found: list[Record], wanted: list[Record]) -> list[Record | None]:
    """All comments, each with the keys wanted of it; one too many with all keys that are wanted of any."""
    every = dict.fromkeys(chain.from_iterable(wanted)) or dict.fromkeys(DRAFT["comments"])
    return [as_asked(c, wanted[n] if n < len(wanted) else every) for n, c in enumerate(found)]


def widgets_as_asked(found: list[Record], wanted: list[Record]) -> list[Record]:
    """The wanted widgets that were found, in their order; others may stand between them."""
    seen = []
    start = 0
    for widget in wanted:
        at = next((n for n in range(start, len(found)) if as_asked(found[n], widget) == widget), None)
        if at is not None:
            seen.append(widget)
            start = at + 1
    return seen


def seen_of(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What was found of what a page's expected.json names."""
    seen: dict[str, Any] = {}
    for part, wanted in expected.items():
        if part == "comments":
            seen[part] = comments_as_asked(found[part], wanted)
        elif part == "widgets":
            seen[part] = widgets_as_asked(found[part], wanted)
        elif wanted is None:
            seen[part] = found[part] and only(DRAFT[part], found[part])
        else:
            seen[part] = as_asked(found[part], wanted)
    return seen


def lines(value: object) -> list[str]:
    return json.dumps(value, indent=1, ensure_ascii=False).splitlines()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_page_is_cut_as_expected(folder: Path) -> None:
    path = folder / "expected.json"
    expected = json.loads(path.read_text("utf-8")) if path.exists() else {}
    found = cut(folder, expected.pop("url", f"https://{folder.name}.example/page"))
    if not expected:
        pytest.fail(f"{path} names no part; of the page was made:\n" + "\n".join(lines(draft(found))), pytrace=False)
    assert set(expected) <= set(DRAFT), f"parts are {', '.join(DRAFT)}"
    seen = seen_of(found, expected)
    if seen != expected:
        diff = "\n".join(difflib.unified_diff(lines(expected), lines(seen), "expected", "found", n=8, lineterm=""))
        widgets = "\n".join(f"  {w['kind']} {w['region']} {w['title']!r} {w['text'][:60]!r}" for w in found["widgets"])
        pytest.fail(f"{folder.name}:\n{diff}\nall widgets:\n{widgets}", pytrace=False)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_partition_of_a_page(folder: Path) -> None:
    assert partition_error((folder / "source.html").read_bytes(), "https://site.example/page") is None
