"""The page that holds audio-language models beside classic recognition: queries, their figures, the template.

A figure stands on the page only as the answer of a query that is printed under it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builder.choice.candidates import OPTIONAL
from builder.choice.sizes import write_size
from builder.choosing import find_built_date
from builder.errors import CardStale, SnapshotRefused
from builder.layout import Layout

_TEMPLATE = "page.md.j2"
_TABLES = ("tasks", "unique_models", "variants", "models", *OPTIONAL)
_OF_EVALUATIONS = ("error_rates", "speed")
"""Queries that a date without measured rates has no answer to."""

_FOLDED = """
<details><summary>Query: {name}</summary>

```sql
{sql}
```

</details>
"""


def write_document(layout: Layout, date: str | None = None, *, check: bool = False) -> Path:
    """Write the page from a date's tables; with `check`, compare it with the one on disk.

    Raises:
        SnapshotRefused: the date is not built, or a table lacks what a query reads.
        CardStale: the page on disk is another one.
    """
    built = find_built_date(layout, date)
    content = render_document(layout, built).encode()
    path = layout.comparison_page
    name = path.relative_to(layout.root).as_posix()
    if check:
        if not path.is_file() or path.read_bytes() != content:
            raise CardStale(f"{name} is not what the tables of {built} make; run `builder document`")
        return path
    from builder.snapshot import store

    with store.refuse_disk_errors(name):
        path.parent.mkdir(exist_ok=True)
        store.write_file(path, content)
    return path


def render_document(layout: Layout, date: str) -> str:
    """The page as Markdown; names from the Hub are escaped.

    Raises:
        SnapshotRefused: a table cannot be read, or lacks what a query reads.
    """
    from jinja2 import Environment, StrictUndefined

    from builder.card.escape import Markdown, to_markdown

    folder = layout.document
    sql = {path.stem: path.read_text(encoding="utf-8").rstrip() for path in sorted(folder.glob("*.sql"))}
    rows = _run_queries(layout, date, sql)
    environment = Environment(
        # Markdown and not HTML: `finalize` escapes what comes from the Hub, as on the card.
        autoescape=False,  # noqa: S701
        finalize=to_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "code": Markdown,
        "gb": lambda size: Markdown(write_size(size)),
        "tenth": lambda number: Markdown(f"{number:,.1f}"),
    }
    template = environment.from_string((folder / _TEMPLATE).read_text(encoding="utf-8"))
    environment.globals["query"] = lambda name: Markdown(_FOLDED.format(name=name, sql=sql[name]))
    wins = sum(row["classic"] < row["one_prompt"] for row in rows["error_rates"])
    return template.render(date=Markdown(date), rows=rows, classic_wins=wins)


def _run_queries(layout: Layout, date: str, sql: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    import duckdb

    answers: dict[str, list[dict[str, Any]]] = {}
    with duckdb.connect() as connection:
        there = {name for name in _TABLES if layout.table(date, name).is_file()}
        try:
            for name in sorted(there):
                connection.read_parquet(str(layout.table(date, name))).create_view(name)
            for name, query in sql.items():
                if name in _OF_EVALUATIONS and "evaluations" not in there:
                    answers[name] = []
                    continue
                cursor = connection.execute(query)
                columns = [column[0] for column in cursor.description or ()]
                answers[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise SnapshotRefused(
                f"the tables of {date} do not answer what the page asks; run `builder build {date}`"
            ) from error
    return answers
