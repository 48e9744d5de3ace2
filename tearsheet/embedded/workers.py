"""The embedded workers: `tearsheet worker` for all roles at once, without what only a person at a terminal needs.

It is what a crawl of one page waits for longest, so it imports no more than it must (click alone takes 0.2 s of 2.2),
and when its workers have ended it is gone at once.
"""

import gc
import logging
import os


def main() -> None:
    """Runs until SIGTERM."""
    # Imports make many objects that stay: looking among them for garbage took a fifth of the time.
    gc.set_threshold(50_000)

    from shared import log
    from shared.settings import load
    from shared.workers.roles import ROLES, roles
    from shared.workers.supervisor import Supervisor

    settings = load()
    log.setup(settings, service="supervisor")
    code = Supervisor(roles(ROLES, settings), settings).run()
    from shared.archive.moving import close_after  # not before: it takes 0.05 s that a crawl would wait for

    close_after(settings)
    logging.shutdown()
    os._exit(code)


if __name__ == "__main__":
    main()
