"""A project whose Hub holds hostile names, a stand-in for the built front end, and what a page holds."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl

from builder.page.columns import to_rows
from tests.integration.invented_hub import ECHO, LISTING

if TYPE_CHECKING:
    from pathlib import Path

    from builder.layout import Layout

HOSTILE = (
    """<img src=x onerror="window.INJECTED='img'">/b</script><script>window.INJECTED='script'</script>""",
    "javascript:window.INJECTED='link'/b",
)
"""Two names that no repository has; each stands in place of another's."""


def make_hostile(layout: Layout) -> None:
    """Name two models of the listing what nobody should, in every table of it."""
    names = pl.read_parquet(layout.table(LISTING, "unique_models"))
    offered = names.filter((pl.col("audio_language_model") == "yes") & (pl.col("unique_model_id") != ECHO))
    renamed = {ECHO: HOSTILE[0], offered["unique_model_id"].sort()[0]: HOSTILE[1]}
    for path in layout.table(LISTING, "models").parent.glob("*.parquet"):
        frame = pl.read_parquet(path)
        text = [name for name, kind in frame.schema.items() if kind == pl.String]
        frame.with_columns(pl.col(text).replace(renamed)).write_parquet(path)
    path = layout.table(LISTING, "unique_models")
    frame = pl.read_parquet(path)
    title = pl.when(pl.col("unique_model_id").is_in(HOSTILE)).then("unique_model_id").otherwise("title")
    frame.with_columns(title.alias("title")).write_parquet(path)


SETS = ("board/short/average", "board/long/average")
CLASSIC = "acme/Classic-Recogniser"


def put_evaluations(layout: Layout) -> None:
    """Measurements of all models offered and of recognisers, one with an address that must be no link."""
    offered = pl.read_parquet(layout.table(LISTING, "unique_models")).filter(
        pl.col("audio_language_model") == "yes"
    )
    recognisers = [CLASSIC, *(f"acme/Recogniser-{number}" for number in range(12))]
    path = layout.table(LISTING, "evaluations")
    empty = pl.read_parquet(path)
    day = pl.read_parquet(layout.table(LISTING, "models"))["observed_at"][0]
    rows = [
        {
            "snapshot_date": pl.read_parquet(layout.table(LISTING, "models"))["snapshot_date"][0],
            "repo_id": repo_id,
            "dataset_id": dataset_id,
            "metric": metric,
            "source": "open-asr",
            "value": value / 7,
            "unit": unit,
            "language": "en",
            "reference": reference,
            "in_snapshot": not reference,
            "observed_at": day,
            "source_url": "javascript:window.INJECTED='source'" if repo_id == HOSTILE[0] else BOARD,
            "listed_as": None,
        }
        for dataset_id in SETS
        for reference, names in ((False, offered["unique_model_id"].sort()), (True, recognisers))
        for place, repo_id in enumerate(names)
        # Every third has no speed, and the second table has fewer models.
        for metric, unit, value in (
            ("wer", "percent", 40 + 3 * place),
            ("rtfx", "seconds per second", 700 * place + 90),
        )
        if (metric == "wer" or place % 3) and (dataset_id == SETS[0] or place % 2)
    ]
    pl.DataFrame(rows, schema=empty.schema).write_parquet(path)


BOARD = "https://board.example/table"


def put_front_end(layout: Layout) -> None:
    """The files that a build of the front end leaves."""
    layout.front_end.mkdir(parents=True)
    (layout.front_end / "index.html").write_text("<!doctype html><!--data--><script src=page.js></script>")
    (layout.front_end / "page.js").write_text("// built")
    (layout.front_end / "page.css").write_text("main {}")


def read_overview(folder: Path, date: str) -> dict[str, Any]:
    """The overview of a date, its tables as rows."""
    script = (folder / f"data-{date}.js").read_text()
    held = json.loads(script.removeprefix("(window.OVERVIEWS ||= []).push(").removesuffix(");\n"))
    return {name: to_rows(value) if isinstance(value, dict) else value for name, value in held.items()}


def read_details(folder: Path, date: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of the parts of a date, by table."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number in range(len(list(folder.glob(f"data-{date}-*.js")))):
        script = (folder / f"data-{date}-{number}.js").read_text()
        held = json.loads(
            script.removeprefix(f'(window.PARTS ||= {{}})["{date}-{number}"] = ').removesuffix(";\n")
        )
        for name, table in held.items():
            rows[name] += to_rows(table)
    return rows
