"""`tearsheet parse`: one page, or a file of pages, cut into records; nothing is stored."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from shared import urls
from shared.ids import page_id
from shared.settings import Settings, load
from shared.stage import Claim, Fetched
from tearsheet.parse_jobs import Job, ParseJobs, Result

# What a file's page is called whose address nobody gave: RFC 6761 keeps .invalid for names that are none.
UNKNOWN = "https://unknown.invalid/"
# Each is started before the first page: more than one a core gains nothing.
_MOST_JOBS = 256


@click.command(epilog="Example: tearsheet parse page.html --url https://example.com/post | jq .article.title")
@click.argument("source", metavar="FILE|URL|-", required=False)
@click.option("--url", metavar="URL", help="The address that a FILE or - came from; links are resolved against it.")
@click.option("--explain", is_flag=True, help="Add segments: each run of visible text, its record, role and why.")
@click.option(
    "--jsonl",
    metavar="PAGES",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help='Parse many: a file of {"id", "url", "path"} lines, .html or .html.gz; relative paths stand beside it.',
)
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, _MOST_JOBS), help="Processes that parse, with --jsonl [all cores]."
)
def parse(source: str | None, url: str | None, explain: bool, jsonl: Path | None, jobs: int | None) -> None:
    """Cut a page into article, comments and widgets, as one JSON object.

    With --jsonl, one line a page in the same order, {"id", "page", "article", "comments", "widgets"} or
    {"id", "error"}. A page may take 10 s and 512 MB (TEARSHEET_PARSE_DEADLINE, TEARSHEET_PARSE_MEMORY).
    """
    if (source is None) == (jsonl is None):
        raise click.UsageError("give either a FILE, a URL or -, or --jsonl PAGES", click.get_current_context())
    settings = load()
    if jsonl is not None:
        if url is not None:
            raise click.UsageError("--url is for one page; in PAGES each line has its own", click.get_current_context())
        failed, total = _parse_many(jsonl, settings, jobs or os.cpu_count() or 1, explain=explain)
        if failed:
            raise click.ClickException(f"{failed} of {total} pages could not be parsed; their lines say why")
        return
    with ParseJobs(settings, processes=1) as parser:
        job = _job(source or "", url, settings, explain=explain)
        (result,) = parser.run([job])
    if result.json is None:
        raise click.ClickException(f"{source}: {result.error}")
    click.echo(result.json)


def _job(source: str, url: str | None, settings: Settings, *, explain: bool) -> Job:
    """The page that the command line names. Raises click.ClickException."""
    if source == "-":
        return Job(sys.stdin.buffer.read(), _address(url), explain)
    if source.startswith(("http://", "https://")):
        if url is not None:
            raise click.UsageError("--url is for a FILE or -", click.get_current_context())
        return _fetched(source, settings, explain=explain)
    path = Path(source)
    if not source or not path.exists():
        raise click.ClickException(f"{source or repr(source)}: no such file (and no http:// or https:// URL)")
    if path.is_dir():
        raise click.ClickException(f"{source}: a folder, not a page")
    # What is no file, as the pipe of a shell's `<(…)`, is open in this process alone.
    return Job(path if path.is_file() else path.read_bytes(), _address(url), explain)


def _address(url: str | None) -> str:
    if url is None:
        return UNKNOWN
    try:
        return urls.page_url(url)
    except urls.NotAUrlError as error:
        raise click.ClickException(f"{url!r}: {error}") from None


def _fetched(source: str, settings: Settings, *, explain: bool) -> Job:
    from services.fetcher.fetch import Fetcher

    url = _address(source)
    now = time.time_ns() // 1_000_000
    # Nothing is indexed here, so a page that asks not to be indexed is none the worse.
    fetcher = Fetcher(settings.model_copy(update={"fetch_noindex": False}), None)
    try:
        ending = fetcher.fetch(Claim(page_id(url), url, now, token="", attempts=0, alone=True))
    finally:
        fetcher.close()
    if not isinstance(ending, Fetched):
        raise click.ClickException(f"{source}: {getattr(ending, 'reason', 'not fetched')}")
    raw = ending.raw
    return Job(raw.body, url, explain, raw.content_type, raw.final_url, raw.status, raw.fetched_at)


def _parse_many(pages: Path, settings: Settings, processes: int, *, explain: bool) -> tuple[int, int]:
    """Writes a line for each page; returns how many failed, and how many there were."""
    ids: list[Any] = []
    failed = 0
    with (
        click.open_file(str(pages), encoding="utf-8", errors="replace") as lines,
        ParseJobs(settings, processes=processes) as parser,
    ):
        folder = Path() if str(pages) == "-" else pages.parent
        results = parser.run(_jobs(lines, ids, folder, explain=explain))
        for number, result in enumerate(results):
            name = json.dumps(ids[number], ensure_ascii=False)
            ids[number] = None  # said: a long file's ids are not kept
            if result.json is not None:
                click.echo(f'{{"id":{name},{result.json.removeprefix("{")}')
            else:
                failed += 1
                click.echo(f'{{"id":{name},"error":{json.dumps(result.error, ensure_ascii=False)}}}')
    return failed, len(ids)


def _jobs(lines: Iterator[str], ids: list[Any], folder: Path, *, explain: bool) -> Iterator[Job | Result]:
    """The jobs that the lines describe; a line that describes none is a result already. Fills `ids`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            page = json.loads(line)
            ids.append(page["id"])
        except (ValueError, KeyError, TypeError):
            ids.append(None)
            yield Result(error=f'line {number}: not {{"id", "url", "path"}}')
            continue
        try:
            url = urls.page_url(page["url"]) if page.get("url") else UNKNOWN
            path = Path(page["path"])
        except (urls.NotAUrlError, KeyError, TypeError) as error:
            yield Result(error=f"line {number}: no path" if isinstance(error, KeyError) else f"line {number}: {error}")
            continue
        beside = folder / path
        yield Job(beside if beside.exists() else path, url, explain)
