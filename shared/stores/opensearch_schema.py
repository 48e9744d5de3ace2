"""The format that an index was made with, as its mappings tell in `_meta`."""

from typing import Any

from opensearchpy import OpenSearch

from shared.stores.opensearch_mappings import KINDS, META, PARTS, alias
from shared.stores.protocol import UnknownSchemaError


def check_format(client: OpenSearch, where: str, prefix: str) -> bool:
    """Whether there is an index. Raises UnknownSchemaError where a live one is not of this version's format."""
    found = _formats(client, prefix)
    for index, meta in found.items():
        if meta != META:
            raise UnknownSchemaError(f"{_is_of(index, where, meta)}: {_what_to_do(meta)}")
    return bool(found)


def check_readable(client: OpenSearch, where: str, prefix: str) -> None:
    """Raises UnknownSchemaError where a live index is of no format that this version can read records from."""
    for index, meta in _formats(client, prefix).items():
        if not _is_earlier(meta) and meta != META:
            raise UnknownSchemaError(f"{_is_of(index, where, meta)}: {_what_to_do(meta)}")


def format_of(body: dict[str, Any]) -> object:
    """The format of an index, as `get` or `get_mapping` gives it."""
    return body["mappings"].get("_meta")


def _formats(client: OpenSearch, prefix: str) -> dict[str, object]:
    names = ",".join(alias(prefix, part) for part in dict.fromkeys((*PARTS, *KINDS)))
    found = client.indices.get_mapping(index=names, params={"ignore_unavailable": "true"})
    return {index: format_of(body) for index, body in found.items()}


def _is_of(index: str, where: str, meta: object) -> str:
    return f"index {index} at {where} has format {meta}, this Tearsheet writes {META}"


def _is_earlier(meta: object) -> bool:
    """Records have been read as they are now since the first format."""
    if not isinstance(meta, dict) or meta.keys() != META.keys() or meta == META:
        return False
    return all(isinstance(number, int) and 1 <= number <= META[name] for name, number in meta.items())


def _what_to_do(meta: object) -> str:
    if _is_earlier(meta):
        return "run tearsheet reindex"
    return "use the version that wrote it, or set another TEARSHEET_OPENSEARCH_PREFIX and crawl again"
