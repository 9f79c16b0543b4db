"""The version of the published schema, and what a change of the schema asks of it.

A version is `major.minor`. Within a major, what a reader wrote against an older date keeps
working: columns are only added and closed sets only grow. `recorded.json` is the schema of the
version that was recorded last; a test holds the live declarations against it, so neither the
schema nor its version changes alone.

A machine cannot tell whether a changed description says the same thing better or another thing.
The author says it: with the version left alone it is wording, with the next major it is meaning.

    python -m schemas.version            what changed since, and which version that needs
    python -m schemas.version --record   record it; refused while the version does not fit
    python -m schemas.version --record --afresh   without comparing, for a version never published
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.column import Each, OneOf
from schemas.compare import compare_schemas
from schemas.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.column import Column
    from schemas.compare import SchemaChange
    from schemas.table import Table

SCHEMA_VERSION = "1.2"

RECORDED = Path(__file__).with_name("recorded.json")


def record_schema(tables: Iterable[Table] = TABLES) -> dict[str, Any]:
    """What readers of the tables rely on, as plain data."""
    return {
        table.name: {
            "description": table.description,
            "key": list(table.key),
            "rules": [rule.describe() for rule in table.row_checks],
            "references": [
                f"{', '.join(reference.columns)} in {reference.table}: {reference.meaning}"
                for reference in table.references
            ],
            "columns": {column.name: _record_column(column) for column in table.columns},
        }
        for table in tables
    }


def _record_column(column: Column) -> dict[str, Any]:
    inner = [check.check if isinstance(check, Each) else check for check in column.checks]
    closed = [check for check in inner if isinstance(check, OneOf)]
    return {
        "type": str(column.arrow),
        "unit": column.unit,
        "nullable": column.nullable,
        "description": column.description,
        "source": column.source,
        "gap_reasons": sorted(column.gap_reasons),
        "values": sorted({value for check in closed for value in check.values}),
        "checks": [
            check.describe()
            for check, within in zip(column.checks, inner, strict=True)
            if not isinstance(within, OneOf)
        ],
    }


def next_versions(version: str, level: str) -> tuple[str, ...]:
    """Versions that may follow, the one that the change needs first."""
    major, minor = (int(part) for part in version.split("."))
    higher, wider = f"{major + 1}.0", f"{major}.{minor + 1}"
    return {
        "none": (version,),
        "wording": (version, higher),
        "minor": (wider, higher),
        "major": (higher,),
    }[level]


def judge_version(recorded: str, live: str, change: SchemaChange) -> str:
    """A sentence that says what to do before the schema is recorded; empty where the version fits."""
    allowed = next_versions(recorded, change.level)
    if live in allowed:
        return ""
    if change.level == "none":
        return (
            f"SCHEMA_VERSION is {live}, but the schema is the recorded one of {recorded}: "
            f"set SCHEMA_VERSION in schemas/version.py back to {recorded}."
        )
    choice = f"{allowed[0]} (or {allowed[1]} where a meaning changed)" if len(allowed) > 1 else allowed[0]
    return (
        f"The schema differs from the recorded one of {recorded} ({change.level}: "
        f"{'; '.join(change.reasons)}): set SCHEMA_VERSION in schemas/version.py to {choice}, "
        "then run `python -m schemas.version --record`."
    )


def check_record(recorded: dict[str, Any], live_version: str, live: dict[str, Any]) -> str:
    """A sentence that says why the record is stale and what to do; empty where it is not."""
    change = compare_schemas(recorded["tables"], live)
    complaint = judge_version(recorded["version"], live_version, change)
    if complaint or (change.level == "none" and live == recorded["tables"]):
        return complaint
    return (
        f"The schema differs from the recorded one of {recorded['version']} "
        f"({change.level}: {'; '.join(change.reasons)}); version {live_version} fits: "
        "run `python -m schemas.version --record`."
    )


def read_record(path: Path = RECORDED) -> dict[str, Any]:
    """The schema that was recorded last, with its version."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def render_record(version: str, tables: dict[str, Any]) -> str:
    """The record as JSON with one line per column, so that a change reads as a change."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    blocks = []
    for name, table in tables.items():
        facts = [f"   {line(fact)}: {line(value)}" for fact, value in table.items() if fact != "columns"]
        columns = [f"    {line(column)}: {line(value)}" for column, value in table["columns"].items()]
        facts.append('   "columns": {\n' + ",\n".join(columns) + "\n   }")
        blocks.append(f"  {line(name)}: {{\n" + ",\n".join(facts) + "\n  }")
    return f'{{\n "version": {line(version)},\n "tables": {{\n' + ",\n".join(blocks) + "\n }\n}\n"


def _refuse(recorded: dict[str, Any], live: dict[str, Any]) -> str:
    change = compare_schemas(recorded["tables"], live)
    return judge_version(recorded["version"], SCHEMA_VERSION, change)


def main(arguments: Sequence[str] | None = None, path: Path = RECORDED) -> int:
    """Say what changed, or record it; the exit code is 1 where something is left to do."""
    parser = argparse.ArgumentParser(prog="python -m schemas.version", description="Record the schema.")
    parser.add_argument("--record", action="store_true", help="write schemas/recorded.json")
    parser.add_argument(
        "--afresh", action="store_true", help="do not compare: no date was published with this version"
    )
    options = parser.parse_args(arguments)
    live = record_schema()
    if options.record:
        complaint = "" if options.afresh else _refuse(read_record(path), live)
        message = f"Recorded schema {SCHEMA_VERSION} in {path.name}."
    else:
        complaint = check_record(read_record(path), SCHEMA_VERSION, live)
        message = f"Schema {SCHEMA_VERSION} is as recorded."
    if options.record and not complaint:
        path.write_text(render_record(SCHEMA_VERSION, live), encoding="utf-8")
    sys.stdout.write(f"{complaint or message}\n")
    return 1 if complaint else 0


if __name__ == "__main__":
    sys.exit(main())
