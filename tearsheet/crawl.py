"""`tearsheet crawl`: submits URLs, watches how they end, and says so."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from shared.scope import DEFAULT_DEPTH, DEFAULT_LIMIT, Scope, WrongPatternError, compiled
from tearsheet.commands import same_folder

if TYPE_CHECKING:
    from tearsheet.bringing import Pages
    from tearsheet.submission import Submission


def _patterns(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            compiled(value)
        except WrongPatternError as error:
            raise click.BadParameter(str(error)) from None
    return values


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
    "--feed", "feeds", metavar="URL", multiple=True, help="A feed (RSS, Atom, JSON Feed): its pages. Repeatable."
)
@click.option(
    "--sitemap", "sitemaps", metavar="URL", multiple=True, help="A sitemap or an index of some: its pages. Repeatable."
)
@click.option(
    "--site",
    "sites",
    metavar="URL",
    multiple=True,
    help="A site's home page: the pages of its feeds and sitemaps. Repeatable.",
)
@click.option("--follow", is_flag=True, help="Follow links of pages, within the site of each.")
@click.option(
    "--depth",
    type=click.IntRange(0),
    default=DEFAULT_DEPTH,
    show_default=True,
    help="Links between a given page and the last one, with --follow.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Pages in all, where some are found.",
)
@click.option(
    "--include",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Of what is found, only URLs that hold this regular expression. Repeatable.",
)
@click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Of what is found, no URLs that hold this regular expression. Repeatable.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write how each URL ended, one JSON line a URL.",
)
@click.pass_context
def crawl(
    context: click.Context,
    /,
    urls: tuple[str, ...],
    file: str | None,
    feeds: tuple[str, ...],
    sitemaps: tuple[str, ...],
    sites: tuple[str, ...],
    warcs: tuple[Path, ...],
    report: Path | None,
    follow: bool,
    depth: int,
    limit: int,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
) -> None:
    """Fetch pages, cut them into records and file these in the store.

    The exit code is 0 where every page ended well or was refused for a reason that the summary states, 1 where one
    was quarantined, 130 after Ctrl-C: the same command, or `tearsheet crawl` alone, then goes on where it stopped.
    """
    from shared.stage import Line
    from tearsheet.submission import Submission

    if report is not None and not report.absolute().parent.is_dir():
        raise click.UsageError(f"--report: there is no folder {report.absolute().parent}")
    sources = [Line(url, "feed") for url in feeds]
    sources += [Line(url, "sitemap") for url in sitemaps] + [Line(url, "site") for url in sites]
    lines = [*map(Line, urls), *sources]
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    grows = bool(follow or sources)
    _check_together(given, grows=grows)
    if report is not None:
        report.touch()  # What cannot be written is to be seen before a crawl of days.
    if warcs:
        context.exit(_take(warcs, report, same_folder()))
    if not lines and not file and not follow:
        context.exit(run_crawl(None, report, same_folder()))
    scope = Scope(follow, depth, limit, include, exclude) if grows else None
    with closing(Submission(lines, file, scope)) as submission:
        if not submission.count:
            raise click.UsageError("there is no URL in what was given")
        context.exit(run_crawl(submission, report, same_folder()))


def _check_together(given: set[str], *, grows: bool) -> None:
    """Raises click.UsageError where an option that was given would be none: it needs or excludes another one."""
    if "warcs" in given and given - {"warcs", "report"}:
        raise click.UsageError("--warc goes with --report alone: its pages are what is crawled")
    if "depth" in given and "follow" not in given:
        raise click.UsageError("--depth is for --follow")
    finds = "--follow, --feed, --sitemap or --site"
    if {"include", "exclude"} & given and not grows:
        raise click.UsageError(f"--include and --exclude choose among found URLs: {finds}")
    if "limit" in given and not grows:
        raise click.UsageError(f"--limit is for found URLs: {finds}")


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
            if settings_told := session.visit.told_settings():
                click.echo(settings_told, err=True)
        with Interrupt("stopping: pages in flight are given back (Ctrl-C again: at once)") as interrupt:
            return Crawling(session, interrupt, report, same_folder).run(submission)
