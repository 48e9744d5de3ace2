"""Pages whose comments are elsewhere, as folders: `pages/README.md` says how to add one."""

import difflib
import json
from pathlib import Path
from typing import Any

import pytest

from bench.parser.elsewhere import measure, raw_page, with_parts
from services.parser.elsewhere import Part
from shared.raw_page import RawPage
from shared.records import ParsedPage

Record = dict[str, Any]
FOLDERS = sorted(p.parent for p in (Path(__file__).parent / "pages").glob("*/source.html"))
KEYS = ["id", "author", "author_url", "published_at", "parent", "depth", "position", "permalink", "text", "status"]
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".xml": "application/atom+xml"}


def asked_for(folder: Path, expected: Record) -> tuple[ParsedPage, list[str]]:
    """A folder's page with its parts, and the URLs that it asked for."""
    asked = []

    def fetch(part: Part) -> RawPage | None:
        asked.append(part.url)
        name = expected.get("parts", {}).get(part.url)
        return raw_page((folder / name).read_bytes(), part.url, TYPES[Path(name).suffix]) if name else None

    body = (folder / "source.html").read_bytes()
    return with_parts(raw_page(body, expected["url"], TYPES[".html"]), fetch), asked


def comments_of(page: ParsedPage, expected: list[Record]) -> list[Record]:
    """The comments with the keys wanted of them; one too many with all."""
    found = page.model_dump(mode="json")["comments"]
    numbers = {c["id"]: n for n, c in enumerate(found)}
    rows = []
    for n, comment in enumerate(found):
        comment["parent"] = numbers.get(comment["parent_id"])
        comment["id"] = comment["id"].partition(":c:")[2]
        wanted = expected[n] if n < len(expected) else {}
        row = {k: comment[k] for k in wanted or KEYS}
        rows.append(row)
    return rows


def lines(rows: object) -> list[str]:
    return json.dumps(rows, indent=1, ensure_ascii=False).splitlines()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_page_with_its_parts(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    page, asked = asked_for(folder, expected)
    wanted = expected["comments"]
    assert sorted(asked) == sorted([*expected.get("parts", {}), *expected.get("refused", [])]), asked
    seen = comments_of(page, wanted)
    if seen != wanted:
        diff = difflib.unified_diff(lines(wanted), lines(seen), "expected", "found", n=8, lineterm="")
        pytest.fail("\n".join([folder.name, *diff]), pytrace=False)


def test_comments_taken_out_of_a_page_are_found_again() -> None:
    folder = Path(__file__).parents[1] / "pages" / "blogger"
    gold = json.loads((folder / "expected.json").read_text("utf-8"))
    assert measure((folder / "source.html").read_text("utf-8"), gold)
