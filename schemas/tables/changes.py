"""`changes`: what is different from the previous date."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import Column, Matches, MaxLength, NotBlank, RowCheck
from schemas.shared import SNAPSHOT_DATE, coded, text
from schemas.table import Table
from schemas.tables.families import FAMILIES
from schemas.tables.files import FILES
from schemas.tables.gaps import GAPS
from schemas.tables.lineage import LINEAGE
from schemas.tables.models import MODELS
from schemas.tables.parameters import PARAMETERS
from schemas.tables.tasks import TASKS
from schemas.tables.unique_models import UNIQUE_MODELS
from schemas.tables.variants import VARIANTS

COMPARED = (UNIQUE_MODELS, MODELS, FAMILIES, VARIANTS, PARAMETERS, LINEAGE, FILES, TASKS)
"""Tables that are compared: all but this one and `history`, which hold several dates themselves, `gaps`,
whose rows follow from `models`, and those of facts that are not the Hub's of that day.
"""

_NAMED = tuple(table.name for table in (*COMPARED, GAPS))
"""Tables that a row may name. A closed set does not shrink within a major version, so `gaps` stays."""

MAX_KEY = 1024
"""Characters: the longest key is that of `parameters`, with two repository ids and a path."""

MAX_VALUE = 100_000
"""Characters: room for a list such as `tags` with a hundred elements of the longest kind."""

COLUMN_NAME = Matches(r"[a-z][a-z0-9_]{0,62}|\*", "a column name, or `*`")
_PREVIOUS = Column(
    "previous_snapshot_date",
    pa.date32(),
    "The date compared with; null on the first date.",
    "snapshots/index.yaml",
    unit="calendar day, UTC",
)

CHANGES = Table(
    name="changes",
    title="Changes",
    group="The field and its movement",
    description="One row per difference to the previous date; on the first date every row is `added`. Values "
    "are compared where they say what a model is; downloads and likes move every day and stand in `history`. "
    "A value that this date did not capture is no difference.",
    key=("snapshot_date", "table_name", "key", "change", "column_name"),
    columns=(
        SNAPSHOT_DATE,
        coded("table_name", "Table that changed.", "build", _NAMED, nullable=False),
        Column(
            "key",
            pa.string(),
            "Key of the row without the date; parts joined by a space. On this date, or on the previous one "
            "for a row that is gone.",
            "build",
            nullable=False,
            checks=(NotBlank(), MaxLength(MAX_KEY)),
        ),
        coded("change", "What happened.", "build", vocabulary.CHANGE, nullable=False),
        text(
            "column_name", "Column that changed; `*` for a whole row.", "build", COLUMN_NAME, nullable=False
        ),
        Column(
            "before",
            pa.string(),
            "Value on the previous date, as canonical JSON, null where it was not known; the old key of "
            "what was renamed.",
            "previous snapshot",
            checks=(NotBlank(), MaxLength(MAX_VALUE)),
        ),
        Column(
            "after",
            pa.string(),
            "Value on this date, as canonical JSON, null where it is not known; the new key of what was "
            "renamed.",
            "this snapshot",
            checks=(NotBlank(), MaxLength(MAX_VALUE)),
        ),
        coded(
            "reason",
            "Why a row is gone, null where that is not known. "
            + vocabulary.meanings(vocabulary.REMOVAL_REASON),
            "one detail call, or the queries of both dates",
            vocabulary.REMOVAL_REASON,
        ),
        _PREVIOUS,
    ),
    row_checks=(
        RowCheck(
            ("change", "column_name"),
            "(column_name = '*') = (change IN ('added', 'removed', 'renamed', 'scope_added'))",
            "a change of a whole row names no column, a change of a value names one",
        ),
        RowCheck(("reason", "change"), "reason IS NULL OR change = 'removed'", "only a removal has a reason"),
        RowCheck(
            ("change", "before", "after"),
            "change <> 'changed' OR coalesce(before, 'null') <> coalesce(after, 'null')",
            "a changed value differs from what it was",
        ),
        RowCheck(
            ("change", "before", "after"),
            "change <> 'first_observed' OR (before IS NULL AND after IS NOT NULL)",
            "a value that is first observed was not known and is",
        ),
        RowCheck(
            ("change", "before", "after"),
            "change <> 'renamed' OR (before IS NOT NULL AND after IS NOT NULL)",
            "what is renamed has an old name and a new one",
        ),
        RowCheck(
            ("snapshot_date", "previous_snapshot_date"),
            "previous_snapshot_date < snapshot_date",
            "the date compared with is earlier",
        ),
    ),
)
