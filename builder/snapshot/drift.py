"""Drift: how far a date has moved from the previous one, and whether that is further than its limits allow.

Measured over the repositories that queries of both dates list, so that a query which was added or
dropped moves nothing. A breach is a question to a person: did the field change, or did the capture or
a rule? The answer is the date's `reason` in `snapshots/index.yaml`, which is published with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import polars as pl

from builder.errors import DriftBeyondLimit
from builder.snapshot.build import fill_rates
from schemas.table import Table
from schemas.tables.changes import COMPARED

Frames = Mapping[str, pl.DataFrame | pl.LazyFrame]
"""Table name → rows of one date, here or still in their files."""

OF_FAMILIES: Final = ("unique_model_id", "family_id")
"""Columns of `unique_models` that tell which families were regrouped."""

OF_PARAMETERS: Final = ("repo_id", "runtime_parameters", "runtime_parameters_uncertainty")
"""Columns of `models` that tell which counts moved."""

_EXAMPLES: Final = 20
"""Names given per measure: enough to look, short enough to read."""

_SHOWN: Final = 3
"""Breaches of one measure that a message spells out, the largest first."""


@dataclass(frozen=True)
class Limits:
    """`drift:` of `params.yaml`: shares between 0 and 1, but for `rows_gained`, which may be more."""

    rows_lost: float
    rows_gained: float
    fill_rate_lost: float
    models_lost: float
    families_regrouped: float
    parameters_moved: float
    parameters_tolerance: float


LIMITS: Final = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True)
class Breach:
    """One measure of one subject beyond its limit; `share` is what the limit is about."""

    measure: str
    subject: str
    before: float
    now: float
    share: float
    limit: float


def measure_drift(
    before: Frames, now: Frames, moved: pl.DataFrame, shared: frozenset[str], limits: Limits
) -> dict[str, Any]:
    """Measures and breaches, as the manifest publishes them.

    Args:
        before: tables of the previous date.
        now: tables of this date.
        moved: `previous_id` and `current_id` of renamed repositories.
        shared: queries that both dates asked.
        limits: how far a measure may go.
    """
    old, new = _within(before, shared), _within(now, shared)
    rows = {
        table.name: {"before": _count(old[table.name]), "now": _count(new[table.name])} for table in COMPARED
    }
    families, models = (
        [_collect(side[name].select(columns)) for side in (old, new)]
        for name, columns in (("unique_models", OF_FAMILIES), ("models", OF_PARAMETERS))
    )
    measures = {
        "shared_scopes": sorted(shared),
        "rows": rows,
        "fill_rates": dict(_compare_fill_rates(old, new, rows)),
        "models_lost": _find_lost(models[0], _collect(now["models"].lazy().select("repo_id")), moved),
        "families_regrouped": compare_families(rename(families[0], "unique_model_id", moved), families[1]),
        "parameters_moved": compare_parameters(
            rename(models[0], "repo_id", moved), models[1], limits.parameters_tolerance
        ),
    }
    return {**measures, "breaches": [asdict(breach) for breach in find_breaches(measures, limits)]}


def _collect(rows: pl.LazyFrame) -> pl.DataFrame:
    return rows.collect(engine="streaming")


def _count(rows: pl.LazyFrame) -> int:
    return int(_collect(rows.select(pl.len())).item())


def _within(tables: Frames, scopes: frozenset[str]) -> dict[str, pl.LazyFrame]:
    """The rows about repositories that one of the queries lists; counts of tasks are about none."""
    listed = pl.col("scopes").list.eval(pl.element().is_in(sorted(scopes))).list.any()
    models = tables["models"].lazy().filter(listed)
    return {table.name: _only(table, tables[table.name].lazy(), models) for table in COMPARED}


def _only(table: Table, frame: pl.LazyFrame, models: pl.LazyFrame) -> pl.LazyFrame:
    name = next((n for n in ("repo_id", "unique_model_id", "family_id") if n in table.key), None)
    return frame if name is None else frame.join(models.select(name).unique(), on=name, how="semi")


def rename(frame: pl.DataFrame, column: str, moved: pl.DataFrame) -> pl.DataFrame:
    """The same rows under the names that repositories have on this date, each name once."""
    return (
        frame.join(moved, left_on=column, right_on="previous_id", how="left")
        # Where a renamed repository has taken the name of another, it is the one that lives on.
        .sort(pl.col("current_id").is_null(), column)
        .with_columns(pl.coalesce("current_id", column).alias(column))
        .drop("current_id")
        .unique(column, keep="first", maintain_order=True)
    )


def _compare_fill_rates(
    old: Frames, new: Frames, rows: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Fill rates that moved, by `table.column`; a table without rows on one date has none to compare."""
    for table in COMPARED:
        if not all(rows[table.name].values()):
            continue
        before, now = fill_rates(table, old[table.name]), fill_rates(table, new[table.name])
        for column, rate in before.items():
            if rate["fill_rate"] != now[column]["fill_rate"]:
                rates = {"before": rate["fill_rate"], "now": now[column]["fill_rate"]}
                yield f"{table.name}.{column}", rates


