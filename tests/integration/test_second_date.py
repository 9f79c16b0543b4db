"""Three dates of the invented Hub, each compared with the one before: what came, went, moved and changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

import schemas.validate
from builder import reading, stages, validation
from builder.cli import main
from builder.errors import SnapshotRefused
from builder.layout import Layout
from builder.questions import diff_dates
from tests.integration.invented_hub import (
    ECHO,
    ECHO_WEIGHTS,
    EXPORT,
    LATER,
    LISTING,
    REPOS,
    Repo,
    build_date,
    import_repos,
    leftovers,
    make_empty_project,
    write_index,
)
from tests.integration.test_build_refused import refuse
from tests.shared import make_once, shared_folder

if TYPE_CHECKING:
    from pathlib import Path

    from builder.difference import Difference
    from schemas.table import Table

SINGLISH, SINGAPORE = "borrower/Echo-7B-Singlish", "borrower/Echo-7B-Singapore"
GONE, NEWCOMER, LATE = "zoo/Orphan-3B", "zoo/Novice-3B", "zoo/Latecomer-3B"
PREVIOUS = {LISTING: EXPORT, LATER: LISTING}
REASONS = {LISTING: "The export named its query otherwise."}


def to_hub_id(repo_id: str) -> str:
    return hashlib.sha256(repo_id.encode()).hexdigest()[:24]


def later_repos() -> list[Repo]:
    """The Hub of the third date: one repository gone, one new, one renamed, one with another licence."""
    known = [replace(repo, hub_id=to_hub_id(repo.repo_id)) for repo in REPOS if repo.repo_id != GONE]
    known += [Repo(NEWCOMER, {"BF16": 3_700_000_000}, storage=7_400_000_000, hub_id=to_hub_id(NEWCOMER))]
    known += [Repo(LATE, {"BF16": 3_800_000_000}, storage=7_600_000_000, hub_id=to_hub_id(LATE))]
    changes: dict[str, dict[str, Any]] = {
        SINGLISH: {"repo_id": SINGAPORE},
        ECHO: {"license": "mit", "gated": "auto"},
    }
    return [replace(repo, **changes.get(repo.repo_id, {})) for repo in known]


def listing_repos() -> list[Repo]:
    """The Hub of the second date: what the export has, and one more."""
    more = Repo(LATE, {"BF16": 3_800_000_000}, storage=7_600_000_000)
    return [replace(repo, hub_id=to_hub_id(repo.repo_id)) for repo in (*REPOS, more)]


def build_three(root: Path) -> None:
    layout = make_empty_project(root)
    write_index(layout, (EXPORT, LISTING, LATER), previous=PREVIOUS, reasons=REASONS)
    for date, repos in ((EXPORT, REPOS), (LISTING, listing_repos()), (LATER, later_repos())):
        import_repos(layout, date, repos)
        build_date(layout, date)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, curated: Path) -> Layout:
    """All three dates built; not to be changed."""
    assert curated.is_dir()
    folder = shared_folder(tmp_path_factory, "three")
    make_once(folder, {"project": partial(build_three, folder / "project")})
    return Layout(folder / "project")


@pytest.fixture
def copy(three: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy to change, with the working directory inside."""
    root = tmp_path / "project"
    shutil.copytree(three.root, root)
    monkeypatch.chdir(root)
    return Layout(root)


def read(layout: Layout, date: str, table: str = "changes") -> pl.DataFrame:
    return pl.read_parquet(layout.table(date, table))


def events(layout: Layout, date: str, table: str, change: str) -> list[str]:
    rows = read(layout, date).filter(table_name=table, change=change)
    return sorted(rows.get_column("key"))


def value(layout: Layout, date: str, key: str, column: str) -> list[tuple[Any, ...]]:
    rows = read(layout, date).filter(table_name="models", key=key, column_name=column)
    return rows.select("change", "before", "after").rows()


