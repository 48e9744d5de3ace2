"""`tearsheet worker`: runs the workers of a stage, under a supervisor that holds them to their limits."""

import click

from shared import log
from shared.settings import load
from shared.workers.roles import ROLES, roles


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
    if "fetcher" in role:
        from services.fetcher.sites import read_sites

        read_sites(settings)  # A fetcher that could not read it would be started again and again.
    log.setup(settings, service="supervisor")
    code = Supervisor(roles(role, settings, processes), settings).run()
    if "fetcher" in role:
        from shared.archive.moving import close_after  # an image of another role has no warcio

        close_after(settings)
    context.exit(code)