def _find_lost(old: pl.DataFrame, now: pl.DataFrame, moved: pl.DataFrame) -> dict[str, Any]:
    """Repositories that no query of this date lists; one whose name another has taken is gone too."""
    stayed = now.join(moved, left_on="repo_id", right_on="current_id", how="anti")
    lost = (
        old.join(moved, left_on="repo_id", right_on="previous_id", how="anti")
        .join(stayed, on="repo_id", how="anti")
        .get_column("repo_id")
        .sort()
    )
    return {"before": old.height, "lost": lost.len(), "examples": lost.head(_EXAMPLES).to_list()}


def compare_families(
    old: pl.DataFrame, new: pl.DataFrame, *, examples: int | None = _EXAMPLES
) -> dict[str, Any]:
    """Families whose distinct models stand in several families now, or come from several.

    Only models of both dates count, so that neither a new model nor another name of a family
    regroups one.

    Args:
        old: `unique_models` of the previous date, under the names of this date.
        new: `unique_models` of this date.
        examples: how many are named at most; all where None.
    """
    before, now = pl.col("family_id").alias("before"), pl.col("family_id").alias("now")
    pairs = (
        old.select("unique_model_id", before)
        .join(new.select("unique_model_id", now), on="unique_model_id")
        .select("before", "now")
        .unique()
    )
    split, merged = (
        pairs.group_by(one).agg(pl.col(other).sort()).filter(pl.col(other).list.len() > 1).sort(one)
        for one, other in (("before", "now"), ("now", "before"))
    )
    regrouped = {*split.get_column("before"), *merged.get_column("before").explode()}
    return {
        "before": pairs.get_column("before").n_unique(),
        "regrouped": len(regrouped),
        "split": [{"family_id": one, "into": others} for one, others in split[:examples].iter_rows()],
        "merged": [{"family_id": one, "from": others} for one, others in merged[:examples].iter_rows()],
    }


def compare_parameters(
    old: pl.DataFrame, new: pl.DataFrame, tolerance: float, *, examples: int | None = _EXAMPLES
) -> dict[str, Any]:
    """Repositories whose `runtime_parameters` are known on both dates and moved.

    A count moves where it differs by more than the tolerance and more than the uncertainties of both
    dates explain.

    Args:
        old: `models` of the previous date, under the names of this date.
        new: `models` of this date.
        tolerance: share of the count.
        examples: how many are named at most, the largest moves first; all where None.
    """
    both = (
        old.select(OF_PARAMETERS)
        .join(new.select(OF_PARAMETERS), on="repo_id", suffix="_now")
        .drop_nulls(["runtime_parameters", "runtime_parameters_now"])
        .rename({"runtime_parameters": "before", "runtime_parameters_now": "now"})
    )
    unsure = pl.sum_horizontal("runtime_parameters_uncertainty", "runtime_parameters_uncertainty_now")
    by = (pl.col("now") - pl.col("before")).abs()
    moved = both.filter(by > tolerance * pl.col("before") + unsure).sort(
        by / pl.col("before"), "repo_id", descending=[True, False]
    )
    return {
        "before": both.height,
        "moved": moved.height,
        "examples": moved.select("repo_id", "before", "now")[:examples].to_dicts(),
    }