def test_a_first_date_adds_every_row(three: Layout) -> None:
    changes = read(three, EXPORT)
    assert set(changes.get_column("change")) == {"added"}
    assert changes.get_column("previous_snapshot_date").null_count() == changes.height
    assert changes.filter(table_name="models").height == len(REPOS)
    assert changes.height == sum(
        read(three, EXPORT, table).height
        for table in (
            "unique_models",
            "models",
            "families",
            "variants",
            "parameters",
            "lineage",
            "files",
            "tasks",
        )
    )
    manifest = reading.read_manifest(three, EXPORT)
    assert (manifest["previous_snapshot_date"], manifest["previous"], manifest["drift"]) == (None, None, None)


@pytest.mark.parametrize("date", [EXPORT, LISTING, LATER])
def test_every_date_holds_every_check(three: Layout, date: str) -> None:
    files = reading.read_manifest(three, date)["files"]
    assert len(files) > 12  # twelve tables, and what describes them
    assert validation.validate_snapshot(three, date) == len(files)


def test_a_row_of_a_query_that_was_not_asked_before_is_no_news(three: Layout) -> None:
    assert events(three, LISTING, "models", "added") == []
    assert events(three, LISTING, "models", "scope_added") == [LATE]
    for table in ("unique_models", "families"):
        assert len(events(three, LISTING, table, "scope_added")) == 1
    assert {key.split(" ")[0] for key in events(three, LISTING, "variants", "scope_added")} == {LATE}


def test_a_value_that_the_export_did_not_hold_is_first_observed(three: Layout) -> None:
    hub_id = json.dumps(to_hub_id(ECHO))
    assert value(three, LISTING, ECHO, "hub_id") == [("first_observed", None, hub_id)]
    # Rounded in the export, exact in the listing: the same count, said otherwise.
    assert value(three, LISTING, ECHO, "runtime_parameters") == []


def test_added_removed_and_renamed(three: Layout) -> None:
    assert events(three, LATER, "models", "added") == [NEWCOMER]
    assert events(three, LATER, "models", "scope_added") == []
    assert events(three, LATER, "models", "removed") == [GONE]
    assert read(three, LATER).filter(change="removed").get_column("reason").null_count() > 0
    renamed = read(three, LATER).filter(change="renamed").select("table_name", "key", "before", "after")
    assert renamed.rows() == [
        (table, SINGAPORE, json.dumps(SINGLISH), json.dumps(SINGAPORE))
        for table in ("models", "unique_models")
    ]


def test_rows_of_other_tables_move_with_a_renamed_repository(three: Layout) -> None:
    moved = read(three, LATER).filter(
        pl.col("table_name").is_in(["variants", "parameters", "lineage", "files"])
    )
    about = moved.filter(pl.col("key").str.contains("Echo-7B-Sing"))
    # What others declare of it is theirs to declare.
    assert [key for key in about.get_column("key") if key.startswith("borrower/Echo-7B-Sing")] == []
    assert read(three, LATER, "variants").filter(repo_id=SINGAPORE).height > 0


def test_a_renamed_repository_is_compared_with_itself(three: Layout) -> None:
    assert value(three, LATER, SINGAPORE, "unique_model_id") == [
        ("changed", json.dumps(SINGLISH), json.dumps(SINGAPORE))
    ]
    assert value(three, LATER, SINGAPORE, "hub_id") == []


def test_changed_values_are_canonical_json(three: Layout) -> None:
    assert value(three, LATER, ECHO, "license") == [("changed", '["apache-2.0"]', '["mit"]')]
    assert value(three, LATER, ECHO, "gated") == [("changed", '"false"', '"auto"')]
    days = read(three, LATER).get_column("previous_snapshot_date").unique().cast(pl.String).to_list()
    assert days == [LISTING]


