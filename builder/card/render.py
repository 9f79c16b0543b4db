"""The card's text: YAML that makes `load_dataset` work, and the template filled with facts.

The front matter holds nothing that others wrote: names of tables and columns, sizes and the
project's own words. The body prints through `to_markdown`, so that whatever comes from the Hub is
escaped without the template asking for it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, Template, Undefined

from builder.card.citation import KEYWORDS, MAINTAINERS, TITLE, render_bibtex
from builder.card.escape import Markdown, to_markdown
from builder.card.facts import CardFacts, TableFacts
from builder.card.figures.gallery import embed_figures
from builder.card.phrasing import FILTERS
from builder.card.questions import choose_questions
from builder.card.reference import group_tables, list_coded_values
from schemas.to_features import to_features
from schemas.to_markdown import to_markdown_table

SPLIT = "train"
"""The Hub's convention for a table that has no splits."""

DEFAULT_CONFIG = "unique_models"

LARGE = ((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"))
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), *LARGE)
"""Upper bounds of the Hub's size categories, over the rows of all tables."""


def _size_category(rows: int) -> str:
    return next((name for bound, name in SIZES if rows < bound), "100M<n<1B")


def _config(facts: TableFacts) -> dict[str, Any]:
    name = facts.table.name
    config: dict[str, Any] = {
        "config_name": name,
        "data_files": [{"split": SPLIT, "path": facts.path}],
    }
    return {**config, "default": True} if name == DEFAULT_CONFIG else config


def _dataset_info(facts: TableFacts) -> dict[str, Any]:
    return {
        "config_name": facts.table.name,
        "features": to_features(facts.table),
        "splits": [{"name": SPLIT, "num_bytes": facts.arrow_bytes, "num_examples": facts.rows}],
        "download_size": facts.file_bytes,
        "dataset_size": facts.arrow_bytes,
    }


def render_front_matter(facts: CardFacts) -> str:
    """The YAML block with its fences.

    A table without rows has no config: `load_dataset` cannot load zero rows. There are no
    `task_categories`: the rows describe models, nobody trains on them.
    """
    loadable = [table for table in facts.tables if table.rows]
    data = {
        "license": "odc-by",
        "pretty_name": TITLE,
        "language": ["en"],
        "tags": list(KEYWORDS),
        "size_categories": [_size_category(sum(table.rows for table in loadable))],
        "configs": [_config(table) for table in loadable],
        "dataset_info": [_dataset_info(table) for table in loadable],
    }
    return f"---\n{yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)}---\n"


def _print(value: object) -> Markdown:
    # Turning what is undefined into text raises the error that names it.
    return to_markdown(str(value) if isinstance(value, Undefined) else value)


@lru_cache(8)
def _compile(text: str) -> Template:
    # Jinja's own escaping is for HTML; `finalize` escapes for Markdown, and cannot be forgotten.
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - see above
        finalize=_print,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.filters["columns_table"] = lambda table: Markdown(to_markdown_table(table))
    return environment.from_string(text)


def render_card(template: str, facts: CardFacts) -> str:
    """The whole `README.md` of one date: same template and facts, same text."""
    return _compile(template).render(
        front_matter=Markdown(render_front_matter(facts)),
        title=Markdown(TITLE),
        repository=Markdown(facts.repository),
        maintainers=Markdown(MAINTAINERS),
        bibtex=Markdown(render_bibtex(facts.snapshot_date, facts.schema_version, facts.repository)),
        # Checked to be a repository and a date: they stand in code blocks, unescaped.
        date=Markdown(facts.snapshot_date),
        schema_version=Markdown(facts.schema_version),
        facts=facts,
        figures=embed_figures(facts.pictures),
        questions=choose_questions(
            frozenset(entry.table.name for entry in facts.tables if entry.rows),
            is_first=facts.previous_snapshot_date is None,
        ),
        totals=facts.totals,
        groups=group_tables(facts.tables),
        coded_values=list_coded_values(),
    )
