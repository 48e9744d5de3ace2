"""Serves a folder's pages as /p/0, /p/1, … without end, each made unlike the others by a word of its own.

Standard library only: it runs in a bare Python image.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def main(folder: str, port: str) -> None:
    pages = [file.read_bytes() for file in sorted(Path(folder).rglob("*.html"))]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = self.path.removeprefix("/p/")
            body = b""
            if self.path.startswith("/p/") and number.isdigit():
                head, end, tail = pages[int(number) % len(pages)].rpartition(b"</body>")
                body = head + b"<p>copy%04d</p>" % int(number) + end + tail
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    ThreadingHTTPServer(("0.0.0.0", int(port)), Handler).serve_forever()


main(*sys.argv[1:3])
