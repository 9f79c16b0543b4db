"""The decision of `builder pick`: what fits, in which order, and in words why the nearest others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from builder.choice.candidates import Candidate, Variant
from builder.choice.commands import write_command
from builder.choice.memory import Limit, compute_cache, compute_memory, find_limit
from builder.choice.sizes import write_minutes, write_size

ORDER: Final = (
    "everything asked is known to hold before what is not known",
    "word error rate in the language asked for",
    "average word error rate",
    "published files before estimates",
    "downloads of the last 30 days",
    "name",
)
"""What ranks first, in turn; in each, unknown ranks after known."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants; None is no wish."""

    minutes: float
    memory_bytes: int | None = None
    language: str | None = None
    commercial: bool = False
    runtime: str | None = None


@dataclass(frozen=True)
class Choice:
    """A variant of a model at the length wished for."""

    candidate: Candidate
    variant: Variant
    memory_bytes: int
    memory_complete: bool
    limit: Limit
    runtime: str | None
    """Runtime that the command is for: one that is stated to run it, else the one it is made for."""

    runtime_status: str | None
    command: str | None
    notes: tuple[str, ...]
    """What is not known, and what to heed, each a clause."""

    @property
    def is_known(self) -> bool:
        """Whether all that was asked is known to hold."""
        return self.memory_complete and self.limit.minutes is not None


@dataclass(frozen=True)
class Miss:
    """A model that does not fit, and every reason."""

    candidate: Candidate
    reasons: tuple[str, ...]
    distance: float
    """How far beyond what was asked: shares of memory and minutes too much, and one per other reason."""


@dataclass(frozen=True)
class Answer:
    """What fits, best first, and what does not, nearest first."""

    choices: tuple[Choice, ...]
    misses: tuple[Miss, ...]


def pick(candidates: Iterable[Candidate], wish: Wish) -> Answer:
    """Sort all candidates into what fits and what does not."""
    choices: list[Choice] = []
    misses: list[Miss] = []
    for candidate in candidates:
        found = _choose(candidate, wish)
        if isinstance(found, Choice):
            choices.append(found)
        else:
            misses.append(found)
    return Answer(
        tuple(sorted(choices, key=_rank)),
        tuple(sorted(misses, key=_rank_miss)),
    )


def _rank_miss(miss: Miss) -> tuple[Any, ...]:
    """Fewest reasons, then nearest; among equals what most people take."""
    return (
        len(miss.reasons),
        miss.distance,
        -(miss.candidate.downloads or 0),
        miss.candidate.unique_model_id,
    )


def _rank(choice: Choice) -> tuple[Any, ...]:
    rates = choice.candidate.error_rates
    return (
        not choice.is_known,
        *((rate is None, rate.percent if rate else 0.0) for rate in (rates.in_language, rates.average)),
        not choice.variant.has_files,
        choice.candidate.downloads is None,
        -(choice.candidate.downloads or 0),
        choice.candidate.unique_model_id,
    )


def _choose(candidate: Candidate, wish: Wish) -> Choice | Miss:
    reasons = _find_faults(candidate, wish)
    if not candidate.variants:
        return Miss(candidate, (*reasons, "the size of its weights is not known"), 1.0)
    able, runtime_reason = _find_able(candidate, wish)
    if runtime_reason:
        reasons.append(runtime_reason)
    weighed = [weigh(candidate, variant, wish) for variant in able or candidate.variants]
    distance = float(len(reasons))
    longest = max(weighed, key=lambda choice: _to_minutes(choice.limit))
    if _to_minutes(longest.limit) < wish.minutes:
        limit = longest.limit
        reasons.append(f"takes at most {write_minutes(limit.minutes or 0)} of audio ({limit.set_by})")
        distance += wish.minutes / _to_minutes(limit) - 1
    else:
        weighed = [choice for choice in weighed if _to_minutes(choice.limit) >= wish.minutes]
    fitting = [c for c in weighed if wish.memory_bytes is None or c.memory_bytes <= wish.memory_bytes]
    if not fitting and wish.memory_bytes is not None:
        least = min(weighed, key=lambda choice: choice.memory_bytes)
        where = f"at {write_minutes(wish.minutes)}" if least.memory_complete else "without its cache"
        reasons.append(f"needs {write_size(least.memory_bytes)} {where} ({least.variant.variant})")
        distance += least.memory_bytes / wish.memory_bytes - 1
    if reasons:
        return Miss(candidate, tuple(reasons), distance)
    # The most memory on offer buys the most bits; real files before what somebody would have to make.
    return min(
        fitting,
        key=lambda choice: (
            not choice.variant.has_files,
            -choice.memory_bytes,
            choice.variant.repo_id != candidate.unique_model_id,
            choice.variant.repo_id,
            choice.variant.variant,
        ),
    )


def _to_minutes(limit: Limit) -> float:
    return float("inf") if limit.minutes is None else limit.minutes


