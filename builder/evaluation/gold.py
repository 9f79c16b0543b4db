"""The gold set: what people judged, read from one CSV file per date.

A cell is empty where nobody judged it. Rows of confidence `low` are kept, so that it is visible
what was hard, but are not scored. `judged` says how the row came about: `handed` rows came with
the project, `blind` rows were judged from public facts before anybody looked at the rules' answer.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Final, NoReturn

from builder.errors import EvidenceUnreadable
from schemas import vocabulary

COLUMNS: Final = (
    "repo_id",
    "unique_model_id",
    "family",
    "kind",
    "audio_language_model",
    "runtime_parameters",
    "logical_parameters",
    "external_components",
    "confidence",
    "judged",
    "evidence",
)
HOW_JUDGED: Final = ("handed", "blind")
_ALLOWED: Final = {
    "kind": tuple(vocabulary.KIND),
    "audio_language_model": tuple(vocabulary.AUDIO_LANGUAGE_MODEL),
    "confidence": tuple(vocabulary.CONFIDENCE),
    "judged": HOW_JUDGED,
}
_COUNT: Final = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class GoldRow:
    """One judged repository; None where a value was not judged."""

    repo_id: str
    unique_model_id: str | None
    family: str | None
    kind: str | None
    audio_language_model: str | None
    runtime_parameters: int | None
    logical_parameters: int | None
    confidence: str
    judged: str

    @property
    def scored(self) -> bool:
        """Whether the judge was sure enough."""
        return self.confidence != "low"


def parse_gold(text: str, name: str) -> tuple[GoldRow, ...]:
    """Read a gold file.

    Args:
        text: the CSV file's text.
        name: its name, for messages.

    Raises:
        EvidenceUnreadable: a column is missing or unknown, a repository stands twice, or a value is
            outside its vocabulary.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    rows: dict[str, GoldRow] = {}
    try:
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise EvidenceUnreadable(
                f"{name}: the columns must be {', '.join(COLUMNS)}; correct the first line"
            )
        for cells in reader:
            where = f"{name}, line {reader.line_num}"
            row = _row(cells, where)
            if row.repo_id in rows:
                raise EvidenceUnreadable(f"{where}: {row.repo_id} is judged twice; keep one of the rows")
            rows[row.repo_id] = row
    except csv.Error as error:
        raise EvidenceUnreadable(
            f"{name}, line {reader.line_num}: this is no CSV ({error}); close the quotes of each cell"
        ) from error
    return tuple(rows[repo_id] for repo_id in sorted(rows))


def _row(cells: dict[str, str | None], where: str) -> GoldRow:
    if None in cells or None in cells.values():
        raise EvidenceUnreadable(
            f"{where}: the line does not have {len(COLUMNS)} cells; quote cells that hold a comma"
        )
    values = {name: (cells[name] or "").strip() or None for name in COLUMNS}
    for name, allowed in _ALLOWED.items():
        if values[name] is not None and values[name] not in allowed:
            raise EvidenceUnreadable(
                f"{where}: {name} is {values[name]!r}, but must be one of {', '.join(allowed)}; "
                "correct the cell"
            )
    return GoldRow(
        repo_id=values["repo_id"] or _missing("repo_id", where),
        unique_model_id=values["unique_model_id"],
        family=values["family"],
        kind=values["kind"],
        audio_language_model=values["audio_language_model"],
        runtime_parameters=_count(values["runtime_parameters"], "runtime_parameters", where),
        logical_parameters=_count(values["logical_parameters"], "logical_parameters", where),
        confidence=values["confidence"] or _missing("confidence", where),
        judged=values["judged"] or _missing("judged", where),
    )


def _missing(name: str, where: str) -> NoReturn:
    raise EvidenceUnreadable(f"{where}: {name} is empty; fill it in")


def _count(value: str | None, name: str, where: str) -> int | None:
    if value is None:
        return None
    if not _COUNT.fullmatch(value):
        raise EvidenceUnreadable(
            f"{where}: {name} is {value[:40]!r}, but must be a whole number above 0; "
            "leave it empty where it was not judged"
        )
    return int(value)
