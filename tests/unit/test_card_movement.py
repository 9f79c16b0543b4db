"""What the card says of the previous date: counted by kind, named in few words, nothing on a first date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.card.facts import CardFacts, collect_facts
from builder.card.movement import SHOWN, Movement
from builder.card.render import render_card
from builder.errors import SnapshotRefused
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")
HOSTILE = "[x](javascript:alert(1)) `|<b>"


def change(table: str, key: str, change: str, column: str = "*", **more: str | None) -> dict[str, Any]:
    return {"table_name": table, "key": key, "change": change, "column_name": column, **more}


CHANGES = [
    change("models", "acme/alpha-7b", "added"),
    change("models", "acme/beta-70b", "renamed", before='"acme/beta-old"', after='"acme/beta-70b"'),
    change("models", "gone/one", "removed", reason="deleted_or_private"),
    change("models", "gone/two", "removed", reason="scope_dropped"),
    change("unique_models", "acme/alpha-7b", "scope_added"),
    change("unique_models", "hobby/whisper-nl", "added"),
    change("unique_models", "lab/gamma-3b", "added"),
    change("unique_models", "gone/one", "removed"),
    change("unique_models", "gone/two", "removed", reason="scope_dropped"),
    change("variants", "acme/alpha-7b bf16 *", "added"),
    change("models", "mirror/gamma-3b", "changed", "license", before='["mit"]'),
    change("models", "mirror/gamma-3b", "changed", "gated", before='"false"', after='"auto"'),
    change("models", "acme/beta-70b", "changed", "gated", before='"false"', after='"auto"'),
    change("models", "acme/beta-70b", "first_observed", "sha", after='"a"'),
]


def collect(
    changes: list[dict[str, Any]] = CHANGES,
    previous: str | None = "2025-11-07",
    **manifest: Any,  # noqa: ANN401
) -> CardFacts:
    frames = to_frames({**tiny_rows(), "changes": changes})
    made = to_manifest(frames)
    if previous:
        made["previous"] = {"name": previous, "code_sha256": made["code_sha256"]}
        made["previous_snapshot_date"] = previous[:10]
    return collect_facts(frames, made | manifest, PARAMS)


def movement(facts: CardFacts) -> Movement:
    assert facts.movement is not None
    return facts.movement


def section(facts: CardFacts) -> str:
    return render_card(TEMPLATE, facts).partition("## What changed")[2].partition("\n## ")[0]


def test_a_first_date_has_no_movement() -> None:
    facts = collect(previous=None)
    assert facts.movement is None
    assert section(facts) == ""


def test_rows_are_counted_by_what_happened() -> None:
    lines = {line.words: line for line in movement(collect()).lines}
    assert list(lines) == ["repositories", "distinct models", "families"]
    of_models = lines["repositories"]
    assert (of_models.now, of_models.added, of_models.scope_added) == (6, 1, 0)
    assert (of_models.gone, of_models.scope_dropped, of_models.renamed) == (1, 1, 1)
    of_uniques = lines["distinct models"]
    assert (of_uniques.added, of_uniques.scope_added, of_uniques.gone, of_uniques.scope_dropped) == (
        2,
        1,
        1,
        1,
    )


def test_new_models_are_audio_language_models_and_the_most_downloaded_come_first() -> None:
    found = movement(collect()).new_models
    assert [model.unique_model_id for model in found.shown] == ["acme/alpha-7b", "lab/gamma-3b"]
    assert (found.total, found.unshown) == (2, 0)


def test_values_are_counted_by_column() -> None:
    found = movement(collect())
    assert found.changed == (("gated", 2), ("license", 1))
    assert found.first_observed == (("sha", 1),)


def test_the_card_says_it_in_a_section_of_its_own() -> None:
    text = section(collect())
    assert text.startswith(" since 7 November 2025\n")
    assert "| repositories | 6 | 1 | 0 | 1 | 1 | 1 |" in text
    assert "**2 new audio-language models**: [alpha-7b](https://huggingface.co/acme/alpha-7b), " in text
    assert "**1 distinct model gone**: [gone/one](https://huggingface.co/gone/one)." in text
    assert "**1 repository renamed**: acme/beta-old is now [acme/beta-70b](" in text
    assert "**Other values** in `gated` (2), `license` (1)." in text
    assert "**Known now, not captured then**: `sha` (1)." in text
    assert "different versions of the rules" not in text


def test_long_lists_are_cut_with_their_number() -> None:
    gone = [change("unique_models", f"gone/m{number:02}", "removed") for number in range(SHOWN + 3)]
    found = movement(collect(gone)).gone_models
    assert (found.total, len(found.shown), found.unshown) == (SHOWN + 3, SHOWN, 3)
    assert found.shown[0] == "gone/m00"
    assert " and 3 more." in section(collect(gone))


def test_nothing_changed() -> None:
    assert movement(collect([])).is_empty
    assert "Nothing that is compared." in section(collect([]))


def test_other_rules_are_named_as_a_cause() -> None:
    facts = collect(code_sha256="c" * 64)
    assert not movement(facts).same_rules
    assert "built by different versions of the rules" in section(facts)


def test_a_breach_and_the_reason_are_published() -> None:
    breach = {
        "measure": "rows_lost",
        "subject": "models",
        "before": 9,
        "now": 6,
        "share": 0.3333,
        "limit": 0.1,
    }
    text = render_card(TEMPLATE, collect(drift={"breaches": [breach]}, drift_reason=f"A query {HOSTILE}"))
    versions = text.partition("## Versions")[2]
    assert "larger than the project's limits allow without a reason: rows fell by more than 10" in versions
    assert "The reason given for this date: A query &#91;x&#93;" in versions
    assert "<b>" not in versions


def test_names_from_the_hub_are_escaped() -> None:
    hostile = [
        change("models", "acme/beta-70b", "renamed", before=f'"{HOSTILE}"', after='"acme/beta-70b"'),
        change("unique_models", HOSTILE, "removed"),
    ]
    text = section(collect(hostile))
    assert "javascript:" not in text.replace("javascript&#58;", "")
    assert "<b>" not in text
    assert "`|" not in text


@pytest.mark.parametrize("name", ["yesterday", "2025-13-01", ""])
def test_a_previous_date_of_no_known_form_is_refused(name: str) -> None:
    frames = to_frames(tiny_rows())
    with pytest.raises(SnapshotRefused, match="is no date: build the date again"):
        collect_facts(frames, to_manifest(frames) | {"previous": {"name": name}}, PARAMS)