def _find_faults(candidate: Candidate, wish: Wish) -> list[str]:
    """Why the model itself is not what was asked, whatever form it is loaded in."""
    reasons = []
    if wish.language and wish.language not in candidate.language and "multilingual" not in candidate.language:
        stated = ", ".join(candidate.language[:_NAMED]) + (" …" if len(candidate.language) > _NAMED else "")
        reasons.append(f"is not stated to know {wish.language} (stated: {stated or 'nothing'})")
    if wish.commercial and candidate.commercial in {"no", "unknown"}:
        licences = ", ".join(candidate.commercial_because) or "none is stated"
        reasons.append(
            f"a licence that it needs is not for commercial use: {licences}"
            if candidate.commercial == "no"
            else f"a licence that it needs is not known to allow commercial use: {licences}"
        )
    return reasons


_NAMED: Final = 5
"""Languages that a reason names: it stays a line."""


def _find_able(candidate: Candidate, wish: Wish) -> tuple[list[Variant], str | None]:
    """Variants that the runtime asked for runs, or why there is none."""
    if wish.runtime is None:
        return list(candidate.variants), None
    stated = [(variant, _find_row(variant, wish.runtime)) for variant in candidate.variants]
    if able := [variant for variant, row in stated if row and row["status"] in _RUNNING]:
        return able, None
    if any(row for _, row in stated):
        return [], f"is stated not to work in {wish.runtime}"
    return [], f"no published form of it is stated to run in {wish.runtime}"


_RUNNING: Final = ("works", "experimental")
"""Statuses of `runtimes` that count as running, best first."""


def _find_row(variant: Variant, runtime: str | None) -> Mapping[str, Any] | None:
    """What is stated of a variant in one runtime; of the best one where none was asked for."""
    rows = [
        row
        for row in variant.runtimes
        if runtime == row["runtime"] or (runtime is None and row["status"] in _RUNNING)
    ]
    # A stable sort: by status, then by name as the variant has them.
    rows.sort(key=lambda row: _RUNNING.index(row["status"]) if row["status"] in _RUNNING else len(_RUNNING))
    return rows[0] if rows else None


def weigh(candidate: Candidate, variant: Variant, wish: Wish) -> Choice:
    """A variant at the length wished for: its memory, its limit, the command to run it, what to heed."""
    row = _find_row(variant, wish.runtime)
    limit = find_limit(
        candidate.audio_max_s,
        candidate.context_length,
        variant.audio_tokens_per_s,
        # Longer audio that a runtime cuts into pieces is taken; what it cuts off or refuses is not.
        row["audio_max_s"] if row and row.get("over_length") != "chunked" else None,
    )
    cache = compute_cache(variant.row, wish.minutes, candidate.audio_max_s)
    runtime = row["runtime"] if row else variant.declared
    return Choice(
        candidate=candidate,
        variant=variant,
        memory_bytes=compute_memory(variant.row, cache),
        memory_complete=cache is not None,
        limit=limit,
        runtime=runtime,
        runtime_status=row["status"] if row else None,
        command=write_command(runtime, variant.repo_id, variant.variant, files=variant.has_files)
        if runtime
        else None,
        notes=tuple(_find_notes(candidate, variant, limit, cache, row)),
    )


def find_original(candidate: Candidate) -> Variant | None:
    """The model as published, which error rates are measured on: published files before an estimate."""
    originals = [variant for variant in candidate.variants if _is_original(candidate, variant)]
    return min(
        originals, key=lambda variant: (not variant.has_files, _FULL.index(variant.variant)), default=None
    )


def find_running(variant: Variant) -> list[Mapping[str, Any]]:
    """What is stated of the runtimes in which a variant works, by name of the runtime."""
    return [row for row in variant.runtimes if row["status"] in _RUNNING]


def _is_original(candidate: Candidate, variant: Variant) -> bool:
    """Whether a variant is the model as published and not a quantised or converted form of it."""
    return variant.repo_id == candidate.unique_model_id and variant.variant in _FULL


_FULL: Final = ("bf16", "BF16", "F16", "F32")
"""Variants that keep every bit that counts: error rates are measured on these."""


def _find_notes(
    candidate: Candidate, variant: Variant, limit: Limit, cache: int | None, runtime: Mapping[str, Any] | None
) -> list[str]:
    notes = []
    if not variant.has_files:
        notes.append(f"size estimated for {variant.variant}; no such file was seen")
    if cache is None:
        notes.append("the memory leaves out the cache, which is not known")
    if limit.minutes is None:
        notes.append("the longest audio is not known")
    elif candidate.audio_max_s is None and limit.set_by == "its context":
        notes.append("no longest audio is stated; that its context would hold it is no promise")
    rates = candidate.error_rates
    if (rates.in_language or rates.average) and not _is_original(candidate, variant):
        notes.append("error rates were measured on the original weights, not on this form of them")
    if candidate.commercial == "conditions":
        notes += candidate.commercial_because
    if candidate.required_gated is not False:
        notes.append(
            "access must be asked for on the Hub" if candidate.required_gated else "gating not known"
        )
    if runtime is None:
        notes.append(
            f"made for {variant.declared}; no source says that it works there"
            if variant.declared
            else "no runtime is stated to run it"
        )
    elif runtime["status"] == "experimental":
        notes.append(f"experimental in {runtime['runtime']}")
    return notes
