"""Columns of parameter counts: each one a sum over `parameters`, with uncertainty and source."""

from __future__ import annotations

from dataclasses import replace

from schemas import vocabulary
from schemas.column import Column, RowCheck
from schemas.shared import coded, count, parameters, presence

_SOURCE = "table `parameters`"
_GAPS = (
    "no_weights_in_repo",
    "gated",
    "format_without_counts",
    "packing_ambiguous",
    "backbone_unknown",
    "config_absent",
    "not_captured",
    "conflicting_sources",
)

stored_parameters = count(
    "stored_parameters",
    "Elements as stored in this repository's weights; packed elements count once.",
    _SOURCE,
    "elements",
    minimum=1,
    gap_reasons=_GAPS,
)
logical_parameters = count(
    "logical_parameters",
    "Weights that this repository's files hold: packed elements unpacked, a tied head once.",
    _SOURCE,
    "parameters",
    minimum=1,
    gap_reasons=_GAPS,
    tracked=True,
)
runtime_parameters = replace(parameters, gap_reasons=_GAPS, tracked=True)
active_parameters = count(
    "active_parameters",
    "Weights that take part in one token (fewer than `runtime_parameters` in a mixture of experts).",
    _SOURCE,
    "parameters",
    minimum=1,
    gap_reasons=_GAPS,
)
COUNTED: tuple[Column, ...] = (stored_parameters, logical_parameters, runtime_parameters, active_parameters)


def provenance(column: Column) -> tuple[Column, Column, Column]:
    """`_uncertainty`, `_source` and `_confidence` beside a count."""
    return (
        count(
            f"{column.name}_uncertainty",
            f"Half width of the interval that holds the true `{column.name}`; 0 is exact.",
            _SOURCE,
            column.unit,
        ),
        coded(
            f"{column.name}_source",
            f"Weakest source among the addends of `{column.name}`.",
            _SOURCE,
            vocabulary.PARAMETER_SOURCE,
        ),
        coded(
            f"{column.name}_confidence",
            f"Lowest confidence among the addends of `{column.name}`.",
            _SOURCE,
            vocabulary.CONFIDENCE,
        ),
    )


PROVENANCE = tuple(companion for column in COUNTED for companion in provenance(column))
PROVENANCE_CHECKS = tuple(
    RowCheck(
        (column.name, *(companion.name for companion in provenance(column))),
        presence(column, *provenance(column)),
        f"`{column.name}` has uncertainty, source and confidence exactly where it has a value",
    )
    for column in COUNTED
)
COUNT_CHECKS = (
    RowCheck(
        (
            "logical_parameters",
            "logical_parameters_uncertainty",
            "runtime_parameters",
            "runtime_parameters_uncertainty",
        ),
        "runtime_parameters + runtime_parameters_uncertainty + logical_parameters_uncertainty "
        ">= logical_parameters",
        "what must be loaded is at least what the repository holds",
    ),
    RowCheck(
        (
            "active_parameters",
            "active_parameters_uncertainty",
            "runtime_parameters",
            "runtime_parameters_uncertainty",
        ),
        "active_parameters <= runtime_parameters + runtime_parameters_uncertainty "
        "+ active_parameters_uncertainty",
        "no more weights are active than are loaded",
    ),
)
