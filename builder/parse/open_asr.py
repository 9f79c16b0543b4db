"""The Open ASR Leaderboard: what each column of its published tables measures, and one fact as a row.

The tables are `scripts/data/*.csv` of the repository huggingface/open_asr_leaderboard. Which data sets
stand behind the columns is written in its README and in the scripts that run the evaluation: English in
hf-audio/open-asr-leaderboard, long recordings in hf-audio/asr-leaderboard-longform and bezzam/coraal,
other languages in nithinraok/asr-leaderboard-datasets. There the columns called `covost` are the
configurations `mcv`, Mozilla Common Voice: the only set of its that is not in another column.

Word error rates are in percent after the leaderboard's own clean-up of texts, RTFx is seconds of audio
per second of computing on one A100 with 80 GB. A -1 and an empty cell say that nobody measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from builder.errors import EvidenceUnreadable

LEADERBOARD: Final = "open-asr"

_SHORT: Final = "hf-audio/open-asr-leaderboard"
_LONG: Final = "hf-audio/asr-leaderboard-longform"
_MORE: Final = "nithinraok/asr-leaderboard-datasets"

_NOT_MEASURED: Final = -1


@dataclass(frozen=True)
class Measured:
    """What the numbers of one column are."""

    dataset_id: str
    metric: str
    language: str | None

    @property
    def unit(self) -> str:
        """The metric's unit."""
        return "percent" if self.metric == "wer" else "seconds per second"


@dataclass(frozen=True)
class LeaderboardTable:
    """One of the published tables: the column that names the system, what is measured, what is not taken."""

    name: str
    system: str
    measured: Mapping[str, Measured]
    ignored: frozenset[str]

    @property
    def columns(self) -> frozenset[str]:
        """Every column that may stand there."""
        return frozenset({self.system, *self.measured}) | self.ignored


def _wer(dataset_id: str, language: str | None = "en") -> Measured:
    return Measured(dataset_id, "wer", language)


_SIZE: Final = "Model size (B)"
_SHORT_SETS: Final = {
    "AMI WER": "ami/test",
    "Earnings22 WER": "earnings22/test",
    "Gigaspeech WER": "gigaspeech/test",
    "LS Clean WER": "librispeech/test.clean",
    "LS Other WER": "librispeech/test.other",
    "SPGISpeech WER": "spgispeech/test",
    "Tedlium WER": "tedlium/test",
    "Voxpopuli WER": "voxpopuli/test",
}
_LANGUAGES: Final = {
    "covost": ("mcv", ("de", "fr", "it", "es")),
    "fleurs": ("fleurs", ("de", "fr", "it", "es", "pt")),
    "mls": ("mls", ("fr", "it", "es", "pt")),
}

SHORT: Final = LeaderboardTable(
    name="en_shortform",
    system="model",
    measured={
        "Avg. WER": _wer(f"{_SHORT}/average"),
        "RTFx": Measured(f"{_SHORT}/average", "rtfx", "en"),
        **{column: _wer(f"{_SHORT}/{place}") for column, place in _SHORT_SETS.items()},
    },
    # Sizes and licences are the snapshot's own business, with better sources.
    ignored=frozenset({_SIZE, "License"}),
)
LONG: Final = LeaderboardTable(
    name="en_longform",
    system="model_id",
    measured={
        "Average": _wer(f"{_LONG}/average"),
        "RTFx": Measured(f"{_LONG}/average", "rtfx", "en"),
        **{name: _wer(f"{_LONG}/{name}/test") for name in ("earnings21", "earnings22", "tedlium")},
        "coraal_avg": _wer("bezzam/coraal/average"),
        "Avg (without CORAAL)": _wer(f"{_LONG}/average-without-coraal"),
    },
    ignored=frozenset({_SIZE}),
)
MULTILINGUAL: Final = LeaderboardTable(
    name="multilingual",
    system="model",
    measured={
        "Avg": _wer(f"{_MORE}/average", None),
        "RTFx": Measured(f"{_MORE}/average", "rtfx", None),
        **{
            f"{language}_{column}": _wer(f"{_MORE}/{place}_{language}/test", language)
            for column, (place, languages) in _LANGUAGES.items()
            for language in languages
        },
    },
    ignored=frozenset({_SIZE}),
)
TABLES: Final = (SHORT, LONG, MULTILINGUAL)
"""In the order in which an import takes the files."""

_BY_NAME: Final = {table.name: table for table in TABLES}


def read_cell(text: str) -> float | None:
    """A number of one of the tables; None where nobody measured.

    Raises:
        ValueError: it is neither a number nor a mark that there is none.
    """
    if not text.strip():
        return None
    value = float(text)
    if value == _NOT_MEASURED:
        return None
    if not math.isfinite(value) or value < 0:
        raise ValueError(text)
    return value


def parse_fact(fact: Mapping[str, Any], observed_on: date, source_url: str, where: str) -> dict[str, Any]:
    """One stored fact as a row of the relation `measurement`.

    Args:
        fact: one line of the evidence: table, system, column and value, as the leaderboard has them.
        observed_on: the day whose tables were taken.
        source_url: where they lie.
        where: file and line, for messages.

    Raises:
        EvidenceUnreadable: the line is not a fact of a known column.
    """
    left = dict(fact)
    table, column = _BY_NAME.get(str(left.pop("table", None))), str(left.pop("column", None))
    system, value = left.pop("system", None), left.pop("value", None)
    measured = table.measured.get(column) if table else None
    if left or measured is None or not isinstance(system, str) or type(value) not in {int, float}:
        raise EvidenceUnreadable(
            f"{where}: not a fact of a column that builder/parse/open_asr.py knows; restore the file from "
            "version control or import the tables again"
        )
    return {
        "leaderboard": LEADERBOARD,
        "listed_as": system,
        "dataset_id": measured.dataset_id,
        "metric": measured.metric,
        "value": float(value),
        "unit": measured.unit,
        "language": measured.language,
        "observed_at": datetime.combine(observed_on, time(), UTC),
        "source_url": source_url,
    }
