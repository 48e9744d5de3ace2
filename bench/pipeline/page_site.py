"""A site of real pages, from memory: `python -m bench.pipeline.page_site FOLDER [PORT]` prints its base URL and serves.

`/p/0`, `/p/1`, … are the folder's pages (`.html`, `.html.gz`) in the order of their names, round and round; from the
second round on a page carries a word of its own before its end, so that no two pages of a run are equal.
"""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process, Queue, get_context
from pathlib import Path

_HEAD = 'HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nETag: "{etag:x}"\r\n\r\n'


def read_pages(folder: Path) -> list[bytes]:
    """The bodies of a folder's pages."""
    paths = sorted(p for p in folder.rglob("*") if p.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in paths]


def page(pages: list[bytes], number: int) -> bytes:
    """Body of page `number`: each of a site's pages is unlike all others."""
    round_, place = divmod(number, len(pages))
    body = pages[place]
    if not round_:
        return body
    end = body.lower().rfind(b"</body")
    end = end if end >= 0 else len(body)
    return b"%s<p>round%dpage%d</p>%s" % (body[:end], round_, place, body[end:])


def _answer(pages: list[bytes], path: str) -> bytes:
    number = path.removeprefix("/p/")
    if path.startswith("/p/") and number.isdigit():
        status, kind, body = "200 OK", "text/html; charset=utf-8", page(pages, int(number))
    else:
        status, kind, body = "404 Not Found", "text/plain", b""
    head = _HEAD.format(status=status, type=kind, length=len(body), etag=zlib.crc32(body))
    return head.encode("ascii") + body


def serve(folder: Path, port: int, ready: "Queue[tuple[int, int]] | None" = None) -> None:
    """Serves until it is ended; tells its port and number of pages through `ready`, else on standard output."""
    import asyncio

    pages = read_pages(folder)
    if not pages:
        sys.exit(f"no pages (.html, .html.gz) in {folder}")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                path = request.split(b" ", 2)[1].split(b"?")[0].decode("latin-1")
                writer.write(_answer(pages, path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", port)
        bound = server.sockets[0].getsockname()[1]
        if ready is None:
            print(f"http://127.0.0.1:{bound} ({len(pages)} pages)", flush=True)
        else:
            ready.put((bound, len(pages)))
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, int]]:
    """A site of the folder's pages in a process of its own: its base URL and the number of its pages."""
    context = get_context("spawn")
    ready: Queue[tuple[int, int]] = context.Queue()
    process: Process = context.Process(target=serve, args=(folder, 0, ready), daemon=True)  # type: ignore[assignment]
    process.start()
    try:
        port, pages = ready.get(timeout=60)
        yield f"http://127.0.0.1:{port}", pages
    finally:
        process.kill()
        process.join()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
