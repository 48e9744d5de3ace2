"""`tearsheet worker`: runs the workers of a stage, under a supervisor that holds them to their limits."""

import os
from collections.abc import Sequence

import click

from shared import log
from shared.settings import Settings, load
from shared.workers.role import Role

ROLES = ("fetcher", "parser", "indexer", "scheduler")


def roles(names: Sequence[str], settings: Settings, processes: int | None = None) -> list[Role]:
    """The roles of these names. `processes`: of each that may have several; None: a parser for each core, else one."""
    cores = os.cpu_count() or 1
    known = {
        "fetcher": Role(
            "fetcher",
            "services.fetcher.task",
            "fetch",
            memory=settings.worker_memory,
            pool="threads",
            threads=settings.fetch_threads,
            processes=processes or 1,
        ),
        "parser": Role(
            "parser", "services.parser.task", "parse", memory=settings.parse_memory, processes=processes or cores
        ),
        "indexer": Role(
            "indexer",
            "services.indexer.task",
            "index",
            memory=settings.worker_memory,
            # tantivy takes one writer process.
            processes=(processes or 1) if settings.store == "opensearch" else 1,
        ),
        "scheduler": Role("scheduler", "services.scheduler.task", None, memory=settings.worker_memory),
    }
    return [known[name] for name in names]


@click.command(epilog="Example: tearsheet worker parser --processes 2")
@click.argument("role", nargs=-1, required=True, type=click.Choice(ROLES))
@click.option(
    "--processes", type=click.IntRange(min=1), help="Processes of each role (default: a parser for each core, else 1)."
)
@click.pass_context
def worker(context: click.Context, role: tuple[str, ...], processes: int | None) -> None:
    """Run the workers of one stage, or of several: fetcher, parser, indexer, scheduler.

    Ends warmly on SIGTERM and Ctrl-C: tasks may end for TEARSHEET_WORKER_GRACE seconds. Exits with 1, so that it is
    restarted, when work waits and none has ended for TEARSHEET_WORKER_STALL seconds.
    """
    from shared.workers.supervisor import Supervisor  # Celery is slow to import; --help is not

    settings = load()
    if not settings.redis_url:
        raise click.UsageError("TEARSHEET_REDIS_URL says where the ledger is, and is not set; `crawl` needs no server")
    log.setup(settings, service="supervisor")
    context.exit(Supervisor(roles(role, settings, processes), settings).run())
