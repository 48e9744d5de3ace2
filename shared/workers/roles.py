"""The kinds of worker process that there are."""

import os
from collections.abc import Sequence

from shared.settings import Settings
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
