"""What a build says of each invented repository: kinds, sameness, families, lineage, counts, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.integration.invented_hub import BY_ID, ECHO, ECHO_WEIGHTS, EXPORT, LISTING, REPOS

if TYPE_CHECKING:
    from builder.layout import Layout

DATES = pytest.mark.parametrize("date", [EXPORT, LISTING])
ROUNDED = {EXPORT: 5_000_000, LISTING: 0}
"""Half a step of the export's two decimals of a billion; the listing is exact."""

LLAMA_1B, WHISPER_ENCODER = 1_235_814_400, 636_968_960


def read(layout: Layout, date: str, table: str) -> pl.DataFrame:
    return pl.read_parquet(layout.table(date, table))


def row(layout: Layout, date: str, repo_id: str) -> dict[str, Any]:
    return read(layout, date, "models").row(by_predicate=pl.col("repo_id") == repo_id, named=True)


KINDS = {
    ECHO: ("original", ECHO, "echo"),
    "borrower/Echo-7B-Singlish": ("finetune", "borrower/Echo-7B-Singlish", "echo"),
    "borrower/Echo-7B-Instruct-LoRA": ("adapter", "borrower/Echo-7B-Instruct-LoRA", "echo"),
    # Full weights are stored, so it is no adapter, whatever its card says.
    "borrower/Echo-7B-Hindi-Adapter": ("finetune", "borrower/Echo-7B-Hindi-Adapter", "echo"),
    "zoo/Echo-Chant-7B": ("merge", "zoo/Echo-Chant-7B", "echo"),
    "quants/Echo-7B-Instruct-GGUF": ("quantized", ECHO, "echo"),
    "quants/Echo-7B-Instruct-AWQ": ("quantized", ECHO, "echo"),
    "acme/Echo-7B-Instruct-FP8": ("quantized", ECHO, "echo"),
    "ports/Echo-7B-Instruct-ONNX": ("conversion", ECHO, "echo"),
    "mirrors/Echo-7B-Instruct": ("mirror", ECHO, "echo"),
    "quants/acme_Echo-7B-Instruct-GGUF": ("quantized", ECHO, "echo"),
    "acme/Echo-14B": ("placeholder", None, None),
    "listen/mumble-large": ("original", "listen/mumble-large", "mumble"),
    "acme/my-ultravox-llama-3_2-1b": ("original", "acme/my-ultravox-llama-3_2-1b", "ultravox"),
    "acme/ultravox-mystery": ("original", "acme/ultravox-mystery", "ultravox"),
    # A cycle is cut where its smallest id leaves it; the others stay below that one.
    "loop/Round-Alpha": ("original", "loop/Round-Alpha", "round-alpha"),
    "loop/Round-Beta": ("finetune", "loop/Round-Beta", "round-alpha"),
    "loop/Round-Gamma": ("finetune", "loop/Round-Gamma", "round-alpha"),
    "loop/Selfish-3B": ("original", "loop/Selfish-3B", "selfish"),
    "zoo/Orphan-3B": ("finetune", "zoo/Orphan-3B", "nowhere"),
    "zoo/Sotto-7B": ("finetune", "zoo/Sotto-7B", "echo"),
    "zoo/Renamed-7B": ("finetune", "zoo/Renamed-7B", "echo"),
    "zoo/Twin-3B": ("original", "zoo/Twin-3B", "twin"),
    "Zoo/twin-3b": ("original", "Zoo/twin-3b", "twin"),
    "acme/Tied-3B": ("original", "acme/Tied-3B", "tied"),
}


@DATES
@pytest.mark.parametrize("repo_id", KINDS)
def test_kind_unique_model_and_family(built: Layout, date: str, repo_id: str) -> None:
    found = row(built, date, repo_id)
    assert (found["kind"], found["unique_model_id"], found["family_id"]) == KINDS[repo_id]


@DATES
def test_every_repository_is_one_row(built: Layout, date: str) -> None:
    assert read(built, date, "models")["repo_id"].to_list() == sorted(BY_ID)


@DATES
def test_a_finetune_of_something_that_cannot_be_found_is_its_own_model(built: Layout, date: str) -> None:
    for repo_id in ("zoo/Child-3B", "zoo/Pathless-3B"):
        assert row(built, date, repo_id)["unique_model_id"] == repo_id


@DATES
@pytest.mark.parametrize(
    ("repo_id", "answer"),
    [
        (ECHO, "yes"),
        ("quants/acme_Echo-7B-Instruct-GGUF", "yes"),
        ("acme/Echo-14B", "unknown"),
        ("listen/mumble-large", "no"),
    ],
)
def test_audio_language_model(built: Layout, date: str, repo_id: str, answer: str) -> None:
    assert row(built, date, repo_id)["audio_language_model"] == answer


@DATES
def test_tags_of_any_script_are_kept_and_languages_told_apart(built: Layout, date: str) -> None:
    found = row(built, date, ECHO)
    assert {"мова", "音声"} <= set(found["tags"])
    assert found["language"] == ["en", "zh"]


