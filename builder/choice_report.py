"""What `builder pick` says: lines for people and plain values for programs.

Names come from the Hub: they are printed as text, never as markup, and quoted inside commands.
"""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console

from builder.choice.accuracy import ErrorRate
from builder.choice.pick import ORDER, Answer, Choice, Miss, Wish
from builder.choice.sizes import write_minutes, write_size
from builder.reporting import print_line

_LABEL: Final = 12
"""Width of the names of lines."""


def print_answer(date: str, wish: Wish, answer: Answer, lines: int) -> None:
    """Print what fits, best first, then the nearest that do not; at most so many of each."""
    console = Console(highlight=False, emoji=False)
    fits, misses = answer.choices, answer.misses
    console.print()
    print_line(console, f"{len(fits)} of {len(fits) + len(misses)} distinct models fit, as of {date}", "bold")
    _wrap(console, f"Asked: {describe_wish(wish)}.", "")
    _wrap(console, f"Best first by: {'; '.join(ORDER)}. Unknown comes after known.", "")
    for place, choice in enumerate(fits[:lines], start=1):
        console.print()
        _print_choice(console, place, choice)
    _print_rest(console, len(fits), lines)
    if misses:
        console.print()
        print_line(console, "Nearest that do not fit", style="bold")
        for miss in misses[:lines]:
            _wrap(console, f"{miss.candidate.unique_model_id}: {'; '.join(miss.reasons)}", "  ")
        _print_rest(console, len(misses), lines)


def _print_rest(console: Console, count: int, lines: int) -> None:
    if count > lines:
        print_line(console, f"  … and {count - lines:,} more: --lines {count} shows them")


def describe_wish(wish: Wish) -> str:
    """A wish in words."""
    parts = [f"{write_minutes(wish.minutes)} of audio"]
    if wish.memory_bytes is not None:
        parts.append(f"at most {wish.memory_bytes / 10**9:.1f} GB of memory")
    if wish.language:
        parts.append(f"language {wish.language}")
    if wish.commercial:
        parts.append("commercial use")
    if wish.runtime:
        parts.append(f"runs in {wish.runtime}")
    return ", ".join(parts)


def _print_choice(console: Console, place: int, choice: Choice) -> None:
    candidate = choice.candidate
    print_line(console, f"{place}. {candidate.unique_model_id}", style="bold")
    for label, text in (
        ("take", _describe_files(choice)),
        ("memory", _describe_memory(choice)),
        ("longest", _describe_limit(choice)),
        ("error rate", "; ".join(map(_describe_rate, _rates(choice))) or "not known"),
        ("licences", ", ".join(candidate.required_licenses) or "not stated"),
        ("languages", ", ".join(candidate.language) or "not stated"),
        ("heed", "; ".join(choice.notes)),
    ):
        if text:
            _wrap(console, f"{label:<{_LABEL}}{text}", "   ", hang=_LABEL)
    if choice.command:
        # Whole, however narrow the screen: it is there to be copied.
        print_line(console, f"   {'run':<{_LABEL}}{choice.command}")


def _wrap(console: Console, text: str, indent: str, hang: int = 2) -> None:
    from textwrap import wrap

    width = max(console.width, len(indent) + hang + 20)
    folded = wrap(text, width, initial_indent=indent, subsequent_indent=indent + " " * hang)
    for line in folded:
        print_line(console, line)


def _describe_files(choice: Choice) -> str:
    variant = choice.variant
    if variant.has_files:
        return f"{', '.join(variant.paths)} from {variant.repo_id} ({variant.variant})"
    return f"{variant.repo_id} at {variant.variant}"


def _describe_memory(choice: Choice) -> str:
    size = write_size(choice.memory_bytes)
    return size if choice.memory_complete else f"{size} without its cache"


def _describe_limit(choice: Choice) -> str:
    limit = choice.limit
    return "not known" if limit.minutes is None else f"{write_minutes(limit.minutes)} ({limit.set_by})"


def _rates(choice: Choice) -> list[ErrorRate]:
    rates = choice.candidate.error_rates
    return [rate for rate in (rates.in_language, rates.average) if rate]


def _describe_rate(rate: ErrorRate) -> str:
    return f"{rate.percent:g} % on {', '.join(rate.dataset_ids)} ({rate.source}, {rate.observed_at})"


def to_values(date: str, wish: Wish, answer: Answer) -> dict[str, Any]:
    """The answer for programs; sizes in bytes, durations in minutes, rates in percent."""
    return {
        "snapshot_date": date,
        "wish": vars(wish),
        "order": list(ORDER),
        "fits": [_choice_values(choice) for choice in answer.choices],
        "misses": [_miss_values(miss) for miss in answer.misses],
    }


def _choice_values(choice: Choice) -> dict[str, Any]:
    candidate, variant = choice.candidate, choice.variant
    rates = candidate.error_rates
    return {
        "unique_model_id": candidate.unique_model_id,
        "repo_id": variant.repo_id,
        "variant": variant.variant,
        "basis": variant.row["basis"],
        "paths": list(variant.paths) or None,
        "memory_bytes": choice.memory_bytes,
        "memory_complete": choice.memory_complete,
        "audio_limit_minutes": choice.limit.minutes,
        "audio_limit_set_by": choice.limit.set_by,
        "wer_in_language": vars(rates.in_language) if rates.in_language else None,
        "wer_average": vars(rates.average) if rates.average else None,
        "required_licenses": list(candidate.required_licenses) or None,
        "commercial": candidate.commercial,
        "commercial_because": list(candidate.commercial_because),
        "required_gated": candidate.required_gated,
        "language": list(candidate.language) or None,
        "runtime": choice.runtime,
        "runtime_status": choice.runtime_status,
        "command": choice.command,
        "notes": list(choice.notes),
    }


def _miss_values(miss: Miss) -> dict[str, Any]:
    return {"unique_model_id": miss.candidate.unique_model_id, "reasons": list(miss.reasons)}
