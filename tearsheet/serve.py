"""`tearsheet serve`: the API and the pages over HTTP."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator

import click

from shared import log
from shared.settings import Settings, load
from tearsheet.embedded.session import open_session
from tearsheet.interrupt import Interrupt
from tearsheet.serve_processes import Processes

_STOPPING = "stopping (Ctrl-C again: at once)"
# More processes than these gain little on machines of one service, and each takes memory (docs/web.md).
_MOST_UNASKED = 4


@click.command(epilog="Example: tearsheet serve --port 8000, then http://127.0.0.1:8000/ in a browser")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", metavar="N", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port.")
def serve(host: str, port: int) -> None:
    """Answer the API, the pages, /health and /metrics (for Prometheus) until Ctrl-C.

    On one machine it also sees to what is submitted, and looks at watched pages, as long as it runs.
    """
    from services.web.openness import KeysNeededError, may_be_open

    settings = load()
    try:
        open_ = may_be_open(host, settings)
    except KeysNeededError as error:
        raise click.ClickException(str(error)) from None
    log.setup(settings, service="web")
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(listen(host, port))
        count = settings.web_processes or min(_cores(), _MOST_UNASKED)
        processes = stack.enter_context(Processes(sock, count)) if count > 1 else None
        if not settings.redis_url:  # else it starts, and says what is down, while the ledger is away
            settings = stack.enter_context(_at_home(settings))
            click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C ends it)", err=True)
        if processes:
            stack.enter_context(Interrupt(_STOPPING, processes.stop))
            code = processes.run(settings.redis_url, open_=open_)
        else:
            stack.enter_context(Interrupt(_STOPPING))
            code = _serve(settings, sock, open_=open_)
    sys.exit(code)


@contextlib.contextmanager
def _at_home(settings: Settings) -> Iterator[Settings]:
    """The embedded house, with workers while there is something to do: the settings that find its ledger."""
    with open_session(settings, workers=False) as session:
        from tearsheet.embedded.demand import WorkersOnDemand  # not before: the house starts meanwhile

        if session.visit and session.visit.joined:
            click.echo("another command is at work in this folder; joined it", err=True)
        with WorkersOnDemand(session, lambda line: click.echo(line, err=True)):
            yield session.settings


def _serve(settings: Settings, sock: socket.socket, *, open_: bool) -> int:
    """Answers in this process."""
    import uvicorn

    from services.web.process import config_of

    uvicorn.Server(config_of(settings, open_=open_)).run([sock])
    return 0


def _cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises click.ClickException where that cannot be: uvicorn would only log it."""
    try:
        sock = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        # Not `strerror` of others: it says the address once more.
        why = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise click.ClickException(f"{host}:{port}: {why}") from None
    # Each connection has it from here: asyncio sets it only where a socket names its protocol, which this does not.
    # Without, an answer's body waits some 40 ms for the acknowledgement of its headers, which clients put off.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
