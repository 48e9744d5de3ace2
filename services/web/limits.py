"""How much one caller may ask for: requests a second, across all web processes, and bytes a request."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from fastapi import Request, Response
from redis.backoff import NoBackoff
from redis.retry import Retry
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.problems import ProblemError
from shared.ledger import Ledger

MOST_BYTES = 1_000_000
"""Of a request's body: a thousand URLs of common length are a tenth of it."""

# Of a body that is too long: more is not even taken in.
_MOST_DISCARDED = 10 * MOST_BYTES

# Generic cell rate algorithm (ITU-T I.371): one number a caller, when its requests so far would have been through at
# the steady rate. Redis's clock, so that processes of several machines count alike.
_SCRIPT = """
local clock = redis.call('TIME')
local now, rate, most = clock[1] + clock[2] / 1e6, tonumber(ARGV[2]), tonumber(ARGV[3])
local through = math.max(now, tonumber(redis.call('GET', ARGV[1]) or 0))
local wait = through - now - (most - 1) / rate
if wait > 0 then return tostring(wait) end
redis.call('SET', ARGV[1], string.format('%.6f', through + 1 / rate), 'PX', math.ceil(most / rate * 1000))
return '0'
"""
# Seconds of the rate that may come at once: a page of ours with what it loads, or a script's first steps.
_BURST = 5.0
# Seconds that a request waits for Redis to count it, and for how long then nobody does.
_PATIENCE = 0.25
_LEFT_ALONE = 2.0


class Rate:
    """Requests a second of each caller. Where Redis does not answer nobody is counted, and nobody refused."""

    def __init__(self, redis_url: str, rate: float) -> None:
        """`rate`: requests a second; 0: any number."""
        self._rate = rate
        self._most = max(1.0, rate * _BURST)
        self._client = Ledger.client_of(redis_url, answer=_PATIENCE, connect=_PATIENCE, retry=Retry(NoBackoff(), 0))
        self._script = self._client.register_script(_SCRIPT)
        self._alone_until = 0.0

    @property
    def counts(self) -> bool:
        """Whether `take` counts anything."""
        return self._rate > 0

    def take(self, caller: str) -> None:
        """Counts one request. Raises ProblemError, 429 with Retry-After."""
        if not self._rate or time.monotonic() < self._alone_until:
            return
        try:
            wait = float(self._script(args=[f"rate:{caller}", self._rate, self._most]))
        except redis.RedisError:
            self._alone_until = time.monotonic() + _LEFT_ALONE
            return
        if wait > 0:
            seconds = math.ceil(wait)
            detail = f"More than {self._rate:g} requests a second: go on in {seconds} s, and more slowly."
            raise ProblemError(429, detail, headers={"Retry-After": str(seconds)})

    def close(self) -> None:
        """Lets go of the connection."""
        with suppress(redis.RedisError):
            self._client.close()


class BodyLimit:
    """ASGI middleware: refuses a body of more than `MOST_BYTES`; nothing of one whose length is told is kept."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Response]) -> None:
        """`answer`: makes an error into what the caller gets."""
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        told = request.headers.get("Content-Length", "")
        if told.isdecimal() and int(told[:20]) > MOST_BYTES:
            if int(told[:20]) <= _MOST_DISCARDED:  # a client that is still sending would not read the answer
                while (await receive()).get("more_body"):
                    pass
            await self._answer(request, _too_long())(scope, receive, send)
            return
        await self._app(scope, _counted(receive), send)


def _counted(receive: Receive) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message: Any = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise _too_long()  # from where the body is read, which is within what answers errors
        return message  # type: ignore[no-any-return]

    return counted


def _too_long() -> ProblemError:
    return ProblemError(413, f"A request's body may have {MOST_BYTES:,} bytes: send less at a time.")
