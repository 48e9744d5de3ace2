"""How many answers are remembered of what is asked again and again.

A page of a site has some 200 names and 100 words of names, most of which its next page has too; pages of other sites
share few of the names and most of the words. Larger caches win nothing and fill for thousands of pages, so that a
worker's memory would grow all that time.
"""

from typing import Final

NAMES: Final = 1024
"""Ids and classes of one element, as they are written."""
WORDS: Final = 8192
"""Single classes and the words in them."""
TEXTS: Final = 1024
"""Headings, dates and other short texts."""
