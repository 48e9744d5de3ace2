"""`tearsheet search`: records by a query and filters."""

from typing import NoReturn, get_args

import click

from shared.query.errors import QueryError
from shared.query.fields import FIELDS
from shared.query.nodes import Filter
from shared.query.values import filter_of
from shared.search.request import MOST_HITS, Order, Search
from shared.search.search import search as find
from shared.settings import load
from shared.stores import open_store
from shared.stores.cursors import CursorError
from shared.stores.protocol import FacetName
from tearsheet.search_output import as_json, as_text, told

_FACETS: tuple[FacetName, ...] = tuple(name for name in get_args(FacetName) if name != "group")


class _FilterType(click.ParamType[Filter]):
    """A value of a field of the query language."""

    def __init__(self, field: str, name: str, sign: str = "") -> None:
        """`sign`: a comparison before the value, as in `<=`."""
        self.name = name
        self._field = field
        self._sign = sign

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Filter:
        """Reads it."""
        if isinstance(value, Filter):
            return value
        try:
            return filter_of(self._field, f"{self._sign}{value}")
        except QueryError as error:
            self.fail(error.message, param, ctx)


class _FacetsType(click.ParamType[tuple[FacetName, ...]]):
    """Names of facets, with commas between them."""

    name = "NAMES"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[FacetName, ...]:
        """Reads them."""
        if isinstance(value, tuple):
            return value
        given = [name.strip() for name in str(value).split(",")]
        if not set(given) <= set(_FACETS):
            self.fail(f"{value!r}: takes some of {','.join(_FACETS)}", param, ctx)
        return tuple(name for name in _FACETS if name in given)


_HELP = f"""Find records that match QUERY.

words that all stand there, "a phrase", -word, one OR other, one NEAR other, word*, =exact, and field:value such as
author:"de silva", date:2021-06..2021-08 or has:comments. Fields: {", ".join(FIELDS)}. docs/search.md says more. An
empty QUERY finds all that the filters let through.
"""


@click.command(
    help=_HELP, epilog='Example: tearsheet search "climate change" --kind comment --lang en --from 2021-06-01'
)
@click.argument("query", metavar="QUERY")
@click.option(
    "--kind", type=_FilterType("kind", "KIND"), help="Only records of this kind: article, comment, widget or page."
)
@click.option("--lang", type=_FilterType("lang", "L"), help="Only in this language (BCP 47: el, en, pt-BR).")
@click.option("--site", type=_FilterType("site", "S"), help="Only from this host and its subdomains.")
@click.option("--from", "since", type=_FilterType("date", "DATE", ">="), help="Published then or later.")
@click.option("--to", "until", type=_FilterType("date", "DATE", "<="), help="Published until then, that day included.")
@click.option(
    "--sort", type=click.Choice(get_args(Order)), help="Else by relevance where there are words, or the newest."
)
@click.option("--group", is_flag=True, help="By page: an article with its matching comments, its reprints folded in.")
@click.option("--facets", type=_FacetsType(), default=(), help=f"Counts too: some of {','.join(_FACETS)}.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, MOST_HITS), default=10, show_default=True, help="Hits shown."
)
@click.option("--after", metavar="CURSOR", help="Go on behind an earlier answer, which ended by telling this.")
@click.option("--json", "json", is_flag=True, help="One JSON object a line: kind, score, page_url, snippet, record.")
def search(
    query: str,
    kind: Filter | None,
    lang: Filter | None,
    site: Filter | None,
    since: Filter | None,
    until: Filter | None,
    sort: Order | None,
    group: bool,
    facets: tuple[FacetName, ...],
    limit: int,
    after: str | None,
    json: bool,
) -> None:
    """Prints what matches the query and the options."""
    filters = tuple(each for each in (kind, lang, site, since, until) if each is not None)
    store = open_store(load(), write=False)
    try:
        result = find(store, Search(query, filters, sort, limit, after, group, facets))
    except QueryError as error:
        _refuse(error, query)
    except CursorError as error:
        raise click.BadParameter(str(error), param_hint="--after") from None
    finally:
        store.close()
    for line in as_json(result) if json else as_text(result):
        click.echo(line)
    for line in told(result):
        click.echo(line, err=True)


def _refuse(error: QueryError, query: str) -> NoReturn:
    """Shows the place in the query, then says what is wrong with it."""
    for line in error.pointed(query).split("\n"):
        click.echo(f"  {line}", err=True)
    raise click.ClickException(error.message) from None
