"""What commands print for people: what was built, how often it is right, how one row came about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from builder.explanation import Candidate, Explanation


def print_report(date: str, manifest: Mapping[str, Any], *, same: bool | None, changed: list[str]) -> None:
    """Print one date."""
    console = Console(highlight=False)
    made_from = manifest["made_from"]
    how = "reconstructed from an export" if made_from["reconstructed"] else "captured from the Hub"
    console.print(f"\n[bold]{date}[/bold] · {how} · schema {manifest['schema_version']}")
    table = Table("table", box=None, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("bytes", justify="right")
    table.add_column("content", overflow="fold")
    for name, facts in manifest["tables"].items():
        table.add_row(name, f"{facts['rows']:,}", f"{facts['bytes']:,}", facts["content_sha256"][:12])
    console.print(table)
    if same is None:
        console.print("There is no git repository here, so nothing to compare the bytes with.")
    elif same:
        console.print("The bytes equal the committed ones.")
    else:
        console.print(
            "The bytes differ from the committed ones in: " + ", ".join(changed), markup=False, soft_wrap=True
        )
    console.print("Load it:\n", end="")
    # Whole lines, however narrow the screen: they are there to be copied.
    console.print("    from datasets import load_dataset", markup=False)
    console.print(
        f'    models = load_dataset("snapshots/{date}", "unique_models", split="train")\n',
        markup=False,
        soft_wrap=True,
    )


_LABELS = {
    "unique_model_id": "distinct model",
    "kind": "kind",
    "audio_language_model": "audio-language model",
    "family_id": "family (B-cubed F1)",
    "runtime_parameters": "runtime parameters",
    "logical_parameters": "logical parameters",
}


def _share(score: Mapping[str, Any], *, interval: bool = False) -> str:
    if not score["rows"]:
        return "–"
    value = f"{score['value']:.3f}"
    return f"{value} ({score['low']:.2f}–{score['high']:.2f}, {score['rows']} rows)" if interval else value


def print_accuracy(date: str, accuracy: Mapping[str, Any]) -> None:
    """Print scores, scores per confidence, baselines and errors."""
    console = Console(highlight=False, width=None)
    console.print(
        f"\n[bold]Accuracy of {date}[/bold] on {accuracy['scored_rows']} scored of {accuracy['gold_rows']} judged rows, "
        f"{accuracy['judged_blind']} of them judged before the answers were looked at"
    )
    table = Table("value", box=None, pad_edge=False)
    for name in ("right (95 % interval)", "without corrections", "high", "medium", "low", "tags only", "nothing folded"):
        table.add_column(name, justify="right")
    for column, label in _LABELS.items():
        table.add_row(
            label,
            _share(accuracy["scores"][column], interval=True),
            _share(accuracy["without_corrections"][column]),
            *(_share(accuracy["by_confidence"][level][column]) for level in ("high", "medium", "low")),
            *(_share(accuracy["baselines"][name][column]) for name in ("declared_tags_only", "nothing_folded")),
        )
    console.print(table)
    console.print(f"\n{len(accuracy['errors'])} wrong answers:")
    errors = Table("repository", "value", "judged", "answered", "confidence", box=None, pad_edge=False)
    for error in accuracy["errors"]:
        errors.add_row(*(escape(error[name]) for name in ("repo_id", "column", "judged", "answer", "confidence")))
    console.print(errors)


def print_explanation(explanation: Explanation) -> None:
    """Print what was seen, what was decided and beaten, lineage, arithmetic and gaps of one repository."""
    console = Console(highlight=False)
    console.print(f"\n[bold]{escape(explanation.repo_id)}[/bold]  {escape(explanation.where)}")
    console.print("\n[bold]Seen[/bold]")
    for name, value in {**explanation.seen, **explanation.lists}.items():
        console.print(f"  {name}: {_plain(value)}", markup=False, soft_wrap=True)
    parts = ", ".join(f"{name} {_plain(value)}" for name, value in explanation.name.items())
    console.print(f"  name: {parts}", markup=False, soft_wrap=True)
    console.print("\n[bold]Decided[/bold]")
    for decided in explanation.decided:
        values = ", ".join(winner.value for winner in decided.winners)
        first = decided.winners[0]
        console.print(f"  {decided.column} = {values}{_because(first)}", markup=False, soft_wrap=True)
        for loser in decided.beaten:
            console.print(f"      beat {loser.value}{_because(loser)}", markup=False, soft_wrap=True)
    console.print("\n[bold]Lineage[/bold]" + ("" if explanation.lineage else "  none"))
    for edge in explanation.lineage:
        must = ", must be loaded too" if edge["external"] else ""
        console.print(
            f"  {edge['relation']} of {edge['base_model']} ({edge['status']}{must}): {edge['note']}",
            markup=False,
            soft_wrap=True,
        )
    console.print("\n[bold]Counts[/bold]" + ("" if explanation.addends else "  none"))
    for addend in explanation.addends:
        sign = "+" if addend["counted"] else "·"
        stored = f", {addend['stored_elements']:,} stored" if addend["stored_elements"] is not None else ""
        weights = f"{addend['logical_parameters']:,}" if addend["logical_parameters"] is not None else "unknown"
        console.print(
            f"  {sign} {weights:>18} ± {addend['uncertainty']:,}  {addend['component']} in "
            f"{addend['weights_repo_id']} ({addend['dtype']}{stored}; {addend['source']})",
            markup=False,
            soft_wrap=True,
        )
    for name, value in explanation.sums.items():
        console.print(f"  = {_plain(value):>18}  {name}", markup=False)
    if explanation.gaps:
        console.print("\n[bold]Unknown[/bold]")
        by_reason: dict[str, list[str]] = {}
        for column, reason in explanation.gaps.items():
            by_reason.setdefault(reason, []).append(column)
        for reason, columns in sorted(by_reason.items()):
            console.print(f"  {reason}: {', '.join(columns)}", markup=False, soft_wrap=True)


def _because(candidate: Candidate) -> str:
    target = f" → {candidate.target}" if candidate.target and candidate.target != candidate.value else ""
    return f"{target}  [{candidate.confidence}, {candidate.evidence}] {candidate.rule}"


def _plain(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(str(element) for element in value)
    return str(value)
