"""Which page a command's argument names: by its id, or by its URL."""

import click

from shared import urls
from shared.ids import PAGE_ID, page_id


def page_id_of(what: str) -> str:
    """The id of a page that is named by its id or its URL. Raises click.ClickException."""
    if PAGE_ID.fullmatch(what):
        return what
    try:
        return page_id(urls.page_url(what))
    except urls.NotAUrlError as error:
        raise click.ClickException(f"{what!r} is neither an id nor a URL: {error}") from None
