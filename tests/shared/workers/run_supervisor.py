"""A supervisor on the probe tasks, as a process of its own: settings from the environment, roles by name."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3])]

from shared import log
from shared.settings import load
from shared.workers.role import Role
from shared.workers.supervisor import Supervisor

if __name__ == "__main__":
    settings = load()
    log.setup(settings)
    known = {
        "fetcher": Role("fetcher", "probe_tasks", "fetch", 200_000_000, pool="threads", threads=4),
        "parser": Role("parser", "probe_tasks", "parse", 200_000_000, processes=2),
        "indexer": Role("indexer", "probe_tasks", "index", 200_000_000),
        "scheduler": Role("scheduler", "services.scheduler.task", None, 200_000_000),
    }
    sys.exit(Supervisor([known[name] for name in sys.argv[1:]], settings).run())
