"""What to load into which memory: the choice among files and precisions, and the audio that fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.card.facts import collect_facts
from builder.card.loads import Load, Loads, LoadsLine, choose_load, fit_minutes, list_loads
from builder.card.phrasing import write_duration, write_load
from builder.card.render import render_card
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")
GB = 10**9
ALPHA = "acme/alpha-7b"
COPY = "someone/alpha-7b-GGUF"


def variant(label: str, weights: float, *cache: float | None, **more: object) -> dict[str, Any]:
    """A way to load, in GB; with caches for 3, 30 and 60 minutes it is complete."""
    sizes = [None if size is None else int(size * GB) for size in cache] or [None, None, None]
    return {
        "repo_id": ALPHA,
        "variant": label,
        "path_group": "*",
        "basis": "estimate",
        "paths": None,
        "weights_bytes": int(weights * GB),
        "overhead_bytes": GB,
        **dict(
            zip(("kv_cache_bytes_3min", "kv_cache_bytes_30min", "kv_cache_bytes_60min"), sizes, strict=True)
        ),
        "min_memory_bytes": int(weights * GB) + GB + (sizes[0] or 0),
        "memory_complete": sizes[0] is not None,
        **more,
    }


def files(label: str, weights: float, *cache: float | None, **more: object) -> dict[str, Any]:
    paths = {"repo_id": COPY, "basis": "files", "paths": [f"alpha-{label}.gguf"]}
    return variant(label, weights, *cache, **{**paths, **more})


@pytest.mark.parametrize(
    ("gigabytes", "minutes"),
    [(5, 0), (5.499, 0), (5.5, 3), (9.999, 3), (10, 30), (14.999, 30), (15, 60), (99, 60)],
)
def test_the_longest_audio_whose_cache_fits_beside_the_weights(gigabytes: float, minutes: int) -> None:
    assert fit_minutes(variant("int4", 4, 0.5, 5, 10), int(gigabytes * GB)) == minutes


def test_minutes_end_where_the_context_does_and_are_unknown_where_the_cache_is() -> None:
    assert fit_minutes(variant("int4", 4, 0.5, 5, None), 99 * GB) == 30
    assert fit_minutes(variant("int4", 4, 0.5, None, None), 99 * GB) == 3
    assert fit_minutes(variant("int4", 4), 99 * GB) is None


def chosen(gigabytes: int, *variants: dict[str, Any]) -> tuple[str, str, int | None] | None:
    found = choose_load(variants, ALPHA, gigabytes * GB)
    assert choose_load(variants[::-1], ALPHA, gigabytes * GB) == found
    return found and (found[0]["repo_id"], found[0]["variant"], found[1])


def test_the_most_bits_that_fit_with_three_minutes_are_chosen() -> None:
    ways = (variant("bf16", 14, 1, 2, 3), variant("int8", 7, 1, 2, 3), variant("int4", 4, 1, 2, 3))
    assert chosen(4, *ways) is None
    assert chosen(8, *ways) == (ALPHA, "int4", 60)
    # 8 bits would fit without audio only.
    assert chosen(9, *ways) == (ALPHA, "int8", 3)
    assert chosen(80, *ways) == (ALPHA, "bf16", 60)
    assert chosen(15, *ways) == (ALPHA, "int8", 60)
    assert chosen(16, *ways) == (ALPHA, "bf16", 3)


def test_what_fits_without_audio_only_is_named_with_no_minutes() -> None:
    assert chosen(5, variant("int4", 4, 1, 2, 3)) == (ALPHA, "int4", 0)


def test_an_unknown_cache_does_not_keep_a_variant_away() -> None:
    assert chosen(8, variant("int8", 7), variant("int4", 4)) == (ALPHA, "int8", None)


def test_of_equals_a_file_stands_before_an_estimate_and_the_original_before_a_copy() -> None:
    assert chosen(9, variant("int8", 7), files("Q8_0", 7)) == (COPY, "Q8_0", None)
    assert chosen(9, variant("int8", 7), variant("int8", 7, repo_id=COPY)) == (ALPHA, "int8", None)
    assert chosen(9, files("Q8_0", 7), files("Q8_0", 7, repo_id="another/copy")) == (
        "another/copy",
        "Q8_0",
        None,
    )


def to_loads(
    variants: list[dict[str, Any]] | None = None, rows: dict[str, list[dict[str, Any]]] | None = None
) -> Loads:
    rows = rows or tiny_rows()
    if variants is not None:
        rows["variants"] = variants
    return list_loads(to_frames(rows), PARAMS["memory_tiers_gb"])


def line_of(loads: Loads, name: str = ALPHA) -> LoadsLine:
    return next(line for line in loads.lines if line.unique_model_id == name)


def test_every_sized_model_has_a_line_and_the_smallest_comes_first() -> None:
    loads = to_loads()
    assert loads.gigabytes == (8, 16, 48)
    assert [line.title for line in loads.lines] == ["gamma-3b", "alpha-7b", "beta-70b"]
    assert [load and load.label for load in line_of(loads).loads] == ["4 bits", "16 bits", "16 bits"]
    assert [load and load.label for load in line_of(loads, "acme/beta-70b").loads] == [None, None, "4 bits"]
    assert loads.unshown == 0


def test_a_copy_counts_for_its_model_and_its_main_file_is_named() -> None:
    rows = tiny_rows()
    paths = ["a-mmproj.gguf", "alpha-Q4_K_M.gguf"]
    rows["files"] = [
        {"repo_id": COPY, "path": path, "size_bytes": 9, "format": "gguf", "role": role}
        for path, role in zip(paths, ("projector", "weights"), strict=True)
    ]
    loads = to_loads([files("Q4_K_M", 4, 0.5, 5, 10, paths=paths)], rows)
    assert line_of(loads).loads[0] == Load("Q4_K_M", COPY, "alpha-Q4_K_M.gguf", more_files=1, minutes=3)
    assert [line.unique_model_id for line in loads.lines] == [ALPHA]


def test_licences_and_gates_come_with_what_must_be_loaded_beside() -> None:
    rows = tiny_rows()
    alpha, beta, _, gamma = rows["unique_models"]
    alpha |= {"required_licenses": ["llama3.1", "mit", "unknown"], "required_gated": True}
    beta |= {"required_licenses": ["apache-2.0", "unknown"], "required_gated": False}
    loads = to_loads(rows=rows)
    assert (line_of(loads).licenses, line_of(loads).beside) == (("mit",), ("llama3.1", "unknown"))
    second = line_of(loads, beta["unique_model_id"])
    assert (second.licenses, second.beside, second.gated) == ((), ("apache-2.0",), False)
    assert line_of(loads, gamma["unique_model_id"]).gated is None


def test_the_longest_audio_is_what_is_stated_or_what_the_context_holds() -> None:
    rows = tiny_rows()
    alpha, beta, *_ = rows["models"]
    copy = next(row for row in rows["models"] if row["repo_id"] == COPY)
    alpha |= {"context_length": 8000, "audio_tokens_per_s": 25.0}
    copy["audio_max_s"] = 1800.0
    beta["audio_max_s"] = 30.0
    loads = to_loads(rows=rows)
    assert line_of(loads).longest_s == 320
    assert line_of(loads, "acme/beta-70b").longest_s == 30
    assert line_of(loads, "lab/gamma-3b").longest_s is None


def test_a_long_list_keeps_the_most_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.card.loads.TOP_MODELS", 2)
    loads = to_loads()
    assert ([line.title for line in loads.lines], loads.unshown) == (["alpha-7b", "beta-70b"], 1)


def test_the_order_of_rows_does_not_matter() -> None:
    frames = to_frames(tiny_rows())
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in frames.items()}
    assert list_loads(shuffled, [8, 48]) == list_loads(frames, [48, 8])


def test_nothing_to_load_makes_no_section() -> None:
    frames = to_frames(tiny_rows() | {"variants": []})
    card = render_card(TEMPLATE, collect_facts(frames, to_manifest(frames), PARAMS))
    assert "model by model" not in card


FILE = Load("Q4_K_M", COPY, "gguf/alpha Q4.gguf", more_files=1, minutes=30)


def test_a_load_in_words() -> None:
    assert write_load(None, ALPHA, None) == "–"
    assert write_load(Load("4 bits", ALPHA, None, 0, 60), ALPHA, None) == "4 bits, 60 min"
    assert write_load(Load("4 bits", ALPHA, None, 0, 0), ALPHA, None) == "4 bits, less than 3 min"
    assert write_load(Load("4 bits", ALPHA, None, 0, None), ALPHA, 30) == "4 bits, cache not known"
    assert write_load(Load("4 bits", COPY, None, 0, 3), ALPHA, None) == (
        f"[4 bits](https://huggingface.co/{COPY}), 3 min"
    )
    assert write_load(FILE, ALPHA, None) == (
        f"[Q4_K_M](https://huggingface.co/{COPY}/blob/main/gguf/alpha%20Q4.gguf) + 1 file, 30 min"
    )


def test_memory_for_more_audio_than_the_model_takes_is_not_promised() -> None:
    load = Load("4 bits", ALPHA, None, 0, 60)
    assert write_load(load, ALPHA, 30.0) == "4 bits, 30 s"
    assert write_load(load, ALPHA, 1200.0) == "4 bits, 20 min"
    assert write_load(load, ALPHA, 3600.0) == "4 bits, 60 min"


@pytest.mark.parametrize("path", ["../../evil", "a//b", "a/./b", "javascript:x\n"])
def test_a_path_that_leads_elsewhere_is_no_link(path: str) -> None:
    assert "](" not in write_load(replace(FILE, path=path), ALPHA, None)


@pytest.mark.parametrize("hostile", ["a](javascript:x)", "a|b", "<b>", "`a`"])
def test_hostile_labels_and_paths_stay_text(hostile: str) -> None:
    text = write_load(replace(FILE, label=hostile, path=hostile), ALPHA, None)
    assert hostile not in text
    assert "|" not in text
    assert text.count("](") == 1


def test_lengths_of_audio_are_rounded_down() -> None:
    lengths = [(30.0, "30 s"), (179.9, "179 s"), (180.0, "3 min"), (239.0, "3 min"), (20972.0, "349 min")]
    assert [(seconds, write_duration(seconds)) for seconds, _ in lengths] == lengths
    assert write_duration(None) == "not known"
