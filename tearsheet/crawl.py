"""`tearsheet crawl`: submits URLs, watches how they end, and says so."""

import shlex
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tearsheet.commands import FOLDER_GIVEN

if TYPE_CHECKING:
    from tearsheet.bringing import Pages
    from tearsheet.submission import Submission


@click.command(
    epilog="Example: tearsheet crawl https://example.org/ --report report.jsonl   "
    "Without a URL, it goes on with whatever was interrupted."
)
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--file", metavar="FILE", help="A file of URLs, one a line (blank lines and # lines are none); - is stdin."
)
@click.option(
    "--warc",
    "warcs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the pages of a WARC file (.warc or .warc.gz) instead of fetching; may be given again.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write how each URL ended, one JSON line a URL.",
)
@click.pass_context
def crawl(
    context: click.Context, urls: tuple[str, ...], file: str | None, warcs: tuple[Path, ...], report: Path | None
) -> None:
    """Fetch pages, cut them into records and file these in the store.

    The exit code is 0 where every page ended well or was refused for a reason that the summary states, 1 where one
    was quarantined, 130 after Ctrl-C: the same command, or `tearsheet crawl` alone, then goes on where it stopped.
    """
    from tearsheet.submission import Submission

    if report is not None and not report.absolute().parent.is_dir():
        raise click.UsageError(f"--report: there is no folder {report.absolute().parent}")
    folder = context.meta.get(FOLDER_GIVEN)
    same_folder = f" --data {shlex.quote(folder)}" if folder else ""
    if warcs:
        if urls or file:
            raise click.UsageError("give either URLs or --warc")
        context.exit(_take(warcs, report, same_folder))
    if not urls and not file:
        context.exit(run_crawl(None, report, same_folder))
    with closing(Submission(urls, file)) as submission:
        if not submission.count:
            raise click.UsageError("there is no URL in what was given")
        context.exit(run_crawl(submission, report, same_folder))


def _take(warcs: tuple[Path, ...], report: Path | None, same_folder: str) -> int:
    """Takes the pages of WARC files; the exit code."""
    from tearsheet.warc.captures import Captures
    from tearsheet.warc.scan import NotWarcError

    try:
        captures = Captures(warcs)
    except NotWarcError as error:
        raise click.ClickException(str(error)) from None
    with closing(captures):
        passed_over = ", ".join(f"{what} {count:,}" for what, count in captures.passed_over.most_common(12))
        click.echo(
            f"{captures.count:,} captures of pages" + f"; passed over: {passed_over}" * bool(passed_over), err=True
        )
        for damage in captures.damage:
            click.echo(f"warning: {damage}", err=True)
        code = run_crawl(captures, report, same_folder) if captures.count else 0
        return code or int(bool(captures.damage))


def run_crawl(submission: "Submission | Pages | None", report: Path | None, same_folder: str) -> int:
    """Submits, watches and tells; the exit code. Without a submission it goes on with what was interrupted."""
    from shared.settings import load
    from tearsheet.embedded.session import open_session
    from tearsheet.interrupt import Interrupt

    settings = load()
    if not settings.redis_url and settings.sites_file() is not None:
        from services.fetcher.sites import read_sites

        read_sites(settings)  # The fetchers are started from here: a wrong file is to be seen here.
    with open_session(settings, workers=True) as session:
        from tearsheet.crawling import Crawling  # not before: it takes its time, in which the workers start

        if session.visit and session.visit.joined:
            click.echo("another command is at work in this folder; joined it", err=True)
            if session.visit.other_settings:
                names = ", ".join(f"TEARSHEET_{name.upper()}" for name in session.visit.other_settings)
                click.echo(f"its settings hold, which are not those of this command: {names}", err=True)
        with Interrupt("stopping: pages in flight are given back (Ctrl-C again: at once)") as interrupt:
            return Crawling(session, interrupt, report, same_folder).run(submission)
