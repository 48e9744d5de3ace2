"""`tearsheet serve`: health and metrics over HTTP."""

import contextlib
import os
import socket

import click

from shared import log
from shared.settings import load
from tearsheet.embedded.session import open_session


@click.command(epilog="Example: tearsheet serve --port 8000, then curl http://127.0.0.1:8000/health")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", metavar="N", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port.")
def serve(host: str, port: int) -> None:
    """Answer /health and /metrics (for Prometheus) until Ctrl-C."""
    import uvicorn

    from services.web.access import KeysNeededError, may_be_open
    from services.web.app import build

    settings = load()
    try:
        open_ = may_be_open(host, settings)
    except KeysNeededError as error:
        raise click.ClickException(str(error)) from None
    log.setup(settings, service="web")
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(_listen(host, port))
        if not settings.redis_url:  # else it starts, and says what is down, while the ledger is away
            settings = stack.enter_context(open_session(settings, workers=False)).settings
            click.echo(f"http://{host}:{port}/health and /metrics", err=True)
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))  # raised again when it has ended in order
        uvicorn.Server(uvicorn.Config(build(settings, open=open_), log_config=None, access_log=False)).run([sock])


def _listen(host: str, port: int) -> socket.socket:
    """Raises click.ClickException where that cannot be: uvicorn would only log it."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        # Not `strerror` of others: it says the address once more.
        why = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise click.ClickException(f"{host}:{port}: {why}") from None
