"""The published tables, in the order in which a reader meets them."""

from __future__ import annotations

from schemas.table import Table
from schemas.tables.changes import CHANGES
from schemas.tables.evaluations import EVALUATIONS
from schemas.tables.families import FAMILIES
from schemas.tables.files import FILES
from schemas.tables.gaps import GAPS
from schemas.tables.history import HISTORY
from schemas.tables.hosted_references import HOSTED_REFERENCES
from schemas.tables.lineage import LINEAGE
from schemas.tables.models import MODELS
from schemas.tables.parameters import PARAMETERS
from schemas.tables.runtimes import RUNTIMES
from schemas.tables.tasks import TASKS
from schemas.tables.unique_models import UNIQUE_MODELS
from schemas.tables.variants import VARIANTS

TABLES: tuple[Table, ...] = (
    UNIQUE_MODELS,
    MODELS,
    FAMILIES,
    VARIANTS,
    EVALUATIONS,
    RUNTIMES,
    PARAMETERS,
    LINEAGE,
    FILES,
    GAPS,
    TASKS,
    HOSTED_REFERENCES,
    CHANGES,
    HISTORY,
)


def table(name: str) -> Table:
    """The published table of that name.

    Raises:
        KeyError: there is none.
    """
    for candidate in TABLES:
        if candidate.name == name:
            return candidate
    msg = f"there is no table {name}; the tables are {', '.join(t.name for t in TABLES)}"
    raise KeyError(msg)
