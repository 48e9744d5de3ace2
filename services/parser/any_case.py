"""Patterns that match in any case, at a quarter of the time of `re.IGNORECASE`."""

import re

# `re.IGNORECASE` takes other letters for one than its two cases: 'ı' and 'İ' for 'i', 'ſ' for 's', 'ς' for 'σ'. These
# letters have none such, but that a pattern's 'ı' is an 'i' to it.
_TWO_CASES = re.compile(r"[\x00-\xb4\xb6-\u012f\u0132-\u017e\u2010-\u203a]*")


# All of ASCII that is no letter, as a space: for `str.translate`.
ASCII_LETTERS_ALONE = {n: " " for n in range(128) if not chr(n).isalpha()}


class Subject:
    """A text to be searched, whatever its case."""

    __slots__ = ("as_written", "lower")

    def __init__(self, text: str) -> None:
        """`lower` is the text in lower case, None where that would not do."""
        self.as_written = text
        self.lower = text.lower() if _TWO_CASES.fullmatch(text) else None


class Pattern:
    """A regular expression, its letters in lower case and none of them an 'ſ'."""

    __slots__ = ("_any", "_lower")

    def __init__(self, pattern: str) -> None:
        """`pattern`: as `re` has them."""
        self._any = re.compile(pattern, re.IGNORECASE)
        self._lower = re.compile(pattern.replace("ı", "i"))

    def is_in(self, text: Subject) -> bool:
        """What `re.search` finds with `re.IGNORECASE`."""
        if text.lower is None:
            return self._any.search(text.as_written) is not None
        return self._lower.search(text.lower) is not None

    def begins(self, text: Subject) -> bool:
        """What `re.match` finds with `re.IGNORECASE`."""
        if text.lower is None:
            return self._any.match(text.as_written) is not None
        return self._lower.match(text.lower) is not None

    def is_all_of(self, text: Subject) -> bool:
        """What `re.fullmatch` finds with `re.IGNORECASE`."""
        if text.lower is None:
            return self._any.fullmatch(text.as_written) is not None
        return self._lower.fullmatch(text.lower) is not None
