"""How indices are made: how many parts and copies they have."""

from dataclasses import dataclass
from typing import Any

from shared.settings import Settings
from shared.stores.opensearch_mappings import template


@dataclass(frozen=True, slots=True)
class Shape:
    """What of an index the settings say."""

    shards: int = 1
    replicas: int | None = None
    """None: none on one node, one where there are two, green either way."""


def shape_of(settings: Settings) -> Shape:
    """The shape that the settings give."""
    return Shape(settings.opensearch_shards, settings.opensearch_replicas)


def index_template(prefix: str, kind: str, shape: Shape) -> dict[str, Any]:
    """The index template of a kind."""
    body = template(prefix, kind)
    settings = body["template"]["settings"]
    index = settings["index"] | {"number_of_shards": shape.shards} | replicas(shape)
    return body | {"template": body["template"] | {"settings": settings | {"index": index}}}


def replicas(shape: Shape) -> dict[str, Any]:
    """The settings of an index's copies, which may be changed on one that is there."""
    if shape.replicas is None:
        return {"auto_expand_replicas": "0-1"}
    return {"auto_expand_replicas": "false", "number_of_replicas": shape.replicas}
