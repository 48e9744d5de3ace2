"""`tearsheet audit`: does every submitted URL and every stored record add up?"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from shared.ledger.audit import AuditReport


@click.command(epilog="Example: tearsheet audit && echo all is there")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def audit(as_json: bool) -> None:
    """Check that each submitted URL is in exactly one outcome or in flight, and the store holds what it should.

    It recounts every entry of the ledger, compares with the counters, and compares pages, versions and numbers of
    records with the store, in both directions. It may run beside a crawl. Exit code 1 where anything does not add up.
    """
    from shared.ledger.audit import audit as audit_all
    from shared.settings import load
    from shared.stores import open_store
    from tearsheet.embedded.session import open_ledger

    settings = load()
    with open_ledger(settings) as ledger:
        store = open_store(settings, write=False)
        try:
            report = audit_all(ledger, store)
        finally:
            store.close()
    if as_json:
        click.echo(json.dumps(asdict(report) | {"balanced": report.balanced}))
    else:
        click.echo(_human(report))
    if not report.balanced:
        raise click.exceptions.Exit(1)


def _human(report: "AuditReport") -> str:
    parts = [f"{n:,} {outcome.value}" for outcome, n in report.outcomes.items()] + [f"{report.in_flight:,} in flight"]
    lines = [
        f"submitted  {report.submitted:,} = {' + '.join(parts)}",
        f"ledger     {report.entries:,} pages, {report.forgotten:,} of them forgotten; {report.crawls:,} crawls",
        f"store      {report.stored:,} pages",
    ]
    if not report.at_rest:
        lines.append("Work goes on: totals were compared within what moved meanwhile.")
    lines += report.lines
    if report.problems > len(report.lines):
        lines.append(f"… and {report.problems - len(report.lines):,} more")
    lines.append("Everything adds up." if report.balanced else f"{report.problems:,} things do not add up.")
    return "\n".join(lines)
