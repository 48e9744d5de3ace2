"""The search stores."""

from shared.settings import Settings
from shared.stores.protocol import Store


def open_store(settings: Settings, *, write: bool) -> Store:
    """The store that the settings name; nothing is connected or locked before it is used."""
    # Imported here: an image or an install has only the client of the store that it uses.
    if settings.store == "opensearch":
        from shared.stores.opensearch_connection import access_of
        from shared.stores.opensearch_indices import shape_of
        from shared.stores.opensearch_store import OpenSearchStore

        return OpenSearchStore(
            settings.opensearch_url, settings.opensearch_prefix, access_of(settings), shape_of(settings)
        )
    from shared.stores.tantivy_store import TantivyStore

    return TantivyStore(settings.data / "store", write=write)
