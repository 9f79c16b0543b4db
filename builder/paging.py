"""Writing the page: reads built dates, and puts their facts beside the built front end."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from builder.errors import SnapshotRefused, UsageError, describe_os_error
from builder.layout import Layout
from builder.page.facts import TABLES, collect_facts

_INDEX: Final = "index.html"
_OWN: Final = frozenset({_INDEX, "page.js", "page.css"})
"""Files of a page beside `data-<date>.js`: a folder that holds others is not ours to replace."""

_SLOT: Final = "<!--data-->"
_OPTIONAL: Final = ("evaluations", "runtimes")


def write_page(layout: Layout, dates: Sequence[str], output: Path) -> int:
    """Write the page of some built dates; its size in bytes.

    Raises:
        UsageError: the front end is not built, or the folder holds what is no page.
        SnapshotRefused: a table of a date is missing or cannot be read.
    """
    front_end = layout.front_end
    if not (front_end / _INDEX).is_file():
        raise UsageError("page/dist/ holds no front end; run `make page`")
    _refuse_foreign(output)
    newest_first = sorted(set(dates), reverse=True)
    files = {name: (front_end / name).read_text(encoding="utf-8") for name in sorted(_OWN)}
    scripts = "".join(f'<script src="data-{date}.js" defer></script>' for date in newest_first)
    files[_INDEX] = files[_INDEX].replace(_SLOT, scripts)
    for date in newest_first:
        facts = collect_facts(date, _read_tables(layout, date))
        files[f"data-{date}.js"] = f"(window.SNAPSHOTS ||= []).push({to_script(facts)});\n"
    try:
        _replace(output, files)
    except OSError as error:
        raise UsageError(f"--output cannot be written: {describe_os_error(error)}") from error
    return sum(len(content.encode()) for content in files.values())


def to_script(value: object) -> str:
    """JSON that can stand in any script: nothing in it ends an element, a comment or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _read_tables(layout: Layout, date: str) -> dict[str, list[dict[str, Any]]]:
    import polars as pl

    rows: dict[str, list[dict[str, Any]]] = {}
    for name in (*TABLES, *_OPTIONAL):
        path = layout.table(date, name)
        if name in _OPTIONAL and not path.is_file():
            rows[name] = []
            continue
        try:
            rows[name] = pl.read_parquet(path).to_dicts()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise SnapshotRefused(
                f"snapshots/{date}/data/{name}.parquet cannot be read; run `builder build {date}`"
            ) from error
    return rows


def _refuse_foreign(output: Path) -> None:
    if not output.exists():
        return
    names = {path.name for path in output.iterdir()} if output.is_dir() else {output.name}
    foreign = sorted(name for name in names - _OWN if not (name.startswith("data-") and name.endswith(".js")))
    if foreign:
        raise UsageError(
            f"--output {output.name} holds {foreign[0]}, which is no part of a page; name another"
        )


def _replace(output: Path, files: dict[str, str]) -> None:
    """Put the whole page in place, or nothing."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_text(content, encoding="utf-8", newline="\n")
        if output.exists():
            shutil.move(output, Path(scratch) / "old")
        fresh.rename(output)