def test_history_has_one_row_for_each_repository_and_date(three: Layout) -> None:
    history = read(three, LATER, "history")
    rows = dict(history.group_by(pl.col("snapshot_date").cast(pl.String)).len().iter_rows())
    assert rows == {EXPORT: len(REPOS), LISTING: len(REPOS) + 1, LATER: len(REPOS) + 2}
    now = history.filter(pl.col("snapshot_date").cast(pl.String) == LATER)
    (missing,) = now.filter(~pl.col("present")).to_dicts()
    assert (missing["repo_id"], missing["hub_id"]) == (GONE, to_hub_id(GONE))
    assert [name for name, known in missing.items() if known is not None] == [
        *("snapshot_date", "repo_id", "hub_id", "present"),
    ]
    assert now.filter(repo_id=SINGLISH).is_empty()
    assert now.filter(repo_id=SINGAPORE).select("hub_id", "present").row(0) == (to_hub_id(SINGLISH), True)
    earlier = read(three, LISTING, "history")
    assert history.filter(pl.col("snapshot_date").cast(pl.String) != LATER).equals(earlier)


def test_a_repository_that_stays_away_has_one_row_on_each_later_date(copy: Layout) -> None:
    last = "2026-07-31"
    write_index(copy, (LATER, last), published="{}", previous={last: LATER})
    # `published` says nothing here of the earlier two, which only the later ones' manifests name.
    shutil.copytree(copy.capture(LATER), copy.capture(last))
    description = copy.capture(last) / "capture.json"
    description.write_text(description.read_text().replace(LATER, last))
    write_index(copy, (EXPORT, LISTING, LATER, last), previous={**PREVIOUS, last: LATER}, reasons=REASONS)
    stages.build_snapshot(copy, last)
    assert read(copy, last).is_empty()
    now = read(copy, last, "history").filter(pl.col("snapshot_date").cast(pl.String) == last)
    assert now.filter(~pl.col("present")).get_column("repo_id").to_list() == [GONE]
    assert now.height == read(copy, LATER, "models").height + 1


def test_the_manifest_names_what_it_was_compared_with(three: Layout) -> None:
    manifest = reading.read_manifest(three, LATER)
    sha256 = hashlib.sha256(three.manifest(LISTING).read_bytes()).hexdigest()
    assert manifest["previous_snapshot_date"] == LISTING
    assert manifest["previous"] == {
        "name": LISTING,
        "snapshot_date": LISTING,
        "manifest_sha256": sha256,
        "code_sha256": manifest["code_sha256"],
    }


def test_drift_is_measured_over_the_queries_that_both_dates_asked(three: Layout) -> None:
    assert [b["measure"] for b in reading.read_manifest(three, LISTING)["drift"]["breaches"]] == [
        "shared_scopes"
    ]
    drift = reading.read_manifest(three, LATER)["drift"]
    assert drift["shared_scopes"] == ["hub-listing"]
    assert drift["rows"]["models"] == {"before": len(REPOS) + 1, "now": len(REPOS) + 1}
    assert drift["models_lost"] == {"before": len(REPOS) + 1, "lost": 1, "examples": [GONE]}
    assert drift["families_regrouped"]["regrouped"] == 0
    assert drift["parameters_moved"]["moved"] == 0
    assert drift["breaches"] == []


def test_the_card_tells_what_changed(three: Layout) -> None:
    assert "## What changed" not in three.card(EXPORT).read_text()
    text = three.card(LATER).read_text()
    section = text[text.index("## What changed since 31 May 2026") : text.index("## Loading")]
    assert f"| repositories | {len(REPOS) + 1} | 1 | 0 | 1 | 0 | 1 |" in section
    assert "**1 new audio-language model**: [Novice-3B](https://huggingface.co/zoo/Novice-3B)." in section
    assert f"**1 distinct model gone**: [{GONE}](https://huggingface.co/{GONE})." in section
    assert f"{SINGLISH} is now [{SINGAPORE}](https://huggingface.co/{SINGAPORE})." in section
    assert "`license` (" in section
    assert "different versions of the rules" not in section
    assert "The reason given for this date: The export named its query otherwise." in (
        three.card(LISTING).read_text()
    )


def rewrite_manifest(layout: Layout, date: str, **more: object) -> None:
    path = layout.manifest(date)
    path.write_text(json.dumps(json.loads(path.read_text()) | more))


