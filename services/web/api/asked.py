"""What is searched for: the parameters that searching, facets and exports share."""

from typing import Annotated, NoReturn

from fastapi import Depends, Query

from services.web.problems import Fault, ProblemError
from shared.query.errors import QueryError
from shared.query.nodes import Filter
from shared.query.values import filter_of
from shared.stores.protocol import RecordKind

_LONGEST = 300
LONGEST_QUERY = 2000

Text = Annotated[
    str,
    Query(
        max_length=LONGEST_QUERY,
        description="In the query language (docs/search.md).",
        examples=['"red line" -is:gone'],
    ),
]
Kind = Annotated[RecordKind | None, Query(description="Records of this kind alone; a page's own come only so.")]
Language = Annotated[
    str | None,
    Query(max_length=_LONGEST, description="In this language (BCP 47); `en` finds `en-GB`.", examples=["en"]),
]
Site = Annotated[
    str | None, Query(max_length=_LONGEST, description="Of this host and its subdomains.", examples=["example.com"])
]
Author = Annotated[str | None, Query(max_length=_LONGEST, description="Words of the author's name.", examples=["cleo"])]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=_LONGEST,
        description="Published then or later: a year, month, day or time.",
        examples=["2021-06"],
    ),
]
To = Annotated[
    str | None,
    Query(max_length=_LONGEST, description="Published until then, all of it included.", examples=["2021-08"]),
]


async def _filters(
    kind: Kind = None,
    lang: Language = None,
    site: Site = None,
    author: Author = None,
    since: From = None,
    to: To = None,
) -> tuple[Filter, ...]:
    """Those that were given. Raises ProblemError, 422."""
    given = {
        "kind": ("kind", kind),
        "lang": ("lang", lang),
        "site": ("site", site),
        "author": ("author", author),
        "from": ("after", since),
        "to": ("date", None if to is None else f"<={to}"),
    }
    return tuple(_filter(parameter, name, value) for parameter, (name, value) in given.items() if value is not None)


Filters = Annotated[tuple[Filter, ...], Depends(_filters)]


def _filter(parameter: str, name: str, value: str) -> Filter:
    try:
        return filter_of(name, value)
    except QueryError as error:
        refuse(parameter, error)


def refuse(parameter: str, error: QueryError) -> NoReturn:
    """Ends the request: this parameter cannot be read. Raises ProblemError, 422."""
    place = {"at": error.at, "length": error.length} if parameter == "q" else {}
    fault = Fault(place="query", name=parameter, detail=error.message, **place)
    raise ProblemError(422, f"{parameter}: {error.message}", errors=[fault]) from None
