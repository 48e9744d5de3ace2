"""Headers that every answer has: what a browser may do with it."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join([
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "frame-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
])  # fmt: skip
"""Content Security Policy Level 3 of our own pages: nothing inline, nothing from elsewhere."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # What we show belongs to others, who are to be found where it came from.
    "X-Robots-Tag": "noindex, nofollow",
}

_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Headers:
    """ASGI middleware: adds the headers that an answer does not set itself (the tear view has a policy of its own)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in _RAW if each[0] not in there)]
            await send(message)

        await self._app(scope, receive, with_headers)