BROKEN = {
    "another day": (13, {"snapshot_date": "2026-05-30"}, "is that of 2026-05-30"),
    "another major version": (
        13,
        {"schema_version": "2.0"},
        "has schema version 2.0, which cannot be compared",
    ),
    "no date": (13, {"snapshot_date": None}, "is no manifest"),
    "no files": (13, {"files": None}, "is no manifest"),
}


@pytest.mark.parametrize(("code", "more", "words"), BROKEN.values(), ids=BROKEN)
def test_a_previous_manifest_that_cannot_be_compared_with(
    copy: Layout, code: int, more: dict[str, Any], words: str
) -> None:
    rewrite_manifest(copy, LISTING, **more)
    refuse(copy, code, words, LISTING, command=("build", LATER))


@pytest.mark.parametrize("table", ["models", "history", "tasks"])
def test_a_previous_table_with_other_bytes(copy: Layout, table: str) -> None:
    path = copy.table(LISTING, table)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    words = f"snapshots/{LISTING}/data/{table}.parquet is missing or has other bytes"
    refuse(copy, 13, words, command=("build", LATER))
    path.unlink()
    refuse(copy, 13, words, command=("build", LATER))


def test_a_previous_date_that_is_not_built(copy: Layout) -> None:
    copy.manifest(LISTING).unlink()
    refuse(copy, 13, f"snapshots/{LISTING}/manifest.json is missing; run", command=("build", LATER))


def test_a_previous_date_that_is_no_earlier_one(copy: Layout) -> None:
    for date, previous in ((LISTING, LATER), (LATER, LATER)):
        write_index(copy, (EXPORT, LISTING, LATER), previous={**PREVIOUS, date: previous})
        refuse(copy, 13, "which is no earlier day", previous, command=("build", date))


def test_a_previous_date_that_nobody_lists(copy: Layout) -> None:
    write_index(copy, (EXPORT, LATER), previous={LATER: LISTING})
    refuse(copy, 13, "neither being built nor published", LISTING, command=("build", LATER))


def test_a_published_previous_date(copy: Layout) -> None:
    sha256 = hashlib.sha256(copy.manifest(LISTING).read_bytes()).hexdigest()
    for named in (sha256, "b" * 64):
        write_index(
            copy, (LATER,), published=f'{{"{LISTING}": {{manifest_sha256: "{named}"}}}}', previous=PREVIOUS
        )
        if named == sha256:
            before = copy.table(LATER, "changes").read_bytes()
            stages.build_snapshot(copy, LATER)
            assert copy.table(LATER, "changes").read_bytes() == before
        else:
            refuse(copy, 13, "has other bytes than were published", command=("build", LATER))


def test_a_previous_date_that_was_built_again_since(copy: Layout) -> None:
    rewrite_manifest(copy, LISTING, code_sha256="0" * 64)
    refuse(copy, 13, f"was compared with another {LISTING}", command=("validate", LATER))


def lack(layout: Layout, date: str, table: str, columns: list[str]) -> None:
    """Make a date look as if it had been built before some columns, or the whole table, existed."""
    path, manifest = layout.table(date, table), json.loads(layout.manifest(date).read_text())
    if columns:
        pl.read_parquet(path).drop(columns).write_parquet(path)
        content = path.read_bytes()
        facts = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        manifest["files"][f"data/{table}.parquet"] = facts
    else:
        path.unlink()
        del manifest["files"][f"data/{table}.parquet"], manifest["tables"][table]
    layout.manifest(date).write_text(json.dumps(manifest | {"schema_version": "1.0"}))


def test_a_column_that_did_not_exist_yet_is_first_observed(copy: Layout) -> None:
    lack(copy, LISTING, "models", ["license", "audio_max_s"])
    stages.build_snapshot(copy, LATER)
    assert value(copy, LATER, ECHO, "license") == [("first_observed", None, '["mit"]')]
    assert value(copy, LATER, ECHO, "gated") == [("changed", '"false"', '"auto"')]
    assert "models.license" not in [
        breach["subject"] for breach in reading.read_manifest(copy, LATER)["drift"]["breaches"]
    ]


