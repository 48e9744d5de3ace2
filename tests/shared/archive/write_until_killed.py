"""Writes to an archive in four threads until it is killed, and says each page that is in: `FOLDER FIRST-FETCH-ID`."""

import os
import random
import sys
import threading
from itertools import count
from pathlib import Path

from shared import log
from shared.archive import ArchiveWriter
from tests.shared.archive.exchanges import exchange, fetch, settings


def main() -> None:
    """Until it is killed."""
    numbers = count(int(sys.argv[2]))
    config = settings(Path(sys.argv[1]), archive_file_bytes=3_000_000)
    log.setup(config)
    writer = ArchiveWriter(config, lambda _: None)
    writer.open()

    def write() -> None:
        chance = random.Random()
        while True:
            number = next(numbers)
            body = b"%d " % number + os.urandom(chance.randrange(200_000))
            writer.keep(fetch(fetch_id=number), [exchange(body)])
            os.write(1, b"%d\n" % number)

    for _ in range(3):
        threading.Thread(target=write, daemon=True).start()
    write()


if __name__ == "__main__":
    main()
