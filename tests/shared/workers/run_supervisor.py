"""A supervisor on the probe tasks, as a process of its own: settings from the environment, roles by name."""

import os
import sys

from shared import log, tasks
from shared.settings import load
from shared.workers.role import Role
from shared.workers.supervisor import Supervisor

if __name__ == "__main__":
    settings = load()
    log.setup(settings)
    if shorter := os.environ.get("PROBE_FETCH_DEADLINE"):
        original = tasks.deadline_of
        tasks.deadline_of = lambda of, s: float(shorter) if of.name == "fetch" else original(of, s)
    known = {
        "fetcher": Role("fetcher", "probe_tasks", "fetch", 200_000_000, pool="threads", threads=4),
        "parser": Role("parser", "probe_tasks", "parse", 200_000_000, processes=2),
        "indexer": Role("indexer", "probe_tasks", "index", 200_000_000),
        "scheduler": Role("scheduler", "services.scheduler.task", None, 200_000_000),
    }
    sys.exit(Supervisor([known[name] for name in sys.argv[1:]], settings).run())
