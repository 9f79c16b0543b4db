"""Whatever evidence holds, parse answers with rows of the schema or one named error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st

from builder.errors import BuilderError, EvidenceUnreadable, SchemaViolation
from builder.parse.export import BILLION, ROUNDED_PARAMETERS
from builder.parse.names import parse_name, to_stem
from builder.parse.parts import FORMAT_PARTS, cut_parts
from builder.parse.record import Rows, parse_record
from builder.relations.columns import to_columns
from builder.relations.spread import spread_names, spread_values
from schemas import vocabulary
from schemas.relations import PARSED
from schemas.validate import validate
from tests.unit.file_evidence import CONFIG

# Times differ between machines and say nothing about correctness.
untimed = partial(settings, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NOW = datetime(2025, 12, 7, 15, 26, 59, tzinfo=UTC)

# Fields that capture keeps, by the object that they stand in.
FIELDS: dict[str, tuple[str, ...]] = {
    "list": (
        *("_id", "id", "modelId", "author", "sha", "lastModified", "createdAt", "private", "disabled"),
        *("gated", "pipeline_tag", "library_name", "tags", "downloads", "downloadsAllTime", "likes"),
        *("trendingScore", "siblings", "usedStorage", "safetensors", "gguf", "baseModels"),
        *("childrenModelCount", "config", "cardData"),
    ),
    "cardData": (
        *("license", "license_name", "license_link", "language", "base_model", "base_model_relation"),
        *("pipeline_tag", "library_name", "tags"),
    ),
    "config": ("architectures", "model_type", "quantization_config"),
    "quantization_config": (
        *("bits", "bnb_4bit_quant_type", "fmt", "format", "group_size", "load_in_4bit", "load_in_8bit"),
        *("quant_algo", "quant_method", "quantization_status"),
    ),
    "safetensors": ("parameters", "total"),
    "gguf": ("total", "architecture", "context_length", "totalFileSize"),
    "baseModels": ("relation", "models"),
    "files": ("sha", "files"),
    "file": ("path", "size", "sha256"),
    "headers": ("sha", "files"),
    "header": ("path", "format", "counts", "metadata"),
    "count": ("component", "dtype", "stored_elements", "logical_parameters", "stored_bytes"),
    "metadata": (
        *("architecture", "context_length", "block_count", "embedding_length", "attention.head_count"),
        *("attention.head_count_kv", "attention.key_length"),
    ),
    "listing": ("id", "downloads", "likes", "lastModified", "author", "tags"),
    "details": (
        *("id", "author", "downloads", "likes", "params_billions", "tensor_types", "storage_gb"),
        *("architecture", "model_type", "library_name", "gated", "lastModified"),
    ),
}

# Text as UTF-8 can hold it: a line of evidence with a lone surrogate is refused when it is read.
texts = st.text(max_size=12) | st.sampled_from(
    [
        *("", " ", "acme/base", "acme/echo", "no", "en", "base_model:acme/base", "license:mit", "region:us"),
        *("base_model:finetune:acme/base", "base_model:quantised:acme/base", "base_model:", "4-bit", "mlx"),
        *("gptq", "bitsandbytes", "safetensors", "gguf", "quantized", "finetune", "2025-12-07T15:26:59Z"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"),
        *("x" * 300, "BF16,U8", "<b>", "\x00", "a\nb"),
    ]
)
numbers = st.integers() | st.floats() | st.sampled_from([0, -1, 2**63, 2**53, 10**400, 0.68, 1e300])
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def objects(name: str, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with any of its known fields, each with anything, or with what it usually holds."""
    fields = {field: anything | known[field] if field in known else anything for field in FIELDS[name]}
    return st.fixed_dictionaries({}, optional=fields)


dtypes = st.sampled_from(["BF16", "F16", "F32", "U8", "I8", "I32", "U32", "I64", "F8_E4M3", "F8_E8M0", "F4"])
counts = st.integers(0, 10**13)
tags = st.lists(texts, max_size=6)
listings = objects(
    "list",
    tags=tags,
    cardData=objects("cardData", base_model=texts | tags),
    config=objects("config", quantization_config=objects("quantization_config")),
    safetensors=objects("safetensors", parameters=st.dictionaries(dtypes, counts), total=counts),
    gguf=objects("gguf", total=counts),
    baseModels=objects("baseModels", models=st.lists(st.fixed_dictionaries({"id": texts}), max_size=3)),
    siblings=st.lists(st.fixed_dictionaries({"rfilename": texts}), max_size=3),
)
exports = st.fixed_dictionaries(
    {},
    optional={
        "listing": anything | objects("listing", tags=tags),
        "details": anything
        | objects("details", params_billions=st.floats(0, 1000), storage_gb=st.floats(0, 1000)),
    },
)
paths = texts | st.sampled_from(
    [
        *("model-00001-of-00002.safetensors", "model-00009-of-00002.safetensors", "Q8_0/echo-Q8_0.gguf"),
        *("mmproj-F16.gguf", "adapter_model.bin", "onnx/model_q4.onnx_data", "config.json", "optimizer.pt"),
        *("model.safetensors.index.json", "/model.bin", "a\x85.gguf", "echo.zip", ".gguf", "-of-.bin", "/"),
    ]
)
files = objects(
    "files",
    files=st.lists(objects("file", path=paths, size=counts, sha256=st.just("ab" * 32)), max_size=5),
)
headers = objects(
    "headers",
    files=st.lists(
        objects(
            "header",
            path=paths,
            format=st.sampled_from(["safetensors", "gguf", "torch"]),
            counts=st.lists(
                objects(
                    "count",
                    component=st.sampled_from(sorted(vocabulary.COMPONENT)),
                    dtype=dtypes,
                    stored_elements=counts,
                    logical_parameters=counts,
                    stored_bytes=counts,
                ),
                max_size=3,
            ),
            metadata=objects("metadata"),
        ),
        max_size=3,
    ),
)
settings_of_models = st.integers(-1, 4_096) | st.sampled_from([10**6, 10**7, 10**9, 2**53, 0.5, None])


