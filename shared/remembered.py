"""Answers that are remembered while a task works, and forgotten at its end.

What is asked of names, texts and references comes again and again on a page, and on the next pages of its site. Kept
for good, such answers fill caches for thousands of pages, and pin the heap between what pages leave behind: from 1,000
to 10,000 pages two parsers grew by 27 MB in `bench.memory`, and since they forget by 14 to 21 MB.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_forgetting: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Remembers the `most` answers of a function that were asked for last, until `forget`; its arguments are keys."""

    def remember(function: Callable[_P, _R]) -> Callable[_P, _R]:
        cached = lru_cache(maxsize=most)(function)
        _forgetting.append(cached.cache_clear)
        return cached  # type: ignore[return-value] # typeshed takes any hashable arguments for a cached function's

    return remember


def forget() -> None:
    """Drops all answers that are remembered in this process."""
    for each in _forgetting:
        each()