def find_breaches(measures: Mapping[str, Any], limits: Limits) -> list[Breach]:
    """Every measure beyond its limit, by measure and then the largest first."""
    if not measures["shared_scopes"]:
        # Nothing was measured, and nothing measured must not read as nothing moved.
        return [Breach("shared_scopes", "", 0, 0, 0, 0)]
    found = [
        *_rows_beyond(measures["rows"], limits),
        *(
            Breach("fill_rate_lost", name, rate["before"], rate["now"], fallen, limits.fill_rate_lost)
            for name, rate in measures["fill_rates"].items()
            if (fallen := round(rate["before"] - rate["now"], 6)) > limits.fill_rate_lost
        ),
        *_share_beyond(measures, "models_lost", "lost", "models", limits),
        *_share_beyond(measures, "families_regrouped", "regrouped", "families", limits),
        *_share_beyond(measures, "parameters_moved", "moved", "models.runtime_parameters", limits),
    ]
    order = {measure: place for place, measure in enumerate(_WORDS)}
    return sorted(found, key=lambda breach: (order[breach.measure], -breach.share, breach.subject))


def _rows_beyond(rows: Mapping[str, Mapping[str, int]], limits: Limits) -> Iterator[Breach]:
    for table, count in rows.items():
        before, now = count["before"], count["now"]
        if not before:
            # A table that had no rows has no share to grow by: what fills it is new evidence.
            continue
        share = round(abs(now - before) / before, 6)
        measure = "rows_lost" if now < before else "rows_gained"
        limit: float = getattr(limits, measure)
        if share > limit:
            yield Breach(measure, table, before, now, share, limit)


def _share_beyond(
    measures: Mapping[str, Any], measure: str, part: str, subject: str, limits: Limits
) -> Iterator[Breach]:
    whole, some = measures[measure]["before"], measures[measure][part]
    limit: float = getattr(limits, measure)
    share = round(some / whole, 6) if whole else 0.0
    if share > limit:
        yield Breach(measure, subject, whole, some, share, limit)


_WORDS: Final = {
    "shared_scopes": "the two dates share no query, so nothing could be measured",
    "rows_lost": "rows fell by more than {limit}: ",
    "rows_gained": "rows grew by more than {limit}: ",
    "fill_rate_lost": "fill rates fell by more than {limit}: ",
    "models_lost": "more than {limit} of the repositories are gone: ",
    "families_regrouped": "more than {limit} of the families were split or merged: ",
    "parameters_moved": "more than {limit} of the parameter counts moved: ",
}
"""Measures in the order of a message, and how it begins to speak of each."""


def describe_breaches(breaches: list[Mapping[str, Any]]) -> list[str]:
    """One clause per breached measure, with its numbers."""
    clauses = []
    for measure, words in _WORDS.items():
        found = [breach for breach in breaches if breach["measure"] == measure]
        if not found:
            continue
        shown = ", ".join(_describe(breach) for breach in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        clauses.append(words.format(limit=f"{100 * found[0]['limit']:g} %") + shown + more)
    return clauses


def _describe(breach: Mapping[str, Any]) -> str:
    match breach["measure"]:
        case "shared_scopes":
            return ""
        case "rows_lost" | "rows_gained":
            return f"{breach['subject']} {breach['before']:,} → {breach['now']:,}"
        case "fill_rate_lost":
            return f"{breach['subject']} {100 * breach['before']:.1f} → {100 * breach['now']:.1f} %"
        case _:
            return f"{breach['now']:,} of {breach['before']:,}"


def refuse_drift(manifest: Mapping[str, Any]) -> None:
    """Demand that a date stays within its limits, or says why not.

    Raises:
        DriftBeyondLimit: it does not.
    """
    drift = manifest.get("drift")
    if not drift or not drift["breaches"] or manifest.get("drift_reason"):
        return
    name, previous = manifest["name"], manifest["previous"]["name"]
    raise DriftBeyondLimit(
        f"{name} has moved from {previous} by more than params.yaml allows: "
        f"{', and '.join(describe_breaches(drift['breaches']))}; look at `builder diff {previous} {name}`, "
        "then correct the evidence or the rules, or say why it is so as the date's `reason` in "
        "snapshots/index.yaml, and build it again"
    )
