"""The `tearsheet` command: finds the commands, and turns whatever ends one into an exit code and at most one line.

A command's module is imported only when that command runs, so that `--help` answers at once and an image needs no
more than its own commands' dependencies.
"""

import importlib
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from tearsheet import __version__
from tearsheet.cli import COMMANDS

# Commands that work on a data folder, and so take `--data`; they and what they start find it in the settings.
_IN_A_FOLDER = frozenset(COMMANDS) - {"parse", "key", "worker"}

_FOLDER_GIVEN = "tearsheet.data"
"""Key of click's `meta`: the folder as given by `--data`."""

# 128 + the signal's number, as shells report it: SIGINT is 2, SIGPIPE 13.
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141

# Errors whose message is already the one line that a user needs, by module: imported only once one is at hand.
_PLAIN_ERRORS = {
    "shared.settings": ("WrongSettingError",),
    "shared.archive": ("ArchiveError",),
    "shared.ledger": ("LedgerError",),
    "shared.stores.protocol": ("StoreDownError", "UnknownSchemaError"),
    "shared.stores.reindexing": ("ReindexError",),
    "tearsheet.embedded.visit": ("HouseError",),
}


class _Commands(click.Group):
    """A group that knows its commands' names and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the table, which is the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Imports the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"tearsheet.{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"tearsheet.{cmd_name}.{cmd_name} is no command")
        if cmd_name in _IN_A_FOLDER:
            for each in command.commands.values() if isinstance(command, click.Group) else [command]:
                if _DATA not in each.params:  # asked for once more in this process
                    each.params.append(_DATA)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _use_folder(context: click.Context, _parameter: click.Parameter, folder: str | None) -> None:
    """Makes the folder that of the settings, for this process and those that it starts."""
    if folder is not None:
        from shared.settings import load

        os.environ["TEARSHEET_DATA"] = str(Path(folder).expanduser().absolute())
        load.cache_clear()
        context.meta[_FOLDER_GIVEN] = folder


def same_folder() -> str:
    """What ends a command that a user is told to type, so that it works on the folder of this one."""
    folder = click.get_current_context().meta.get(_FOLDER_GIVEN)
    return f" --data {shlex.quote(folder)}" if folder else ""


_DATA = click.Option(
    ["--data"],
    metavar="DIR",
    type=click.Path(file_okay=False),
    expose_value=False,
    is_eager=True,
    callback=_use_folder,
    help="Folder of store, queue and logs (else TEARSHEET_DATA, else ~/.local/share/tearsheet).",
)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: tearsheet crawl https://example.org/ && tearsheet search example",
)
@click.version_option(__version__, prog_name="tearsheet")
def _tearsheet() -> None:
    """Cuts web pages into article, threaded comments and widgets, and files them in a search store."""


def run(arguments: list[str]) -> int:
    """Runs a command; what ends it is said in at most one line, and told by the exit code."""
    # Not click's own `main`: it turns a broken pipe into exit code 1, and says other things than we do.
    try:
        colour = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
        with _tearsheet.make_context("tearsheet", arguments, color=colour) as context:
            _tearsheet.invoke(context)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the process's outermost boundary: what comes here ends it
        return _exit_code(error)
    return 0


def _exit_code(error: BaseException) -> int:
    """Says on stderr, in one line, what ended the command."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has gone; without this the interpreter complains when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    if isinstance(error, click.ClickException):
        _say(error.format_message() + _where_help_is(error))
        return error.exit_code
    if os.environ.get("TEARSHEET_LOG_LEVEL", "").lower() == "debug":
        sys.excepthook(type(error), error, error.__traceback__)
    if _is_plain(error):
        _say(str(error))
    elif isinstance(error, OSError) and error.strerror:
        _say(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    elif isinstance(error, ModuleNotFoundError):
        _say(f"{error}: this installation lacks what the command needs (extras: docs/dependencies.md)")
    else:
        text = " ".join(str(error).split())
        _say(f"{type(error).__name__}: {text} (a fault of Tearsheet; TEARSHEET_LOG_LEVEL=debug shows where)")
    return 1


def _where_help_is(error: click.ClickException) -> str:
    context: Any = error.ctx if isinstance(error, click.UsageError) else None
    return f" (see {context.command_path} --help)" if context else ""


def _is_plain(error: BaseException) -> bool:
    names = {name for kind in type(error).__mro__ for name in [f"{kind.__module__}.{kind.__name__}"]}
    return any(
        name.startswith(module) and name.endswith(f".{kind}")
        for name in names
        for module, kinds in _PLAIN_ERRORS.items()
        for kind in kinds
    )


def _say(line: str) -> None:
    click.echo(f"error: {' '.join(line.split())}", err=True)
