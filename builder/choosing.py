"""Choosing from a built date: reads its tables with polars alone, and hands their rows to the core.

Neither `builder.stages` nor `builder.reading` is used, on purpose: what a build needs takes longer to import
than an answer.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from builder.choice.candidates import COLUMNS, OPTIONAL, collect_candidates
from builder.choice.commands import RUNTIMES
from builder.choice.pick import Answer, Wish, pick
from builder.errors import SnapshotRefused, UsageError
from builder.index import date_order, read_index
from builder.layout import Layout
from schemas.languages import LANGUAGE

_SHOWN = 40
"""Characters of what somebody typed that a message repeats."""


def check_wish(wish: Wish) -> None:
    """Refuse what no model can be.

    Raises:
        UsageError: the language or the runtime is none, or the length no number.
    """
    if not isfinite(wish.minutes) or wish.minutes <= 0:
        raise UsageError(f"--minutes {wish.minutes} is no length of audio; write a number such as 60")
    if wish.language is not None and wish.language not in LANGUAGE:
        raise UsageError(
            f"--language {wish.language[:_SHOWN]!r} is no code of a language; write one such as de"
        )
    if wish.runtime is not None and wish.runtime not in RUNTIMES:
        known = ", ".join(RUNTIMES)
        raise UsageError(f"--runtime {wish.runtime[:_SHOWN]!r} is not known; name one of {known}")


def find_built_date(layout: Layout, date: str | None) -> str:
    """The date asked for, or the newest one that is built.

    Raises:
        SnapshotRefused: there is none.
    """
    index = read_index(layout.index)
    dates = sorted({*index.building, *index.published}, key=date_order)
    built = [known for known in dates if layout.table(known, "variants").is_file()]
    if date is None and built:
        return built[-1]
    if date is None or date not in built:
        which = f"{date[:_SHOWN]!r} is no built date" if date else "no date is built"
        raise SnapshotRefused(
            f"{which} (built: {', '.join(built) or 'none'}); name one of these, or build it first"
        )
    return date


def read_rows(layout: Layout, date: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that choosing needs; a table that the date is too old for has none.

    Raises:
        SnapshotRefused: a table is missing or cannot be read.
    """
    import polars as pl

    rows: dict[str, list[dict[str, Any]]] = {}
    for name in (*COLUMNS, *OPTIONAL):
        path = layout.table(date, name)
        if name in OPTIONAL and not path.is_file():
            rows[name] = []
            continue
        try:
            columns = list(COLUMNS[name]) if name in COLUMNS else None
            rows[name] = pl.read_parquet(path, columns=columns).to_dicts()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise SnapshotRefused(
                f"snapshots/{date}/data/{name}.parquet cannot be read; run `builder build {date}`"
            ) from error
    return rows


def pick_models(layout: Layout, date: str, wish: Wish) -> Answer:
    """What fits a wish on a built date.

    Raises:
        UsageError: the wish names what no model can be, or what the date holds nothing about.
        SnapshotRefused: the date is not built.
    """
    check_wish(wish)
    rows = read_rows(layout, date)
    if wish.runtime is not None and not rows["runtimes"]:
        raise UsageError(
            f"{date} states nothing about runtimes, so that none could be found for {wish.runtime}; "
            "leave --runtime out, or name a later date"
        )
    return pick(collect_candidates(rows, wish.language), wish)