LINEAGE = {
    "borrower/Echo-7B-Singlish": {(ECHO, ECHO, "finetune", "followed")},
    "zoo/Echo-Chant-7B": {
        (ECHO, ECHO, "merge", "followed"),
        ("borrower/Echo-7B-Singlish", "borrower/Echo-7B-Singlish", "merge", "followed"),
    },
    "mirrors/Echo-7B-Instruct": {(ECHO, ECHO, "mirror", "followed")},
    "loop/Round-Alpha": {("loop/Round-Beta", "loop/Round-Beta", "finetune", "cut_cycle")},
    "loop/Round-Beta": {("loop/Round-Gamma", "loop/Round-Gamma", "finetune", "followed")},
    "loop/Round-Gamma": {("loop/Round-Alpha", "loop/Round-Alpha", "finetune", "followed")},
    "loop/Selfish-3B": {("loop/Selfish-3B", "loop/Selfish-3B", "finetune", "cut_self")},
    "zoo/Orphan-3B": {("gone/Nowhere-3B", "gone/Nowhere-3B", "finetune", "followed")},
    "zoo/Pathless-3B": {("./checkpoints/last step", None, "finetune", "unresolved")},
    "zoo/Sotto-7B": {("ACME/echo-7b-instruct", ECHO, "finetune", "followed")},
    "zoo/Child-3B": {("ZOO/TWIN-3B", None, "finetune", "unresolved")},
}


@DATES
@pytest.mark.parametrize("repo_id", LINEAGE)
def test_lineage(built: Layout, date: str, repo_id: str) -> None:
    edges = read(built, date, "lineage").filter(repo_id=repo_id)
    found = edges.select("base_model", "resolved_base_model", "relation", "status").rows()
    assert set(found) == LINEAGE[repo_id]


def test_a_renamed_base_is_followed_under_its_new_name(built: Layout) -> None:
    edges = read(built, LISTING, "lineage").filter(repo_id="zoo/Renamed-7B")
    assert edges.select("base_model", "resolved_base_model").rows() == [("acme/Echo-Old", ECHO)]


@DATES
def test_lineage_says_which_bases_are_rows_of_the_snapshot(built: Layout, date: str) -> None:
    there = read(built, date, "models").get_column("repo_id")
    edges = read(built, date, "lineage")
    assert edges["in_snapshot"].to_list() == [base in set(there) for base in edges["resolved_base_model"]]


@DATES
def test_a_delta_is_counted_with_the_parts_that_its_name_means(built: Layout, date: str) -> None:
    found = row(built, date, "acme/my-ultravox-llama-3_2-1b")
    assert found["stored_parameters"] == 50_000_000
    assert found["runtime_parameters"] == 50_000_000 + LLAMA_1B + WHISPER_ENCODER
    assert found["runtime_parameters_uncertainty"] == ROUNDED[date]
    assert found["hub_total_disagreement"] == "backbone_elsewhere"
    parts = ["meta-llama/Llama-3.2-1B-Instruct", "openai/whisper-large-v3-turbo"]
    assert found["external_components"] == parts
    external = read(built, date, "lineage").filter(pl.col("external"), repo_id=found["repo_id"])
    assert sorted(external["resolved_base_model"]) == parts
    unique = read(built, date, "unique_models").filter(unique_model_id=found["repo_id"])
    assert unique["required_licenses"].to_list() == [["apache-2.0", "llama3.2", "mit"]]
    assert unique["required_gated"].to_list() == [True]


@DATES
def test_a_delta_on_an_unknown_backbone_has_no_sum_and_says_why(built: Layout, date: str) -> None:
    found = row(built, date, "acme/ultravox-mystery")
    assert found["stored_parameters"] == 50_000_000
    assert found["runtime_parameters"] is None
    assert found["active_parameters"] is None
    gaps = read(built, date, "gaps").filter(repo_id=found["repo_id"], column_name="runtime_parameters")
    assert gaps["reason"].to_list() == ["backbone_unknown"]
    assert read(built, date, "variants").filter(repo_id=found["repo_id"]).is_empty()


@DATES
def test_an_adapter_is_counted_with_the_model_it_is_loaded_onto(built: Layout, date: str) -> None:
    found = row(built, date, "borrower/Echo-7B-Instruct-LoRA")
    assert found["runtime_parameters"] == 20_000_000 + ECHO_WEIGHTS
    assert found["external_components"] == [ECHO]


@DATES
def test_a_declared_finetune_is_one_even_if_its_base_cannot_be_found(built: Layout, date: str) -> None:
    for repo_id in ("zoo/Child-3B", "zoo/Pathless-3B"):
        found = row(built, date, repo_id)
        assert (found["kind"], found["kind_confidence"]) == ("finetune", "low")


