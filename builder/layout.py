"""Where everything lies: every path of the project is spelt here and nowhere else.

Paths are relative to the project's root, the folder that holds `dvc.yaml`; a `Layout` binds
them to one root, so that tests build in a folder of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

RECORDS_PER_SHARD = 50_000
"""Lines per evidence file: about 60 MB of JSON, small enough to be one unit of parallel work."""

DATA: Final = "data"
"""Folder of a date's Parquet files."""

CARD: Final = "README.md"
"""The card of a date, where the Hub looks for it."""

FIGURES: Final = "figures"
"""Folder of a date's pictures, as the card links to them."""

CROISSANT: Final = "croissant.json"
"""Description of a date's tables for machines that look for data sets."""

_PACKAGE: Final = Path(__file__).parent
"""The code that runs, which a snapshot's `code_sha256` must be about: in a checkout, `builder/`."""


_PART: Final = "[0-9]" * 5


def part_name(table: str, part: int | str | None = None) -> str:
    """Name of a table's file, or of one of several; a part may be given as a pattern."""
    number = "" if part is None else f"-{part:05d}" if isinstance(part, int) else f"-{part}"
    return f"{table}{number}.parquet"


def find_files(table: str, names: Iterable[str]) -> list[str]:
    """Those of a date's files, by their path in its folder, that hold a table, in order."""
    whole, parts = f"{DATA}/{part_name(table)}", f"{DATA}/{part_name(table, _PART)}"
    return sorted(name for name in names if name == whole or fnmatchcase(name, parts))


@dataclass(frozen=True)
class Layout:
    """The project's files below one root."""

    root: Path

    @property
    def index(self) -> Path:
        """Which dates are being built and which are published."""
        return self.root / "snapshots" / "index.yaml"

    @property
    def no_previous(self) -> Path:
        """Stands in for the previous date's manifest on the first date."""
        return self.root / "snapshots" / "none.json"

    @property
    def params(self) -> Path:
        """Scopes and thresholds, each with its reason."""
        return self.root / "params.yaml"

    @property
    def card_template(self) -> Path:
        """Template of the dataset card."""
        return self.root / "dataset_card.md"

    @property
    def lock(self) -> Path:
        """Hash-pinned versions that a build runs with."""
        return self.root / "requirements.lock"

    @property
    def work(self) -> Path:
        """Git-ignored scratch space: raw bodies, relations of a build, logs."""
        return self.root / ".work"

    def capture_work(self, date: str) -> Path:
        """Answers of captures of a date that are not finished, and the report of the last refusal."""
        return self.work / "capture" / date

    @property
    def front_end(self) -> Path:
        """What `npm run build` makes of `page/`: git-ignored."""
        return self.root / "page" / "dist"

    @property
    def log(self) -> Path:
        """Tracebacks of bugs, for whoever mends them."""
        return self.work / "builder.log"

    @property
    def tables(self) -> Path:
        """The SQL steps."""
        return _PACKAGE / "tables"

    @property
    def comparison(self) -> Path:
        """The SQL steps that hold two dates beside each other."""
        return self.tables / "comparison"

    @property
    def curated(self) -> Path:
        """Hand-kept facts that the steps join."""
        return self.tables / "curated"

    @property
    def document(self) -> Path:
        """Queries and template of the page about both kinds of models."""
        return _PACKAGE / "choice" / "document"

    @property
    def comparison_page(self) -> Path:
        """Audio-language models beside classic speech recognition, as a page."""
        return self.root / "docs" / "audio-language-models-vs-speech-to-text.md"

    @property
    def code(self) -> Mapping[str, Path]:
        """What `code_sha256` of a manifest covers, by its path in the repository."""
        return {
            "builder": _PACKAGE,
            "schemas": _PACKAGE.parent / "schemas",
            self.card_template.name: self.card_template,
            self.params.name: self.params,
            self.lock.name: self.lock,
        }

    def gold(self, date: str) -> Path:
        """Judged rows of one date."""
        return self.root / "builder" / "evaluation" / "gold" / f"{date}.csv"

    def snapshot(self, date: str) -> Path:
        """Folder of one date: evidence, tables, manifest, and the card with its pictures."""
        return self.root / "snapshots" / date

    @property
    def leaderboards(self) -> Path:
        """What others measured: one folder per leaderboard, in it one per day (`LeaderboardFolder`)."""
        return self.root / "snapshots" / "leaderboards"

    def leaderboard(self, name: str, day: str) -> Path:
        """One leaderboard as it stood on one day."""
        return self.leaderboards / name / day

    def capture(self, date: str) -> Path:
        """Evidence of one date (`EvidenceFolder` knows what is inside)."""
        return self.snapshot(date) / "capture"

    def data(self, date: str) -> Path:
        """Parquet files of one date."""
        return self.snapshot(date) / DATA

    def table(self, date: str, table: str) -> Path:
        """Parquet file of one table, where it is not so large that it takes several."""
        return self.data(date) / part_name(table)

    def table_files(self, date: str, table: str) -> list[Path]:
        """The Parquet files of one table, in order: one, unless it is very large."""
        return sorted(self.data(date).glob(part_name(table, _PART))) or [self.table(date, table)]

    def manifest(self, date: str) -> Path:
        """Machine facts of one date."""
        return self.snapshot(date) / "manifest.json"

    def figures(self, date: str) -> Path:
        """Pictures of the card of one date."""
        return self.snapshot(date) / FIGURES

    def croissant(self, date: str) -> Path:
        """Description of the tables of one date for machines that look for data sets."""
        return self.snapshot(date) / CROISSANT

    def card(self, date: str) -> Path:
        """Dataset card of one date."""
        return self.snapshot(date) / CARD


@dataclass(frozen=True)
class EvidenceFolder:
    """The files of one capture."""

    folder: Path

    def records(self, shard: int) -> Path:
        """One shard of records, at most `RECORDS_PER_SHARD` lines."""
        return self.folder / f"records-{shard:05d}.jsonl"

    @property
    def shards(self) -> list[Path]:
        """All shards of records, in order."""
        return sorted(self.folder.glob("records-*.jsonl"))

    @property
    def observed(self) -> Path:
        """When each part of each record was read."""
        return self.folder / "observed.jsonl"

    @property
    def counts(self) -> Path:
        """How many models the Hub listed under each task."""
        return self.folder / "counts.jsonl"

    @property
    def departed(self) -> Path:
        """Members of the previous date that no list names any more, and why; only captures have it."""
        return self.folder / "departed.jsonl"

    @property
    def description(self) -> Path:
        """Machine facts of the capture: origin, counts, hashes, fields left out."""
        return self.folder / "capture.json"


@dataclass(frozen=True)
class LeaderboardFolder:
    """The files of one observation of a leaderboard."""

    folder: Path

    @property
    def capture(self) -> Path:
        """What takes its place as a whole."""
        return self.folder / "capture"

    @property
    def facts(self) -> Path:
        """One line per number."""
        return self.capture / "facts.jsonl"

    @property
    def description(self) -> Path:
        """Machine facts: origin, licence, hashes."""
        return self.capture / "leaderboard.json"


def project_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds `dvc.yaml` and `snapshots/`."""
    for folder in (start, *start.parents):
        if (folder / "dvc.yaml").is_file() and (folder / "snapshots").is_dir():
            return folder
    return None
