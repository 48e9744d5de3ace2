"""Times trafilatura and rs-trafilatura on pages: `python baselines.py`, paths on standard input, one a line.

For an environment of its own (`bench/parser/requirements.txt`). It answers each path at once with a line of JSON:
milliseconds of the processor by tool. Both are asked for what we answer, as far as they can: main text, comments and
metadata, from bytes. Whichever is installed is timed; the first line says which, with their versions.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

URL = "https://site.example/page"


def _tool(name: str) -> Callable[[bytes], object]:
    """Raises ImportError where the tool is not installed."""
    module = import_module(name.replace("-", "_"))
    if name == "trafilatura":
        return lambda body: module.bare_extraction(body, url=URL, include_comments=True, with_metadata=True)
    return lambda body: module.extract_bytes(body, url=URL, include_comments=True)


def _installed() -> dict[str, Callable[[bytes], object]]:
    found = {}
    for name in ("trafilatura", "rs-trafilatura"):
        try:
            found[name] = _tool(name)
        except ImportError as error:
            print(f"without {name}: {error}", file=sys.stderr)
    return found


def _milliseconds(extract: Callable[[bytes], object], body: bytes) -> float:
    """The time of one page; one that the tool fails on counts as well."""
    began = time.process_time()
    try:
        extract(body)
    except Exception as error:  # noqa: BLE001 - whatever a page brings about in it is that tool's answer
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return (time.process_time() - began) * 1000


def main() -> None:
    tools = _installed()
    print(json.dumps({name: version(name) for name in tools}), flush=True)
    for line in sys.stdin:
        body = Path(line.rstrip("\n")).read_bytes()
        print(json.dumps({name: _milliseconds(extract, body) for name, extract in tools.items()}), flush=True)


if __name__ == "__main__":
    main()