def test_a_table_that_did_not_exist_yet_has_no_rows(copy: Layout) -> None:
    lack(copy, LISTING, "variants", [])
    stages.build_snapshot(copy, LATER)
    assert len(events(copy, LATER, "variants", "added")) == read(copy, LATER, "variants").height


def test_a_date_that_was_built_before_a_table_existed_can_still_be_read_and_compared(copy: Layout) -> None:
    for table in ("runtimes", "variants"):
        lack(copy, LISTING, table, [])
    tables = reading.read_tables(copy, LISTING)
    assert tables["runtimes"].collect().is_empty()
    assert (
        tables["runtimes"].collect_schema() == reading.read_tables(copy, LATER)["runtimes"].collect_schema()
    )
    assert tables["models"].collect().height == len(REPOS) + 1
    difference = diff_dates(copy, LISTING, LATER)
    assert [model.unique_model_id for model in difference.new_models] == [NEWCOMER]
    copy.table(LISTING, "models").unlink()
    with pytest.raises(SnapshotRefused, match=r"data/models\.parquet cannot be read"):
        reading.read_tables(copy, LISTING)


def test_a_correction_is_compared_with_what_the_corrected_date_was(copy: Layout) -> None:
    corrected = f"{LATER}.1"
    shutil.copytree(copy.capture(LATER), copy.capture(corrected))
    dates = (EXPORT, LISTING, LATER, corrected)
    write_index(
        copy, dates, previous={**PREVIOUS, corrected: LISTING}, reasons={corrected: "A rule was wrong."}
    )
    made = stages.build_snapshot(copy, corrected)
    tables = reading.read_manifest(copy, LATER)["tables"]
    assert made.content == {name: facts["content_sha256"] for name, facts in tables.items()}
    assert diff_dates(copy, LATER, corrected).is_empty
    write_index(copy, dates, previous={**PREVIOUS, corrected: LATER})
    refuse(copy, 13, "for a correction the one that the corrected date has", command=("build", corrected))


def shrink(layout: Layout) -> None:
    """A last date that lacks a third of the Hub."""
    import_repos(layout, LATER, later_repos()[::3] + later_repos()[1::3], replace=True)


def test_a_date_that_drifts_is_built_and_told_and_not_valid(copy: Layout) -> None:
    shrink(copy)
    result = CliRunner().invoke(main, ["build", LATER])
    assert result.exit_code == 0, result.output
    assert "beyond its limit: rows fell by more than 10 %: " in result.stdout
    assert "beyond its limit: more than 10 % of the repositories are gone: " in result.stdout
    stages.write_card(copy, LATER)
    refuse(
        copy,
        12,
        f"{LATER} has moved from {LISTING} by more than params.yaml allows",
        "rows fell by more than 10 %",
        "of the repositories are gone: ",
        f"`builder diff {LISTING} {LATER}`",
        "`reason` in snapshots/index.yaml",
        command=("validate", LATER),
    )
    assert "They are larger than the project’s limits allow" in copy.card(LATER).read_text().replace("'", "’")


def test_a_drift_with_a_reason_is_valid_and_published_with_it(copy: Layout) -> None:
    shrink(copy)
    reason = "A third was [deleted](https://example.org)."
    write_index(copy, (EXPORT, LISTING, LATER), previous=PREVIOUS, reasons={**REASONS, LATER: reason})
    stages.build_snapshot(copy, LATER)
    stages.write_card(copy, LATER)
    validation.validate_snapshot(copy, LATER)
    manifest = reading.read_manifest(copy, LATER)
    assert manifest["drift_reason"] == reason
    assert manifest["drift"]["breaches"]
    assert "The reason given for this date: A third was &#91;deleted&#93;" in copy.card(LATER).read_text()


