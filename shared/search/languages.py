"""The languages of what a store holds, and how much that is: a query that names none is read in these alone."""

import time
from weakref import WeakKeyDictionary

from shared.stores import clauses as c
from shared.stores.protocol import Find, Store

# Until then, records of a language that is new to the store are found by the words as they are typed.
_FRESH_SECONDS = 60
_MOST = 200
_NONE = "und"
"""What BCP 47 calls a language that nobody knows: words as they are typed."""
_kept: WeakKeyDictionary[Store, tuple[float, tuple[str, ...], int]] = WeakKeyDictionary()


def languages_of(store: Store) -> tuple[str, ...]:
    """Base tags, `und` among them; at most a minute old. Raises StoreDownError."""
    return _look(store)[0]


def records_of(store: Store) -> int:
    """How many records there are, pages' own not among them; at most a minute old. Raises StoreDownError."""
    return _look(store)[1]


def _look(store: Store) -> tuple[tuple[str, ...], int]:
    now = time.monotonic()
    since, languages, records = _kept.get(store, (0.0, (), 0))
    if not languages or now - since > _FRESH_SECONDS:
        found = store.find(Find(c.Everything(), limit=0, facets={"language": _MOST}))
        languages, records = (*(language for language, _ in found.facets["language"]), _NONE), found.total
        if records:
            _kept[store] = now, languages, records
    return languages, records
