"""Indices in generations: what they are called, how they are made, which of them are live.

A generation is an index of each part, both with one number. A page lives whole in one of them, and a new page goes into
the newest. Two aliases lead to each index: that of its part, over all live generations, is read by searches; the
generation's own is what documents are written and read by, so that no write makes an index where one is gone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import RequestError

from shared.settings import Settings
from shared.stores.opensearch_mappings import KINDS, META, PARTS, alias, template
from shared.stores.opensearch_schema import format_of

_DIGITS = 6
SERIES = 1000
"""Numbers of a series of generations: a reindex begins one, and so meets none that writers begin meanwhile."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of an index the settings say."""

    shards: int = 1
    replicas: int | None = None
    """None: none on one node, one where there are two, green either way."""
    rollover_bytes: int = 0
    """Of an index's primary shards, from which on the next generation begins; 0: never."""
    rollover_documents: int = 0
    """The same, in documents."""


def shape_of(settings: Settings) -> Shape:
    """The shape that the settings give."""
    return Shape(
        settings.opensearch_shards,
        settings.opensearch_replicas,
        settings.opensearch_rollover_bytes,
        settings.opensearch_rollover_documents,
    )


@dataclass(frozen=True, slots=True, order=True)
class Generation:
    """An index of each part."""

    prefix: str
    number: int
    apart: bool = False
    """Of layouts 1 and 2, which had an index of each kind of record."""

    @property
    def parts(self) -> Sequence[str]:
        """Each with an index; the first, with the pages' own records, is made last."""
        return KINDS if self.apart else PARTS

    def index(self, part: str) -> str:
        """The index's name."""
        return f"{alias(self.prefix, part)}-{self.number:0{_DIGITS}}"

    def name(self, kind: str) -> str:
        """The alias of the index alone that holds a kind of record, or `version`s."""
        part = kind if self.apart or kind in PARTS else "record"
        return f"{alias(self.prefix, part)}.{self.number:0{_DIGITS}}"

    def names(self) -> str:
        """The aliases of all parts, as requests have them."""
        return ",".join(self.name(part) for part in self.parts)


def generation_of(prefix: str, index: str) -> Generation:
    """The generation of an index that Tearsheet made."""
    part = index.removeprefix(f"{prefix}-").rpartition("-")[0].removesuffix("s")
    return Generation(prefix, int(index.rpartition("-")[2]), part not in PARTS)


def survey(client: OpenSearch, prefix: str) -> dict[Generation, dict[str, bool]]:
    """All generations, oldest first: of which parts they have an index, and whether that is live."""
    return _survey(client, prefix, dict.fromkeys((*PARTS, *KINDS)))


def live(client: OpenSearch, prefix: str) -> list[Generation]:
    """The generations that are written and read, oldest first. One becomes live by its first part, made last."""
    found = _survey(client, prefix, [PARTS[0], KINDS[0]])
    return [generation for generation, parts in found.items() if any(parts.values())]


def _survey(client: OpenSearch, prefix: str, parts: Iterable[str]) -> dict[Generation, dict[str, bool]]:
    of_part = {alias(prefix, part): part for part in parts}
    found: dict[int, dict[str, bool]] = defaultdict(dict)
    # A pattern, as that is no error where there is none.
    for index, body in client.indices.get_alias(index=",".join(f"{name}-*" for name in of_part)).items():
        name, _, number = index.rpartition("-")
        if name in of_part and re.fullmatch(rf"\d{{{_DIGITS}}}", number):
            found[int(number)][of_part[name]] = name in body["aliases"]
    # No two are of one number: a reindex, which alone begins the first of a layout, begins a series.
    return {Generation(prefix, number, not found[number].keys() <= {*PARTS}): found[number] for number in sorted(found)}


def put_templates(client: OpenSearch, prefix: str, shape: Shape) -> None:
    """Writes what new indices are like."""
    for part in PARTS:
        client.indices.put_index_template(name=alias(prefix, part), body=index_template(prefix, part, shape))


def complete(client: OpenSearch, generation: Generation, there: Mapping[str, bool], *, as_live: bool) -> None:
    """Makes the indices that a generation lacks, and the aliases."""
    for part in reversed(generation.parts):
        aliases: dict[str, Any] = {generation.name(part): {}}
        if as_live:
            aliases[alias(generation.prefix, part)] = {}
        if part not in there:
            _create(client, generation.index(part), aliases)
    # Those that are there may be of a version that gave them no alias of their own.
    add = [{"add": {"index": generation.index(part), "alias": generation.name(part)}} for part in there]
    if add:
        client.indices.update_aliases(body={"actions": add})


def is_as_made_now(client: OpenSearch, generation: Generation, there: Iterable[str], shape: Shape) -> bool:
    """Whether the indices that a generation has are of the format and number of shards that new ones have."""
    for body in client.indices.get(index=",".join(generation.index(part) for part in there)).values():
        if format_of(body) != META or body["settings"]["index"]["number_of_shards"] != str(shape.shards):
            return False
    return True


def _create(client: OpenSearch, index: str, aliases: Mapping[str, Any]) -> None:
    try:
        client.indices.create(index=index, body={"aliases": aliases})
    except RequestError as error:
        if error.error != "resource_already_exists_exception":  # another process was faster
            raise


def index_template(prefix: str, part: str, shape: Shape) -> dict[str, Any]:
    """The index template of a part."""
    body = template(prefix, part)
    settings = body["template"]["settings"]
    index = settings["index"] | {"number_of_shards": shape.shards} | replicas(shape)
    return body | {"template": body["template"] | {"settings": settings | {"index": index}}}


def replicas(shape: Shape) -> dict[str, Any]:
    """The settings of an index's copies, which may be changed on one that is there."""
    if shape.replicas is None:
        return {"auto_expand_replicas": "0-1"}
    return {"auto_expand_replicas": "false", "number_of_replicas": shape.replicas}
