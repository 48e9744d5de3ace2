"""What the hostile site answers where headers or chunks are the matter."""

from tests.hostile_exchange import Answer, Exchange

_PIECE = b"<!DOCTYPE html><title>A page</title><p>A page that comes in chunks, the first of which is whole.</p>"


def _endless_headers(x: Exchange) -> None:
    x.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        x.send(b"X-More: and more\r\n" * 1000)


def _endless_continue(x: Exchange) -> None:
    while True:
        x.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 10)
        x.pause(0.01)


def _endless_chunk_line(x: Exchange) -> None:
    x.head(Transfer_Encoding="chunked")
    while True:
        x.send(b"0" * 65_536)


def _chunks(x: Exchange, then: bytes) -> None:
    x.head(Transfer_Encoding="chunked").send(b"%x\r\n%b\r\n%b" % (len(_PIECE), _PIECE, then))


def _everything(x: Exchange) -> None:
    """Who takes the length for a number reads until memory is full: -1 is Python's word for everything."""
    _chunks(x, b"-1\r\n")
    while True:
        x.send(b"<p>More of it.</p>" * 10_000)


def _endless_trailer(x: Exchange) -> None:
    _chunks(x, b"0\r\n")
    while True:
        x.send(b"X-More: and more\r\n" * 1000)


STREAMS: dict[str, Answer] = {
    "/endless/headers": _endless_headers,
    "/endless/continue": _endless_continue,
    "/endless/chunk-line": _endless_chunk_line,
    "/chunks/cut": lambda x: _chunks(x, b"ff\r\n<p>And here it is cu"),
    "/chunks/huge": lambda x: _chunks(x, b"1" + b"0" * 20 + b"\r\n<p>And here it ends."),
    "/chunks/negative": lambda x: _chunks(x, b"-5\r\n<p>And here it ends.\r\n0\r\n\r\n"),
    "/chunks/all": _everything,
    "/endless/trailer": _endless_trailer,
}
