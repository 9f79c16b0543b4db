"""`parameters`: every count with its source; the sums in `models` are taken over these rows."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import RowCheck
from schemas.shared import (
    PATH,
    REPO_ID,
    SHA,
    SNAPSHOT_DATE,
    TOKEN,
    coded,
    count,
    flag,
    observed_at,
    repo_id,
    required,
    text,
)
from schemas.table import Reference, Table

SAFETENSORS_BITS = {
    "F64": 64, "I64": 64, "U64": 64, "C64": 64, "F32": 32, "I32": 32, "U32": 32,
    "F16": 16, "BF16": 16, "I16": 16, "U16": 16, "I8": 8, "U8": 8, "BOOL": 8,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4,
}  # fmt: skip
"""Bits of one stored element (the format's own list of data types)."""

GGUF_BLOCKS = {
    "Q4_0": (32, 18), "Q4_1": (32, 20), "Q5_0": (32, 22), "Q5_1": (32, 24), "Q8_0": (32, 34),
    "Q8_1": (32, 40), "Q2_K": (256, 84), "Q3_K": (256, 110), "Q4_K": (256, 144), "Q5_K": (256, 176),
    "Q6_K": (256, 210), "Q8_K": (256, 292), "IQ1_S": (256, 50), "IQ1_M": (256, 56),
    "IQ2_XXS": (256, 66), "IQ2_XS": (256, 74),
    "IQ2_S": (256, 82), "IQ3_XXS": (256, 98), "IQ3_S": (256, 110), "IQ4_XS": (256, 136), "IQ4_NL": (32, 18),
    "Q1_0": (128, 18), "TQ1_0": (256, 54), "TQ2_0": (256, 66), "MXFP4": (32, 17), "NVFP4": (64, 36),
}  # fmt: skip
"""Elements and bytes of one block of a GGUF data type (`GGML_QUANT_SIZES` of gguf-py)."""

BITS_OF_DTYPE: dict[str, float] = {
    **SAFETENSORS_BITS,
    **{dtype: size * 8 / elements for dtype, (elements, size) in GGUF_BLOCKS.items()},
}
"""Bits that one stored element takes; the names of the two formats do not clash."""


def _fits(bits: float) -> str:
    names = ", ".join(f"'{dtype}'" for dtype, known in BITS_OF_DTYPE.items() if known == bits)
    return f"(dtype NOT IN ({names}) OR stored_bytes * 8 <= stored_elements * {bits})"


PARAMETERS = Table(
    name="parameters",
    title="Parameter counts",
    group="Where it comes from",
    description="One row per component, place, data type and source; alternatives are kept with "
    "`counted = false`.",
    key=("snapshot_date", "repo_id", "component", "weights_repo_id", "source_path", "dtype", "source"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        coded("component", "Part of the model.", "build", vocabulary.COMPONENT, nullable=False),
        text("weights_repo_id", "Where the weights live.", "table `lineage`", REPO_ID, nullable=False),
        text(
            "source_path",
            "File that was counted; `*` for all files of the repository.",
            "evidence",
            PATH,
            nullable=False,
        ),
        text(
            "dtype",
            "Data type as the source names it; `mixed` or `unknown` where it names none.",
            "evidence",
            TOKEN,
            nullable=False,
        ),
        text("weights_sha", "Commit at which the weights were counted.", "evidence", SHA),
        count("stored_elements", "Elements as stored; packed elements count once.", "source", "elements", 1),
        count("logical_parameters", "Weights after unpacking; a tied head once.", "source", "parameters", 1),
        count("stored_bytes", "Tensor data without headers.", "source", "bytes", 1),
        count(
            "uncertainty",
            "Half width of the interval that holds the true count; 0 is exact.",
            "source",
            "parameters",
            nullable=False,
        ),
        coded("source", "Where the count was read.", "evidence", vocabulary.PARAMETER_SOURCE, nullable=False),
        flag("counted", "Whether the row is an addend of the sums in `models`.", "build", nullable=False),
        coded("confidence", "How sure the count is.", "build", vocabulary.CONFIDENCE, nullable=False),
        required(observed_at),
    ),
    references=(Reference(("repo_id",), "models", ("repo_id",), "a count belongs to a listed repository"),),
    row_checks=(
        RowCheck(
            ("stored_bytes", "stored_elements", "dtype"),
            " AND ".join(_fits(bits) for bits in sorted(set(BITS_OF_DTYPE.values()))),
            "an element takes no more bits than its data type has",
        ),
        RowCheck(
            ("counted", "logical_parameters"),
            "counted = FALSE OR logical_parameters IS NOT NULL",
            "an addend has a value",
        ),
    ),
)
