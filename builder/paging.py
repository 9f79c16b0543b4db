"""Writing the page: reads built dates, and puts their facts beside the built front end."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from builder.errors import PublishRefused, SnapshotRefused, UsageError, describe_os_error
from builder.layout import Layout
from builder.page.facts import TABLES, collect_facts

_INDEX: Final = "index.html"
_OWN: Final = frozenset({_INDEX, "page.js", "page.css"})
"""Files of a page beside its data: a folder that holds others is not ours to replace."""

_DATA: Final = re.compile(r"data-(\d{4}-\d{2}-\d{2}(?:\.\d+)?)(?:-\d+)?\.js", re.ASCII)
"""The overview of a date, or one of its parts."""

_SLOT: Final = "<!--data-->"
_OPTIONAL: Final = ("evaluations", "runtimes")


@dataclass(frozen=True)
class Page:
    """A page as it lies in a folder."""

    dates: tuple[str, ...]
    """Newest first."""

    files: Mapping[str, bytes]
    """By name."""


def write_page(layout: Layout, dates: Sequence[str], output: Path) -> int:
    """Write the page of some built dates; its size in bytes.

    Raises:
        UsageError: the front end is not built, or the folder holds what is no page.
        SnapshotRefused: a table of a date is missing or cannot be read.
    """
    _refuse_foreign(output)
    files = _make_files(layout, dates)
    try:
        _replace(output, files)
    except OSError as error:
        raise UsageError(f"--output cannot be written: {describe_os_error(error)}") from error
    return sum(map(len, files.values()))


def check_page(layout: Layout, folder: Path) -> Page:
    """The page in a folder, if it is what the tables of its dates and the front end make now.

    Raises:
        UsageError: there is no page, or no front end to compare it with.
        SnapshotRefused: a table of a date is missing or cannot be read.
        PublishRefused: the page is another one.
    """
    name = folder.name
    try:
        there = {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    except OSError as error:
        raise UsageError(f"--folder {name} cannot be read: {describe_os_error(error)}") from error
    dates = {found[1] for file in there if (found := _DATA.fullmatch(file))}
    if _INDEX not in there or not dates:
        raise UsageError(f"--folder {name} holds no page; run `make page`, or name the folder of one")
    made = _make_files(layout, sorted(dates))
    odd = sorted(file for file in {*made, *there} if made.get(file) != there.get(file))
    if odd:
        raise PublishRefused(
            f"{odd[0]!a:.80} in {name} is not what the tables of {', '.join(sorted(dates))} make; run "
            "`make page` and publish that"
        )
    return Page(tuple(sorted(dates, reverse=True)), there)


def is_page_file(name: str) -> bool:
    """Whether a file can only be one that a page was made with, now or earlier."""
    return name in _OWN or _DATA.fullmatch(name) is not None


def to_script(value: object) -> str:
    """JSON that can stand in any script: nothing in it ends an element, a comment or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _make_files(layout: Layout, dates: Sequence[str]) -> dict[str, bytes]:
    """Every file of a page by its name."""
    front_end = layout.front_end
    if not (front_end / _INDEX).is_file():
        raise UsageError("page/dist/ holds no front end; run `make page`")
    newest_first = sorted(set(dates), reverse=True)
    files = {name: (front_end / name).read_text(encoding="utf-8") for name in sorted(_OWN)}
    scripts = "".join(f'<script src="data-{date}.js" defer></script>' for date in newest_first)
    files[_INDEX] = files[_INDEX].replace(_SLOT, scripts)
    for date in newest_first:
        facts = collect_facts(date, _read_tables(layout, date))
        files[f"data-{date}.js"] = f"(window.OVERVIEWS ||= []).push({to_script(facts.overview)});\n"
        for number, part in enumerate(facts.parts):
            place = f"(window.PARTS ||= {{}})[{to_script(f'{date}-{number}')}]"
            files[f"data-{date}-{number}.js"] = f"{place} = {to_script(part)};\n"
    return {name: content.encode() for name, content in files.items()}


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
    foreign = sorted(name for name in names if not is_page_file(name))
    if foreign:
        raise UsageError(
            f"--output {output.name} holds {foreign[0]}, which is no part of a page; name another"
        )


def _replace(output: Path, files: Mapping[str, bytes]) -> None:
    """Put the whole page in place, or nothing."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if output.exists():
            shutil.move(output, Path(scratch) / "old")
        fresh.rename(output)
