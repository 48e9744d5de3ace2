"""`tearsheet key`: keys of the web service."""

from typing import TYPE_CHECKING, get_args

import click

from shared.web_keys import NAME, KeyScope, new_key

if TYPE_CHECKING:
    from shared.web_keys import WebKey


@click.group(epilog="Example: tearsheet key new --name newsroom --scope read")
def key() -> None:
    """Make keys for the API and the pages of `tearsheet serve`."""


@key.command(epilog="Example: tearsheet key new --name newsroom --scope read")
@click.option("--name", metavar="NAME", required=True, help="Who is to have it: letters, digits, '.', '_' and '-'.")
@click.option(
    "--scope", type=click.Choice(get_args(KeyScope)), required=True, help="What it may do; write may read too."
)
def new(name: str, scope: "KeyScope") -> None:
    """Make a key: prints it, and then the setting with it.

    The setting holds only the key's SHA-256, so the key is shown this once. To take a key back, remove its entry.
    """
    from shared.settings import load

    if not NAME.fullmatch(name):
        raise click.BadParameter("letters, digits, '.', '_' and '-' are wanted, 40 at most", param_hint="--name")
    there: tuple[WebKey, ...] = load().web_keys
    if any(each.name == name for each in there):
        raise click.BadParameter(f"there is a key {name} already, in TEARSHEET_WEB_KEYS", param_hint="--name")
    made, entry = new_key(name, scope)
    click.echo(made)
    click.echo("TEARSHEET_WEB_KEYS=" + ",".join(str(each) for each in (*there, entry)))
    click.echo(
        "The first line is the key, which is shown only now; the second belongs into the service's environment or "
        ".env, in place of what is there. The service reads it at its start.",
        err=True,
    )