def like(value: object) -> st.SearchStrategy[Any]:
    """Any JSON in the form of an example: some of its fields, each with anything or with its like."""
    if isinstance(value, dict):
        fields = {name: anything | like(inner) for name, inner in value.items()}
        return st.fixed_dictionaries({}, optional=fields)
    if isinstance(value, bool) or value is None:
        return st.booleans() | settings_of_models
    return settings_of_models if isinstance(value, int | float) else texts | st.just(value)


configs = like(CONFIG)
names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,20}", fullmatch=True)
repo_ids = names | st.builds("{}/{}".format, names, names)


def refuse_violations(rows: Rows) -> None:
    # Records share their sets of absences, each of which is written once.
    rows = rows | {
        "absence": [dict(row) for row in sorted({tuple(row.items()) for row in rows.get("absence", ())})]
    }
    columns = {table.name: to_columns(table, rows[table.name]) for table in PARSED if rows.get(table.name)}
    if "record" in columns:
        columns["name"] = spread_names(rows["record"], rows["base_reference"])
        columns["record_value"] = spread_values(columns["record_list"])
    for table in PARSED:
        if table.name in columns:
            frame = pl.from_arrow(columns[table.name])
            assert isinstance(frame, pl.DataFrame)
            assert validate(table, frame.lazy()) == []


def read(repo_id: str, parts: Mapping[str, object]) -> Rows:
    """Rows, or none where the record is refused in one sentence that names it."""
    refused: BuilderError | None = None
    rows: Rows = {}
    try:
        rows = parse_record(repo_id, "member", parts, NOW)
    except (EvidenceUnreadable, SchemaViolation) as error:
        refused = error
    assert refused is None or str(refused).startswith(f"record {repo_id}: ")
    assert refused is None or len(str(refused).splitlines()) == 1
    return rows


@st.composite
def evidence(draw: st.DrawFn) -> dict[str, dict[str, object]]:
    """A few records: repo_id → parts."""
    parts = {"list": listings, "export": exports, "files": files, "config": configs, "headers": headers}
    records: dict[str, dict[str, object]] = {}
    for _ in range(draw(st.integers(1, 4))):
        some = draw(st.sets(st.sampled_from(sorted(parts)), min_size=1, max_size=3))
        records[draw(repo_ids)] = {name: draw(parts[name]) for name in sorted(some)}
    return records


# Several records are checked at once, since checking a relation takes as long for one row as for many.
@untimed(max_examples=50)
@given(evidence())
@example({"acme/echo": {"list": {"cardData": {"base_model": "x" * 10_000, "language": {"a": "b"}}}}})
@example({"acme/echo": {"list": {"usedStorage": 10**400, "createdAt": "9999-12-31T23:59:59-23:59"}}})
@example({"acme/echo": {"export": {"details": {"params_billions": 1e300, "storage_gb": 1e-9}}}})
@example({"acme/echo": {"files": {"files": [{"path": "x" * 256 + ".bin", "size": 2**53}]}}})
@example({"acme/echo": {"config": {"config.json": {"vocab_size": 10**7, "hidden_size": 10**6}}}})
@example({"_/-": {}})
def test_any_json_in_any_known_field_becomes_rows_or_a_named_error(
    records: Mapping[str, Mapping[str, object]],
) -> None:
    rows: Rows = {}
    for repo_id, parts in records.items():
        for name, more in read(repo_id, parts).items():
            rows.setdefault(name, []).extend(more)
    refuse_violations(rows)


@pytest.mark.parametrize("part", ["list", "export", "files", "config", "headers"])
@given(parts=anything)
@untimed(max_examples=50)
def test_a_part_may_be_anything(part: str, parts: object) -> None:
    refuse_violations(read("acme/echo", {part: parts}))


