"""How many answers are remembered of what is asked again and again, until `shared.remembered.forget`.

A page has some 200 names and 100 words of names, most of which its site's next page has too. A task has up to eight
pages, and forgets them at its end.
"""

from typing import Final

NAMES: Final = 1024
"""Ids and classes of one element, as they are written."""
WORDS: Final = 8192
"""Single classes and the words in them."""
TEXTS: Final = 1024
"""Headings, dates and other short texts."""
