"""Our measures print what an independent scorer prints, on the same parts (skipped without the folder beside us)."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.quality import measures
from bench.quality.fields import metadata

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER, GOLD = SHARED / "tools" / "score", SHARED / "data" / "pages" / "parts-dev.jsonl"
Record = dict[str, Any]


def blurred(gold: Record) -> Record:
    """A prediction that is right in part: words lost, comments merged, authors, parents and kinds changed."""
    comments = [
        {
            "id": str(n),
            "parent_id": str(c["parent"]) if c["parent"] is not None and n % 5 else None,
            "author": c["author"] if n % 3 else "someone else",
            "published_at": next(iter(sorted(measures.days(c["date"]))), None) if n % 4 else None,
            "text": c["text"] if n % 7 else c["text"][: len(c["text"]) // 2],
        }
        for n, c in enumerate(gold["comments"])
        if n % 6
    ]
    widgets = [
        {"kind": w["kind"] if n % 3 else "text", "title": w["title"], "region": "left", "text": w["text"]}
        for n, w in enumerate(gold["widgets"])
        if n % 4
    ]
    text = ((gold["article"] or {}).get("text") or "") + " " + (gold["widgets"][0]["text"] if gold["widgets"] else "")
    article = {"title": None, "authors": [], "published_at": None, "text": text}
    return {"id": gold["file"], "article": article, "comments": comments, "widgets": widgets}


@pytest.mark.skipif(not SCORER.exists(), reason="no ../shared beside the project")
def test_agrees_with_the_scorer(tmp_path: Path) -> None:
    golds = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()][::2]
    said = [blurred(g) for g in golds]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, golds)))
    (tmp_path / "said.jsonl").write_text("\n".join(map(json.dumps, said)))
    done = subprocess.run(
        [sys.executable, SCORER, "parts", tmp_path / "gold.jsonl", tmp_path / "said.jsonl"],
        capture_output=True,
        text=True,
        check=True,
    )
    counts = sum((measures.parts(s, g) for s, g in zip(said, golds, strict=True)), Counter())
    ours = [
        f"article text F1 {counts['text'] / counts['articles']:.4f}, leaks {counts['leaks'] / counts['articles']:.4f}",
        "comments P {:.3f} R {:.3f} F1 {:.4f}".format(*measures.found(counts, "comments")),
        "widgets P {:.3f} R {:.3f} F1 {:.4f}".format(*measures.found(counts, "widgets")),
        f"kind {counts['kinds ok'] / counts['widgets ok']:.3f}",
        f"author {counts['authors ok'] / counts['authors']:.3f}",
        f"thread {counts['parents ok'] / counts['parents']:.3f}",
        f"replies {counts['replies ok'] / counts['replies']:.3f}",
    ]
    missing = [line for line in ours if line not in done.stdout]
    assert not missing, done.stdout
    assert re.search(rf"date {counts['dates ok'] / counts['dates']:.3f} of {counts['dates']}\b", done.stdout)


@pytest.mark.skipif(not SCORER.exists(), reason="no ../shared beside the project")
def test_metadata_agrees_with_the_scorer(tmp_path: Path) -> None:
    known: list[dict[str, Any]] = [
        {"file": "a", "title": "One, two", "author": ["Ann", "Bob"], "date": "2021-05-02"},
        {"file": "b", "title": "Three", "author": "Cleo Dee", "date": "2020-01-01"},
        {"file": "c", "author": None, "date": "2019-12-31"},
    ]
    said: list[Record] = [
        {
            "article": {
                "title": "one two",
                "authors": ["Ann", "Bob"],
                "published_at": "2021-05-02T09:00:00Z",
                "text": "",
            }
        },
        {"article": {"title": None, "authors": ["Dee"], "published_at": "2020-01-02T00:00:00Z", "text": ""}},
        {"article": None},
    ]
    gold = {f"https://{k['file']}.example/": {"with": [], "without": [], **k} for k in known}
    (tmp_path / "gold.json").write_text(json.dumps(gold))
    (tmp_path / "said.jsonl").write_text(
        "\n".join(json.dumps({"id": k["file"], **s}) for k, s in zip(known, said, strict=True))
    )
    done = subprocess.run(
        [sys.executable, SCORER, "match", tmp_path / "gold.json", tmp_path / "said.jsonl"],
        capture_output=True,
        text=True,
        check=True,
    )
    counts = sum((metadata(s, k) for s, k in zip(said, known, strict=True)), Counter())
    ours = [f"{key} {counts[f'{key} ok'] / counts[key]:.3f} of {counts[key]}" for key in ("title", "author", "date")]
    assert not [line for line in ours if line not in done.stdout], done.stdout