@DATES
@pytest.mark.parametrize(
    "repo_id", ["ports/Echo-7B-Instruct-ONNX", "quants/Echo-7B-Instruct-AWQ", "quants/Echo-7B-Instruct-GGUF"]
)
def test_a_copy_whose_files_do_not_tell_holds_what_its_original_holds(
    built: Layout, date: str, repo_id: str
) -> None:
    found = row(built, date, repo_id)
    assert (found["logical_parameters"], found["runtime_parameters"]) == (ECHO_WEIGHTS, ECHO_WEIGHTS)
    counted = read(built, date, "parameters").filter(pl.col("counted"), repo_id=repo_id)
    assert counted["weights_repo_id"].to_list() == [ECHO]


@DATES
def test_packed_elements_are_stored_elements_and_no_weights(built: Layout, date: str) -> None:
    found = row(built, date, "quants/Echo-7B-Instruct-AWQ")
    assert found["stored_parameters"] == 1_600_000_000
    assert found["hub_total_disagreement"] == "packed_elements"


def test_a_head_that_the_hub_counts_twice_is_counted_once(built: Layout) -> None:
    found = row(built, LISTING, "acme/Tied-3B")
    assert found["hub_total_parameters"] == 3_400_000_000
    assert found["logical_parameters"] == found["runtime_parameters"] == 3_000_000_000
    assert found["hub_total_disagreement"] == "total_not_sum"


@DATES
def test_every_sum_is_the_sum_of_its_counted_rows(built: Layout, date: str) -> None:
    models = read(built, date, "models").filter(pl.col("runtime_parameters").is_not_null())
    assert models.height >= len(REPOS) - 3
    counted = read(built, date, "parameters").filter(pl.col("counted"))
    sums = counted.group_by("repo_id").agg(pl.col("logical_parameters", "uncertainty").sum())
    joined = models.join(sums, on="repo_id", how="left", suffix="_sum")
    assert joined.filter(pl.col("runtime_parameters") != pl.col("logical_parameters_sum")).is_empty()
    assert joined.filter(pl.col("runtime_parameters_uncertainty") != pl.col("uncertainty")).is_empty()
    # Own weights only, without the parts that are kept elsewhere.
    elsewhere = models.select("repo_id", weights_repo_id="external_components").explode("weights_repo_id")
    own = counted.join(elsewhere, on=["repo_id", "weights_repo_id"], how="anti")
    own = own.group_by("repo_id").agg(pl.col("logical_parameters").sum())
    joined = models.join(own, on="repo_id", how="left", suffix="_own")
    assert joined.filter(pl.col("logical_parameters") != pl.col("logical_parameters_own")).is_empty()


@DATES
def test_a_placeholder_says_of_every_fact_about_weights_that_there_are_none(built: Layout, date: str) -> None:
    gaps = read(built, date, "gaps").filter(repo_id="acme/Echo-14B")
    reasons = dict(gaps.select("column_name", "reason").rows())
    for column in ("unique_model_id", "family_id", "runtime_parameters", "quantization", "weight_formats"):
        assert reasons[column] == "no_weights_in_repo"


@DATES
def test_a_distinct_model_counts_its_copies(built: Layout, date: str) -> None:
    echo = read(built, date, "unique_models").row(by_predicate=pl.col("unique_model_id") == ECHO, named=True)
    assert echo["in_snapshot"]
    assert echo["repositories"] == 7
    counts = {kind: echo[f"{kind}_count"] for kind in ("original", "quantized", "conversion", "mirror")}
    assert counts == {"original": 1, "quantized": 4, "conversion": 1, "mirror": 1}
    assert echo["downloads"] == 9000 + 6 * 100
    assert echo["downloads_root"] == 9000
    families = read(built, date, "families").filter(family_id="echo")
    assert families.select("root_repo_id", "repositories").rows() == [(ECHO, 13)]


@DATES
def test_on_a_first_date_every_row_is_added(built: Layout, date: str) -> None:
    changes = read(built, date, "changes")
    assert changes["change"].unique().to_list() == ["added"]
    for name in ("models", "families", "unique_models", "variants", "parameters", "lineage", "tasks"):
        assert changes.filter(table_name=name).height == read(built, date, name).height


@DATES
def test_history_has_one_row_per_repository(built: Layout, date: str) -> None:
    history = read(built, date, "history")
    assert history["repo_id"].to_list() == sorted(BY_ID)
    assert history["present"].all()


@DATES
def test_no_count_of_parameters_is_zero(built: Layout, date: str) -> None:
    for name in ("models", "unique_models", "families", "parameters", "history"):
        frame = read(built, date, name)
        columns = [
            column
            for column in frame.columns
            if ("parameters" in column or column == "stored_elements")
            and frame.schema[column].is_numeric()
            and not column.endswith("_uncertainty")
        ]
        assert columns or name == "tasks"
        assert (
            frame.select((pl.col(columns) == 0).any()).row(0) == (False,) * len(columns) or not frame.height
        )