def test_a_built_date_is_validated_by_pandera_alone(three: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to_look(table: Table, *_: object, **__: object) -> bool:
        raise AssertionError(table.name)

    monkeypatch.setattr(schemas.validate, "is_as_declared", refuse_to_look)
    assert validation.validate_snapshot(three, LISTING)


def test_the_order_of_the_evidence_does_not_matter(three: Layout, copy: Layout) -> None:
    import_repos(copy, LATER, later_repos(), seed=5, replace=True)
    stages.build_snapshot(copy, LATER)
    for table in ("changes", "history"):
        assert copy.table(LATER, table).read_bytes() == three.table(LATER, table).read_bytes()
    assert leftovers(copy) == []


@pytest.fixture(scope="module")
def forth(three: Layout) -> Difference:
    return diff_dates(three, LISTING, LATER)


@pytest.fixture(scope="module")
def back(three: Layout) -> Difference:
    return diff_dates(three, LATER, LISTING)


def test_a_difference_says_what_the_table_says(three: Layout, forth: Difference) -> None:
    changes = read(three, LATER)
    assert forth.new_repositories == [NEWCOMER]
    assert [gone.repo_id for gone in forth.gone_repositories] == [GONE]
    assert forth.renamed_repositories == [{"before": SINGLISH, "now": SINGAPORE}]
    assert [model.unique_model_id for model in forth.new_models] == [NEWCOMER]
    told = {(v.key, v.column): (v.before, v.now) for v in forth.changed}
    assert told[ECHO, "license"] == (["apache-2.0"], ["mit"])
    assert len(told) == changes.filter(table_name="models", change="changed").height
    counts = {line.table: line.changes for line in forth.tables}
    for table, kinds in counts.items():
        for kind, number in kinds.items():
            assert number == changes.filter(table_name=table, change=kind).height, (table, kind)
    assert (forth.families_split, forth.families_merged, forth.parameters_moved) == ([], [], [])


def test_a_difference_backwards_mirrors_it(forth: Difference, back: Difference) -> None:
    assert back.new_repositories == [gone.repo_id for gone in forth.gone_repositories]
    assert [gone.repo_id for gone in back.gone_repositories] == forth.new_repositories
    assert back.renamed_repositories == [
        {"before": pair["now"], "now": pair["before"]} for pair in forth.renamed_repositories
    ]
    assert [(v.column, v.before, v.now) for v in back.changed if v.key == ECHO] == [
        (v.column, v.now, v.before) for v in forth.changed if v.key == ECHO
    ]
    assert (back.before, back.now) == (LATER, LISTING)


@pytest.mark.parametrize("date", [EXPORT, LATER])
def test_a_date_does_not_differ_from_itself(three: Layout, date: str) -> None:
    assert diff_dates(three, date, date).is_empty


@pytest.mark.usefixtures("copy")
def test_diff_prints_for_people_and_for_programs() -> None:
    result = CliRunner().invoke(main, ["diff", LISTING, LATER], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    assert f"{SINGLISH} → {SINGAPORE}\n" in result.stdout
    assert f"  {ECHO}\n    gated: false → auto\n    license: apache-2.0 → mit\n" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    told = json.loads(CliRunner().invoke(main, ["diff", LISTING, LATER, "--json"]).stdout)
    assert told["new_repositories"] == [NEWCOMER]
    assert told["before"] == LISTING


def test_diff_of_what_is_not_there(copy: Layout) -> None:
    refuse(copy, 13, "2026-01-01 is no date of snapshots/index.yaml", command=("diff", EXPORT, "2026-01-01"))
    copy.table(EXPORT, "files").unlink()
    refuse(copy, 13, f"snapshots/{EXPORT}/data/files.parquet is missing", command=("diff", EXPORT, LATER))


def test_parameters_that_moved_are_told(copy: Layout) -> None:
    repos = [
        replace(repo, dtypes={"BF16": ECHO_WEIGHTS - 10**9}) if repo.repo_id == "zoo/Sotto-7B" else repo
        for repo in later_repos()
    ]
    import_repos(copy, LATER, repos, replace=True)
    stages.build_snapshot(copy, LATER)
    (moved,) = diff_dates(copy, LISTING, LATER).parameters_moved
    assert moved == {"repo_id": "zoo/Sotto-7B", "before": ECHO_WEIGHTS, "now": ECHO_WEIGHTS - 10**9}
