"""The search stores."""

from shared.settings import Settings
from shared.stores.protocol import Store


def open_store(settings: Settings, *, write: bool, timeout: float | None = None) -> Store:
    """The store that the settings name; nothing is connected or locked before it is used.

    `timeout`: seconds in which a server answers a request, for whoever waits less long than an indexer.
    """
    # Imported here: an image or an install has only the client of the store that it uses.
    if settings.store == "opensearch":
        from shared.stores.opensearch_connection import access_of
        from shared.stores.opensearch_indices import shape_of
        from shared.stores.opensearch_store import OpenSearchStore

        return OpenSearchStore(
            settings.opensearch_url, settings.opensearch_prefix, access_of(settings, timeout), shape_of(settings)
        )
    from shared.stores.tantivy_store import TantivyStore

    return TantivyStore(settings.data / "store", write=write)
