"""Choosing, held to tables of cases: sizes, licences, memory, commands, order, and the reasons of misses."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from builder.choice import accuracy
from builder.choice.candidates import collect_candidates
from builder.choice.commands import RUNTIMES, write_command
from builder.choice.licenses import LICENSES, judge_licenses
from builder.choice.memory import compute_cache, find_limit
from builder.choice.pick import Answer, Wish, pick
from builder.choice.sizes import parse_size, write_minutes, write_size
from builder.errors import UsageError

GB = 10**9
Rows = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("12GB", 12 * GB),
        ("12 GiB", 12 * 2**30),
        ("8G", 8 * GB),
        ("8", 8 * GB),
        (" 1.5gb ", 1_500_000_000),
        ("500MB", 500_000_000),
        ("1TB", 1000 * GB),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["12 apples", "", "GB", "-3GB", "0", "0.0GB", "1e9", "12GB\n12GB", "9" * 5000, "\u0661GB"]
)
def test_no_sizes(text: str) -> None:
    with pytest.raises(UsageError, match="is no size; write") as refused:
        parse_size(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_size_is_rounded_up_to_suffice() -> None:
    assert write_size(14_100_000_001) == "14.2 GB"
    assert write_size(14_200_000_000) == "14.2 GB"
    assert [write_minutes(minutes) for minutes in (0.5, 40, 349.53)] == [
        "30 s",
        "40 minutes",
        "349.5 minutes",
    ]


@pytest.mark.parametrize(
    ("licences", "use"),
    [
        (["mit", "apache-2.0"], "yes"),
        (["mit", "llama3.1"], "conditions"),
        (["mit", "cc-by-nc-4.0", "unknown"], "no"),
        (["mit", "unknown"], "unknown"),
        (["other"], "unknown"),
        ([], "unknown"),
        (None, "unknown"),
    ],
)
def test_the_weakest_licence_counts(licences: list[str] | None, use: str) -> None:
    assert judge_licenses(licences)[0] == use


def test_every_licence_has_its_text_and_every_condition_its_words() -> None:
    for name, license_ in LICENSES.items():
        assert license_.source.startswith("https://"), name
        assert (license_.commercial == "conditions") == (license_.condition is not None), name


def _caches(*sizes: int | None) -> dict[str, Any]:
    return {f"kv_cache_bytes_{m}min": size for m, size in zip((3, 30, 60), sizes, strict=True)}


@pytest.mark.parametrize(
    ("sizes", "minutes", "longest_s", "cache"),
    [
        ((30, 300, 600), 3, None, 30),
        ((30, 300, 600), 1, None, 10),
        ((30, 300, 600), 45, None, 450),
        ((30, 300, 600), 60, None, 600),
        ((30, 300, 600), 120, None, 1200),
        ((30, 300, None), 40, None, 400),
        ((30, None, None), 10, None, 100),
        ((30, 100, 100), 60, None, 100),
        ((5, None, None), 0.5, 30.0, 5),
        ((None, None, None), 3, None, None),
    ],
)
def test_the_cache_at_some_length(
    sizes: tuple[int | None, ...], minutes: float, longest_s: float | None, cache: int | None
) -> None:
    assert compute_cache(_caches(*sizes), minutes, longest_s) == cache


def test_the_smallest_limit_counts() -> None:
    assert find_limit(None, None, 12.5).minutes is None
    assert find_limit(None, 131_072, None).minutes is None
    assert find_limit(1800.0, 32_768, 12.5).set_by == "the model"
    assert find_limit(36_000.0, 7500, 12.5).minutes == 10
    assert find_limit(1800.0, None, None, 30.0).set_by == "the runtime"


HOSTILE = 'a/b\'; rm -rf "$HOME" `id` \n\\'


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("files", [True, False])
def test_a_hostile_name_stays_one_word_of_the_command(runtime: str, *, files: bool) -> None:
    words = shlex.split(write_command(runtime, HOSTILE, "int4", files=files))
    plain = shlex.split(write_command(runtime, "a/b", "int4", files=files))
    assert len(words) == len(plain)
    assert words[0] == plain[0]
    if runtime == "transformers":
        compile(words[-1], "command", "exec")


@pytest.mark.parametrize(
    ("runtime", "files", "command"),
    [
        ("llama.cpp", True, "llama-server -hf a/b:Q4_K_M"),
        ("ollama", True, "ollama run hf.co/a/b:Q4_K_M"),
        ("vllm", False, "vllm serve a/b"),
        ("mlx", True, "python -m mlx_vlm.generate --model a/b --audio speech.wav"),
    ],
)
def test_commands(runtime: str, command: str, *, files: bool) -> None:
    assert write_command(runtime, "a/b", "Q4_K_M", files=files) == command


def _tables(*models: dict[str, Any], **more: list[dict[str, Any]]) -> Rows:
    """One repository and one variant per model; a model names only what differs from an ordinary one."""
    tables: Rows = {"unique_models": [], "models": [], "variants": [], **more}
    for model in models:
        name = model["name"]
        tables["unique_models"].append(
            {
                "unique_model_id": name,
                "title": name,
                "audio_language_model": model.get("audio", "yes"),
                "audio_max_s": model.get("longest", 7200.0),
                "context_length": None,
                "language": model.get("language", ["de", "en"]),
                "required_licenses": model.get("licenses", ["mit"]),
                "required_gated": False,
                "downloads": model.get("downloads", 10),
            }
        )
        tables["models"].append(
            {
                "repo_id": name,
                "unique_model_id": name,
                "model_type": model.get("type", "voxtral"),
                "audio_tokens_per_s": 12.5,
                "gated": "no",
                "library_name": "transformers",
            }
        )
        if model.get("sized", True):
            paths = model.get("paths")
            tables["variants"].append(
                {
                    "repo_id": name,
                    "variant": "Q4_K_M" if paths else "int4",
                    "path_group": "*",
                    "basis": "files" if paths else "estimate",
                    "paths": paths,
                    "weights_bytes": model.get("weights", 5) * GB,
                    "overhead_bytes": GB,
                    **_caches(*model.get("caches", (GB // 10, GB, 2 * GB))),
                }
            )
    return tables


def _wer(repo_id: str, dataset_id: str, value: float | None, language: str | None = None) -> dict[str, Any]:
    return {
        "repo_id": repo_id,
        "dataset_id": dataset_id,
        "metric": "wer",
        "source": "board",
        "value": value,
        "observed_at": "2026-08-21",
        "language": language,
    }


def _pick(tables: Rows, wish: Wish) -> Answer:
    return pick(collect_candidates(tables, wish.language), wish)


def _names(answer: Answer) -> list[str]:
    return [choice.candidate.unique_model_id for choice in answer.choices]


def test_the_order_and_that_unknown_never_ranks_before_known() -> None:
    tables = _tables(
        {"name": "z/no-cache", "caches": (None, None, None)},
        {"name": "e/popular", "downloads": 1000},
        {"name": "f/never-counted", "downloads": None},
        {"name": "d/files", "paths": ["d.gguf"]},
        {"name": "c/average", "downloads": 1},
        {"name": "b/german-8", "downloads": 1},
        {"name": "a/german-9"},
        evaluations=[
            _wer("z/no-cache", "x/de", 1.0, "de"),
            _wer("a/german-9", "x/de", 9.0, "de"),
            _wer("b/german-8", "x/de", 6.0, "de"),
            _wer("b/german-8", "y/de", 10.0, "de"),
            _wer("b/german-8", "y/fr", 90.0, "fr"),
            _wer("c/average", "average", 4.0),
            _wer("e/popular", "average", None),
        ],
    )
    answer = _pick(tables, Wish(minutes=60, language="de"))
    assert _names(answer) == [
        *("b/german-8", "a/german-9", "c/average", "d/files", "e/popular", "f/never-counted"),
        "z/no-cache",
    ]
    rate = answer.choices[0].candidate.error_rates.in_language
    assert rate is not None
    assert (rate.percent, rate.dataset_ids, rate.observed_at) == (8.0, ("x/de", "y/de"), "2026-08-21")


@pytest.mark.parametrize(
    ("model", "wish", "reason"),
    [
        ({"weights": 13}, Wish(60, 12 * GB), "needs 16.0 GB at 60 minutes (int4)"),
        ({"weights": 13, "caches": (None, None, None)}, Wish(60, 12 * GB), "needs 14.0 GB without its cache"),
        ({"longest": 30.0}, Wish(60), "takes at most 30 s of audio (the model)"),
        ({"language": ["en"]}, Wish(3, language="de"), "is not stated to know de (stated: en)"),
        ({"language": None}, Wish(3, language="de"), "(stated: nothing)"),
        (
            {"licenses": ["mit", "cc-by-nc-4.0"]},
            Wish(3, commercial=True),
            "not for commercial use: cc-by-nc-4.0",
        ),
        (
            {"licenses": ["mit", "unknown"]},
            Wish(3, commercial=True),
            "not known to allow commercial use: unknown",
        ),
        ({"licenses": None}, Wish(3, commercial=True), "none is stated"),
        ({}, Wish(3, runtime="vllm"), "no published form of it is stated to run in vllm"),
        ({"sized": False}, Wish(3), "the size of its weights is not known"),
    ],
)
def test_a_miss_says_why(model: dict[str, Any], wish: Wish, reason: str) -> None:
    answer = _pick(_tables({"name": "a/b", **model}), wish)
    assert answer.choices == ()
    assert reason in "; ".join(answer.misses[0].reasons)


def test_the_nearest_miss_comes_first() -> None:
    tables = _tables(
        {"name": "a/both", "weights": 13, "longest": 30.0},
        {"name": "b/far", "weights": 100},
        {"name": "c/near", "weights": 10},
    )
    answer = _pick(tables, Wish(60, 12 * GB))
    assert [miss.candidate.unique_model_id for miss in answer.misses] == ["c/near", "b/far", "a/both"]


def test_a_condition_is_shown_and_counts_as_commercial() -> None:
    choice = _pick(
        _tables({"name": "a/b", "licenses": ["mit", "llama3.1"]}), Wish(3, commercial=True)
    ).choices[0]
    assert "700 million" in "; ".join(choice.notes)


def test_a_rate_of_the_original_is_not_passed_off_as_that_of_a_quantised_form() -> None:
    tables = _tables({"name": "a/b"}, evaluations=[_wer("a/b", "average", 4.0)])
    (choice,) = _pick(tables, Wish(3)).choices
    assert "error rates were measured on the original weights, not on this form of them" in choice.notes
    tables["variants"][0]["variant"] = "bf16"
    (choice,) = _pick(tables, Wish(3)).choices
    assert "error rates" not in "; ".join(choice.notes)


def test_a_context_that_would_hold_the_audio_is_no_promise() -> None:
    tables = _tables({"name": "a/b", "longest": None})
    tables["unique_models"][0]["context_length"] = 131_072
    (choice,) = _pick(tables, Wish(60)).choices
    assert "is no promise" in "; ".join(choice.notes)


def test_what_is_no_audio_language_model_is_no_candidate() -> None:
    assert _pick(_tables({"name": "a/b", "audio": "no"}), Wish(3)) == Answer((), ())


def _runtime(status: str, runtime: str = "vllm", **more: object) -> dict[str, Any]:
    return {
        "model_type": "voxtral",
        "runtime": runtime,
        "status": status,
        "audio_max_s": None,
        "over_length": None,
        "evidence_url": "https://example.org",
        **more,
    }


def test_a_runtime_that_works_gives_the_command() -> None:
    runtimes = [_runtime("experimental", "transformers"), _runtime("works")]
    (choice,) = _pick(_tables({"name": "a/b"}, runtimes=runtimes), Wish(3)).choices
    assert (choice.runtime, choice.command) == ("vllm", "vllm serve a/b --quantization bitsandbytes")
    (choice,) = _pick(_tables({"name": "a/b"}, runtimes=runtimes), Wish(3, runtime="transformers")).choices
    assert "experimental in transformers" in choice.notes


def test_a_broken_runtime_and_one_that_cuts() -> None:
    answer = _pick(_tables({"name": "a/b"}, runtimes=[_runtime("broken")]), Wish(3, runtime="vllm"))
    assert answer.misses[0].reasons == ("is stated not to work in vllm",)
    cut = _runtime("works", audio_max_s=30.0, over_length="cut")
    answer = _pick(_tables({"name": "a/b"}, runtimes=[cut]), Wish(3, runtime="vllm"))
    assert answer.misses[0].reasons == ("takes at most 30 s of audio (the runtime)",)
    chunked = _runtime("works", audio_max_s=30.0, over_length="chunked")
    assert _pick(_tables({"name": "a/b"}, runtimes=[chunked]), Wish(3, runtime="vllm")).choices


def test_weights_of_another_kind_do_not_run_in_a_runtime() -> None:
    tables = _tables({"name": "a/b", "paths": ["b.gguf"]}, runtimes=[_runtime("works")])
    assert _pick(tables, Wish(3, runtime="vllm")).choices == ()
    tables = _tables({"name": "a/b", "paths": ["b.gguf"]}, runtimes=[_runtime("works", "llama.cpp")])
    (choice,) = _pick(tables, Wish(3, runtime="llama.cpp")).choices
    assert choice.command == "llama-server -hf a/b:Q4_K_M"


@pytest.mark.parametrize(
    ("dataset_id", "is_one"),
    [
        ("hf-audio/open-asr-leaderboard/average", True),
        ("hf-audio/open-asr-leaderboard-longform/average-without-coraal", True),
        ("distil-whisper/meanwhile", False),
        ("averages/speech", False),
    ],
)
def test_an_average_is_told_by_the_last_part_of_its_name(dataset_id: str, is_one: bool) -> None:  # noqa: FBT001
    assert accuracy.is_average(dataset_id) is is_one
