"""HEAD wherever GET is answered (RFC 9110 9.3.2): the same answer without its content."""

from starlette.types import ASGIApp, Receive, Scope, Send

ASKED = "tearsheet.head"
"""Key of the scope that says so, for a route whose content takes its time."""


class Head:
    """ASGI middleware: asks for HEAD as for GET. The server leaves out the content by itself."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET", ASKED: True}
        await self._app(scope, receive, send)
