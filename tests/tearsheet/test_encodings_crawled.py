"""A page in each of the Encoding Standard's encodings, from a real server, by the real command: the store has its
letters, whether the header declares the encoding, the page itself, or nobody does."""

import json
import unicodedata
from pathlib import Path

from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import site_of
from tests.services.parser.sentences import SAMPLES
from tests.shared.markup.test_encodings import NOT_GUESSED, WIDE, page
from tests.tearsheet.started import Start

BOMS = {"utf-8": "utf-8-sig", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le"}
PATHS = [
    *(f"/header/{name}" for name in SAMPLES),
    *(f"/meta/{name}" for name in SAMPLES if name not in WIDE),
    *(f"/nobody/{name}" for name in SAMPLES if name not in NOT_GUESSED),
    *(f"/bom/{name}" for name in BOMS),
]


def answer(x: Exchange) -> None:
    _, how, name = x.path.split("/")
    html, body = page(name, f"<meta charset={name}>" if how == "meta" else "")
    if how == "bom":
        body = (html if name == "utf-8" else f"\ufeff{html}").encode(BOMS[name])
    kinds = {"header": f"text/html; charset={name}", "bom": "text/html; charset=koi8-r"}
    x.reply(body, content_type=kinds.get(how, "text/html"))


def test_the_store_has_the_letters(start: Start, tmp_path: Path) -> None:
    with site_of(answer) as site:
        urls = tmp_path / "urls.txt"
        urls.write_text("\n".join(map(site.at, PATHS)))
        command = start("crawl", "--file", str(urls))
        told, talk = command.communicate(timeout=110)
        assert command.returncode == 0, talk
        assert told.startswith(f"{len(PATHS)} pages: {len(PATHS)} indexed")
        exported, _ = start("export").communicate(timeout=60)
        texts: dict[str, str] = {}
        for line in map(json.loads, exported.splitlines()):
            record = line["record"]
            page_id = record.get("page_id", record["id"])
            texts[page_id] = texts.get(page_id, "") + (record.get("url", "") + " " + (record.get("text") or "")) + "\n"
        wrong = [path for path in PATHS if not any(_has(text, site.at(path), path) for text in texts.values())]
        assert wrong == []


def _has(text: str, url: str, path: str) -> bool:
    name = path.rpartition("/")[2]
    return f"{url} " in text and unicodedata.normalize("NFC", SAMPLES[name].text) in text
