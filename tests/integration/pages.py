"""A project whose Hub holds hostile names, and a stand-in for the built front end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.integration.invented_hub import ECHO, LISTING

if TYPE_CHECKING:
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


def put_front_end(layout: Layout) -> None:
    """The files that a build of the front end leaves."""
    layout.front_end.mkdir(parents=True)
    (layout.front_end / "index.html").write_text("<!doctype html><!--data--><script src=page.js></script>")
    (layout.front_end / "page.js").write_text("// built")
    (layout.front_end / "page.css").write_text("main {}")
