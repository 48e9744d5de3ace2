"""The `tearsheet` command's entry: light, so that what takes time is under way before anything else is imported."""

import gc
import os
import sys

# Command -> its line in `--help`. Its code is `tearsheet/<command>.py`, a click command of the same name.
COMMANDS = {
    "parse": "Cut a page, or a file of pages, into article, comments and widgets.",
    "crawl": "Fetch pages and file their records in the store.",
    "watch": "Look at pages again and again, the sooner the more often they change.",
    "search": "Find records by words.",
    "show": "Show a page with its article, thread and widgets.",
    "diff": "Show what changed between two versions of an article.",
    "status": "Show what is in flight, what has ended and what is wrong.",
    "audit": "Check that every submitted URL is accounted for, in ledger and store.",
    "quarantine": "List, show and retry pages and records that failed.",
    "forget": "Delete a URL or a site everywhere, and never fetch it again.",
    "reparse": "Make the records of stored pages anew, from the archive.",
    "reindex": "Make the store's index anew from the records that it holds.",
    "archive": "Make the archive's index anew.",
    "export": "Write all records as JSON lines.",
    "serve": "Answer the API and the web pages.",
    "key": "Make keys for the API and the pages.",
    "worker": "Run the workers of one stage (what the stack's containers do).",
}


def _open_closed_streams() -> None:
    """Standard streams that whoever started us has closed are empty ones: no file of ours may take their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            os.dup2(descriptor, number)
            if descriptor != number:
                os.close(descriptor)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open until we end


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and exits with its code; `arguments` are those of the process where none are given."""
    # Imports make many objects that stay: looking among them for garbage took a fifth of a worker's start.
    gc.set_threshold(50_000)
    _open_closed_streams()
    if arguments is None:
        arguments = sys.argv[1:]
        if arguments[:1] == ["crawl"]:
            from tearsheet.embedded.launch import head_start

            head_start(arguments)
    from tearsheet.commands import run

    sys.exit(run(arguments))