@untimed(max_examples=60)
@given(
    st.lists(texts.filter(lambda tag: "quantised" not in tag), max_size=8),
    st.lists(st.sampled_from(["acme/base", "acme/other", "local", ""]), max_size=4),
    st.dictionaries(dtypes, counts.filter(bool), max_size=4),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter(
    some_tags: list[str], bases: list[str], parameters: dict[str, int], random: Random
) -> None:
    def parse(tags: list[str], bases: list[str], parameters: dict[str, int]) -> Rows:
        row = {
            "tags": tags,
            "cardData": {"base_model": bases, "language": tags},
            "baseModels": {"relation": "merge", "models": [{"id": base} for base in bases]},
            "safetensors": {"parameters": parameters},
        }
        return parse_record("acme/echo", "member", {"list": row}, NOW)

    try:
        first = parse(some_tags, bases, parameters)
    except SchemaViolation:
        reject()
    pairs = list(parameters.items())
    for values in (some_tags, bases, pairs):
        random.shuffle(values)
    assert parse(some_tags, bases, dict(pairs)) == first


@given(st.integers(1, 10**6))
def test_two_decimals_of_a_billion_hold_the_truth(hundredths: int) -> None:
    billions = hundredths / 100
    rows = read("acme/echo", {"export": {"details": {"params_billions": billions}}})
    (count,) = rows["parameter_count"]
    assert (count["stored_elements"], count["uncertainty"]) == (
        hundredths * BILLION // 100,
        ROUNDED_PARAMETERS,
    )


@untimed(max_examples=300)
@given(repo_ids)
@example("org/---")
@example("org/-_x")
@example("org/GGUF-GGUF")
@example("a" * 96 + "/" + "b" * 96)
def test_every_legal_id_has_a_name(repo_id: str) -> None:
    parsed = parse_name(repo_id)
    assert parsed.title
    assert parsed.stem
    assert parsed.line
    assert parsed.quantization in {None, *vocabulary.QUANTIZATION}
    assert (parsed.prefix_owner is None) == (parsed.prefix_stem is None) == (parsed.prefix_line is None)
    assert parsed.prefix_owner != ""


@untimed(max_examples=300)
@given(repo_ids)
@example("org/Echo-copy-GGUF-fix")
def test_a_title_and_a_stem_are_taken_apart_already(repo_id: str) -> None:
    parsed = parse_name(repo_id)
    again = parse_name(f"org/{parsed.title}")
    assert (again.title, again.stem, again.line) == (parsed.title, parsed.stem, parsed.line)
    assert to_stem(parsed.stem) == parsed.stem


format_parts = st.sampled_from(
    [
        *("GGUF", "i1", "Q4_K_M", "q4_0", "IQ3_XXS", "imatrix", "GPTQ", "AWQ", "w4a16", "bnb", "4bit"),
        *("8-bit", "FP8", "FP8-dynamic", "NVFP4A16", "mxfp4", "int8", "exl2", "4.0bpw", "MLX", "3bit"),
        *("ONNX", "onnx-web", "ov", "ct2", "transformers", "hf", "safetensors", "quantized", "smashed"),
        *("g128", "bf16", "F16", "fp32"),
    ]
)
titles = st.sampled_from(
    [
        *("Echo", "Echo-7B", "Echo-Audio-7B-Instruct", "Echo-Mini-3B-2507"),
        *("echo-v0_5-llama-3_2-1b", "maker_Echo-7B"),
    ]
)


@pytest.mark.parametrize("pattern", [part.pattern for part in FORMAT_PARTS])
@untimed(max_examples=30)
@given(data=st.data(), separator=st.sampled_from("-_. "), upper=st.booleans())
def test_every_spelling_of_a_format_part_is_taken_off(
    pattern: str, data: st.DataObject, *, separator: str, upper: bool
) -> None:
    part = data.draw(st.from_regex(pattern, fullmatch=True))
    title, parts, _ = cut_parts(f"Echo{separator}{part.upper() if upper else part}")
    assert title.startswith("Echo")
    assert parts


@untimed(max_examples=300)
@given(titles, st.lists(format_parts, max_size=15), st.sampled_from(["-", "_", "."]))
def test_format_parts_in_any_number_and_order_leave_the_same_stem(
    title: str, parts: list[str], separator: str
) -> None:
    plain, dressed = parse_name(f"acme/{title}"), parse_name(f"me/{separator.join([title, *parts])}")
    assert (dressed.title, dressed.stem, dressed.line) == (plain.title, plain.stem, plain.line)
    assert (dressed.prefix_owner, dressed.stated_billions) == (plain.prefix_owner, plain.stated_billions)


@given(titles, st.lists(format_parts, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_format_parts_says_nothing(title: str, parts: list[str], random: Random) -> None:
    def read(parts: list[str]) -> tuple[object, ...]:
        parsed = parse_name("-".join([f"me/{title}", *parts]))
        return parsed.quantization, parsed.bits, parsed.float_bits, parsed.ported, parsed.copy_word

    shuffled = parts.copy()
    random.shuffle(shuffled)
    assert read(parts) == read(shuffled)
