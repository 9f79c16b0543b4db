"""Importing a leaderboard: once, again with the same result, and never half."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from builder.capture.folder import hold_date
from builder.capture.leaderboards.importing import LeaderboardRequest, import_leaderboard
from builder.capture.leaderboards.reader import check_measurements, read_measurements
from builder.errors import BuilderError, CaptureRefused, EvidenceUnreadable, SnapshotRefused, UsageError
from builder.layout import Layout, LeaderboardFolder
from builder.parse.open_asr import LONG, MULTILINGUAL, SHORT, LeaderboardTable

DAY = "2026-08-21"
KNOWN = frozenset({"acme/echo", "board/acme-echo"})


def sheet(table: LeaderboardTable, *rows: dict[str, str]) -> str:
    """A CSV file with every column of a table; cells that are not given are empty."""
    columns = [table.system, *table.measured, *sorted(table.ignored)]
    lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
    return "\n".join(lines) + "\n"


USUAL = {
    "en_shortform.csv": sheet(
        SHORT,
        {"model": "acme/echo", "Avg. WER": "6.5", "RTFx": "-1", "AMI WER": "9.25", "License": "Open"},
        {"model": "board/acme-echo", "Avg. WER": "7"},
    ),
    "en_longform.csv": sheet(LONG),
    "multilingual.csv": sheet(MULTILINGUAL, {"model": "acme/echo", "de_fleurs": "4"}),
}


@dataclass
class Board:
    """A project of its own with the files of one import beside it."""

    layout: Layout
    request: LeaderboardRequest

    @property
    def folder(self) -> LeaderboardFolder:
        return LeaderboardFolder(self.layout.leaderboard("open-asr", DAY))

    def give(self, name: str, content: str | bytes) -> None:
        path = next(path for path in self.request.inputs if path.name == name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def run(self, **changes: object) -> str:
        return import_leaderboard(self.layout, replace(self.request, **changes)).change  # type: ignore[arg-type] # the names are the fields'

    def files(self) -> dict[str, bytes]:
        root = self.layout.root / "snapshots"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def board(tmp_path: Path) -> Board:
    layout = Layout(tmp_path / "project")
    layout.index.parent.mkdir(parents=True)
    layout.index.write_text("building: {}\npublished: {}\n")
    inputs = tuple(tmp_path / name for name in USUAL)
    made = Board(layout, LeaderboardRequest(inputs, DAY, "acme/board", "d1e99b2", KNOWN))
    for name, content in USUAL.items():
        made.give(name, content)
    return made


def test_numbers_become_facts_and_what_nobody_measured_does_not(board: Board) -> None:
    assert board.run() == "written"
    (measurements,) = read_measurements(board.layout, date(2025, 12, 7))
    found = {(row["listed_as"], row["dataset_id"], row["metric"]): row["value"] for row in measurements.rows}
    assert found == {
        ("acme/echo", "hf-audio/open-asr-leaderboard/average", "wer"): 6.5,
        ("acme/echo", "hf-audio/open-asr-leaderboard/ami/test", "wer"): 9.25,
        ("board/acme-echo", "hf-audio/open-asr-leaderboard/average", "wer"): 7.0,
        ("acme/echo", "nithinraok/asr-leaderboard-datasets/fleurs_de/test", "wer"): 4.0,
    }
    assert measurements.observation.observed_on == date(2026, 8, 21)


def test_importing_twice_changes_nothing_and_other_facts_need_to_be_wanted(board: Board) -> None:
    board.run()
    before = board.files()
    assert board.run() == "unchanged"
    assert board.files() == before
    board.give("en_longform.csv", sheet(LONG, {"model_id": "acme/echo", "earnings21": "11"}))
    with pytest.raises(SnapshotRefused, match="holds other facts than this makes; give --replace"):
        board.run()
    assert board.files() == before
    assert board.run(replace=True) == "replaced"
    assert board.files() != before


def test_order_of_rows_and_columns_and_a_byte_order_mark_change_no_fact(board: Board) -> None:
    board.run()
    facts = board.folder.facts.read_bytes()
    header, first, second = USUAL["en_shortform.csv"].splitlines()
    turned = [",".join(reversed(line.split(","))) for line in (header, second, first)]
    board.give("en_shortform.csv", b"\xef\xbb\xbf" + "\r\n".join(turned).encode())
    board.run(replace=True)
    assert board.folder.facts.read_bytes() == facts


def broken(name: str, old: str, new: str) -> tuple[str, str]:
    assert old in USUAL[name]
    return name, USUAL[name].replace(old, new, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            broken("en_shortform.csv", "AMI WER", "Chime WER"),
            "en_shortform.csv: the column 'Chime WER' is not known; declare it in builder/parse/open_asr.py",
        ),
        (
            broken("en_shortform.csv", ",License", ",RTFx"),
            "en_shortform.csv: the column RTFx stands there twice",
        ),
        (
            ("en_longform.csv", USUAL["multilingual.csv"]),
            "en_longform.csv: the column 'model' is not known",
        ),
        (
            ("en_longform.csv", "model_id,RTFx\n"),
            "en_longform.csv: the column Average of en_longform is missing",
        ),
        (("en_longform.csv", ""), "en_longform.csv: the column model_id of en_longform is missing"),
        (("en_longform.csv", b"\xff\xfe"), "en_longform.csv: not a CSV file in UTF-8"),
        (("multilingual.csv", 'a,"b\n'), "multilingual.csv: not a CSV file in UTF-8"),
        (
            ("multilingual.csv", USUAL["multilingual.csv"] + "acme/other\n"),
            "multilingual.csv, line 3: 1 cells under 17 columns",
        ),
        (
            broken("en_shortform.csv", "board/acme-echo", "acme/echo"),
            "en_shortform.csv, line 3: acme/echo stands there twice",
        ),
        (
            broken("en_shortform.csv", "acme/echo", "<b>"),
            "en_shortform.csv, line 2: '<b>' is no name of a system",
        ),
        (
            broken("en_shortform.csv", "9.25", "n/a"),
            "en_shortform.csv, line 2, AMI WER: 'n/a' is no number of at least 0",
        ),
        (
            broken("en_shortform.csv", "9.25", "-3"),
            "en_shortform.csv, line 2, AMI WER: '-3' is no number of at least 0",
        ),
        (
            broken("en_shortform.csv", "board/acme-echo", "board/nobody"),
            (
                "en_shortform.csv: nothing says which repository board/nobody is; add it to "
                "builder/tables/curated/leaderboards.yaml, with its reason"
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_the_leaderboard_does_not_publish_is_refused_whole(
    board: Board, given: tuple[str, str | bytes], sentence: str
) -> None:
    before = board.files()
    board.give(*given)
    with pytest.raises(EvidenceUnreadable) as caught:
        board.run()
    assert str(caught.value).startswith(sentence)
    assert board.files() == before


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"observed_on": "August"}, UsageError, "--observed-on is 'August' and not a day"),
        ({"origin_commit": None}, UsageError, "--origin-repository and --origin-commit belong together"),
        (
            {"origin_commit": None, "origin_repository": None},
            UsageError,
            "Numbers of others need their source",
        ),
        (
            {"inputs": ()},
            UsageError,
            "The format open-asr takes 3 files (SHORT LONG MULTILINGUAL) and 0 were given",
        ),
        ({"inputs": (Path("a.csv"),) * 3}, EvidenceUnreadable, "a.csv: the file cannot be read"),
    ],
)
def test_a_request_that_cannot_be_carried_out(
    board: Board, changes: dict[str, object], error: type[BuilderError], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        board.run(**changes)
    assert str(caught.value).startswith(sentence)
    assert board.files() == {"index.yaml": board.layout.index.read_bytes()}


def test_tables_without_a_number_are_refused(board: Board) -> None:
    for name, table in (
        ("en_shortform.csv", SHORT),
        ("en_longform.csv", LONG),
        ("multilingual.csv", MULTILINGUAL),
    ):
        board.give(name, sheet(table))
    with pytest.raises(CaptureRefused, match="there is not one number"):
        board.run()


def test_another_writer_is_waited_for(board: Board) -> None:
    with hold_date(board.folder.folder), pytest.raises(CaptureRefused, match="Another process is writing"):
        board.run()


def test_facts_that_a_published_date_was_made_from_stay(board: Board) -> None:
    board.run()
    (measurements,) = read_measurements(board.layout, date(2025, 12, 7))
    used = {"name": "open-asr", "observed_on": DAY, "sha256": measurements.observation.facts.sha256}
    check_measurements(board.layout, "2025-12-07", [used])
    board.layout.index.write_text('building: {}\npublished:\n  "2025-12-07": {}\n')
    manifest = board.layout.manifest("2025-12-07")
    manifest.parent.mkdir()
    manifest.write_text(json.dumps({"made_from": {"leaderboards": [used]}}))
    board.give("en_longform.csv", sheet(LONG, {"model_id": "acme/echo", "earnings21": "11"}))
    with pytest.raises(SnapshotRefused, match="is part of 2025-12-07, which is published and never changes"):
        board.run(replace=True)
    board.folder.facts.write_bytes(b"")
    with pytest.raises(SnapshotRefused, match="was made from other facts of open-asr on 2026-08-21"):
        check_measurements(board.layout, "2025-12-07", [used])


def test_a_folder_that_an_import_did_not_make_is_refused(board: Board) -> None:
    board.run()
    board.folder.facts.unlink()
    with pytest.raises(EvidenceUnreadable, match="2026-08-21/capture is not complete"):
        read_measurements(board.layout, date(2026, 9, 1))
    (board.layout.leaderboards / "open-asr" / "newest").mkdir()
    with pytest.raises(EvidenceUnreadable, match="open-asr/newest is named by no day"):
        read_measurements(board.layout, date(2026, 9, 1))


def test_an_observation_lies_under_its_own_day(board: Board) -> None:
    board.run()
    board.folder.folder.rename(board.folder.folder.with_name("2026-08-22"))
    with pytest.raises(EvidenceUnreadable, match="is of open-asr on 2026-08-21; put it under its own name"):
        read_measurements(board.layout, date(2026, 9, 1))
