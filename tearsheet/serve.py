"""`tearsheet serve`: health and metrics over HTTP."""

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

    from services.web.app import build

    settings = load()
    log.setup(settings, service="web")
    if settings.redis_url:  # it starts, and says what is down, while the ledger is away
        uvicorn.run(build(settings), host=host, port=port, log_config=None, access_log=False)
        return
    with open_session(settings, workers=False) as session:
        click.echo(f"http://{host}:{port}/health and /metrics", err=True)
        uvicorn.run(build(session.settings), host=host, port=port, log_config=None, access_log=False)
