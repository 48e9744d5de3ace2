"""Real pages, parsed once: a folder of HTML becomes a file of JSON lines that the next run reads."""

import gzip
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import quote

from services.parser import parse
from shared.records import ParsedPage


def real_pages(folder: Path, cache: Path, jobs: int = 2) -> list[ParsedPage]:
    """The pages of a folder, in the order of their names; each has a site of its own.

    `cache` is the file of JSON lines, one `ParsedPage` each: read where it is there, else written.
    """
    if not cache.exists():
        paths = sorted(path for kind in ("*.html", "*.html.gz") for path in folder.rglob(kind))
        if not paths:
            raise SystemExit(f"no .html or .html.gz in {folder}")
        cache.parent.mkdir(parents=True, exist_ok=True)
        part = cache.with_suffix(".part")
        with ProcessPoolExecutor(jobs) as pool, part.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in pool.map(_parsed, paths, chunksize=8))
        part.rename(cache)
    with cache.open(encoding="utf-8") as lines:
        return [ParsedPage.model_validate_json(line) for line in lines]


def _parsed(path: Path) -> str:
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz").removesuffix(".html")
    label = "-".join(re.findall("[a-z0-9]+", name.lower()))[:60].strip("-")
    parsed = parse(body, f"https://{label or 'page'}.example/{quote(name)}")
    return parsed.model_copy(update={"segments": None}).model_dump_json()
