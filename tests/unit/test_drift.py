"""Drift: what is measured, which value of each measure breaches its limit, and what a breach says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from builder.errors import DriftBeyondLimit
from builder.snapshot.build import to_frame
from builder.snapshot.drift import (
    LIMITS,
    Limits,
    compare_families,
    compare_parameters,
    describe_breaches,
    find_breaches,
    measure_drift,
    refuse_drift,
)
from builder.snapshot.scopes import read_scopes
from tests.unit.two_dates import LATER, Repo, to_tables

PARAMS = Path(__file__).resolve().parents[2] / "params.yaml"
LOOSE = Limits(**dict.fromkeys(LIMITS, 1.0))
NOBODY = pl.DataFrame(schema={"previous_id": pl.String, "current_id": pl.String})
SPEECH = frozenset({"speech"})

BILLION = 10**9
TEN = [Repo(f"acme/m{number}", family=f"f{number}", parameters=BILLION) for number in range(10)]


def frames(repos: list[Repo], **more: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    return {name: to_frame(rows) for name, rows in to_tables(repos, LATER, **more).items()}


def measure(
    before: list[Repo],
    now: list[Repo],
    moved: pl.DataFrame = NOBODY,
    shared: frozenset[str] = SPEECH,
    **limits: float,
) -> dict[str, Any]:
    return measure_drift(frames(before), frames(now), moved, shared, replace(LOOSE, **limits))


def breached(drift: dict[str, Any]) -> list[tuple[str, str, float]]:
    return [(breach["measure"], breach["subject"], breach["share"]) for breach in drift["breaches"]]


def test_the_projects_own_limits_are_all_there_and_leave_equal_dates_alone() -> None:
    limits = Limits(**yaml.safe_load(PARAMS.read_text())["drift"])
    drift = measure_drift(frames(TEN), frames(TEN), NOBODY, SPEECH, limits)
    assert drift["breaches"] == []
    assert drift["rows"]["models"] == {"before": 10, "now": 10}


def test_equal_dates_do_not_drift() -> None:
    nothing = Limits(**dict.fromkeys(LIMITS, 0.0))
    drift = measure_drift(frames(TEN), frames(TEN), NOBODY, SPEECH, nothing)
    assert (drift["breaches"], drift["fill_rates"]) == ([], {})


def test_rows_that_are_lost() -> None:
    drift = measure(TEN, TEN[:7], rows_lost=0.29)
    assert ("rows_lost", "models", 0.3) in breached(drift)
    assert drift["rows"]["models"] == {"before": 10, "now": 7}
    assert measure(TEN, TEN[:7], rows_lost=0.3)["breaches"] == []


def test_rows_that_are_gained() -> None:
    assert ("rows_gained", "models", round(3 / 7, 6)) in breached(measure(TEN[:7], TEN, rows_gained=0.42))
    assert measure(TEN[:7], TEN, rows_gained=0.43)["breaches"] == []


def test_a_table_that_was_empty_has_no_share_to_grow_by() -> None:
    files = [{"repo_id": repo.repo_id, "path": "model.safetensors"} for repo in TEN]
    without, full = frames(TEN), frames(TEN, files=files)
    drift = measure_drift(without, full, NOBODY, SPEECH, replace(LOOSE, rows_gained=0))
    assert drift["breaches"] == []
    assert drift["rows"]["files"] == {"before": 0, "now": 10}
    assert not [name for name in drift["fill_rates"] if name.startswith("files.")]
    emptied = measure_drift(full, without, NOBODY, SPEECH, replace(LOOSE, rows_lost=0.9))
    assert breached(emptied) == [("rows_lost", "files", 1.0)]


def test_a_fill_rate_that_falls_and_one_that_rises() -> None:
    told = [replace(repo, facts={"license": ["mit"]}) for repo in TEN]
    drift = measure(told, told[:8] + TEN[8:], fill_rate_lost=0.19)
    assert drift["fill_rates"] == {"models.license": {"before": 1.0, "now": 0.8}}
    assert breached(drift) == [("fill_rate_lost", "models.license", 0.2)]
    assert measure(told, told[:8] + TEN[8:], fill_rate_lost=0.2)["breaches"] == []
    assert measure(TEN, told, fill_rate_lost=0)["breaches"] == []


def test_models_that_are_lost_though_as_many_came() -> None:
    now = [*TEN[:8], *(Repo(f"new/n{number}") for number in range(2))]
    drift = measure(TEN, now, models_lost=0.19)
    assert drift["models_lost"] == {"before": 10, "lost": 2, "examples": ["acme/m8", "acme/m9"]}
    assert breached(drift) == [("models_lost", "models", 0.2)]
    assert measure(TEN, now, models_lost=0.2)["breaches"] == []


def test_a_renamed_repository_is_not_lost_and_keeps_its_family_and_count() -> None:
    moved = pl.DataFrame({"previous_id": ["acme/m9"], "current_id": ["zoo/m9"]})
    drift = measure(TEN, [*TEN[:9], replace(TEN[9], repo_id="zoo/m9")], moved, models_lost=0)
    assert drift["models_lost"]["lost"] == 0
    assert drift["families_regrouped"]["before"] == drift["parameters_moved"]["before"] == 10


def test_a_repository_that_took_the_name_of_one_that_is_gone_is_compared_with_itself() -> None:
    moved = pl.DataFrame({"previous_id": ["acme/m9"], "current_id": ["acme/m8"]})
    large = replace(TEN[9], parameters=9 * BILLION)
    drift = measure([*TEN[:9], large], [*TEN[:8], replace(large, repo_id="acme/m8")], moved)
    assert (drift["parameters_moved"]["before"], drift["parameters_moved"]["moved"]) == (9, 0)
    assert drift["models_lost"] == {"before": 10, "lost": 1, "examples": ["acme/m8"]}


def test_only_what_queries_of_both_dates_list_is_measured() -> None:
    music = [replace(repo, scopes=("music",)) for repo in TEN]
    drift = measure([*TEN[:5], *music[5:]], TEN[:5], rows_lost=0, models_lost=0, families_regrouped=0)
    assert drift["breaches"] == []
    for table in ("models", "unique_models", "families", "variants"):
        assert drift["rows"][table] == {"before": 5, "now": 5}, table


def test_a_repository_that_another_query_lists_now_is_not_lost() -> None:
    now = [*TEN[:9], replace(TEN[9], scopes=("music",))]
    assert measure(TEN, now, models_lost=0)["models_lost"]["lost"] == 0


def test_dates_that_share_no_query_say_that_nothing_was_measured() -> None:
    assert breached(measure(TEN, TEN, shared=frozenset())) == [("shared_scopes", "", 0)]


def unique(**families: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"unique_model_id": list(families), "family_id": list(families.values())},
        schema={"unique_model_id": pl.String, "family_id": pl.String},
    )


FAMILIES: dict[str, tuple[pl.DataFrame, pl.DataFrame, int, dict[str, list[str]], dict[str, list[str]]]] = {
    "the same": (unique(a="f", b="f"), unique(a="f", b="f"), 0, {}, {}),
    "another name": (unique(a="f", b="f"), unique(a="g", b="g"), 0, {}, {}),
    "a newcomer and a loss": (unique(a="f", b="f"), unique(a="f", c="g"), 0, {}, {}),
    "split": (unique(a="f", b="f"), unique(a="f", b="g"), 1, {"f": ["f", "g"]}, {}),
    "merged": (unique(a="f", b="g"), unique(a="f", b="f"), 2, {}, {"f": ["f", "g"]}),
    "one model goes over": (
        unique(a="f", b="f", c="g"),
        unique(a="f", b="g", c="g"),
        2,
        {"f": ["f", "g"]},
        {"g": ["f", "g"]},
    ),
    "nothing known": (unique(), unique(), 0, {}, {}),
}


@pytest.mark.parametrize(("old", "new", "regrouped", "split", "merged"), FAMILIES.values(), ids=FAMILIES)
def test_families(
    old: pl.DataFrame,
    new: pl.DataFrame,
    regrouped: int,
    split: dict[str, list[str]],
    merged: dict[str, list[str]],
) -> None:
    found = compare_families(old, new)
    assert found["regrouped"] == regrouped
    assert {entry["family_id"]: entry["into"] for entry in found["split"]} == split
    assert {entry["family_id"]: entry["from"] for entry in found["merged"]} == merged


def test_families_that_were_regrouped_beyond_the_limit() -> None:
    now = [replace(TEN[0], family="f1"), *TEN[1:]]
    drift = measure(TEN, now, families_regrouped=0.19)
    assert breached(drift) == [("families_regrouped", "families", 0.2)]
    assert measure(TEN, now, families_regrouped=0.2)["breaches"] == []


def test_examples_of_families_are_bounded_and_their_number_is_not() -> None:
    old = unique(**{f"m{n}": f"f{n // 2:02}" for n in range(60)})
    new = unique(**{f"m{n}": f"g{n:02}" for n in range(60)})
    found = compare_families(old, new)
    assert (found["regrouped"], len(found["split"])) == (30, 20)
    assert found["split"][0] == {"family_id": "f00", "into": ["g00", "g01"]}
    assert len(compare_families(old, new, examples=None)["split"]) == 30


def counted(*rows: tuple[str, int | None, int | None]) -> pl.DataFrame:
    columns = ("repo_id", "runtime_parameters", "runtime_parameters_uncertainty")
    schema = {"repo_id": pl.String, columns[1]: pl.Int64, columns[2]: pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


PARAMETERS = {
    "equal": ((1000, 0), (1000, 0), False),
    "within the tolerance": ((1000, 0), (1020, 0), False),
    "beyond it, up": ((1000, 0), (1021, 0), True),
    "beyond it, down": ((1000, 0), (979, 0), True),
    "explained by the earlier uncertainty": ((1000, 5), (1025, 0), False),
    "explained by the later uncertainty": ((1000, 0), (1025, 5), False),
    "more than both explain": ((1000, 5), (1031, 5), True),
    "unknown then": ((None, None), (1000, 0), False),
    "unknown now": ((1000, 0), (None, None), False),
    "as large as a column can hold": ((2**62, 0), (2**62, 0), False),
}


@pytest.mark.parametrize(("before", "now", "moves"), PARAMETERS.values(), ids=PARAMETERS)
def test_a_count_moves_beyond_tolerance_and_uncertainty(
    before: tuple[int | None, int | None], now: tuple[int | None, int | None], *, moves: bool
) -> None:
    found = compare_parameters(counted(("a", *before)), counted(("a", *now)), 0.02)
    assert found["moved"] == moves
    assert found["before"] == (None not in before + now)
    assert found["examples"] == ([{"repo_id": "a", "before": before[0], "now": now[0]}] if moves else [])


def test_the_largest_moves_are_named_first() -> None:
    old = counted(*((name, 1000, 0) for name in "abc"))
    new = counted(("a", 1100, 0), ("b", 500, 0), ("c", 1100, 0))
    assert [row["repo_id"] for row in compare_parameters(old, new, 0.02)["examples"]] == ["b", "a", "c"]


def test_parameters_that_moved_beyond_the_limit() -> None:
    now = [replace(TEN[0], parameters=2 * BILLION), *TEN[1:]]
    drift = measure(TEN, now, parameters_moved=0.09, parameters_tolerance=0.02)
    assert breached(drift) == [("parameters_moved", "models.runtime_parameters", 0.1)]
    assert measure(TEN, now, parameters_moved=0.1, parameters_tolerance=0.02)["breaches"] == []


def test_the_order_of_rows_does_not_matter() -> None:
    now = [replace(TEN[0], family="f1", parameters=5), *TEN[1:8]]
    other = [frames(some[::-1]) for some in (TEN, now)]
    wanted = measure_drift(frames(TEN), frames(now), NOBODY, SPEECH, LOOSE)
    assert measure_drift(other[0], other[1], NOBODY, SPEECH, LOOSE) == wanted


def test_every_measure_is_told_once_with_its_numbers() -> None:
    limits = replace(Limits(**dict.fromkeys(LIMITS, 0.1)), parameters_tolerance=0.02)
    told = [
        replace(repo, facts={"license": ["mit"], "gated": "false", "sha": "a" * 40, "library_name": "x"})
        for repo in TEN
    ]
    now = [replace(TEN[0], family="f1", parameters=5), *TEN[1:6]]
    drift = measure_drift(frames(told), frames(now), NOBODY, SPEECH, limits)
    assert describe_breaches(drift["breaches"]) == [
        "rows fell by more than 10 %: families 10 → 5, models 10 → 6, unique_models 10 → 6 and 1 more",
        (
            "fill rates fell by more than 10 %: models.gated 100.0 → 0.0 %, "
            "models.library_name 100.0 → 0.0 %, models.license 100.0 → 0.0 % and 1 more"
        ),
        "more than 10 % of the repositories are gone: 4 of 10",
        "more than 10 % of the families were split or merged: 2 of 6",
        "more than 10 % of the parameter counts moved: 1 of 6",
    ]


def to_manifest(breaches: list[dict[str, Any]], reason: str | None = None) -> dict[str, Any]:
    return {
        "name": "2026-06-30",
        "previous": {"name": "2026-05-31"},
        "drift": {"breaches": breaches},
        "drift_reason": reason,
    }


def test_a_breach_is_refused_unless_the_date_has_a_reason() -> None:
    breaches = measure(TEN, TEN[:7], rows_lost=0.1)["breaches"]
    with pytest.raises(DriftBeyondLimit) as refused:
        refuse_drift(to_manifest(breaches))
    sentence = str(refused.value)
    assert "2026-06-30 has moved from 2026-05-31 by more than params.yaml allows: rows fell " in sentence
    assert "`builder diff 2026-05-31 2026-06-30`" in sentence
    assert "`reason` in snapshots/index.yaml" in sentence
    refuse_drift(to_manifest(breaches, "A task was retired."))


def test_no_breach_and_no_previous_date_are_no_drift() -> None:
    refuse_drift(to_manifest([]))
    refuse_drift(to_manifest([]) | {"drift": None, "previous": None})
    refuse_drift({"name": "2025-12-07"})


def test_nothing_measured_says_so() -> None:
    breaches = measure(TEN, TEN, shared=frozenset())["breaches"]
    assert describe_breaches(breaches) == ["the two dates share no query, so nothing could be measured"]


def test_breaches_stand_by_measure_and_the_largest_first() -> None:
    rates = {"models.b": 0.5, "models.a": 0.5, "models.c": 0.2}
    measures = {
        "shared_scopes": ["speech"],
        "rows": {"models": {"before": 10, "now": 1}},
        "fill_rates": {name: {"before": 1.0, "now": now} for name, now in rates.items()},
        "models_lost": {"before": 0, "lost": 0},
        "families_regrouped": {"before": 0, "regrouped": 0},
        "parameters_moved": {"before": 0, "moved": 0},
    }
    found = find_breaches(measures, Limits(**dict.fromkeys(LIMITS, 0.1)))
    assert [breach.subject for breach in found] == ["models", "models.c", "models.a", "models.b"]


def test_queries_are_those_that_some_row_shows() -> None:
    repos = [Repo("a/b", scopes=("x", "y")), Repo("a/c", scopes=("x",))]
    assert read_scopes(frames(repos)["models"]) == {"x", "y"}
    assert read_scopes(frames([])["models"]) == frozenset()
