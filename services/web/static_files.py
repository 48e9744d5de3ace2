"""`/static`: stylesheets, scripts and pictures of the package, under a hash of all of them, to be cached for a year."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter()

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class _Files(NamedTuple):
    hash: str
    contents: dict[str, bytes]


@cache
def _files() -> _Files:
    """Read once: they come with the package, and scripts name one another by relative paths, so all share one hash."""
    contents = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    digest = hashlib.blake2b(digest_size=8)
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return _Files(digest.hexdigest(), contents)


def static_url(name: str) -> str:
    """The path of a file in `static/`. Raises KeyError where there is none."""
    files = _files()
    files.contents[name]
    return f"/static/{files.hash}/{name}"


@router.get("/static/{digest}/{name}", include_in_schema=False)
def static(request: Request, digest: str, name: str) -> Response:
    """A file; of another release's hash, as may be asked for while one takes the other's place, ours, not cached."""
    files = _files()
    content = files.contents.get(name)
    if content is None:
        raise HTTPException(404)
    age = "public, max-age=31536000, immutable" if digest == files.hash else "no-cache"
    headers = {"Cache-Control": age, "ETag": f'"{files.hash}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)
