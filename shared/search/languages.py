"""The languages of what a store holds: a query that names none is read in these, not in all that there are."""

import time
from weakref import WeakKeyDictionary

from shared.stores import clauses as c
from shared.stores.protocol import Find, Store

# Until then, records of a language that is new to the store are found by the words as they are typed.
_FRESH_SECONDS = 60
_MOST = 200
_NONE = "und"
"""What BCP 47 calls a language that nobody knows: words as they are typed."""
_kept: WeakKeyDictionary[Store, tuple[float, tuple[str, ...]]] = WeakKeyDictionary()


def languages_of(store: Store) -> tuple[str, ...]:
    """Base tags, `und` among them; at most a minute old. Raises StoreDownError."""
    now = time.monotonic()
    since, languages = _kept.get(store, (0.0, ()))
    if not languages or now - since > _FRESH_SECONDS:
        found = store.find(Find(c.Everything(), limit=0, facets={"language": _MOST})).facets["language"]
        languages = (*(language for language, _ in found), _NONE)
        if found:
            _kept[store] = now, languages
    return languages
