"""Commands that hand a built date on: how to cite it, and its tables in other formats."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from builder.cli.common import date_argument, echo_json, find_layout, json_option, reports_errors


@click.command("cite")
@date_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["bibtex", "cff"]),
    default="bibtex",
    show_default=True,
    help="An entry for BibTeX, or a CITATION.cff.",
)
@json_option
@reports_errors
def cite_command(*, date: str, format_: str, as_json: bool) -> None:
    """Print how DATE is cited: repository, tag, commit and content hash.

    The content hash is one SHA-256 over the content hashes of all tables: it tells the rows of a date,
    whoever wrote the files. A date that is not published yet is cited by it alone.

    \b
    builder cite 2025-12-07
    builder cite 2025-12-07 --format cff > CITATION.cff
    """
    from builder.card.citation import cite_as_bibtex, cite_as_cff
    from builder.sharing import cite_date

    citation = cite_date(find_layout(), date)
    if as_json:
        echo_json(asdict(citation))
        return
    click.echo({"bibtex": cite_as_bibtex, "cff": cite_as_cff}[format_](citation).rstrip("\n"))


@click.command("export")
@date_argument
@click.option(
    "--format", "format_", type=click.Choice(["csv", "json"]), required=True, help="CSV, or JSON Lines."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="Where to; new, empty, or an earlier export in this format.",
)
@json_option
@reports_errors
def export_command(*, date: str, format_: str, output: Path, as_json: bool) -> None:
    """Write every table of DATE as CSV or JSON Lines, with the meaning of every column.

    In CSV, lists are JSON in their cell, an unknown value is an empty cell, and text always stands in
    quotes. Text that a spreadsheet would run as a formula gets an apostrophe in front. The README that is
    written beside the tables says it all.

    \b
    builder export 2025-12-07 --format csv --output tables
    builder export 2025-12-07 --format json --output tables-json
    """
    from builder.sharing import export_date

    exported = export_date(find_layout(), date, format_, output)
    if as_json:
        echo_json(asdict(exported))
        return
    rows = ", ".join(f"{number} {name}" for name, number in exported.rows.items())
    click.echo(f"exported {date} to {exported.folder}, {exported.bytes:,} bytes: {rows}")
