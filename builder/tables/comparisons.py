"""Curated facts for choosing: names of leaderboards, support in runtimes, hosted systems, as rows.

A row states its source or it is an error: what nobody wrote down anywhere does not become a fact here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from builder.tables.entry import Entry


def to_leaderboard_systems(leaderboard: str, entry: Entry) -> Iterator[dict[str, Any]]:
    """One row per name of a group that has one reason.

    A group of services has no repository; a group of one may name another repository than it is listed as.

    Raises:
        EvidenceUnreadable: the entry is not as declared.
    """
    names, hosted = entry.texts("listed_as"), entry.flag("hosted") or False
    repo_id, takes_prompt = entry.optional_text("repo_id"), entry.flag("audio_language_model")
    reason = entry.text("reason")
    if not names:
        entry.refuse("the field listed_as is missing; name the systems that the reason is about")
    if repo_id is not None and (hosted or len(names) > 1):
        entry.refuse("repo_id is that of one system; give that system an entry of its own")
    if hosted == (takes_prompt is not None):
        entry.refuse("it says either hosted: true, or whether it is an audio_language_model; say one of them")
    entry.done()
    for name in names:
        yield {
            "leaderboard": leaderboard,
            "listed_as": name,
            "repo_id": None if hosted else repo_id or name,
            "audio_language_model": takes_prompt,
            "reason": reason,
        }


def to_runtime_support(entry: Entry) -> dict[str, Any]:
    """What one program does with one design.

    Raises:
        EvidenceUnreadable: the entry is not as declared, or has no source.
    """
    row = {
        "model_type": entry.text("model_type"),
        "runtime": entry.text("runtime"),
        "status": entry.text("status"),
        "min_version": entry.optional_text("min_version"),
        "audio_max_s": entry.optional_real("audio_max_s"),
        "over_length": entry.optional_text("over_length"),
        "evidence_url": entry.text("evidence_url"),
        "checked_on": entry.day("checked_on"),
        "note": entry.optional_text("note"),
    }
    entry.done()
    return row


def to_hosted_system(entry: Entry) -> dict[str, Any]:
    """One closed service.

    Raises:
        EvidenceUnreadable: the entry is not as declared, or has no source.
    """
    audio_input = entry.flag("audio_input")
    if audio_input is None:
        entry.refuse("the field audio_input is missing; say whether audio goes in")
    row = {
        "system_id": entry.text("system_id"),
        "provider": entry.text("provider"),
        "title": entry.text("title"),
        "audio_input": audio_input,
        "text_prompt": entry.flag("text_prompt"),
        "audio_max_s": entry.optional_real("audio_max_s"),
        "audio_max_bytes": entry.optional_whole("audio_max_bytes"),
        "context_length": entry.optional_whole("context_length"),
        "max_output_tokens": entry.optional_whole("max_output_tokens"),
        "source_url": entry.text("source_url"),
        "checked_on": entry.day("checked_on"),
        "note": entry.optional_text("note"),
    }
    entry.done()
    return row
