"""Rows of a leaderboard's CSV files become facts: pure functions, from text to one fact per number."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from builder.capture.evidence import is_repo_id
from builder.capture.text import clean_text, holds_credential
from builder.errors import EvidenceUnreadable
from builder.parse.open_asr import read_cell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from builder.parse.open_asr import LeaderboardTable

SYSTEMS_FILE: Final = "builder/tables/curated/leaderboards.yaml"
"""Where the names that a leaderboard gives to models are resolved."""

_NAMED_MAX: Final = 5


def read_facts(
    table: LeaderboardTable, content: bytes, name: str, known: Collection[str]
) -> Iterator[dict[str, Any]]:
    """One fact per measured number: table, system, column, value, as the leaderboard has them.

    Args:
        table: what the file must be.
        content: the file.
        name: how messages call it.
        known: names of systems that the curated map resolves.

    Raises:
        EvidenceUnreadable: a column is not declared or missing, a row is not of the header's length, a
            system has no usable name, no entry in the map or two rows, or a cell is no number.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceUnreadable(
            f"{name}: not a CSV file in UTF-8; give the leaderboard's file as it was published"
        ) from error
    header = rows[0] if rows else []
    _refuse_header(table, header, name)
    place, systems = header.index(table.system), set[str]()
    for number, row in enumerate(rows[1:], start=2):
        where = f"{name}, line {number}"
        if len(row) != len(header):
            raise EvidenceUnreadable(
                f"{where}: {len(row)} cells under {len(header)} columns; give the file as it was published"
            )
        system = _read_system(row[place], where)
        if system in systems:
            raise EvidenceUnreadable(f"{where}: {system} stands there twice; leave one of the rows out")
        systems.add(system)
        for column, text in zip(header, row, strict=True):
            if column in table.measured:
                value = _read_value(text, where, column)
                if value is not None:
                    yield {"table": table.name, "system": system, "column": column, "value": value}
    _refuse_unknown(systems - set(known), name)


def _refuse_header(table: LeaderboardTable, header: list[str], name: str) -> None:
    declared = f"declare it in builder/parse/open_asr.py, as a column of {table.name}"
    for column in header:
        if column not in table.columns:
            raise EvidenceUnreadable(
                f"{name}: the column {clean_text(column)[0]!a:.60} is not known; {declared}"
            )
        if header.count(column) > 1:
            raise EvidenceUnreadable(f"{name}: the column {column} stands there twice; give one of them")
    for column in (table.system, *table.measured):
        if column not in header:
            raise EvidenceUnreadable(
                f"{name}: the column {column} of {table.name} is missing; give the leaderboard's files in "
                "the order SHORT LONG MULTILINGUAL"
            )


def _read_system(text: str, where: str) -> str:
    if not is_repo_id(text) or holds_credential(text):
        shown = "a text with the shape of a credential" if holds_credential(text) else f"{text!a:.60}"
        raise EvidenceUnreadable(f"{where}: {shown} is no name of a system; mend or leave out the row")
    return text


def _read_value(text: str, where: str, column: str) -> float | None:
    try:
        return read_cell(text)
    except ValueError as error:
        raise EvidenceUnreadable(
            f"{where}, {column}: {clean_text(text)[0]!a:.40} is no number of at least 0 and no mark that "
            "there is none (-1 or empty); mend the cell"
        ) from error


def _refuse_unknown(systems: set[str], name: str) -> None:
    if systems:
        named = ", ".join(sorted(systems)[:_NAMED_MAX])
        more = f" and {len(systems) - _NAMED_MAX} more" if len(systems) > _NAMED_MAX else ""
        raise EvidenceUnreadable(
            f"{name}: nothing says which repository {named}{more} is; add it to {SYSTEMS_FILE}, "
            "with its reason"
        )
